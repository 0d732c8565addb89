package console_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/gen"
)

// shownRooms are on the index page at most.
const shownRooms = 100

func TestTheIndexListsRoomsAndFaults(t *testing.T) {
	srv := emulator.Start(t)
	index := func() string {
		t.Helper()
		resp, err := srv.Client().Get(strings.TrimSuffix(srv.URL, emutest.ApiPath) + "/")
		if err != nil {
			t.Fatal(err)
		}
		return string(emutest.ReadAll(t, resp))
	}
	if page := index(); !strings.Contains(page, "<h2>0 rooms</h2>") || !strings.Contains(page, "faults: 0") {
		t.Errorf("%s", page)
	}
	first := emutest.Get(t, srv, gen.CreateChatroomEndpoint, gen.CreateChatroomForm{Creator: "lena", Name: `"><script>alert(1)</script>`}).Chatroom.RoomID
	emutest.Get(t, srv, gen.ToggleChatroomEndpoint, gen.ToggleChatroomForm{RoomID: first, Operator: "lena", Valid: emutest.Ptr(false)})
	for range shownRooms {
		emutest.NewRoom(t, srv)
	}
	emutest.AddFault(t, srv, emulator.Fault{Operation: "get", Kind: emulator.FaultReset})
	page := index()
	for _, want := range []string{
		fmt.Sprintf(`<a href="/_emulator/rooms/%d">%d</a> &#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;, by lena, closed`, first, first),
		fmt.Sprintf(`/_emulator/rooms/%d"`, first+shownRooms-1),
		"<h2>101 rooms</h2>", "The first 100:", "faults: 1", `<a href="/_emulator/requests">`, `<a href="/openapi.yaml">`, `<a href="/openapi.sdk.zh-CN.json">`,
		`<a href="/docs/">`, `<a href="/docs/#/rooms/createChatroom">Create a chat room</a>`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s in %s", want, page)
		}
	}
	if strings.Contains(page, "<script>") || strings.Contains(page, fmt.Sprintf("rooms/%d", first+shownRooms)) {
		t.Errorf("%s", page)
	}
}
