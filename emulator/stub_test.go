package emulator_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wrapper"
)

const teamPath = "/team/create.action"

// A path that is not emulated is never taken for a response of the service, and
// a stub stands in for it.
func TestWhatIsNotEmulatedIsLoudAndStubsStandIn(t *testing.T) {
	srv := emulator.Start(t)
	client, err := wrapper.New(srv.Credentials(), wrapper.WithBaseURL(srv.URL))
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.Do(t.Context(), teamPath, map[string][]string{"tname": {"a"}})
	var api *wrapper.Error
	if !errors.As(err, &api) || errors.Is(err, wrapper.ErrNotFound) || api.HTTPStatus != http.StatusNotImplemented {
		t.Errorf("%+v", err)
	}
	if last := srv.Requests()[0]; last.Code != http.StatusNotImplemented || last.Form["tname"] != "a" || last.Signature != emulator.SignatureOK || last.Stub {
		t.Errorf("%+v", last)
	}
	if status, got := emutest.ControlCall(t, srv, http.MethodPost, "stubs", `{"path":"/team/create.action","answer":{"code":200,"tid":"7"}}`); status != 200 {
		t.Error(status, got)
	}
	body, err := client.Do(t.Context(), teamPath, nil)
	if err != nil || string(body) != `{"code":200,"tid":"7"}` {
		t.Errorf("%s, %v", body, err)
	}
	if last := srv.Requests()[1]; last.Code != gen.CodeOK || !last.Stub {
		t.Errorf("%+v", last)
	}
	unsigned := emutest.Request(t, srv, http.MethodPost, teamPath, "")
	unsigned.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if code, body := emutest.Send(t, unsigned); code != gen.CodeBadParameter {
		t.Errorf("without a signature: %s", body)
	}
	for path, answer := range map[string]string{"/chatroom/get.action": `{"code":200}`, "team": `{"code":200}`, teamPath: `{"tid":7}`, "/x": `7`} {
		if srv.Stub(path, json.RawMessage(answer)) == nil {
			t.Errorf("%s %s: no error", path, answer)
		}
	}
	if err := srv.Stub("/a.action", json.RawMessage(`{"code":500}`)); err != nil || len(srv.Stubs()) != 2 {
		t.Error(err, srv.Stubs())
	}
	if _, got := emutest.ControlCall(t, srv, http.MethodDelete, "stubs", ""); fmt.Sprint(got) != "map[stubs:[]]" {
		t.Error(got)
	}
}

// A room can be placed under any id, and stays there in a snapshot; rooms that are
// created go around it.
func TestPlacedRooms(t *testing.T) {
	srv := emulator.Start(t)
	const second = 10_010_000_002
	for _, id := range []gen.RoomID{10908439525, second} {
		if err := srv.PlaceRoom(emulator.PlaceOptions{RoomID: id, Creator: "a", Name: "n"}); err != nil {
			t.Fatal(err)
		}
	}
	if status, got := emutest.ControlCall(t, srv, http.MethodPost, "rooms", `{"roomid":10908439525,"creator":"b","name":"n"}`); status != http.StatusConflict {
		t.Error(status, got)
	}
	for _, o := range []emulator.PlaceOptions{{Creator: "a", Name: "n"}, {RoomID: 5, Name: "n"}, {RoomID: 5, Creator: "a"}} {
		if srv.PlaceRoom(o) == nil {
			t.Errorf("%+v: no error", o)
		}
	}
	emutest.NewRoom(t, srv)
	emutest.NewRoom(t, srv)
	snapshot, err := srv.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	other := emulator.Start(t)
	if err := other.Restore(snapshot); err != nil {
		t.Fatal(err)
	}
	for _, srv := range []*emulator.Server{srv, other} {
		var ids []float64
		_, page := emutest.ControlCall(t, srv, http.MethodGet, "rooms", "")
		for _, row := range page["rooms"].([]any) {
			ids = append(ids, row.(map[string]any)["roomid"].(float64))
		}
		if want := []float64{10_010_000_001, second, 10_010_000_003, 10908439525}; !slices.Equal(ids, want) {
			t.Errorf("%v, want %v", ids, want)
		}
		if _, page := emutest.ControlCall(t, srv, http.MethodGet, "rooms?after=10010000003", ""); len(page["rooms"].([]any)) != 1 {
			t.Errorf("%v", page)
		}
		mine := emutest.Get(t, srv, gen.ListUserChatroomsEndpoint, gen.ListUserChatroomsForm{Creator: "a"}).Desc.RoomIDs
		if !slices.Equal(mine, []gen.RoomID{second, 10908439525}) {
			t.Errorf("%v", mine)
		}
	}
}
