package emulator

import (
	"fmt"
	"strings"
	"testing"

	"github.com/nimroom/nimroom/gen"
)

// shownRooms are on the index page at most.
const shownRooms = 100

func TestTheIndexListsRoomsAndFaults(t *testing.T) {
	srv := Start(t)
	index := func() string {
		t.Helper()
		resp, err := srv.Client().Get(strings.TrimSuffix(srv.URL, basePath) + "/")
		if err != nil {
			t.Fatal(err)
		}
		return string(readAll(t, resp))
	}
	if page := index(); !strings.Contains(page, "<h2>0 rooms</h2>") || !strings.Contains(page, "faults: 0") {
		t.Errorf("%s", page)
	}
	first := get(t, srv, gen.CreateChatroomEndpoint, gen.CreateChatroomForm{Creator: `"><b>`, Name: "<script>alert(1)</script>"}).Chatroom.RoomID
	get(t, srv, gen.ToggleChatroomEndpoint, gen.ToggleChatroomForm{RoomID: first, Operator: `"><b>`, Valid: ptr(false)})
	for range shownRooms {
		newRoom(t, srv)
	}
	addFault(t, srv, Fault{Operation: "get", Kind: FaultReset})
	page := index()
	for _, want := range []string{
		fmt.Sprintf(`<a href="/_emulator/rooms/%d">%d</a> &lt;script&gt;alert(1)&lt;/script&gt;, by &#34;&gt;&lt;b&gt;, closed`, first, first),
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
