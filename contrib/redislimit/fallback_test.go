package redislimit

import (
	"context"
	"errors"
	"net"
	"sync/atomic"
	"testing"
	"time"
)

func TestCallsUseTheirShareWhileRedisIsDown(t *testing.T) {
	s := startRedis(t)
	var handled atomic.Int64
	l := newLimiter(t, s.client(t), 1000, WithFallback(20), WithErrorHandler(func(error) { handled.Add(1) }))
	if err := l.Wait(t.Context(), get); err != nil {
		t.Fatal(err)
	}
	s.stop()
	began := time.Now()
	for range 11 {
		if err := l.Wait(t.Context(), get); err != nil {
			t.Fatal(err)
		}
	}
	if took := time.Since(began); took < 190*time.Millisecond || took > 5*time.Second { // 10 steps of 20 ms
		t.Errorf("11 turns in %v, want 50 a second", took)
	}
	if handled.Load() == 0 {
		t.Error("the error handler was not called")
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if err := l.Wait(ctx, get); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("turn after the deadline: %v", err)
	}
}

func TestBlockLastsWhileRedisIsDown(t *testing.T) {
	l := newLimiter(t, dial(t, "127.0.0.1:1"), 100, WithFallback(1))
	began := time.Now()
	l.Blocked(get, 300*time.Millisecond)
	if err := l.Wait(t.Context(), get); err != nil {
		t.Fatal(err)
	}
	if waited := time.Since(began); waited < 300*time.Millisecond {
		t.Errorf("waited %v", waited)
	}
}

func TestWithoutFallbackCallsFailUntilRedisIsBack(t *testing.T) {
	s := startRedis(t)
	l := newLimiter(t, s.client(t), 100, WithoutFallback())
	s.stop()
	for range 3 {
		err := l.Wait(t.Context(), get)
		if !errors.Is(err, ErrRedis) || errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	}
	if err := s.start(t); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(10 * time.Second)
	for l.Wait(t.Context(), get) != nil {
		if time.Now().After(deadline) {
			t.Fatal("Redis is back, but calls still fail")
		}
		wait(50 * time.Millisecond)
	}
}

func TestSilentRedisTimesOut(t *testing.T) {
	addr := silent(t)
	l := newLimiter(t, dial(t, addr), 1000, WithTimeout(100*time.Millisecond), WithFallback(1))
	began := time.Now()
	for range 10 { // only the first call tries Redis
		if err := l.Wait(t.Context(), get); err != nil {
			t.Fatal(err)
		}
	}
	if took := time.Since(began); took < 100*time.Millisecond || took > 900*time.Millisecond {
		t.Errorf("took %v", took)
	}

	l = newLimiter(t, dial(t, addr), 1000, WithTimeout(time.Minute), WithoutFallback())
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	began = time.Now()
	if err := l.Wait(ctx, get); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("cancelled after %v", took)
	}
	if err := l.breaker.allow(time.Now()); err != nil {
		t.Errorf("the caller's cancellation counts as a failure of Redis: %v", err)
	}
}

// silent returns the address of a server that accepts connections and sends nothing.
func silent(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			connection, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { _ = connection.Close() })
		}
	}()
	return l.Addr().String()
}

func TestBreakerAllowsOneCallPerPause(t *testing.T) {
	var b breaker
	now := time.Unix(0, 0)
	if b.allow(now) != nil {
		t.Error("a new breaker rejects calls")
	}
	b.note(errors.New("down"), now)
	if b.allow(now.Add(retryPause-1)) == nil {
		t.Error("a call was allowed during the pause")
	}
	if b.allow(now.Add(retryPause)) != nil || b.allow(now.Add(retryPause)) == nil {
		t.Error("want one call to be allowed after the pause")
	}
	b.note(nil, now.Add(retryPause))
	if b.allow(now.Add(retryPause)) != nil {
		t.Error("a call was rejected although Redis works again")
	}
}
