package wire

import (
	"encoding/json"
	"strings"
	"testing"
)

// depth is how deep the brackets of valid JSON nest.
func depth(text []byte) (deepest int) {
	d := json.NewDecoder(strings.NewReader(string(text)))
	level := 0
	for {
		token, err := d.Token()
		if err != nil {
			return deepest
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			level++
			deepest = max(deepest, level)
		case json.Delim('}'), json.Delim(']'):
			level--
		}
	}
}

func FuzzValidIsJSONValid(f *testing.F) {
	for _, s := range []string{
		`{"a":[1,-0.5e+7,"x\u00e9\ud83d\ude00\n",true,false,null]}`, ` [ ] `, `{"a":1,}`, `[1 2]`, `01`, `-`, `1.`, `1e`, `"\x"`,
		`"\u12"`, "\"\x1f\"", `"abc`, `tru`, `{"a"}`, `{1:2}`, `[]]`, "\"12345678\x00\"", `"1234567\"`, "\ufeff{}",
		strings.Repeat("[", 64) + strings.Repeat("]", 64),
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		want := json.Valid(text)
		if want && depth(text) > maxDepth {
			want = false
		}
		if got := Valid(text); got != want {
			t.Errorf("Valid(%q) = %v, want %v", text, got, want)
		}
	})
}

// TestStringsEndAnywhere puts each byte that matters at each place of the
// eight that are looked at together.
func TestStringsEndAnywhere(t *testing.T) {
	for i := range 20 {
		for _, c := range []string{"\"", "\\\\", "\\", "\\n", "\\u00e9", "\\u00g9", "\x00", "\x1f", "\x7f", "\x80", "é", "\xff"} {
			text := []byte(`"` + strings.Repeat("a", i) + c + strings.Repeat("b", 20-i) + `"`)
			if got, want := Valid(text), json.Valid(text); got != want {
				t.Errorf("Valid(%q) = %v, want %v", text, got, want)
			}
			var got, want string
			if json.Unmarshal(text, &want) != nil {
				continue
			}
			if String(NewDecoder(text), &got); got != want {
				t.Errorf("%q: got %q, want %q", text, got, want)
			}
		}
	}
}

func FuzzStringIsJSONString(f *testing.F) {
	for _, s := range []string{`"plain"`, `"\u00e9\ud83d\ude00\ud83d\ud83d\udc00x\n\/"`, "\"\xff\xc3(\"", `"0123456\"789"`, `"你好\t"`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var want string
		if json.Unmarshal(text, &want) != nil || len(text) == 0 || strings.TrimLeft(string(text), " \t\r\n")[0] != '"' {
			return
		}
		var got string
		d := NewDecoder(text)
		if String(d, &got); d.Err() != nil || got != want {
			t.Errorf("%q: got %q, %v; want %q", text, got, d.Err(), want)
		}
	})
}

func TestDepthIsBounded(t *testing.T) {
	for _, tc := range []struct {
		text string
		want bool
	}{
		{strings.Repeat("[", 64) + strings.Repeat("]", 64), true},
		{strings.Repeat("[", 65) + strings.Repeat("]", 65), false},
		{strings.Repeat(`{"a":`, 65) + "1" + strings.Repeat("}", 65), false},
		{strings.Repeat("[", 1<<20), false},
	} {
		if got := Valid([]byte(tc.text)); got != tc.want {
			t.Errorf("%d bytes: got %v", len(tc.text), got)
		}
	}
}
