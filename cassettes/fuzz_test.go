package cassettes

import (
	"slices"
	"strings"
	"testing"

	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"

	"github.com/nimroom/nimroom/internal/wire"
)

// FuzzScrub: what is scrubbed once is not changed again, and nothing is left of
// it that the scan would find.
func FuzzScrub(f *testing.F) {
	for _, text := range []string{
		`{"code":200,"info":{"token":"abc","name":"x"}}`, `{"desc":"{\"token\":\"abc\"}"}`, `{"token":12}`, `{"a":"token","token" : "a\"b"}`,
		"accid=a&token=b&props={\"password\":\"c\"}", "a=50%&token=%zz&b", "x=4c6f0fbc04efedd91685a226da081807de269350", "token=&token", "",
		`{"desc":"{\"a\":\"{\\\"token\\\":\\\"b\\\"}\"}"}`, `{"tokens":["a",{"b":1}]}`, "rtmp://a:b@c/?token=d", "Cookie: a=b", "Bearer 0123456789",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		const secret = "secret-of-the-fuzz"
		s := newScrubber([]string{secret})
		i := &cassette.Interaction{
			Request:  cassette.Request{URL: "https://a:b@api.netease.im/nimserver/x?" + text, Body: text + "&a=" + secret},
			Response: cassette.Response{Body: text + secret},
		}
		s.interaction(i)
		once := *i
		s.interaction(i)
		if i.Request.Body != once.Request.Body || i.Response.Body != once.Response.Body || i.Request.URL != once.Request.URL {
			t.Errorf("scrubbed twice:\n%q\n%q\n%q", i.Request.Body, i.Response.Body, i.Request.URL)
		}
		file := &File{Version: 2, Interactions: []*cassette.Interaction{i}}
		if leaks := file.Leaks(secret); len(leaks) > 0 {
			t.Errorf("left in %q and %q: %v", i.Request.Body, i.Response.Body, leaks)
		}
	})
}

// FuzzParse: a file is an error or one that can be written and read again.
func FuzzParse(f *testing.F) {
	f.Add([]byte("version: 2\ninteractions: []\n"))
	f.Add([]byte("---\nversion: 2\ninteractions:\n  - id: 0\n    request: {body: a=b, headers: {A: [b]}}\n    response: {duration: 1s}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		file, err := Parse(text)
		if err != nil {
			return
		}
		written, err := file.Text()
		if err != nil {
			return // a secret in it
		}
		if _, err := Parse(written); err != nil {
			t.Errorf("%v: %s", err, written)
		}
	})
}

// FuzzMeaning: a form means the same in any order of its fields.
func FuzzMeaning(f *testing.F) {
	f.Add("roomid=1&name=a+b")
	f.Add(`roomids=["1", "2"]&needOnlineUserCount=TRUE`)
	f.Add("%&=&any=1")
	f.Fuzz(func(t *testing.T, form string) {
		fields, err := wire.ParseForm(form)
		if err != nil || len(fields.Duplicates()) > 0 {
			return
		}
		parts := strings.Split(form, "&")
		slices.Reverse(parts)
		m := newMatcher([]string{"any"}, newScrubber(nil))
		for _, path := range []string{"/nimserver/chatroom/getBatch.action", "/elsewhere"} {
			if a, b := m.meaning(path, form), m.meaning(path, strings.Join(parts, "&")); a != b {
				t.Errorf("%q means %q, and in another order %q", form, a, b)
			}
		}
	})
}
