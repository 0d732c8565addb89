package live

import (
	"slices"
	"strings"
)

// Doubt is a question that the documents leave open or answer in two ways, and
// how a live run answers it. The first one that a difference fits takes it.
type Doubt struct {
	ID       string `json:"id"`
	Question string `json:"question"`
	Assumed  string `json:"assumed"`

	operations, scenarios []string // beginnings; all where there is none
	paths                 []string // in the answer
	kinds                 []Kind
}

// Doubts are all of them, the special ones first.
var Doubts = []Doubt{
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
	{ID: "history-path", Question: "Is the history of tags asked for below /history, with roomId?", Assumed: "/history/queryTagHistoryMsg.action; the Chinese page's heading has /chatroom",
		operations: []string{"listTagMessages"}, kinds: []Kind{HTTP, Code, Unread}, scenarios: []string{"listTagMessages/success", "listTagMessages/other-spelling"}},
	{ID: "history-shape", Question: "What does the history of tags answer?", Assumed: "msgs and size at the top, body an object",
		operations: []string{"listTagMessages"}, kinds: []Kind{Shape, Type, Spelling, Unknown}},
	{ID: "room-gone", Question: "What is answered for a room that does not exist?", Assumed: "404, and 414 error roomId from queryTagHistoryMsg and updateChatRoomRoleTag",
		scenarios: []string{"*/unknown-room"}, kinds: []Kind{Code, Text, HTTP}},
	{ID: "room-closed", Question: "Which operations refuse a closed room?", Assumed: "13002 from those that list it, and from sendMsg and addRobot",
		scenarios: []string{"*/closed-room", "*/closed"}, kinds: []Kind{Code, Text}},
	{ID: "toggle-again", Question: "What is answered when a room has the asked-for state already?", Assumed: "417",
		operations: []string{"toggleChatroom"}, kinds: []Kind{Code, Text}},
	{ID: "role-again", Question: "Who may set which role, on whom, and what does the same role again answer?", Assumed: "the target need not be in the room; the same role is 417",
		operations: []string{"setMemberRole"}, kinds: []Kind{Code, Text}},
	{ID: "mute-outside", Question: "Can an account be muted that is not in the room?", Assumed: "yes",
		operations: []string{"muteMember", "muteChatroom", "muteTag"}, kinds: []Kind{Code, Text}, scenarios: []string{"muteMember/", "muteChatroom/success", "muteTag/success"}},
	{ID: "sender-outside", Question: "May an account speak that is not in the room?", Assumed: "yes",
		scenarios: []string{"sendMessage/sender-outside"}, kinds: []Kind{Code}},
	{ID: "unknown-fields", Question: "Are unknown form fields passed over, and useYiDun taken?", Assumed: "yes",
		scenarios: []string{"*/unknown-fields"}, kinds: []Kind{Code, Text}},
	{ID: "profile", Question: "Are roomid and accid alone enough for updateMyRoomRole, and who must be in the room?", Assumed: "they are; 404 for who is neither member nor online",
		operations: []string{"updateMember"}, kinds: []Kind{Code, Text}},
	{ID: "robot-lists", Question: "Are the lists of robots JSON text?", Assumed: "always",
		operations: []string{"addRobots", "removeRobots"}, kinds: []Kind{Type, Shape}},
	{ID: "over-limit", Question: "Which code answers too many elements?", Assumed: "419 where the operation lists it, else 414",
		scenarios: []string{"*/too-many", "*/more-than"}, kinds: []Kind{Code, Text}},
	{ID: "missing-header", Question: "What is answered without one of the signature's headers, or for a long nonce?", Assumed: "414, naming the header (a guess)",
		scenarios: []string{"createChatroom/authentication-without", "createChatroom/authentication-long-nonce"}, kinds: []Kind{Code, Text}},
	{ID: "nonce-again", Question: "Is a nonce accepted twice?", Assumed: "yes",
		scenarios: []string{"createChatroom/authentication-nonce-used-before"}, kinds: []Kind{Code, Text}},
	{ID: "signature-words", Question: "How are failures of the signature told apart?", Assumed: "414 checksum, appkey, CurTime is expired, CurTime is illegal",
		scenarios: []string{"createChatroom/authentication"}, kinds: []Kind{Code, Text}},
	{ID: "request-id-again", Question: "Is a request whose RequestId was used before refused with 431?", Assumed: "the emulator carries it out; that the service answers 431 is a guess",
		scenarios: []string{"createChatroom/request-id-used-before"}, kinds: []Kind{Code, Text}},
	{ID: "wrong-parameter", Question: "How are missing and wrong parameters refused?", Assumed: "414 with <name> is empty, <name>: body-not-json, or naming the field",
		scenarios: []string{"*/wrong-", "*/missing-"}, kinds: []Kind{Code, Text}},
	{ID: "message-shape", Question: "Which values of a sent message are texts, and which flags come when?", Assumed: "time, roomId and type are texts; highPriorityFlag is a number; flags only where they apply",
		operations: []string{"sendMessage"}, kinds: []Kind{Shape, Type}},
	{ID: "null-texts", Question: "Are unset texts null, empty or left out?", Assumed: "any of these; the emulator answers empty texts",
		paths: []string{"chatroom.announcement", "chatroom.broadcasturl", "chatroom.ext", "desc.announcement", "desc.broadcasturl", "desc.ext",
			"succRooms.*.announcement", "succRooms.*.broadcasturl", "succRooms.*.ext"}, kinds: []Kind{Shape, Type}},
	{ID: "json-text", Question: "Do values come as JSON text, or numbers and booleans as text?", Assumed: "only where the documents show it; readers accept it everywhere", kinds: []Kind{Type}},
	{ID: "extra-members", Question: "Which members does the service answer that no document has?", Assumed: "some, such as delayInfo and bid", kinds: []Kind{Unknown}},
	{ID: "features", Question: "Which features are switched off for the app?", Assumed: "none",
		operations: []string{"listTagMessages", "setEntryNotification", "requestAddress"}, kinds: []Kind{Code}},
	{ID: "http-status", Question: "Is the HTTP status always 200, and the body always JSON?", Assumed: "yes, but for gateways in front", kinds: []Kind{HTTP, Unread}},
	{ID: "refusal-words", Question: "In which words are refusals told?", Assumed: "the emulator's own, where no document gives any", kinds: []Kind{Text}},
	{ID: "codes", Question: "Which code answers what?", Assumed: "emulator/README.md, Decided by us", kinds: []Kind{Code}},
	{ID: "spellings", Question: "Are other names or words in use?", Assumed: "those of spec/RECONCILIATION.md", kinds: []Kind{Spelling}},
}

// about tells whether a doubt is about an operation in a scenario.
func (d *Doubt) about(operation, scenario string) bool {
	return (d.operations == nil || slices.Contains(d.operations, operation)) &&
		(d.scenarios == nil || slices.ContainsFunc(d.scenarios, func(s string) bool {
			if what, every := strings.CutPrefix(s, "*/"); every {
				_, told, _ := strings.Cut(scenario, "/")
				return strings.HasPrefix(told, what)
			}
			return strings.HasPrefix(scenario, s)
		}))
}

// fits tells whether a difference answers a doubt: of the scenarios that show it
// half at least are about it. What all scenarios show is not for the question
// of one of them.
func (d *Doubt) fits(x *Difference) bool {
	about := 0
	for _, scenario := range x.Scenarios {
		if d.about(x.Operation, scenario) {
			about++
		}
	}
	return (d.kinds == nil || slices.Contains(d.kinds, x.Kind)) && (d.paths == nil || d.at(x.Path)) &&
		about > 0 && 2*about >= len(x.Scenarios)
}

func (d *Doubt) at(path string) bool {
	return slices.ContainsFunc(d.paths, func(p string) bool { return path == p || strings.HasPrefix(path, p+".") })
}

// asked tells whether a call could have answered a doubt.
func (d *Doubt) asked(o observation) bool {
	return d.about(o.operation, o.scenario) && (d.paths == nil || !o.refused && slices.ContainsFunc(o.paths, d.at))
}
