package emulator_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/api"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/emulator/internal/engine"
	"github.com/nimroom/nimroom/emulator/internal/journal"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/long"
	"github.com/nimroom/nimroom/internal/wire"
)

// stop ends a player's server.
func (p *player) stop(t testing.TB) {
	t.Helper()
	if err := p.srv.Close(); err != nil {
		t.Fatal(err)
	}
}

// killed is what a server's directory would be if it were killed now.
func killed(t testing.TB, dir string) string {
	t.Helper()
	left := t.TempDir()
	if err := os.CopyFS(left, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return left
}

// A restart changes nothing: neither the state nor the responses from then
// on. That holds for one that is stopped and for one that is killed.
func TestARestartedServerGoesOnAsTheOldOne(t *testing.T) {
	for seed := range uint64(long.Rounds(t, 4, 60)) {
		dir := t.TempDir()
		p := newPlayer(t, seed, emulator.WithData(dir))
		for range 3 {
			for range 150 {
				p.move(t)
			}
			after := p.twin(t, emulator.WithData(killed(t, dir)))
			sameFromHere(t, p, after, 50)
			after.stop(t)

			inMemory := p.twin(t)
			if err := inMemory.srv.Restore([]byte(p.snapshot(t))); err != nil {
				t.Fatal(err)
			}
			p.stop(t)
			p.serve(t, emulator.WithData(dir))
			sameFromHere(t, inMemory, p, 50)
		}
		p.stop(t)
	}
}

// mutators are the methods of a server that change its state, with an example
// of each. readers are the others.
var (
	mutators = map[string]func(*testing.T, *emulator.Server) error{
		"Join": func(_ *testing.T, s *emulator.Server) error {
			return s.Join(10_010_000_001, emulator.JoinOptions{Accid: "new"})
		},
		"Leave": func(_ *testing.T, s *emulator.Server) error { return s.Leave(10_010_000_001, "lisi") },
		"PlaceRoom": func(_ *testing.T, s *emulator.Server) error {
			return s.PlaceRoom(emulator.PlaceOptions{RoomID: 10908439525, Creator: "new", Name: "n"})
		},
		"AddAccounts": func(_ *testing.T, s *emulator.Server) error { return s.AddAccounts("new") },
		"Advance":     func(_ *testing.T, s *emulator.Server) error { return s.Advance(time.Hour) },
		"Reset":       func(_ *testing.T, s *emulator.Server) error { return s.Reset() },
		"Restore": func(t *testing.T, s *emulator.Server) error {
			return s.Restore([]byte(newPlayer(t, 0).snapshot(t)))
		},
		"CreateRoom": func(_ *testing.T, s *emulator.Server) error {
			_, err := s.CreateRoom(gen.CreateChatroomForm{Creator: "new", Name: "n"})
			return err
		},
	}
	readers = []string{"Room", "Messages", "Requests", "AwaitRequest", "Now", "Snapshot", "Handler", "Credentials", "Serve", "Client", "Events"}
	// passing are what a server does not remember when it is started again.
	passing = []string{"Close", "AddFault", "ClearFaults", "Faults", "SetFeature", "Features", "Stub", "Stubs", "ClearStubs", "Callbacks", "WaitCallbacks", "Deliveries"}
)

func TestEveryMethodThatChangesTheStateIsKept(t *testing.T) {
	kind := reflect.TypeFor[*emulator.Server]()
	for i := range kind.NumMethod() {
		name := kind.Method(i).Name
		if _, mutates := mutators[name]; !mutates && !slices.Contains(readers, name) && !slices.Contains(passing, name) {
			t.Errorf("%s: does it change the state?", name)
		}
	}
	for name, mutate := range mutators {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			p := newPlayer(t, 1, emulator.WithData(dir))
			p.move(t)
			emutest.Join(t, p.srv, newRoomIn(t, p.srv), "lisi")
			before := p.snapshot(t)
			if err := mutate(t, p.srv); err != nil {
				t.Fatal(err)
			}
			if p.snapshot(t) == before {
				t.Error("it changes nothing")
			}
			sameFromHere(t, p, p.twin(t, emulator.WithData(killed(t, dir))), 0)
			p.stop(t)
		})
	}
}

func newRoomIn(t *testing.T, srv *emulator.Server) gen.RoomID {
	t.Helper()
	id, err := srv.CreateRoom(gen.CreateChatroomForm{Creator: "zhangsan", Name: "n"})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// Each operation that is not safe leaves a record, and a safe one leaves the
// state as it was.
func TestSafeOperationsChangeNothing(t *testing.T) {
	p := newPlayer(t, 5)
	for range 300 {
		p.move(t)
	}
	for _, op := range gen.Operations {
		if op.Idempotency != gen.Safe {
			continue
		}
		before := p.snapshot(t)
		p.post(t, op.Path, emutest.Example(t, op, 10010000001).Encode())
		if p.snapshot(t) != before {
			t.Errorf("%s is safe and changes the state", op.Action)
		}
	}
}

// What does not come as a form is in the state as if it did, so that it can be
// read again.
func TestDirectCallsLeaveAStateThatCanBeRead(t *testing.T) {
	dir := t.TempDir()
	p := newPlayer(t, 1, emulator.WithData(dir))
	if err := errors.Join(p.srv.PlaceRoom(emulator.PlaceOptions{RoomID: 5, Creator: "Lena", Name: "n"}),
		p.srv.AddAccounts("Mia"), p.srv.Join(5, emulator.JoinOptions{Accid: "Mia"})); err != nil {
		t.Error(err)
	}
	for _, accid := range []string{"", "a\xff"} {
		if err := p.srv.AddAccounts("b", accid); err == nil || !strings.Contains(err.Error(), "accids[1]") {
			t.Errorf("%q: %v", accid, err)
		}
	}
	sameFromHere(t, p, p.twin(t, emulator.WithData(killed(t, dir))), 0)
	if err := p.srv.Restore([]byte(p.snapshot(t))); err != nil {
		t.Error(err)
	}
	p.stop(t)
}

func TestCreatedAccountsAreKept(t *testing.T) {
	dir := t.TempDir()
	p := newPlayer(t, 1, emulator.WithData(dir), emulator.WithAccounts(emulator.StrictAccounts))
	if response := p.post(t, "/user/create.action", "accid=zhangsan"); !strings.Contains(response, `"code":200`) {
		t.Fatal(response)
	}
	after := p.twin(t, emulator.WithData(killed(t, dir)), emulator.WithAccounts(emulator.StrictAccounts))
	if response := after.post(t, "/chatroom/create.action", "creator=zhangsan&name=n"); !strings.Contains(response, `"code":200`) {
		t.Error(response)
	}
	after.stop(t)
	p.stop(t)
}

// What is kept is what happened under the options of then, and the server goes on
// by its own.
func TestOptionsMayChangeFromStartToStart(t *testing.T) {
	dir := t.TempDir()
	p := newPlayer(t, 1, emulator.WithData(dir), emulator.WithAccounts(emulator.StrictAccounts), emulator.WithSeed(7))
	newStrictRoom := func() {
		if err := p.srv.AddAccounts("zhangsan", "lisi"); err != nil {
			t.Fatal(err)
		}
		emutest.Join(t, p.srv, newRoomIn(t, p.srv), "lisi")
	}
	newStrictRoom()
	// Under open accounts the stranger would be a robot.
	if response := p.post(t, "/chatroom/addRobot.action", `roomid=10010000001&accids=["stranger"]`); !strings.Contains(response, `stranger\"]","successAccids":"[]"`) {
		t.Fatal(response)
	}
	if err := p.srv.Reset(); err != nil { // chance from seed 7
		t.Fatal(err)
	}
	newStrictRoom()
	after := p.twin(t, emulator.WithData(killed(t, dir)))
	sameFromHere(t, p, after, 0)
	if err := after.srv.Join(10_010_000_001, emulator.JoinOptions{Accid: "stranger"}); err != nil {
		t.Errorf("accounts are open now: %v", err)
	}
	after.stop(t)
	p.stop(t)
}

// Features that are off, strict accounts, and another dialect, rate, seed and time:
// none of them has a say in what happened before.
func TestOtherRulesReadTheSameState(t *testing.T) {
	dir := t.TempDir()
	p := newPlayer(t, 6, emulator.WithData(dir))
	for range 300 {
		p.move(t)
	}
	other := []emulator.Option{
		emulator.WithoutFeatures(api.AllFeatures()...), emulator.WithAccounts(emulator.StrictAccounts), emulator.WithStrict(true),
		emulator.WithDialect(wire.Text), emulator.WithRate(1), emulator.WithSeed(99),
	}
	other = append(other, emulator.WithData(killed(t, dir)))
	for range 2 { // from the records, and from the snapshot that the first one leaves
		after := p.twin(t, other...)
		sameFromHere(t, p, after, 0)
		after.stop(t)
	}
	p.stop(t)
}

func TestACheckpointReplacesTheJournal(t *testing.T) {
	dir := t.TempDir()
	store := new(counting)
	p := newPlayer(t, 1, emulator.WithData(dir), emulator.WithStore(func(l engine.Store) engine.Store {
		store.Store = l
		return store
	}))
	newRoomIn(t, p.srv)
	long := strings.Repeat("x", 4000)
	for i := range 3000 { // more than the journal lets gather
		form := gen.UpdateChatroomForm{RoomID: 10_010_000_001, Announcement: emutest.Ptr(long[:4000-i%10])}
		if _, err := emulator.Call(p.srv, gen.UpdateChatroomEndpoint, form); err != nil {
			t.Fatal(err)
		}
	}
	if store.checkpoints.Load() == 0 {
		t.Error("no checkpoint was taken")
	}
	sameFromHere(t, p, p.twin(t, emulator.WithData(killed(t, dir))), 20)
	p.stop(t)
}

// Whether its records are its own or were left by one that was killed.
func TestAStoppedServerLeavesASnapshotAlone(t *testing.T) {
	dir := t.TempDir()
	p := newPlayer(t, 1, emulator.WithData(dir))
	newRoomIn(t, p.srv)
	left := killed(t, dir)
	p.stop(t)
	after := p.twin(t, emulator.WithData(left))
	after.stop(t)
	for _, dir := range []string{dir, left} {
		data, err := journal.Open(dir, journal.Options{})
		if err != nil {
			t.Fatal(err)
		}
		snapshots, records := 0, []string(nil)
		err = data.Load(func(r io.Reader) error {
			snapshots++
			_, err := io.Copy(io.Discard, r)
			return err
		}, func(record []byte) error {
			records = append(records, string(record))
			return nil
		})
		if err != nil || snapshots != 1 || records != nil {
			t.Errorf("%v, %d snapshots and %v", err, snapshots, records)
		}
		if err := data.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestADirectoryThatCannotBeReadIsRejected(t *testing.T) {
	dir := t.TempDir()
	p := newPlayer(t, 1, emulator.WithData(dir))
	newRoomIn(t, p.srv)
	damaged := killed(t, dir)
	path := filepath.Join(damaged, "nimroom.db")
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	file[len(file)/2] ^= 1
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := emulator.New(emulator.WithData(damaged)); err == nil || !strings.Contains(err.Error(), path+" is damaged") {
		t.Errorf("damage: %v", err)
	}
	if after, err := os.ReadFile(path); err != nil || !slices.Equal(after, file) {
		t.Errorf("the damaged file has changed: %v", err)
	}
	if _, err := emulator.New(emulator.WithData(dir)); err == nil || !strings.Contains(err.Error(), "in use by another process") {
		t.Errorf("two servers: %v", err)
	}
	p.stop(t)
	foreign := t.TempDir()
	if err := os.WriteFile(filepath.Join(foreign, "notes.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := emulator.New(emulator.WithData(foreign)); err == nil || !strings.Contains(err.Error(), "notes.txt") {
		t.Errorf("other files: %v", err)
	}
}

// counting is a store that counts checkpoints.
type counting struct {
	engine.Store
	checkpoints atomic.Int64
}

func (c *counting) Checkpoint(write func(io.Writer) error) error {
	c.checkpoints.Add(1)
	return c.Store.Checkpoint(write)
}

// failing is a store whose disk can fail.
type failing struct {
	engine.Store
	err error
}

func (f *failing) Ready() error { return errors.Join(f.err, f.Store.Ready()) }

func (f *failing) Wait(n uint64) error { return errors.Join(f.err, f.Store.Wait(n)) }

func (f *failing) Err() error { return f.err }

func TestAChangeThatCannotBeKeptFails(t *testing.T) {
	disk := new(failing)
	p := newPlayer(t, 1, emulator.WithData(t.TempDir()), emulator.WithStore(func(l engine.Store) engine.Store {
		disk.Store = l
		return disk
	}))
	id := newRoomIn(t, p.srv)
	disk.err = errors.New("no space left on device")

	wantRefused := func(err error) {
		t.Helper()
		var apiError *emulator.APIError
		if !errors.As(err, &apiError) || apiError.Code != gen.CodeServerFault || !strings.Contains(apiError.Desc, "no space left") {
			t.Errorf("got %v", err)
		}
	}
	wantRefused(p.srv.Join(id, emulator.JoinOptions{Accid: "lisi"}))
	wantRefused(p.srv.Advance(time.Hour))
	wantRefused(p.srv.Reset())
	wantRefused(p.srv.AddAccounts("a"))
	if response := p.post(t, "/chatroom/sendMsg.action", "roomid=10010000001&msgId=1&fromAccid=a&msgType=0"); !strings.Contains(response, `"code":500`) {
		t.Error(response)
	}
	health := httptest.NewRecorder()
	p.srv.Handler().ServeHTTP(health, httptest.NewRequest(http.MethodGet, "http://localhost/_emulator/health", nil))
	if health.Code != http.StatusServiceUnavailable || !strings.Contains(health.Body.String(), "no space left") {
		t.Errorf("health: %d %s", health.Code, health.Body)
	}
	disk.err = nil
	if r, err := p.srv.Room(id); err != nil || len(r.Members) != 1 || len(r.Messages) != 0 {
		t.Errorf("%+v %v", r, err)
	}
	if err := p.srv.Join(id, emulator.JoinOptions{Accid: "lisi"}); err != nil {
		t.Error(err)
	}
	p.stop(t)
	wantClosed := p.srv.Join(id, emulator.JoinOptions{Accid: "late"})
	if wantClosed == nil || !strings.Contains(wantClosed.Error(), "closed") {
		t.Errorf("after the end: %v", wantClosed)
	}
	p.stop(t)
}
