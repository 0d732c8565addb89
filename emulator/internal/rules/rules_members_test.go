package rules_test

const (
	roleHeading    = "Setting user roles in the chat room"
	muteHeading    = "Setting temporary mute status"
	roomHeading    = "Muting all members in the chat room"
	tagMuteHeading = "Muting members by tag"
	profileHeading = "Changing user profiles in a chat room"
)

var roleRules = []rule{
	{roleHeading, "opt 1: the owner alone makes administrators", by("TestPermissionsOfEachOperation", "state.TestPermissionsToSetRoles")},
	{roleHeading, "opt 2, -1 and -2: the owner and administrators may", by("TestPermissionsOfEachOperation", "state.TestPermissionsToSetRoles")},
	{roleHeading, "optvalue sets or takes back, and the response gives the role that came of it", by("TestSetMemberRole", "TestTheFourOpts")},
	{roleHeading, "who is taken back and on neither list becomes a visitor", by("TestTheFourOpts", "state.TestWhatAMemberIsAfterEachStep")},
	{roleHeading, "who is still on a list stays LIMITED", by("TestSetMemberRole", "state.TestWhatAMemberIsAfterEachStep")},
	{roleHeading, "a blocklisted account is out of the room, may not enter and does not speak", by("TestPermissionsToEnterAndSpeakAndListings", "state.TestBlockingPutsAMemberOutAndKeepsItOut")},
	{roleHeading, "a muted member may enter and does not speak", by("TestPermissionsToEnterAndSpeakAndListings", "state.TestBlocklistedAndMutedMembersDoNotSpeak")},
	{roleHeading, "what changes nothing is 417", by("TestSetMemberRole", "state.TestPermissionsToSetRoles")},
	{roleHeading, "the change is notified, with notifyExt of 2048 characters at most", by("TestEveryChangeIsNotified", "TestTextsAreLimitedInCharacters")},
	{roleHeading, "a closed room is 13002", by("TestAClosedRoom")},

	{profileHeading, "nick, avatar and ext change while the member is online", by("TestUpdateMyRoomRole", "state.TestProfileChangesLastWithSaveOnly")},
	{profileHeading, "with save they stay, of fixed members only", by("state.TestProfileChangesLastWithSaveOnly")},
	{profileHeading, "members are notified when needNotify asks for it, with notifyExt", by("TestEveryChangeIsNotified", "TestSilentChangesAreNotNotified")},
	{profileHeading, "a nickname has 64 characters at most", by("TestTextsAreLimitedInCharacters")},
}

var muteRules = []rule{
	{muteHeading, "creator and administrators may", by("TestPermissionsOfEachOperation", "state.TestPermissionsToMuteForAWhile")},
	{muteHeading, "the target does not speak until the time is over", by("TestTemporaryMuteShowsWhatIsLeft", "state.TestATemporaryMuteEndsByItself")},
	{muteHeading, "0 takes the mute back", by("TestTemporaryMuteShowsWhatIsLeft", "state.TestATemporaryMuteEndsByItself")},
	{muteHeading, "30 days at most", by("TestNumbersAreLimited", "TestTemporaryMuteShowsWhatIsLeft")},
	{muteHeading, "the response gives the length", by("TestTemporaryMuteShowsWhatIsLeft")},
	{muteHeading, "members are notified unless needNotify is false, with notifyExt", by("TestEveryChangeIsNotified", "TestSilentChangesAreNotNotified", "TestTextsAreLimitedInCharacters")},
	{muteHeading, "a closed room is 13002", by("TestAClosedRoom")},

	{roomHeading, "creator and administrators may", by("TestPermissionsOfEachOperation")},
	{roomHeading, "only owner and administrators speak in a muted room", by("TestErrorsOfSpeaking", "TestPermissionsToEnterAndSpeakAndListings", "state.TestInAMutedRoomOnlyOwnerAndManagersSpeak")},
	{roomHeading, "mute false takes it back", by("TestMuteRoomAndEntryNotification", "state.TestInAMutedRoomOnlyOwnerAndManagersSpeak")},
	{roomHeading, "members are notified unless needNotify is false, with notifyExt", by("TestEveryChangeIsNotified", "TestSilentChangesAreNotNotified")},

	{tagMuteHeading, "owner and administrators may", by("TestPermissionsOfEachOperation", "TestTagTemporaryMute")},
	{tagMuteHeading, "who is logged in with the tag does not speak until the time is over", by("TestTagTemporaryMute", "state.TestATagsMuteHoldsItsLogins")},
	{tagMuteHeading, "0 takes the mute back, and then the response gives what was left of it", by("TestTagTemporaryMute", "state.TestATagsMuteHoldsItsLogins")},
	{tagMuteHeading, "30 days at most", by("TestNumbersAreLimited")},
	{tagMuteHeading, "a notification is sent unless needNotify is false, with notifyExt", by("TestEveryChangeIsNotified", "TestSilentChangesAreNotNotified")},
	{tagMuteHeading, "it goes to the connections that notifyTargetTags selects, and to those with the tag when that is missing", by("TestATagMuteNotifiesItsMembersOrTheNamedTags")},
}

const (
	addHeading    = "Adding a chatbot to the chat room"
	removeHeading = "Deleting a chatbot from the chat room"
	clearHeading  = "Deleting chatbots"
)

var robotRules = []rule{
	{addHeading, "accounts that exist come in; those there already and those that fail are listed apart", by("TestRobots", "state.TestAddRobotsSortsTheAccounts")},
	{addHeading, "a robot leaves after 24 hours", by("TestRobots", "state.TestRobotsLeaveAfterADay", "TestRobotsLeaveAloud")},
	{addHeading, "100 accounts at most, else 419", by("TestTooManyElements")},
	{addHeading, "roleExt is the robot's ext, 4096 characters at most", by("state.TestAddRobotsSortsTheAccounts", "TestTextsAreLimitedInCharacters")},
	{addHeading, "entering is notified with notifyExt, 2048 characters at most", by("TestEveryChangeIsNotified", "TestTextsAreLimitedInCharacters")},
	{addHeading, "accounts on the blocklist are 13003", by("TestRobots", "state.TestAddRobotsSortsTheAccounts")},

	{removeHeading, "robots leave, and an account that is no robot there fails", by("TestRobots", "state.TestRemoveAndClearRobots")},
	{removeHeading, "100 accounts at most, else 419", by("TestTooManyElements")},

	{clearHeading, "all robots leave, and the response says how many", by("TestRobots", "state.TestRemoveAndClearRobots")},
	{clearHeading, "their leaving is notified when notify asks for it, and not otherwise", by("TestEveryChangeIsNotified", "TestSilentChangesAreNotNotified")},
}
