package wire

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
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

// A form of many fields, which a small body holds, costs time in proportion.
func TestParseFormIsLinear(t *testing.T) {
	const n = 200_000
	body := make([]byte, 0, 8*n)
	for i := range n {
		body = append(strconv.AppendInt(body, int64(i), 36), "=1&"...)
	}
	began := time.Now()
	f, err := ParseForm(string(body) + "0=2&zzz=1")
	if err != nil {
		t.Fatal(err)
	}
	var first, last int
	Bind(f, &first, ReadInt, "0")
	Bind(f, &last, ReadInt, "zzz")
	if len(f.Pairs()) != n || !slices.Equal(f.Duplicates(), []string{"0", "zzz"}) || first != 1 || len(f.Unknown()) != n-2 {
		t.Errorf("%d pairs, duplicates %v, 0 = %d", len(f.Pairs()), f.Duplicates(), first)
	}
	if d := time.Since(began); d > 10*time.Second {
		t.Errorf("%d fields took %v, comparing each with each", n, d)
	}
}

func TestParseFormFindsNamesAmongFewAndMany(t *testing.T) {
	for n := range 2*fewFields + 2 {
		var body strings.Builder
		for i := range n {
			fmt.Fprintf(&body, "n%d=%d&n%d=x&", i, i, i)
		}
		f, err := ParseForm(body.String())
		if err != nil || len(f.Pairs()) != n || len(f.Duplicates()) != n {
			t.Fatalf("%d: %v, %v", n, f, err)
		}
		for i := range n {
			if v, ok := f.Get("n" + strconv.Itoa(i)); !ok || v != strconv.Itoa(i) {
				t.Errorf("%d: n%d = %q, %t", n, i, v, ok)
			}
		}
		if _, ok := f.Get("n"); ok {
			t.Errorf("%d: found what was not sent", n)
		}
	}
}

func BenchmarkParseForm(b *testing.B) {
	const body = "roomid=10010000001&msgId=c0e9e1fa-6d3b-4fd4-a9d2-3bb2d4cb1d9a&fromAccid=zhangsan&msgType=0&attach=hello+%E4%BD%A0%E5%A5%BD"
	b.ReportAllocs()
	for b.Loop() {
		f, err := ParseForm(body)
		if err != nil {
			b.Fatal(err)
		}
		var id int64
		Bind(f, &id, ReadInt, "roomid")
	}
}

func FuzzParseFormIsParseQuery(f *testing.F) {
	f.Add("b=1&a=x+y%26&b=2&empty=&flag&&=x")
	f.Add("a=%zz")
	f.Fuzz(func(t *testing.T, body string) {
		if strings.Contains(body, ";") {
			return // a separator long ago, which url rejects and the service does not
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
