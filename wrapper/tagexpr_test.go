package wrapper_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wrapper"
)

func TestTagExpressions(t *testing.T) {
	a, b, c, d := wrapper.Tag("a"), wrapper.Tag("b"), wrapper.Tag("c"), wrapper.Tag("d")
	var none wrapper.TagExpr
	tests := []struct {
		expr wrapper.TagExpr
		want string
	}{
		{none, ``},
		{a, `{"tag":"a"}`},
		{a.And(b), `{"tag":"a"} and {"tag":"b"}`},
		{a.And(b, c), `{"tag":"a"} and {"tag":"b"} and {"tag":"c"}`},
		{a.And(b).And(c), `{"tag":"a"} and {"tag":"b"} and {"tag":"c"}`},
		{a.And(b.And(c)), `{"tag":"a"} and {"tag":"b"} and {"tag":"c"}`},
		{a.Or(b, c), `{"tag":"a"} or {"tag":"b"} or {"tag":"c"}`},
		{a.And(b).Or(c), `({"tag":"a"} and {"tag":"b"}) or {"tag":"c"}`},
		{a.Or(b).And(c), `({"tag":"a"} or {"tag":"b"}) and {"tag":"c"}`},
		{a.Or(b.And(c)), `{"tag":"a"} or ({"tag":"b"} and {"tag":"c"})`},
		{a.Or(b).And(c.Or(d)), `({"tag":"a"} or {"tag":"b"}) and ({"tag":"c"} or {"tag":"d"})`},
		{a.Or(b).And(c).Or(d), `(({"tag":"a"} or {"tag":"b"}) and {"tag":"c"}) or {"tag":"d"}`},
		{a.And(), `{"tag":"a"}`},
		{none.And(a), `{"tag":"a"}`},
		{none.Or(a, b), `{"tag":"a"} or {"tag":"b"}`},
		{a.Or(none), `{"tag":"a"}`},
		{a.And(none, b, none), `{"tag":"a"} and {"tag":"b"}`},
		{none.And(none).Or(none), ``},
		{wrapper.Tag(`a"} or {"tag":"b`), `{"tag":"a\"} or {\"tag\":\"b"}`},
		{wrapper.Tag("<b> & c"), `{"tag":"<b> & c"}`},
		{wrapper.Tag("标签"), `{"tag":"标签"}`},
	}
	for _, tt := range tests {
		assert.Equal(t, tt.want, tt.expr.String())
		assert.NoError(t, tt.expr.Err())
		assert.Equal(t, tt.want == "", tt.expr.IsZero())
	}
	assert.Equal(t, wrapper.Tag("a"), a, "a value does not change")
	assert.Equal(t, a.And(b, c), a.And(b).And(c), "equal expressions are ==")
}

func TestTagExpressionsThatTheServiceWouldNotTake(t *testing.T) {
	long := wrapper.Tag(strings.Repeat("x", 60))
	assert.NoError(t, wrapper.Tag(strings.Repeat("é", 118)).Err(), "characters count, not bytes")
	assert.ErrorContains(t, wrapper.Tag(strings.Repeat("é", 119)).Err(), "129 characters, at most 128")
	assert.ErrorContains(t, long.And(long).Err(), "at most 128")
	for _, name := range []string{"", "\xff"} {
		expr := wrapper.Tag("a").Or(wrapper.Tag(name))
		assert.ErrorContains(t, expr.Err(), "empty or no UTF-8")
		assert.ErrorContains(t, expr.And(wrapper.Tag("b")).Err(), "empty")
		assert.False(t, expr.IsZero(), "a mistake must not select everyone")
	}
}

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
		if expr.Err() != nil {
			continue // too long for a message
		}
		message, err := wrapper.NewMessage(room, "owner", wrapper.Text("x"))
		require.NoError(t, err)
		message.NotifyTargetTags = wrapper.Ptr(expr.String())
		_, err = client.Messages.Send(t.Context(), message)
		require.NoError(t, err, "%s", expr)
		for _, m := range members {
			received := slices.ContainsFunc(m.events.Pending(), func(e emulator.Event) bool { return e.Kind == emulator.EventMessage })
			require.Equal(t, tree.selects(m.tags), received, "%s and a member with %q", expr, m.tags)
		}
	}
}

// FuzzTagExpressions: the parts of an expression are the tags that went in,
// whatever their names are, and its brackets match.
func FuzzTagExpressions(f *testing.F) {
	f.Add("a", "b", "c")
	f.Add(`a"} or {"tag":"b`, `\`, "(")
	f.Fuzz(func(t *testing.T, x, y, z string) {
		expr := wrapper.Tag(x).Or(wrapper.Tag(y)).And(wrapper.Tag(z))
		rest, ok := strings.CutPrefix(expr.String(), "(")
		if !ok {
			t.Fatalf("%s: no bracket", expr)
		}
		for i, want := range []string{x, y, z} {
			decoder := json.NewDecoder(strings.NewReader(rest))
			var atom map[string]string
			if err := decoder.Decode(&atom); err != nil {
				t.Fatalf("%s: %v", expr, err)
			}
			if len(atom) != 1 || utf8.ValidString(want) && atom["tag"] != want {
				t.Fatalf("%s: got %q, want %q", expr, atom, want)
			}
			rest = strings.TrimPrefix(rest[decoder.InputOffset():], []string{" or ", ") and ", ""}[i])
		}
		if rest != "" {
			t.Fatalf("%s: %q is left", expr, rest)
		}
	})
}
