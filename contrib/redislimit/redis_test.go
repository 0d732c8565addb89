package redislimit

import (
	"context"
	"fmt"
	"net"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wrapper"
)

var _ wrapper.Limiter = (*Limiter)(nil)

var get = &gen.Operation{ID: "getChatroom", Path: "/chatroom/get.action"}

// server is a redis-server on loopback, without persistence, that one test uses.
type server struct {
	addr string
	port string
	dir  string
	cmd  *exec.Cmd
}

// startRedis starts a redis-server that runs until the test ends.
func startRedis(t testing.TB) *server {
	t.Helper()
	if testing.Short() {
		t.Skip("needs redis-server")
	}
	if _, err := exec.LookPath("redis-server"); err != nil {
		t.Fatalf("%v (apt-get install redis-server, or run with -short)", err)
	}
	s := &server{dir: t.TempDir()}
	t.Cleanup(s.stop)
	for range 5 { // another program may have taken the port
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		s.addr = l.Addr().String()
		_, s.port, _ = net.SplitHostPort(s.addr)
		_ = l.Close()
		if s.start(t) == nil {
			s.warm(t)
			return s
		}
	}
	t.Fatal("redis-server does not start")
	return nil
}

func (s *server) start(t testing.TB) error {
	s.cmd = exec.Command("redis-server", "--bind", "127.0.0.1", "--port", s.port, "--dir", s.dir,
		"--save", "", "--appendonly", "no")
	if err := s.cmd.Start(); err != nil {
		return err
	}
	client := s.client(t)
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); wait(20 * time.Millisecond) {
		if client.Ping(t.Context()).Err() == nil {
			return nil
		}
	}
	s.stop()
	return fmt.Errorf("no reply from %s", s.addr)
}

// warm makes Redis remember that no turn was taken lately, because it otherwise takes turns
// for lost.
func (s *server) warm(t testing.TB) {
	client := s.client(t)
	for _, operation := range gen.Operations {
		for _, app := range []string{"app-key", "other-key"} {
			if err := client.Set(t.Context(), "nimroom:{"+app+":"+operation.Path+"}:turns", "1", 0).Err(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func (s *server) stop() {
	if s.cmd != nil && s.cmd.Process != nil {
		_ = s.cmd.Process.Kill()
		_ = s.cmd.Wait()
		s.cmd = nil
	}
}

func (s *server) client(t testing.TB) *redis.Client {
	return dial(t, s.addr)
}

func dial(t testing.TB, addr string) *redis.Client {
	client := newClient(addr)
	t.Cleanup(func() { _ = client.Close() })
	return client
}

func newClient(addr string) *redis.Client {
	return redis.NewClient(&redis.Options{Addr: addr, MaxRetries: -1, DialTimeout: time.Second})
}

// newLimiter returns a limiter whose timeout is long enough for a busy machine, unless an
// option sets another.
func newLimiter(t testing.TB, client redis.Scripter, n int, options ...Option) *Limiter {
	t.Helper()
	l, err := New(client, "app-key", n, append([]Option{WithTimeout(5 * time.Second)}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// wait waits on the real clock, because Redis uses it.
func wait(d time.Duration) { <-time.After(d) }

// counter is a hook that counts the scripts that a client runs.
type counter struct{ atomic.Int64 }

func (c *counter) DialHook(next redis.DialHook) redis.DialHook { return next }

func (c *counter) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if strings.HasPrefix(cmd.Name(), "eval") {
			c.Add(1)
		}
		return next(ctx, cmd)
	}
}

func (c *counter) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}
