package emulator_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/web"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

func sdk(t testing.TB, srv *emulator.Server) *wrapper.Client {
	t.Helper()
	client, err := wrapper.New(srv.Credentials(), wrapper.WithBaseURL(srv.URL), wrapper.WithHTTPClient(srv.Client()))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// In a bubble a day passes at once, for the client as for the server.
func TestWithoutPortInASyncTest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := emulator.Start(t, emulator.WithoutPort())
		client := sdk(t, srv)
		room, err := client.Rooms.Create(t.Context(), gen.CreateChatroomForm{Creator: "zhangsan", Name: "n"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := client.Robots.AddBatch(t.Context(), gen.AddRobotsForm{RoomID: room.RoomID, Accids: []string{"a", "b"}}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(24 * time.Hour) //nolint:forbidigo // in a synctest bubble
		cleared, err := client.Robots.Clear(t.Context(), gen.ClearRobotsForm{RoomID: room.RoomID})
		if err != nil || cleared != 0 {
			t.Errorf("%d robots after a day, %v", cleared, err)
		}
	})
}

func TestServersWithoutPortsRunBesideEachOther(t *testing.T) {
	for _, name := range []string{"first", "second", "third"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := emulator.Start(t, emulator.WithoutPort())
			client := sdk(t, srv)
			for range 20 {
				if _, err := client.Rooms.Create(t.Context(), gen.CreateChatroomForm{Creator: name, Name: "n"}); err != nil {
					t.Fatal(err)
				}
			}
			rooms, err := client.Rooms.ListByCreator(t.Context(), gen.ListUserChatroomsForm{Creator: name})
			if err != nil || len(rooms) != 20 || rooms[0] != 10_010_000_001 {
				t.Errorf("%v, %v", rooms, err)
			}
		})
	}
}

// A fault applies to a connection in memory as it does to one of the network.
func TestFaultsWithoutPort(t *testing.T) {
	srv := emulator.Start(t, emulator.WithoutPort())
	for _, kind := range []emulator.FaultKind{emulator.FaultReset, emulator.FaultTruncate} {
		if err := srv.AddFault(emulator.Fault{Operation: "*", Kind: kind}); err != nil {
			t.Fatal(err)
		}
		req := emutest.Request(t, srv, http.MethodPost, "/stats/chatroom/topn.action", "")
		if err := sign.NewSigner(srv.Credentials()).Edit(t.Context(), req); err != nil {
			t.Fatal(err)
		}
		resp, err := srv.Client().Do(req)
		if err == nil {
			_, err = io.ReadAll(resp.Body)
			resp.Body.Close()
		}
		if err == nil {
			t.Errorf("%s: a response came", kind)
		}
	}
}

func TestAServerWithoutPortStopsWithItsTest(t *testing.T) {
	var f emutest.FakeT
	srv := emulator.Start(&f, emulator.WithoutPort())
	newClient := srv.Client()
	reach := func(ctx context.Context) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, srv.URL+"/health/liveness.action", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := newClient.Do(req)
		if err == nil {
			resp.Body.Close()
		}
		return err
	}
	if err := reach(t.Context()); err != nil {
		t.Error(err)
	}
	for _, c := range f.Cleanups {
		c()
	}
	if err := reach(t.Context()); !errors.Is(err, net.ErrClosed) || !strings.Contains(err.Error(), "dial memory") || f.Failed != "" {
		t.Errorf("%v, %s", err, f.Failed)
	}
}

func TestDialingInMemoryHeedsItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	l := web.NewMemoryListener()
	if _, err := l.Dial(ctx, "", ""); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestAServerOfNewHasAnOrdinaryClient(t *testing.T) {
	if client := emutest.NewServer(t).Client(); client == nil || client.Transport != nil {
		t.Errorf("%+v", client)
	}
}
