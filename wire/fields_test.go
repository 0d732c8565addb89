package wire

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
)

func TestParseForm(t *testing.T) {
	f, err := ParseForm("b=1&a=x+y%26&b=2&empty=&flag&%E4%BD%A0=%22&&b=3&c=a;d=e")
	if err != nil {
		t.Fatal(err)
	}
	want := []Pair{{"b", "1"}, {"a", "x y&"}, {"empty", ""}, {"flag", ""}, {"你", `"`}, {"c", "a;d=e"}}
	if !slices.Equal(f.Pairs(), want) {
		t.Errorf("got %v, want %v", f.Pairs(), want)
	}
	if !slices.Equal(f.Duplicates(), []string{"b"}) {
		t.Errorf("duplicates: %v", f.Duplicates())
	}
	var b int
	Bind(f, &b, ReadInt, "b")
	if !slices.Equal(f.Unknown(), []string{"a", "empty", "flag", "你", "c"}) || b != 1 {
		t.Errorf("b = %d, unknown: %v", b, f.Unknown())
	}
}

func TestParseFormNamesTheBrokenPlace(t *testing.T) {
	for body, field := range map[string]string{"a=1&name=%zz": "name", "a=1&%q=2": "%q", "name=100%": "name"} {
		_, err := ParseForm(body)
		var e *FieldError
		if !errors.As(err, &e) || e.Field != field || e.Problem != Malformed || !strings.HasPrefix(err.Error(), field+": ") {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func FuzzParseFormIsParseQuery(f *testing.F) {
	f.Add("b=1&a=x+y%26&b=2&empty=&flag&&=x")
	f.Add("a=%zz")
	f.Fuzz(func(t *testing.T, body string) {
		if strings.Contains(body, ";") {
			return // a separator long ago, which url refuses and the service does not
		}
		got, err := ParseForm(body)
		want, wantErr := url.ParseQuery(body)
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("%q: %v, want %v", body, err, wantErr)
		}
		if err != nil {
			return
		}
		if len(got.Pairs()) != len(want) {
			t.Fatalf("%q: %v, want %v", body, got.Pairs(), want)
		}
		for name, values := range want {
			if v, ok := got.Get(name); !ok || v != values[0] {
				t.Errorf("%q: %s = %q, want %q", body, name, v, values[0])
			}
			if slices.Contains(got.Duplicates(), name) != (len(values) > 1) {
				t.Errorf("%q: duplicates %v", body, got.Duplicates())
			}
		}
	})
}
