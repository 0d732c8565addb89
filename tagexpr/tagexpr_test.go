package tagexpr_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/tagexpr"
)

func TestBuild(t *testing.T) {
	a, b, c, d := tagexpr.Tag("a"), tagexpr.Tag("b"), tagexpr.Tag("c"), tagexpr.Tag("d")
	var none tagexpr.Expr
	tests := []struct {
		expr tagexpr.Expr
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
		{tagexpr.Tag(`a"} or {"tag":"b`), `{"tag":"a\"} or {\"tag\":\"b"}`},
		{tagexpr.Tag("<b> & c"), `{"tag":"<b> & c"}`},
		{tagexpr.Tag("标签"), `{"tag":"标签"}`},
	}
	for _, tt := range tests {
		assert.Equal(t, tt.want, tt.expr.String())
		assert.NoError(t, tt.expr.Err())
		assert.Equal(t, tt.want == "", tt.expr.IsZero())
		parsed, err := tagexpr.Parse(tt.want)
		assert.NoError(t, err)
		assert.Equal(t, tt.expr, parsed, "what is built reads back")
	}
	assert.Equal(t, tagexpr.Tag("a"), a, "a value does not change")
	assert.Equal(t, a.And(b, c), a.And(b).And(c))
}

// TestMistakesAreKept: an expression with a mistake reports it and never selects everyone.
func TestMistakesAreKept(t *testing.T) {
	for _, name := range []string{"", "\xff"} {
		expr := tagexpr.Tag("a").Or(tagexpr.Tag(name))
		assert.ErrorContains(t, expr.Err(), "empty or is not UTF-8")
		assert.ErrorContains(t, expr.And(tagexpr.Tag("b")).Err(), "empty")
		assert.False(t, expr.IsZero())
		assert.False(t, expr.Matches([]string{"a", name}))
		assert.False(t, expr.Names([]string{"a", name}))
	}
	for _, text := range []string{"vip", `{"tag":"a"} xor {"tag":"b"}`} {
		expr, err := tagexpr.Parse(text)
		require.Error(t, err)
		assert.Equal(t, err, expr.Err())
		assert.Equal(t, text, expr.String())
		assert.False(t, expr.Matches([]string{"a", "b"}))
		assert.ErrorContains(t, tagexpr.Tag("a").And(expr).Err(), "at byte")
	}
}

// TestTextIsReadAndWritten: encoding/json writes an expression as its text and reads it
// back, also where the text is no expression.
func TestTextIsReadAndWritten(t *testing.T) {
	for _, text := range []string{``, `{"tag":"a"}`, `({"tag":"a"} or {"tag":"b"}) and {"tag":"c"}`, `vip`} {
		quoted, err := json.Marshal(text)
		require.NoError(t, err)
		var expr tagexpr.Expr
		require.NoError(t, json.Unmarshal(quoted, &expr))
		assert.Equal(t, text, expr.String())
		written, err := json.Marshal(expr)
		require.NoError(t, err)
		assert.JSONEq(t, string(quoted), string(written))
	}
}

// FuzzBuild: the parts of an expression are the tags that went in,
// whatever their names are, and its brackets match.
func FuzzBuild(f *testing.F) {
	f.Add("a", "b", "c")
	f.Add(`a"} or {"tag":"b`, `\`, "(")
	f.Fuzz(func(t *testing.T, x, y, z string) {
		expr := tagexpr.Tag(x).Or(tagexpr.Tag(y)).And(tagexpr.Tag(z))
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
