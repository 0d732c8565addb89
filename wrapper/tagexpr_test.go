package wrapper_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wrapper"
)

// tree is an expression as the test sees it.
type tree struct {
	tag   string
	all   bool // and, else or
	parts []tree
}

func randomTree(random *rand.Rand, tags []string, depth int) tree {
	if depth == 0 || random.IntN(3) == 0 {
		return tree{tag: tags[random.IntN(len(tags))]}
	}
	n := tree{all: random.IntN(2) == 0}
	for range 1 + random.IntN(3) {
		n.parts = append(n.parts, randomTree(random, tags, depth-1))
	}
	return n
}

func (n tree) expr() wrapper.TagExpr {
	if n.parts == nil {
		return wrapper.Tag(n.tag)
	}
	parts := make([]wrapper.TagExpr, len(n.parts))
	for i, part := range n.parts {
		parts[i] = part.expr()
	}
	if n.all {
		return parts[0].And(parts[1:]...)
	}
	return parts[0].Or(parts[1:]...)
}

func (n tree) selects(tags []string) bool {
	matches := func(part tree) bool { return part.selects(tags) }
	switch {
	case n.parts == nil:
		return slices.Contains(tags, n.tag)
	case n.all:
		return !slices.ContainsFunc(n.parts, func(part tree) bool { return !matches(part) })
	}
	return slices.ContainsFunc(n.parts, matches)
}

// TestTagExpressionsSelectWhatTheySay sends a message for each of many random
// expressions into a room whose members have every combination of tags, and
// looks who receives it.
func TestTagExpressionsSelectWhatTheySay(t *testing.T) {
	srv := emulator.Start(t, emulator.WithoutPort())
	client, err := wrapper.New(srv.Credentials(), wrapper.WithBaseURL(srv.URL), wrapper.WithHTTPClient(srv.Client()))
	require.NoError(t, err)
	room, err := srv.CreateRoom(gen.CreateChatroomForm{Creator: "owner", Name: "room"})
	require.NoError(t, err)

	names := []string{"a", `"`, ") or", "é\\"}
	type member struct {
		tags   []string
		events *emulator.EventStream
	}
	members := make([]member, 1<<len(names))
	for i := range members {
		m := &members[i]
		for j, tag := range names {
			if i&(1<<j) != 0 {
				m.tags = append(m.tags, tag)
			}
		}
		accid := fmt.Sprint("a", i)
		require.NoError(t, srv.Join(room, emulator.JoinOptions{Accid: accid, Tags: m.tags}))
		m.events, err = srv.Events(room, emulator.EventOptions{Accid: accid})
		require.NoError(t, err)
	}
	random := rand.New(rand.NewPCG(3, 4))
	for range 120 {
		tree := randomTree(random, names, 3)
		expr := tree.expr()
		if utf8.RuneCountInString(expr.String()) > 128 {
			continue // too long for a message
		}
		message, err := wrapper.NewMessage(room, "owner", wrapper.Text("x"))
		require.NoError(t, err)
		message.NotifyTargetTags = wrapper.Ptr(expr)
		_, err = client.Messages.Send(t.Context(), message)
		require.NoError(t, err, "%s", expr)
		for _, m := range members {
			received := slices.ContainsFunc(m.events.Pending(), func(e emulator.Event) bool { return e.Kind == emulator.EventMessage })
			require.Equal(t, tree.selects(m.tags), received, "%s and a member with %q", expr, m.tags)
		}
	}
}

// TestMistakesInTagExpressionsAreErrors: an expression that would not select what it says
// is an error that names the field, and nothing is sent.
func TestMistakesInTagExpressionsAreErrors(t *testing.T) {
	srv, client, room := emulated(t)
	before := len(srv.Requests())
	parsed, err := wrapper.ParseTagExpr("vip")
	require.Error(t, err)
	for _, expr := range []wrapper.TagExpr{wrapper.Tag(""), wrapper.Tag("a").And(wrapper.Tag("\xff")), wrapper.Tag(strings.Repeat("x", 118) + "x"), parsed} {
		message, err := wrapper.NewMessage(room, "owner", wrapper.Text("x"))
		require.NoError(t, err)
		message.NotifyTargetTags = &expr
		_, err = client.Messages.Send(t.Context(), message)
		var e *wrapper.Error
		require.ErrorAs(t, err, &e)
		require.ErrorIs(t, err, wrapper.ErrBadParameter)
		require.Equal(t, "notifyTargetTags", e.Field)
	}
	require.Len(t, srv.Requests(), before)
}
