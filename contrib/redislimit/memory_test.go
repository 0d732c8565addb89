package redislimit

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/nimroom/nimroom/callback"
)

// redis6 is a hook that fails as Redis does before version 7.
type redis6 struct{ *counter }

func (redis6) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if line := strings.ToLower(cmd.String()); strings.Contains(line, "nx") && strings.Contains(line, "get") {
			return errors.New("ERR syntax error")
		}
		return next(ctx, cmd)
	}
}

// TestProcessesShareAMemory: what one process handles, another does not handle again.
func TestProcessesShareAMemory(t *testing.T) {
	s := startRedis(t)
	process := func() callback.Memory {
		client := s.client(t)
		client.AddHook(redis6{new(counter)})
		m, err := NewMemory(client, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	a, b := process(), process()
	begin := func(m callback.Memory, want callback.Seen) {
		t.Helper()
		if seen, err := m.Begin(t.Context(), "k"); err != nil || seen != want {
			t.Errorf("got %v, %v, want %v", seen, err, want)
		}
	}
	end := func(m callback.Memory, done bool) {
		t.Helper()
		if err := m.End(t.Context(), "k", done); err != nil {
			t.Error(err)
		}
	}
	begin(a, callback.Unseen)
	begin(b, callback.Busy)
	end(a, false)
	begin(b, callback.Unseen)
	end(b, true)
	begin(a, callback.Handled)
	s.stop()
	if _, err := a.Begin(t.Context(), "k"); !errors.Is(err, ErrRedis) {
		t.Errorf("without Redis: %v", err)
	}
	if err := a.End(t.Context(), "k", true); !errors.Is(err, ErrRedis) {
		t.Errorf("without Redis: %v", err)
	}
}

func TestAMemoryNeedsAClientAndATime(t *testing.T) {
	if _, err := NewMemory(nil, time.Hour); err == nil {
		t.Error("no client passed")
	}
	if _, err := NewMemory((*redis.Client)(nil), time.Hour); err == nil {
		t.Error("a nil client passed")
	}
	if _, err := NewMemory(redis.NewClient(&redis.Options{}), time.Second); err == nil {
		t.Error("a second passed")
	}
}
