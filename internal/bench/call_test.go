package bench

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"testing"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

// serve starts a server on loopback that returns the same body to every request. It returns
// the base URL.
func serve(b *testing.B, body []byte) string {
	b.Helper()
	length := strconv.Itoa(len(body))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("Content-Length", length)
		_, _ = w.Write(body)
	}))
	b.Cleanup(server.Close)
	return server.URL + "/nimserver"
}

// client returns nimroom's client for a server.
func client(b *testing.B, base string) *wrapper.Client {
	b.Helper()
	credentials, err := sign.NewCredentials("app-key", "app-secret")
	if err != nil {
		b.Fatal(err)
	}
	c, err := wrapper.New(credentials, wrapper.WithBaseURL(base), wrapper.WithLimiter(nil))
	if err != nil {
		b.Fatal(err)
	}
	return c
}

// BenchmarkGetCall measures a complete signed call over loopback.
func BenchmarkGetCall(b *testing.B) {
	base := serve(b, []byte(roomBody))
	ours := client(b, base)
	theirs := &http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone()}
	pair(b, 1, func() {
		got, err := ours.Rooms.Get(b.Context(), gen.GetChatroomForm{RoomID: 66, NeedOnlineUserCount: wrapper.Ptr(true)})
		if err != nil || got.RoomID != 66 {
			b.Fatal(got, err)
		}
	}, func() {
		var got room
		form := url.Values{"roomid": {strconv.Itoa(66)}, "needOnlineUserCount": {"true"}}
		if err := post(b.Context(), theirs, base, "/chatroom/get.action", form, &got); err != nil || got.Chatroom.RoomID != 66 {
			b.Fatal(got, err)
		}
	})
}

// BenchmarkMembersCall measures a complete signed call that returns 100 members.
func BenchmarkMembersCall(b *testing.B) {
	base := serve(b, memberPage(100))
	ours := client(b, base)
	theirs := &http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone()}
	pair(b, 1, func() {
		got, err := ours.Members.List(b.Context(), gen.ListMembersForm{RoomID: 66, Limit: 100, Type: wrapper.Ptr(gen.MemberKindFixed)})
		if err != nil || len(got) != 100 {
			b.Fatal(len(got), err)
		}
	}, func() {
		var got memberList
		form := url.Values{"roomid": {"66"}, "type": {"0"}, "endtime": {"0"}, "limit": {"100"}}
		if err := post(b.Context(), theirs, base, "/chatroom/membersByPage.action", form, &got); err != nil || len(got.Desc.Data) != 100 {
			b.Fatal(len(got.Desc.Data), err)
		}
	})
}
