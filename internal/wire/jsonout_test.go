package wire

import (
	"encoding/json"
	"testing"
)

func FuzzAppendJSONStringIsJSON(f *testing.F) {
	for _, s := range []string{"", "plain", "\"\\/\b\f\n\r\t\x00\x1f\x7f", "é😀\u2028<&>", "\xff\xc3(\xe4\xbd", "你\xe4\xbd"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := AppendJSONString(nil, s)
		var got string
		if err := json.Unmarshal(out, &got); err != nil {
			t.Fatalf("%s: %v", out, err)
		}
		if want := throughJSON(t, s); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if bytes := AppendJSONString(nil, []byte(s)); string(bytes) != string(out) {
			t.Errorf("bytes give %s, the string gives %s", bytes, out)
		}
	})
}

func TestDialectsSpell(t *testing.T) {
	for d, want := range map[Dialect]string{
		Canonical: `{"enterTime":7,"level":"8","tags":["a"],"x":{"y":[1]}}`,
		EN2022:    `{"joinTime":7,"level":"8","tags":["a"],"x":{"y":[1]}}`,
		Text:      `{"enterTime":"7","level":"8","tags":"[\"a\"]","x":"{\"y\":[1]}"}`,
	} {
		dst := []byte("{")
		dst = AppendInt(AppendKey(dst, d.Spelling("enterTime", "joinTime")), 7, d)
		dst = AppendQuotedInt(AppendKey(dst, "level"), 8)
		dst = AppendKey(dst, "tags")
		dst = AsText(AppendList(dst, []string{"a"}, d, StringOut), len(dst), d)
		dst = AppendRaw(AppendKey(dst, "x"), json.RawMessage(`{"y":[1]}`), d)
		if got := string(append(dst, '}')); got != want {
			t.Errorf("dialect %d: got %s, want %s", d, got, want)
		}
	}
}

func TestExtraIsWrittenInOrder(t *testing.T) {
	extra := map[string]json.RawMessage{"b": json.RawMessage("1"), `a"`: json.RawMessage(`{"c":null}`), "d": nil}
	if got, want := string(AppendExtra([]byte("{"), extra)), `{"a\"":{"c":null},"b":1,"d":null`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
