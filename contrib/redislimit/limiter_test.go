package redislimit

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nimroom/nimroom/gen"
)

func TestTurnsStayWithinTheQuotaAndUseIt(t *testing.T) {
	client := startRedis(t).client(t)
	for _, test := range []struct {
		calls int
		per   time.Duration
	}{
		{1, time.Second}, {2, time.Second}, {7, time.Second}, {10, time.Minute}, {17, time.Second}, {33, time.Second},
		{97, time.Second}, {100, time.Second}, {199, time.Second}, {1000, time.Second}, {1200, time.Minute},
	} {
		name := strconv.Itoa(test.calls) + " per " + test.per.String()
		t.Run(name, func(t *testing.T) {
			operation := &gen.Operation{Path: "/" + name}
			l := newLimiter(t, client, 1, WithQuota(operation.Path, test.calls, test.per))
			// The test reserves turns without waiting for them, like many concurrent callers.
			var turns []int64
			for range 3*test.calls + 1 {
				turns = append(turns, reserveOne(t, l, operation))
			}
			if !slices.IsSorted(turns) {
				t.Error("turns are not in order of arrival")
			}
			if got := most(turns, test.per); got > test.calls {
				t.Errorf("%d turns in %v, want at most %d", got, test.per, test.calls)
			}
			span := time.Duration(turns[len(turns)-1]-turns[0]) * time.Microsecond
			if used := float64(len(turns)-1) / (span.Seconds() / test.per.Seconds() * float64(test.calls)); used < 0.9 {
				t.Errorf("%.1f %% of the quota used, want 90 %%", used*100)
			}
		})
	}
}

// reserveOne reserves a turn without waiting for it. It returns the time of the turn in
// microseconds.
func reserveOne(t *testing.T, l *Limiter, operation *gen.Operation) int64 {
	t.Helper()
	given, err := l.reserve(l.operation(operation), 1, -1)
	if err != nil || len(given.waits) != 1 {
		t.Fatal(given, err)
	}
	return given.now + given.waits[0].Microseconds()
}

// most returns the greatest number of times within any closed span of the given length. The
// times are sorted and in microseconds.
func most(times []int64, span time.Duration) int {
	best, first := 0, 0
	for i := range times {
		for times[i]-times[first] > span.Microseconds() {
			first++
		}
		best = max(best, i-first+1)
	}
	return best
}

func TestWaitCostsOneRoundTrip(t *testing.T) {
	client := startRedis(t).client(t)
	trips := new(counter)
	client.AddHook(trips)
	l := newLimiter(t, client, 100)
	if err := l.Wait(t.Context(), get); err != nil { // loads the script
		t.Fatal(err)
	}
	trips.Store(0)
	const calls = 8 // few enough to get their turns at once
	for range calls {
		if err := l.Wait(t.Context(), get); err != nil {
			t.Fatal(err)
		}
	}
	if got := trips.Load(); got != calls {
		t.Errorf("%d round trips, want %d", got, calls)
	}
}

func TestOperationsAndAppsHaveSeparateQuotas(t *testing.T) {
	client := startRedis(t).client(t)
	ctx, cancel := context.WithTimeout(t.Context(), 900*time.Millisecond) // less than a window
	defer cancel()
	other, err := New(client, "other-key", 1)
	if err != nil {
		t.Fatal(err)
	}
	prefixed := newLimiter(t, client, 1, WithPrefix("test"))
	if err := client.Set(ctx, prefixed.operation(get).keys[0], "1", 0).Err(); err != nil { // no cold start
		t.Fatal(err)
	}
	l := newLimiter(t, client, 1)
	create := &gen.Operation{Path: "/chatroom/create.action"}
	for _, wait := range []func() error{
		func() error { return l.Wait(ctx, get) },
		func() error { return l.Wait(ctx, create) },
		func() error { return other.Wait(ctx, get) },
		func() error { return prefixed.Wait(ctx, get) },
	} {
		if err := wait(); err != nil {
			t.Error(err)
		}
	}
	if err := newLimiter(t, client, 1).Wait(ctx, get); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a second limiter of the app: %v, want it to wait", err)
	}
}

func TestTurnAfterTheDeadlineFailsAtOnceAndIsNotReserved(t *testing.T) {
	client := startRedis(t).client(t)
	l := newLimiter(t, client, 1)
	if err := l.Wait(t.Context(), get); err != nil {
		t.Fatal(err)
	}
	before := client.Get(t.Context(), l.operation(get).keys[0]).Val()
	ctx, cancel := context.WithTimeout(t.Context(), 900*time.Millisecond)
	defer cancel()
	if err := l.Wait(ctx, get); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if ctx.Err() != nil {
		t.Error("Wait waited until the deadline")
	}
	var late interface{ RetryAfter() time.Duration }
	err := l.Wait(ctx, get)
	if window := l.operation(get).pace.window; !errors.As(err, &late) || late.RetryAfter() <= 0 || late.RetryAfter() > window {
		t.Errorf("%v: want an error with RetryAfter of up to %v", err, window)
	}
	if after := client.Get(t.Context(), l.operation(get).keys[0]).Val(); after != before {
		t.Errorf("turns %q became %q", before, after)
	}
}

func TestCancelEndsTheWait(t *testing.T) {
	l := newLimiter(t, startRedis(t).client(t), 1, WithQuota(get.Path, 1, time.Hour))
	if err := l.Wait(t.Context(), get); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	if err := l.Wait(ctx, get); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if err := l.Wait(ctx, get); !errors.Is(err, context.Canceled) {
		t.Errorf("with a context that has ended: %v", err)
	}
}

func TestBlockDelaysCallsAndIsNotShortened(t *testing.T) {
	client := startRedis(t).client(t)
	l := newLimiter(t, client, 100)
	began := time.Now()
	l.Blocked(get, 600*time.Millisecond)
	l.Blocked(get, 100*time.Millisecond)
	l.Blocked(get, 0)
	fresh := newLimiter(t, client, 100) // learns about the block only from Redis
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	for _, limiter := range []*Limiter{l, fresh} {
		if err := limiter.Wait(ctx, get); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	}
	if err := fresh.Wait(t.Context(), get); err != nil {
		t.Error(err)
	}
	if waited := time.Since(began); waited < 600*time.Millisecond {
		t.Errorf("waited %v", waited)
	}
}

func TestTurnsReservedDuringABlockComeAfterItInOrder(t *testing.T) {
	client := startRedis(t).client(t)
	l := newLimiter(t, client, 100)
	l.Blocked(get, time.Second)
	end := time.Now().Add(client.PTTL(t.Context(), l.operation(get).keys[1]).Val()).UnixMicro()
	var turns []int64
	for range 200 {
		turns = append(turns, reserveOne(t, l, get))
	}
	if early := time.Duration(end-turns[0]) * time.Microsecond; early > DefaultMargin {
		t.Errorf("the first turn is %v before the end of the block", early)
	}
	if !slices.IsSorted(turns) {
		t.Error("turns are not in order of arrival")
	}
	if got := most(turns, time.Second); got > 100 {
		t.Errorf("%d turns in a second", got)
	}
}

func TestWaitingCallObservesANewBlock(t *testing.T) {
	l := newLimiter(t, startRedis(t).client(t), 1, WithMargin(0), WithQuota(get.Path, 1, 300*time.Millisecond))
	if err := l.Wait(t.Context(), get); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	time.AfterFunc(100*time.Millisecond, func() { l.Blocked(get, 700*time.Millisecond) })
	if err := l.Wait(t.Context(), get); err != nil { // its turn comes after 300 ms
		t.Fatal(err)
	}
	if waited := time.Since(began); waited < 800*time.Millisecond {
		t.Errorf("waited %v", waited)
	}
}

func TestWaitingCallObservesABlockOfAnotherProcess(t *testing.T) {
	client := startRedis(t).client(t)
	waiting := newLimiter(t, client, 1, WithQuota(get.Path, 1, 2*blockMaxAge))
	if err := waiting.Wait(t.Context(), get); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	time.AfterFunc(blockMaxAge/2, func() { newLimiter(t, client, 1).Blocked(get, 4*blockMaxAge) })
	if err := waiting.Wait(t.Context(), get); err != nil {
		t.Fatal(err)
	}
	if waited := time.Since(began); waited < 4*blockMaxAge {
		t.Errorf("waited %v", waited)
	}
}

func TestKeysExpire(t *testing.T) {
	client := startRedis(t).client(t)
	if err := client.FlushAll(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	l := newLimiter(t, client, 100)
	for range 25 {
		if err := l.Wait(t.Context(), get); err != nil {
			t.Fatal(err)
		}
	}
	l.Blocked(get, time.Minute)
	keys := client.Keys(t.Context(), "*").Val()
	slices.Sort(keys)
	want := []string{"nimroom:{app-key:/chatroom/get.action}:block", "nimroom:{app-key:/chatroom/get.action}:turns"}
	if !slices.Equal(keys, want) {
		t.Errorf("keys %q, want %q", keys, want)
	}
	for i, longest := range []time.Duration{time.Minute + DefaultMargin, 24*time.Hour + 2*time.Second} {
		if ttl := client.PTTL(t.Context(), keys[i]).Val(); ttl <= 0 || ttl > longest {
			t.Errorf("%s expires in %v", keys[i], ttl)
		}
	}
	if turns := strings.Fields(client.Get(t.Context(), keys[1]).Val()); len(turns) != 11 {
		t.Errorf("%d times stored, want the time of the last run and 10 turns", len(turns))
	}
}

func TestClockSetBackDelaysNoCalls(t *testing.T) {
	client := startRedis(t).client(t)
	l := newLimiter(t, client, 1)
	future := time.Now().Add(time.Hour).UnixMicro() // the state after Redis's clock was set back by an hour
	state := strconv.FormatInt(future, 10) + " " + strconv.FormatInt(future, 10)
	if err := client.Set(t.Context(), l.operation(get).keys[0], state, time.Hour).Err(); err != nil {
		t.Fatal(err)
	}
	given, err := l.reserve(l.operation(get), 1, -1)
	if err != nil || len(given.waits) != 1 {
		t.Fatal(given, err)
	}
	if window := l.operation(get).pace.window; given.waits[0] != window {
		t.Errorf("wait %v, want %v, as if the clock had not changed", given.waits[0], window)
	}
}

func TestOperationsKeepToTheirOwnLimits(t *testing.T) {
	l, err := New(dial(t, "127.0.0.1:1"), "app-key", 7, WithQuota("/chatroom/get.action", 9, time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	for _, op := range gen.Operations {
		want := quota{7, time.Second}
		switch {
		case op.Path == "/chatroom/get.action":
			want = quota{9, time.Hour}
		case op.RateLimit != nil:
			want = quota{op.RateLimit.Calls, op.RateLimit.Per}
		}
		if got := l.quotaOf(op); got != want {
			t.Errorf("%s: %v, want %v", op.ID, got, want)
		}
	}
	if l.quotaOf(gen.ListHistoryEndpoint.Operation) != (quota{1200, time.Minute}) {
		t.Error("the history has no limit of its own")
	}
}

func TestNewRejectsInvalidOptions(t *testing.T) {
	client := dial(t, "127.0.0.1:1")
	for name, option := range map[string]Option{
		"quota":         WithQuota("/x", 0, time.Second),
		"quota's time":  WithQuota("/x", 1, 0),
		"quota's path":  WithQuota("sendMsg", 1, time.Second),
		"prefix":        WithPrefix("a{b}"),
		"margin":        WithMargin(-1),
		"timeout":       WithTimeout(0),
		"fallback":      WithFallback(0),
		"error handler": WithErrorHandler(nil),
	} {
		if _, err := New(client, "app-key", 1, option); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for _, n := range []int{-1, 0, maxCalls + 1} {
		if _, err := New(client, "app-key", n); err == nil {
			t.Errorf("%d calls: no error", n)
		}
	}
	if _, err := New(client, "", 1); err == nil {
		t.Error("no app key: no error")
	}
	if _, err := New(nil, "app-key", 1); err == nil {
		t.Error("no client: no error")
	}
}
