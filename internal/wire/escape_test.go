package wire

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
)

func FuzzAppendEscapedIsQueryEscape(f *testing.F) {
	for _, s := range []string{"", "a b+c&d=e%é😀\n*", "-_.~", "\x00\xff\xfe", strings.Repeat("你好 ", 100), strings.Repeat("a", 513)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		want := url.QueryEscape(s)
		for _, dst := range [][]byte{nil, make([]byte, 0, 1), make([]byte, 0, 3*len(s)), []byte("x=")} {
			if got := string(AppendEscaped(dst, s)); got != string(dst)+want {
				t.Fatalf("room %d: got %q, want %q", cap(dst), got, string(dst)+want)
			}
		}
		if got := string(AppendEscaped(nil, []byte(s))); got != want {
			t.Fatalf("bytes: got %q, want %q", got, want)
		}
	})
}

func FuzzFormStringsIsEscapedJSON(f *testing.F) {
	f.Add("a", `"quoted" \ and`+"\n\x01", "é\xff")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		name, value, ok := strings.Cut(string(FormStrings(nil, "list", []string{a, b, c})), "=")
		text, err := url.QueryUnescape(value)
		if !ok || err != nil || name != "list" || url.QueryEscape(text) != value {
			t.Fatalf("%s=%s is not form-encoded: %v", name, value, err)
		}
		var got []string
		if err := json.Unmarshal([]byte(text), &got); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		for i, s := range []string{a, b, c} {
			if want := throughJSON(t, s); got[i] != want {
				t.Errorf("item %d: got %q, want %q", i, got[i], want)
			}
		}
	})
}

// throughJSON is s as encoding/json writes and reads it.
func throughJSON(t *testing.T, s string) (out string) {
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}
