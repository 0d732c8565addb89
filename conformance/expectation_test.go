package conformance

import (
	"strings"
	"testing"
)

func value(t testing.TB, text string) any {
	t.Helper()
	var v any
	if err := decode([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestExpectations(t *testing.T) {
	saved := variables{"room": value(t, `10010000001`)}
	tests := []struct {
		want, got string
		problem   string
	}{
		{`"a"`, `"a"`, ""},
		{`"a"`, `"b"`, `"b", want "a"`},
		{`7`, `7`, ""},
		{`7`, `"7"`, ""},
		{`"7"`, `7`, ""},
		{`7`, `8`, "8, want 7"},
		{`true`, `true`, ""},
		{`true`, `"true"`, ""},
		{`true`, `false`, "false, want true"},
		{`false`, `null`, "null, want false"},
		{`""`, `null`, `null, want ""`},
		{`"$room"`, `10010000001`, ""},
		{`"$room"`, `"10010000001"`, ""},
		{`"$room"`, `10010000002`, "10010000002, want 10010000001"},
		{`"$other"`, `1`, "$other was not saved"},
		{`[1,"$room"]`, `["1",10010000001]`, ""},
		{`[1,"$room"]`, `[1,10010000002]`, "want"},
		{`["a"]`, `"[\"a\"]"`, ""},
		{`["a"]`, `["a","b"]`, "want"},
		{`["a"]`, `"a"`, "want"},
		{`[]`, `[]`, ""},
		{`"a"`, `{"a":1}`, "want"},
		{`{"contains":"name"}`, `"name is empty"`, ""},
		{`{"contains":"name"}`, `"no"`, `want a text with "name"`},
		{`{"contains":"1"}`, `1`, `want a text with "1"`},
		{`{"from":1,"to":3}`, `1`, ""},
		{`{"from":1,"to":3}`, `"3"`, ""},
		{`{"from":1,"to":3}`, `0`, "0, want 1 or more"},
		{`{"from":1,"to":3}`, `4`, "4, want 3 or less"},
		{`{"from":1}`, `99999999999`, ""},
		{`{"to":0}`, `0`, ""},
		{`{"from":1}`, `"x"`, "want a number"},
		{`{"from":1}`, `[]`, "want a number"},
	}
	for _, tt := range tests {
		t.Run(tt.want+" "+tt.got, func(t *testing.T) {
			var want Expectation
			if err := decode([]byte(tt.want), &want); err != nil {
				t.Fatal(err)
			}
			err := want.meets(saved, value(t, tt.got))
			switch {
			case tt.problem == "" && err != nil:
				t.Error(err)
			case tt.problem != "" && (err == nil || !strings.Contains(err.Error(), tt.problem)):
				t.Errorf("%v, want %s", err, tt.problem)
			}
		})
	}
}
