package emulator

import (
	"cmp"
	"slices"
	"strings"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
)

// operation is an operation of the spec with the rule that carries it out.
type operation struct {
	*gen.Operation
	// check binds and validates a form, and returns what runs the rule on it.
	check func(*wire.Fields) (run, error)
}

// run carries a checked operation out. The state is the call's alone meanwhile.
type run func(*call) (gen.Response, error)

// register ties a rule to its operation. Forms are bound and held to their
// limits by generated code, before the rule sees them.
func register[F gen.Form, R any, A interface {
	*R
	gen.Response
}](e gen.Endpoint[F, R], rule func(*call, F) (A, error)) operation {
	return operation{e.Operation, func(fields *wire.Fields) (run, error) {
		form, err := e.Bind(fields)
		if err != nil {
			return nil, err
		}
		if err := form.Validate(); err != nil {
			return nil, err
		}
		return func(c *call) (gen.Response, error) { return rule(c, form) }, nil
	}}
}

// operations are all that the service does, by path: those of the spec, and
// what other clients need to begin with.
var operations = byPath(
	register(gen.CreateChatroomEndpoint, (*call).createChatroom),
	register(gen.GetChatroomEndpoint, (*call).getChatroom),
	register(gen.GetChatroomsEndpoint, (*call).getChatrooms),
	register(gen.UpdateChatroomEndpoint, (*call).updateChatroom),
	register(gen.ToggleChatroomEndpoint, (*call).toggleChatroom),
	register(gen.SetMemberRoleEndpoint, (*call).setMemberRole),
	register(gen.RequestAddressEndpoint, (*call).requestAddress),
	register(gen.SendMessageEndpoint, (*call).sendMessage),
	register(gen.AddRobotsEndpoint, (*call).addRobots),
	register(gen.RemoveRobotsEndpoint, (*call).removeRobots),
	register(gen.ClearRobotsEndpoint, (*call).clearRobots),
	register(gen.MuteMemberEndpoint, (*call).muteMember),
	register(gen.MuteChatroomEndpoint, (*call).muteChatroom),
	register(gen.ListTopChatroomsEndpoint, (*call).listTopChatrooms),
	register(gen.ListMembersEndpoint, (*call).listMembers),
	register(gen.GetMembersEndpoint, (*call).getMembers),
	register(gen.ListMembersByRoleEndpoint, (*call).listMembersByRole),
	register(gen.UpdateMemberEndpoint, (*call).updateMember),
	register(gen.ListUserChatroomsEndpoint, (*call).listUserChatrooms),
	register(gen.SetEntryNotificationEndpoint, (*call).setEntryNotification),
	register(gen.MuteTagEndpoint, (*call).muteTag),
	register(gen.CountTagMembersEndpoint, (*call).countTagMembers),
	register(gen.ListTagMembersEndpoint, (*call).listTagMembers),
	register(gen.ListTagMessagesEndpoint, (*call).listTagMessages),
	register(gen.UpdateMemberTagsEndpoint, (*call).updateMemberTags),
	createUser,
)

// byPath finds operations by their path, and by the other paths that a document
// gives for them.
func byPath(list ...operation) map[string]operation {
	paths := make(map[string]operation, len(list)+1)
	for _, op := range list {
		paths[op.Path] = op
		for _, alias := range op.PathAliases {
			paths[alias] = op
		}
	}
	return paths
}

// nearestPath is the known path that resembles path most, first by its last
// part, for who mistyped.
func nearestPath(path string) string {
	paths := []string{createUser.Path}
	for _, op := range gen.Operations {
		paths = append(paths, op.Path)
	}
	last := func(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }
	return slices.MinFunc(paths, func(a, b string) int {
		return cmp.Or(
			cmp.Compare(distance(last(path), last(a)), distance(last(path), last(b))),
			cmp.Compare(distance(path, a), distance(path, b)))
	})
}

// isOperation reports whether a name is an action or an operationId.
func isOperation(name string) bool {
	for _, op := range operations {
		if op.Action == name || op.ID == name {
			return true
		}
	}
	return false
}

// distance counts the letters to insert, delete or replace to get from a to b,
// in either case.
func distance(a, b string) int {
	a, b = strings.ToLower(a), strings.ToLower(b)
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
