package tagexpr

import (
	"strings"
	"testing"
)

func TestMatches(t *testing.T) {
	tests := []struct {
		text string
		tags string // comma-separated
		want bool
	}{
		{``, ``, true},
		{"  \t\n", `a`, true},
		{`{"tag":"a"}`, `a`, true},
		{`{"tag":"a"}`, `b`, false},
		{`{"tag":"a"}`, ``, false},
		// zh-tags: 修改聊天室用户标签, its cURL line; and the example of 根据标签查询在线成员列表 with its spaces.
		{`{"tag":"tag1"} and {"tag":"tag2"}`, `tag1,tag2,tag3`, true},
		{`{"tag":"tag1"} and {"tag":"tag2"}`, `tag1`, false},
		{`{"tag": "abc"} and {"tag": "def"}`, `def,abc`, true},
		{`{"tag":"a"} or {"tag":"b"}`, `b`, true},
		{`{"tag":"a"} or {"tag":"b"}`, `c`, false},
		{`{"tag":"a"}and{"tag":"b"}`, `a,b`, true},
		{`{"tag":"a"} AND {"tag":"b"} Or {"tag":"c"}`, `c`, true},
		{`{"tag":"a"} or {"tag":"b"} and {"tag":"c"}`, `a`, true},
		{`({"tag":"a"} or {"tag":"b"}) and {"tag":"c"}`, `a`, false},
		{`( ( {"tag":"a"} or {"tag":"b"} ) ) and {"tag":"c"}`, `b,c`, true},
		{`{"tag":"a"} and({"tag":"b"} or {"tag":"c"})`, `a,c`, true},
		{`{"tag":"and"} and {"tag":"or"}`, `and,or`, true},
		{`{"tag":"} and {"}`, `} and {`, true},
		{`{"tag":"\u6807\u7b7e"}`, `标签`, true},
	}
	for _, tt := range tests {
		e, err := Parse(tt.text)
		if err != nil {
			t.Errorf("%s: %v", tt.text, err)
			continue
		}
		if got := e.Matches(strings.Split(tt.tags, ",")); got != tt.want {
			t.Errorf("%s with %s: got %v", tt.text, tt.tags, got)
		}
	}
}

func TestNames(t *testing.T) {
	tests := []struct {
		text, tags string
		want       bool
	}{
		{``, `a`, false},
		{`{"tag":"a"}`, `a`, true},
		{`{"tag":"a"} and {"tag":"b"}`, `b`, true},
		{`({"tag":"a"} or {"tag":"b"}) and {"tag":"c"}`, `x,b`, true},
		{`{"tag":"a"} or {"tag":"b"}`, `c`, false},
	}
	for _, tt := range tests {
		e, err := Parse(tt.text)
		if err != nil {
			t.Fatal(err)
		}
		if got := e.Names(strings.Split(tt.tags, ",")); got != tt.want {
			t.Errorf("%s with %s: got %v", tt.text, tt.tags, got)
		}
		if e.String() != tt.text || e.IsZero() != (tt.text == "") {
			t.Errorf("%s became %q", tt.text, e)
		}
	}
}

func TestParseSaysWhereItStops(t *testing.T) {
	tests := []struct{ text, want string }{
		{`a`, "at byte 0"},
		{`{"tag":"a"`, "at byte 0"},
		{`{"tag":1}`, "at byte 0"},
		{`{"tag":""}`, "at byte 0"},
		{`{"tag":null}`, "at byte 0"},
		{`{}`, "at byte 0"},
		{`{"tag":"a","not":true}`, "at byte 0"},
		{`["a"]`, "at byte 0"},
		{`{"tag":"a"} {"tag":"b"}`, "at byte 12"},
		{`{"tag":"a"} and`, "at byte 12"},
		{`{"tag":"a"} and `, "at byte 16"},
		{`{"tag":"a"} andy`, "at byte 12"},
		{`{"tag":"a"} xor {"tag":"b"}`, "at byte 12"},
		{`({"tag":"a"}`, "at byte 12: want )"},
		{`()`, "at byte 1"},
		{`{"tag":"a"})`, "at byte 11"},
		{strings.Repeat("(", 1_000_000), "more than 64 brackets"},
	}
	for _, tt := range tests {
		_, err := Parse(tt.text)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%.40s: got %v, want %s", tt.text, err, tt.want)
		}
	}
}

// FuzzParse: nothing panics, and what parses still parses, to the same
// selection, inside brackets and joined with itself.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`{"tag":"a"}`, `{"tag":"a"} and {"tag":"b"}`, `({"tag":"a"} or {"tag":"b"}) and {"tag":"c"}`,
		`{"tag":"a"`, `((`, `{"tag":"\ud800"}`, `and`, ``,
	} {
		f.Add(seed, "a")
	}
	f.Fuzz(func(t *testing.T, text, tag string) {
		e, err := Parse(text)
		if err != nil || e.IsZero() {
			return
		}
		tags := []string{tag, "a"}
		for _, other := range []string{text + " and " + text, text + " or " + text} {
			twice, err := Parse(other)
			if err != nil {
				t.Fatalf("%q parses, %q does not: %v", text, other, err)
			}
			if twice.Names(tags) != e.Names(tags) {
				t.Errorf("%q names otherwise than %q", other, text)
			}
		}
		if e.Matches(tags) && !e.Names(tags) {
			t.Errorf("%q matches %q without naming it", text, tags)
		}
	})
}
