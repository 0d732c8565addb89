package rules_test

const createHeading = "Creating a chat room"

var roomRules = []rule{
	{createHeading, "the creator owns the room", by("TestCreateAndGet", "TestTheFourOpts", "TestPermissionsOfEachOperation")},
	{createHeading, "name, announcement, broadcasturl and ext are kept and returned", by("TestCreateAndGet")},
	{createHeading, "they are limited to 128, 4096, 1024 and 4096 characters", by("TestTextsAreLimitedInCharacters")},
	{createHeading, "queuelevel is 0 or 1, and 0 when left out", by("TestQueueLevelIsKept", "TestNumbersAreLimited")},
	{createHeading, "a new room is open", by("TestCreateAndGet")},

	{"Querying the chat room profile", "onlineusercount is there when asked for, and only then", by("TestCreateAndGet")},
	{"Querying the chat room profile", "it counts the accounts that are online", by("state.TestSeveralLoginsAreOneInCountsAndSeveralInLists")},
	{"Querying the chat room profile", "muted says whether the room is muted as a whole", by("TestMuteRoomAndEntryNotification")},
	{"Querying the chat room profile", "ionotify says whether entering and leaving are announced", by("TestMuteRoomAndEntryNotification")},
	{"Querying the chat room profile", "an unknown room is 404", by("TestAnUnknownRoom")},

	{"Query chat room profiles", "rooms are read many at a time, those that do not exist listed apart", by("TestGetBatchSortsTheIDs")},
	{"Query chat room profiles", "ids that cannot be parsed are 414", by("TestEachFieldOfTheWrongKindIsNamed")},
	{"Query chat room profiles", "20 ids at most", by("TestTooManyElements")},

	{"Updating chat room information", "what is given changes, the rest stays", by("TestUpdateChangesTheGivenFieldsOnly")},
	{"Updating chat room information", "members are notified unless needNotify is false", by("TestEveryChangeIsNotified", "TestSilentChangesAreNotNotified")},
	{"Updating chat room information", "notifyExt travels with the notification, 2048 characters at most", by("TestEveryChangeIsNotified", "TestTextsAreLimitedInCharacters")},
	{"Updating chat room information", "a closed room is 13002", by("TestAClosedRoom")},

	{"Changing the on/off status", "the creator alone may", by("TestPermissionsOfEachOperation", "state.TestOnlyTheCreatorClosesAndOpens")},
	{"Changing the on/off status", "false closes the room, true opens it", by("TestToggle")},
	{"Changing the on/off status", "the state that the room has already is 417", by("TestToggle")},

	{"Requesting the URL address of a chat room", "an address is returned for each kind of client, 1 being the default", by("TestRequestAddress", "TestNumbersAreLimited")},
	{"Requesting the URL address of a chat room", "clientip is taken", by("TestRequestAddress")},
	{"Requesting the URL address of a chat room", "a closed room is 13002", by("TestAClosedRoom")},

	{"Querying the list of chat rooms created by users", "a creator's rooms are listed", by("TestToggle", "state.TestOpenRoomsLeavesOutClosedOnes")},

	{"Turning off notifications for joining or leaving specified chat rooms", "close switches the notifications of entering and leaving off and on",
		by("TestEntryNotificationsAreSwitchedByRoom", "TestMuteRoomAndEntryNotification")},
}

const topHeading = "Querying TOP N indicators in a chat room"

// readingRules are those of operations that only read: statistics and lists.
var readingRules = []rule{
	{topHeading, "rooms are ranked by activity, entries or messages; by activity when not asked", by("TestTopRooms", "state.TestTopRanksByEachFigure")},
	{topHeading, "by hour or by day; by hour when not asked", by("TestTopRooms", "state.TestTopRanksByEachFigure")},
	{topHeading, "the first 1 to 500, 100 when not asked", by("TestNumbersAreLimited", "TestTopRooms")},
	{topHeading, "timestamp is in seconds or milliseconds, now when left out", by("TestTopRooms")},
	{topHeading, "a day's figures are to be had from the next day on", by("TestTopRooms", "state.TestWhenFiguresCanBeHad")},
	{topHeading, "figures are to be had for 30 days", by("state.TestWhenFiguresCanBeHad")},
	{topHeading, "datetime is the beginning of the hour or the day, in seconds", by("TestTopRooms")},

	{"Getting a paginated list of members", "type chooses fixed members, visitors or fixed members that are online", by("TestMembersByPage", "state.TestPagesByKindNewestFirst")},
	{"Getting a paginated list of members", "the latest comes first, and endtime is the last one's time; 0 begins now", by("TestMembersByPage", "state.TestPagingLosesAndRepeatsNoOne")},
	{"Getting a paginated list of members", "100 at most", by("TestNumbersAreLimited")},
	{"Getting a paginated list of members", "LIMITED is a member that is blocklisted or muted, and the flags say which", by("TestPermissionsToEnterAndSpeakAndListings", "TestTheFourOpts")},
	{"Getting a paginated list of members", "tempMuted and tempMuteTtl give the seconds that are left, and are absent otherwise", by("TestTemporaryMuteShowsWhatIsLeft")},
	{"Getting a paginated list of members", "isRobot and robotExpirAt give the seconds that a robot stays, and are absent otherwise", by("TestRobots")},

	{"Get mutiple online member profiles at a time", "those of the accounts that are members are returned", by("state.TestMembersInTheOrderAskedFor", "TestRobots")},
	{"Get mutiple online member profiles at a time", "200 accounts at most", by("TestTooManyElements")},
}

var memberListRules = []rule{
	{"Get a paginated list of participants", "fixed, not fixed, or fixed and online, the latest first", by("TestMembersByPage", "state.TestPagesByKindNewestFirst")},
	{"Get a paginated list of participants", "endtime is in milliseconds, 0 is now", by("TestMembersByPage")},
	{"Get a paginated list of participants", "limit is 100 at most", by("TestNumbersAreLimited")},
	{"Get a paginated list of participants", "a fixed member is listed when offline too", by("TestPermissionsToEnterAndSpeakAndListings")},

	{"Query participants by role", "creator, managers, blocklisted and muted members are listed where their role is true", by("TestQueryMembersByRole", "state.TestSelectByRole")},
	{"Query participants by role", "a role that is false or left out is not listed", by("TestQueryMembersByRole", "state.TestSelectByRole")},

	{"Get a list of online participants", "those of the accounts that are members are returned", by("state.TestMembersInTheOrderAskedFor")},
	{"Get a list of online participants", "200 accounts at most", by("TestTooManyElements")},
}
