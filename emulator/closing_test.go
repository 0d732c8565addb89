package emulator_test

import (
	"testing"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/gen"
)

// A closing that is pending comes at the same time of the clock after a restore and after a
// restart: not before, not later, and its event says that time.
func TestAPendingClosingSurvivesRestoreAndRestart(t *testing.T) {
	start := time.UnixMilli(1456396333115)
	const waited, length = 20 * time.Minute, time.Hour
	delay := length
	for name, resume := range map[string]func(t *testing.T, old *emulator.Server, dir string) *emulator.Server{
		"restored in place": func(t *testing.T, old *emulator.Server, _ string) *emulator.Server {
			saved := snapshotOf(t, old)
			advance(t, old, 3*length) // the closing has come, and is taken back
			restore(t, old, saved)
			return old
		},
		"restored elsewhere": func(t *testing.T, old *emulator.Server, _ string) *emulator.Server {
			other := emulator.Start(t, emulator.WithStartTime(start))
			restore(t, other, snapshotOf(t, old))
			return other
		},
		"stopped and started": func(t *testing.T, old *emulator.Server, dir string) *emulator.Server {
			if err := old.Close(); err != nil {
				t.Fatal(err)
			}
			return emulator.Start(t, emulator.WithStartTime(start), emulator.WithData(dir))
		},
		"killed and started": func(t *testing.T, _ *emulator.Server, dir string) *emulator.Server {
			return emulator.Start(t, emulator.WithStartTime(start), emulator.WithData(killed(t, dir)))
		},
	} {
		for policy, closes := range map[gen.DelayClosePolicy]time.Duration{
			gen.DelayClosePolicyAfterTime: length,
			gen.DelayClosePolicyWhenEmpty: waited/2 + length, // the last one leaves when half of waited is over
		} {
			t.Run(name+" "+policy.String(), func(t *testing.T) {
				dir := t.TempDir()
				srv := emulator.Start(t, emulator.WithStartTime(start), emulator.WithData(dir))
				id := emutest.NewRoom(t, srv)
				if _, err := emulator.Call(srv, gen.SetDelayedClosingEndpoint, gen.SetDelayedClosingForm{RoomID: id, DelayClosePolicy: &policy, DelaySeconds: &delay}); err != nil {
					t.Fatal(err)
				}
				if err := srv.Join(id, emulator.JoinOptions{Accid: "lisi"}); err != nil {
					t.Fatal(err)
				}
				advance(t, srv, waited/2)
				if err := srv.Leave(id, "lisi"); err != nil {
					t.Fatal(err)
				}
				advance(t, srv, waited/2)

				srv = resume(t, srv, dir)
				if got := srv.Now(); !got.Equal(start.Add(waited)) {
					t.Fatalf("the clock says %v, want %v", got, start.Add(waited))
				}
				advance(t, srv, closes-waited-time.Millisecond)
				wantOpen(t, srv, id, true)
				advance(t, srv, time.Millisecond)
				wantOpen(t, srv, id, false)
				history, err := emulator.Call(srv, gen.ListHistoryEndpoint, gen.ListHistoryForm{RoomID: id, Accid: "lisi", Limit: 10})
				if err != nil {
					t.Fatal(err)
				}
				if last := history.Msgs[0]; last.Body.ID != gen.NotificationIDClosed || !last.SendTime.Equal(start.Add(closes)) {
					t.Errorf("the last notification is %d of %v, want the closing at %v", last.Body.ID, last.SendTime, start.Add(closes))
				}
			})
		}
	}
}

func advance(t *testing.T, srv *emulator.Server, d time.Duration) {
	t.Helper()
	if err := srv.Advance(d); err != nil {
		t.Fatal(err)
	}
}

func snapshotOf(t *testing.T, srv *emulator.Server) []byte {
	t.Helper()
	text, err := srv.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func restore(t *testing.T, srv *emulator.Server, text []byte) {
	t.Helper()
	if err := srv.Restore(text); err != nil {
		t.Fatal(err)
	}
}

func wantOpen(t *testing.T, srv *emulator.Server, id gen.RoomID, open bool) {
	t.Helper()
	if room, err := srv.Room(id); err != nil || room.Valid != open {
		t.Fatalf("at %v: open %v, %v; want %v", srv.Now(), room.Valid, err, open)
	}
}
