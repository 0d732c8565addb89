package rules_test

const sendHeading = "Sending messages"

var messageRules = []rule{
	{sendHeading, "types 0, 1, 2, 3, 4, 6, 10 and 100 are kept with their attach", by("TestEveryTypeOfMessageIsKeptAsItWasSent", "TestNumbersAreLimited")},
	{sendHeading, "a subType is greater than 0, and kept", by("TestSendMessage", "TestNumbersAreLimited")},
	{sendHeading, "attach and ext have 4096 characters at most", by("TestTextsAreLimitedInCharacters")},
	{sendHeading, "resendFlag 1 drops a message whose msgId is known", by("TestSendMessage", "state.TestAResentMessageIsTakenOnce", "state.TestMessageIDsAreKnownByRoom")},
	{sendHeading, "without it the service does not look: dropping repetitions is left to the clients", by("state.TestAResentMessageIsTakenOnce")},
	{sendHeading, "skipHistory keeps a message out of the history", by("TestTagHistory", "state.TestSearchHistory")},
	{sendHeading, "abandonRatio is the chance to drop a message, in ten-thousandths up to 9999", by("TestNumbersAreLimited", "state.TestAbandonedMessagesLeaveNoTrace", "state.TestEqualSeedsGiveEqualChances")},
	{sendHeading, "msgAbandonFlag marks a dropped message only", by("TestAbandonRatio")},
	{sendHeading, "nobody receives a dropped message", by("TestSilentChangesAreNotNotified")},
	{sendHeading, "with abandonRatio given, 0 included, highPriority is void", by("TestAbandonRatio", "state.TestTenHighPriorityMessagesASecond")},
	{sendHeading, "a room takes 10 high-priority messages a second, the rest are ordinary", by("state.TestTenHighPriorityMessagesASecond", "TestTheEleventhOfASecondIsNotSentAgain")},
	{sendHeading, "highPriorityFlag marks a high-priority message only", by("TestSendMessage", "TestAbandonRatio")},
	{sendHeading, "a high-priority message is sent again to who comes back within 30 seconds, unless needHighPriorityMsgResend is false", by("TestHighPriorityMessagesAreSentAgainToReturningAccounts")},
	{sendHeading, "needHighPriorityMsgResend does nothing for other messages", by("TestHighPriorityMessagesAreSentAgainToReturningAccounts")},
	{sendHeading, "notifyTargetTags selects who receives a message, by the tags of each login; 128 characters at most", by("TestAnAccountReceivesWhatItsLoginsSelect", "tagexpr.TestMatches", "TestTextsAreLimitedInCharacters")},
	{sendHeading, "anti-spam parameters and env are taken", by("TestSendMessage", "TestNumbersAreLimited", "TestTextsAreLimitedInCharacters")},
	{sendHeading, "the response repeats the message, with time, sender's nickname and avatar, and REST as the client", by("TestSendMessage", "TestUpdateMyRoomRole", "state.TestAMessageShowsItsSender")},
}

const (
	countHeading = "Querying the number of online users by tag"
	listHeading  = "Querying online member list by tag"
)

var tagRules = []rule{
	{countHeading, "accounts that are online with the tag are counted, each once however often it is logged in", by("TestTagMembers", "state.TestSeveralLoginsAreOneInCountsAndSeveralInLists")},

	{listHeading, "there is a row for each login", by("TestTagMembers", "state.TestSeveralLoginsAreOneInCountsAndSeveralInLists")},
	{listHeading, "back in time from endTime, or from now when that is 0", by("TestTagMembers", "state.TestSeveralLoginsAreOneInCountsAndSeveralInLists")},
	{listHeading, "100 at most", by("TestNumbersAreLimited")},
	{listHeading, "each row has the tags and the notifyTargetTags of its login", by("TestTagMembers")},
}

var chineseTagRules = []rule{
	{"聊天室标签", "tags are given to a connection when it logs in", by("state.TestSeveralLoginsAreOneInCountsAndSeveralInLists", "TestTagMembers")},
	{"聊天室标签", "a message without notifyTargetTags goes to everyone in the room", by("TestAnAccountReceivesWhatItsLoginsSelect")},

	{"标签禁言", "creator or administrators mute those logged in with a tag for a time", by("TestTagTemporaryMute", "TestPermissionsOfEachOperation", "state.TestATagsMuteHoldsItsLogins")},
	{"标签禁言", "0 lifts the mute and returns what was left; 30 days at most", by("TestTagTemporaryMute", "TestNumbersAreLimited")},
	{"标签禁言", "the notification goes to the connections that notifyTargetTags selects, else to those with the tag", by("TestATagMuteNotifiesItsMembersOrTheNamedTags")},

	{"查询标签下的在线用户数", "several logins of an account count once", by("TestTagMembers", "state.TestSeveralLoginsAreOneInCountsAndSeveralInLists")},

	{"根据标签查询在线成员列表", "several logins of a member are several rows", by("TestTagMembers", "state.TestSeveralLoginsAreOneInCountsAndSeveralInLists")},
	{"根据标签查询在线成员列表", "from endTime back, 0 being now; 100 at most", by("TestTagMembers", "TestNumbersAreLimited")},

	{"根据标签查询历史消息", "messages are found by tags, types and time", by("TestTagHistory", "state.TestSearchHistory")},
	{"根据标签查询历史消息", "all types when none are given", by("TestTagHistory", "state.TestSearchHistory")},
	{"根据标签查询历史消息", "200 at most, and when not asked", by("TestNumbersAreLimited", "TestTheHistoryGives200")},
	{"根据标签查询历史消息", "newest first, or with reverse oldest first", by("TestTagHistory", "state.TestSearchHistory")},
	{"根据标签查询历史消息", "a bad room id is 414 error roomId", by("TestAnUnknownRoom", "TestEachFieldOfTheWrongKindIsNamed")},
	{"根据标签查询历史消息", "403 search not enable where the feature is off", by("api.TestAFeatureThatIsOffGives403")},

	{"修改聊天室用户标签", "the tags of all connections of the account are replaced", by("TestTagMembers", "state.TestSetTagsReachesAllLogins")},
	{"修改聊天室用户标签", "all connections of the account are notified, and everyone in the room", by("TestEveryChangeIsNotified", "TestATagChangeNotifiesEveryone")},
	{"修改聊天室用户标签", "notifyTargetTags selects which others are notified, from then on when the connection drops too", by("TestEnteringAndLeavingNotifiesTheConnectionsTags")},
	{"修改聊天室用户标签", "a bad room id is 414, an account that is not in the room 404", by("TestTagMembers", "TestAnUnknownRoom")},
}
