//go:build unix

package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/contrib/bulk"
	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/internal/long"
	"github.com/nimroom/nimroom/wrapper"
)

// freePort returns a port of loopback that nobody uses.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	require.NoError(t, err)
	return port
}

// startRedis starts a redis-server without persistence and returns its URL.
func startRedis(t *testing.T) string {
	t.Helper()
	port := freePort(t)
	c := exec.CommandContext(t.Context(), "redis-server", "--bind", "127.0.0.1", "--port", port, "--save", "", "--dir", t.TempDir())
	require.NoError(t, c.Start(), "apt-get install redis-server")
	return "redis://127.0.0.1:" + port
}

// postgres is a Postgres of one test.
type postgres struct {
	bin, dir, port string
	owner          *syscall.SysProcAttr
}

// startPostgres starts a Postgres on loopback. It does not run as root; then it runs as nobody.
func startPostgres(t *testing.T) *postgres {
	t.Helper()
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	require.NoError(t, err)
	if len(found) == 0 {
		t.Skip("needs Postgres: apt-get install postgresql")
	}
	p := &postgres{bin: filepath.Dir(found[len(found)-1]), port: freePort(t)}
	p.dir, err = os.MkdirTemp("", "postgres") // the folder of the test is closed to others
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(p.dir) })
	if os.Geteuid() == 0 {
		const nobody = 65534
		p.owner = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		require.NoError(t, os.Chown(p.dir, nobody, nobody))
	}
	p.run(t, "initdb", "-D", p.dir+"/data", "-A", "trust", "-U", "nimroom")
	p.start(t)
	t.Cleanup(func() { p.stop(t) })
	return p
}

func (p *postgres) run(t *testing.T, program string, args ...string) {
	t.Helper()
	c := exec.CommandContext(context.WithoutCancel(t.Context()), filepath.Join(p.bin, program), args...)
	c.SysProcAttr, c.Dir = p.owner, p.dir
	assert.NoError(t, c.Run(), program) // its output would stay open in the server
}

func (p *postgres) start(t *testing.T) {
	t.Helper()
	p.run(t, "pg_ctl", "-D", p.dir+"/data", "-l", p.dir+"/log", "-w", "-o", "-h 127.0.0.1 -p "+p.port+" -k "+p.dir, "start")
}

// stop stops the server as if it crashed.
func (p *postgres) stop(t *testing.T) {
	t.Helper()
	p.run(t, "pg_ctl", "-D", p.dir+"/data", "-m", "immediate", "-w", "stop")
}

func (p *postgres) url() string { return "postgres://nimroom@127.0.0.1:" + p.port + "/postgres" }

// TestFleetAnnouncesInEachRoomOnce announces in many rooms, on one, three and ten machines that
// share the quota, and on three of which one is killed, and the database, too.
func TestFleetAnnouncesInEachRoomOnce(t *testing.T) {
	rooms := long.Rounds(t, 300, 10_000)
	for _, tt := range []struct {
		machines int
		kill     bool
	}{{1, false}, {3, false}, {10, false}, {3, true}} {
		t.Run(fmt.Sprintf("%d machines, killed %v", tt.machines, tt.kill), func(t *testing.T) { fleet(t, tt.machines, rooms, tt.kill) })
	}
}

func fleet(t *testing.T, machines, rooms int, kill bool) {
	database, cache := startPostgres(t), startRedis(t)
	var mu sync.Mutex
	var times []time.Time
	refused, progress := 0, make(chan int, rooms*2)
	srv := emulator.Start(t, emulator.WithRequestHook(func(r emulator.Request, _ time.Duration) {
		mu.Lock()
		defer mu.Unlock()
		switch r.Code {
		case 200:
			times = append(times, time.Now())
			progress <- len(times)
		case 416:
			refused++
		}
	}))
	var file strings.Builder
	ids := make([]wrapper.RoomID, rooms)
	for i := range ids {
		id, err := srv.CreateRoom(wrapper.CreateChatroomForm{Creator: "lena", Name: "n"})
		require.NoError(t, err)
		ids[i] = id
		fmt.Fprintf(&file, `{"action":"sendMsg","form":{"roomid":%d,"fromAccid":"lena","msgType":0,"attach":"all"}}`+"\n", id)
	}
	shared := []string{"--database", database.url(), "--redis", cache, "--rescue", "10s"}
	workers := make([]*exec.Cmd, machines-1)
	for i := range workers {
		workers[i] = program(t, srv, append([]string{"work"}, shared...)...)
		require.NoError(t, workers[i].Start())
	}
	waiting := make(chan struct{})
	if kill {
		go func() {
			defer close(waiting)
			for n := range progress {
				if n >= rooms/3 {
					break
				}
			}
			_ = workers[0].Process.Kill() // a failure shows in what is killed
			database.stop(t)
			database.start(t)
		}()
	} else {
		close(waiting)
	}
	out, errOut, code := finish(t, srv, append([]string{"run", write(t, "jobs.ndjson", file.String())}, shared...)...)
	<-waiting
	require.Equal(t, exitDone, code, errOut)
	list := results(t, out)
	require.Len(t, list, rooms)
	for i, r := range list {
		assert.Equal(t, bulk.Done, r.Outcome, r)
		view, err := srv.Room(ids[i])
		require.NoError(t, err)
		require.Len(t, view.Messages, 1, r)
	}
	took := times[len(times)-1].Sub(times[0])
	t.Logf("%d rooms on %d machines in %v: %.1f %% of the quota used, %d requests refused with 416",
		rooms, machines, took.Round(time.Millisecond), 100*float64(len(times)-1)/took.Seconds()/wrapper.DefaultRate, refused)
}
