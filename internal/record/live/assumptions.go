package live

import (
	"slices"
	"strings"
)

// Assumption is what this repository assumes where the documents leave a question
// open or contradict each other, and which differences of a live run contradict it.
// A difference belongs to the first assumption that it fits.
type Assumption struct {
	ID       string `json:"id"`
	Question string `json:"question"`
	Assumed  string `json:"assumed"`

	operations, scenarios []string // how the names begin; empty for all
	paths                 []string // in the response
	kinds                 []Kind
}

// Assumptions are all of them, the special ones first.
var Assumptions = []Assumption{
	{ID: "envelope", Question: "What is a room's envelope called in create, get and update?", Assumed: "chatroom; the English page prints chat room",
		paths: []string{"chatroom", "chat room"}, kinds: []Kind{Spelling}},
	{ID: "role-words", Question: "How are the roles of manager and creator spelt?", Assumed: "MANAGER and CREATOR; the English page prints administrator and owner",
		operations: []string{"setMemberRole", "listMembers", "getMembers", "listMembersByRole", "listTagMembers"},
		paths:      []string{"desc.type", "desc.data.*.type"}, kinds: []Kind{Spelling, Type}},
	{ID: "enter-time", Question: "What is the time of entering called, and is it a number?", Assumed: "enterTime, a number; the English page prints joinTime, and tagMembersQuery's example a text",
		paths: []string{"desc.data.*.enterTime", "desc.data.*.joinTime"}},
	{ID: "blacklisted", Question: "What is a blocked member's mark called?", Assumed: "blacklisted; the English page prints Blocklisted",
		paths: []string{"desc.data.*.blacklisted", "desc.data.*.Blocklisted"}},
	{ID: "absent-members", Question: "Which fields of a member are left out when unset?", Assumed: "level, blacklisted, muted, tempMuted, tempMuteTtl, isRobot, robotExpirAt",
		paths: []string{"desc.data.*"}, kinds: []Kind{Shape}},
	{ID: "topn-sort", Question: "Does topn take orderby=enter?", Assumed: "yes; the English page prints join",
		operations: []string{"listTopChatrooms"}, kinds: []Kind{Code, Text}},
	{ID: "topn-entries", Question: "What is the number of entries called in topn?", Assumed: "enterNums; the English page prints joinNums",
		operations: []string{"listTopChatrooms"}, paths: []string{"data.*.enterNums", "data.*.joinNums"}},
	{ID: "history-path", Question: "Does the history of tags stand below /history, with roomId?", Assumed: "/history/queryTagHistoryMsg.action; the Chinese page's heading has /chatroom",
		operations: []string{"listTagMessages"}, kinds: []Kind{HTTP, Code, Unread}, scenarios: []string{"listTagMessages/success", "listTagMessages/other-spelling"}},
	{ID: "history-shape", Question: "What does the response of the history of tags hold?", Assumed: "msgs and size at the top, body an object",
		operations: []string{"listTagMessages"}, kinds: []Kind{Shape, Type, Spelling, Unknown}},
	{ID: "room-gone", Question: "What is the response for a room that does not exist?", Assumed: "404, and 414 error roomId from queryTagHistoryMsg and updateChatRoomRoleTag",
		scenarios: []string{"*/unknown-room"}, kinds: []Kind{Code, Text, HTTP}},
	{ID: "room-closed", Question: "Which operations return an API error for a closed room?", Assumed: "13002 from those that list it, and from sendMsg and addRobot",
		scenarios: []string{"*/closed-room", "*/closed"}, kinds: []Kind{Code, Text}},
	{ID: "toggle-again", Question: "What is the response when a room has the wanted state already?", Assumed: "417",
		operations: []string{"toggleChatroom"}, kinds: []Kind{Code, Text}},
	{ID: "role-again", Question: "Which accounts may set which role, and what is the response to the same role again?", Assumed: "the target need not be in the room; the same role is 417",
		operations: []string{"setMemberRole"}, kinds: []Kind{Code, Text}},
	{ID: "mute-outside", Question: "Can an account be muted that is not in the room?", Assumed: "yes",
		operations: []string{"muteMember", "muteChatroom", "muteTag"}, kinds: []Kind{Code, Text}, scenarios: []string{"muteMember/", "muteChatroom/success", "muteTag/success"}},
	{ID: "sender-outside", Question: "May an account speak that is not in the room?", Assumed: "yes",
		scenarios: []string{"sendMessage/sender-outside"}, kinds: []Kind{Code}},
	{ID: "unknown-fields", Question: "Are unknown form fields ignored, and is useYiDun accepted?", Assumed: "yes",
		scenarios: []string{"*/unknown-fields"}, kinds: []Kind{Code, Text}},
	{ID: "profile", Question: "Are roomid and accid alone enough for updateMyRoomRole, and which account must be in the room?", Assumed: "they are; 404 for an account that is neither a member nor online",
		operations: []string{"updateMember"}, kinds: []Kind{Code, Text}},
	{ID: "robot-lists", Question: "Are the lists of robots JSON text?", Assumed: "always",
		operations: []string{"addRobots", "removeRobots"}, kinds: []Kind{Type, Shape}},
	{ID: "over-limit", Question: "Which code does a request with too many elements get?", Assumed: "419 where the operation lists it, else 414",
		scenarios: []string{"*/too-many"}, kinds: []Kind{Code, Text}},
	{ID: "missing-header", Question: "What is the response without one of the signature's headers, or for a long nonce?", Assumed: "414, naming the header (a guess)",
		scenarios: []string{"createChatroom/authentication-without", "createChatroom/authentication-long-nonce"}, kinds: []Kind{Code, Text}},
	{ID: "nonce-again", Question: "Is a nonce accepted twice?", Assumed: "yes",
		scenarios: []string{"createChatroom/authentication-nonce-used-before"}, kinds: []Kind{Code, Text}},
	{ID: "signature-words", Question: "How are failures of the signature told apart?", Assumed: "414 checksum, appkey, CurTime is expired, CurTime is illegal",
		scenarios: []string{"createChatroom/authentication"}, kinds: []Kind{Code, Text}},
	{ID: "request-id-again", Question: "Does a request whose RequestId was used before get 431?", Assumed: "the emulator carries it out; that the service returns 431 is a guess",
		scenarios: []string{"createChatroom/request-id-used-before"}, kinds: []Kind{Code, Text}},
	{ID: "wrong-parameter", Question: "What is the API error for missing and wrong parameters?", Assumed: "414 with <name> is empty, <name>: body-not-json, or naming the field",
		scenarios: []string{"*/wrong-", "*/missing-"}, kinds: []Kind{Code, Text}},
	{ID: "message-shape", Question: "Which values of a sent message are texts, and which flags come when?", Assumed: "time, roomId and type are texts; highPriorityFlag is a number; flags only where they apply",
		operations: []string{"sendMessage"}, kinds: []Kind{Shape, Type}},
	{ID: "null-texts", Question: "Are unset texts null, empty or left out?", Assumed: "any of these; the emulator returns empty texts",
		paths: []string{"chatroom.announcement", "chatroom.broadcasturl", "chatroom.ext", "desc.announcement", "desc.broadcasturl", "desc.ext",
			"succRooms.*.announcement", "succRooms.*.broadcasturl", "succRooms.*.ext"}, kinds: []Kind{Shape, Type}},
	{ID: "json-text", Question: "Do values come as JSON text, or numbers and booleans as text?", Assumed: "only where the documents show it; readers accept it everywhere", kinds: []Kind{Type}},
	{ID: "extra-members", Question: "Which members do responses have that no document has?", Assumed: "some, such as delayInfo and bid", kinds: []Kind{Unknown}},
	{ID: "features", Question: "Which features are switched off for the app?", Assumed: "none",
		operations: []string{"listTagMessages", "setEntryNotification", "requestAddress"}, kinds: []Kind{Code}},
	{ID: "http-status", Question: "Is the HTTP status always 200, and the body always JSON?", Assumed: "yes, but for gateways in front", kinds: []Kind{HTTP, Unread}},
	{ID: "error-texts", Question: "Which texts do API errors have?", Assumed: "the emulator's own, where no document gives any", kinds: []Kind{Text}},
	{ID: "codes", Question: "Which code means what?", Assumed: "emulator/README.md, Decided by us", kinds: []Kind{Code}},
	{ID: "spellings", Question: "Are other names or words in use?", Assumed: "those of spec/RECONCILIATION.md", kinds: []Kind{Spelling}},
}

// about reports whether an assumption is about an operation in a scenario.
func (a *Assumption) about(operation, scenario string) bool {
	return (a.operations == nil || slices.Contains(a.operations, operation)) &&
		(a.scenarios == nil || slices.ContainsFunc(a.scenarios, func(s string) bool {
			if what, every := strings.CutPrefix(s, "*/"); every {
				_, name, _ := strings.Cut(scenario, "/")
				return strings.HasPrefix(name, what)
			}
			return strings.HasPrefix(scenario, s)
		}))
}

// fits reports whether a difference contradicts an assumption: at least half of the
// scenarios that show it are about the assumption. What all scenarios show does not
// belong to an assumption about one of them.
func (a *Assumption) fits(x *Difference) bool {
	about := 0
	for _, scenario := range x.Scenarios {
		if a.about(x.Operation, scenario) {
			about++
		}
	}
	return (a.kinds == nil || slices.Contains(a.kinds, x.Kind)) && (a.paths == nil || a.at(x.Path)) &&
		about > 0 && 2*about >= len(x.Scenarios)
}

func (a *Assumption) at(path string) bool {
	return slices.ContainsFunc(a.paths, func(p string) bool { return path == p || strings.HasPrefix(path, p+".") })
}

// tested reports whether a call could have contradicted an assumption.
func (a *Assumption) tested(o observation) bool {
	return a.about(o.operation, o.scenario) && (a.paths == nil || !o.failed && slices.ContainsFunc(o.paths, a.at))
}
