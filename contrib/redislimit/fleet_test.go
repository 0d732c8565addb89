package redislimit

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// memberArgument is the first argument of the processes of a fleet. They run this test
// binary, which TestMain then makes a member of the fleet.
const memberArgument = "fleet-member"

func TestMain(m *testing.M) {
	flag.Parse()
	if flag.Arg(0) == memberArgument {
		if err := member(flag.Arg(1), flag.Arg(2), flag.Arg(3), flag.Arg(4)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// callers is the number of goroutines with which a member calls.
const callers = 64

// patience is how long callers wait that give up.
const patience = 20 * time.Millisecond

// member connects to Redis and waits for a line on its input. Then many goroutines take
// turns for the given time. Other goroutines, as many as quitters says, repeatedly wait
// and give up. In the end member prints each turn that was used: its time on Redis's clock
// and the time at which Wait returned, in microseconds.
func member(addr, quota, length, quitters string) error {
	n, err := strconv.Atoi(quota)
	if err != nil {
		return err
	}
	d, err := time.ParseDuration(length)
	if err != nil {
		return err
	}
	quitting, err := strconv.Atoi(quitters)
	if err != nil {
		return err
	}
	client := newClient(addr)
	defer func() { _ = client.Close() }()
	l, err := New(client, "app-key", n, WithoutFallback(), WithTimeout(5*time.Second))
	if err != nil {
		return err
	}
	var mu sync.Mutex
	out := bufio.NewWriter(os.Stdout)
	l.onTurn = func(micros int64) {
		now := time.Now().UnixMicro()
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprintln(out, micros, now)
	}
	if err := connect(client); err != nil {
		return err
	}
	fmt.Println("ready")
	if _, err := fmt.Scanln(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	var group sync.WaitGroup
	failed := make(chan error, callers)
	for range callers {
		group.Go(func() {
			err := error(nil)
			for err == nil {
				err = l.Wait(ctx, get)
			}
			if !errors.Is(err, context.DeadlineExceeded) {
				failed <- err
			}
		})
	}
	for range quitting {
		group.Go(func() {
			for ctx.Err() == nil {
				brief, giveUp := context.WithCancel(ctx)
				timer := time.AfterFunc(patience, giveUp)
				_ = l.Wait(brief, get)
				timer.Stop()
				giveUp()
			}
		})
	}
	group.Wait()
	close(failed)
	if err := <-failed; err != nil {
		return err
	}
	return out.Flush()
}

// connect opens the client's connections, so that all goroutines can call at once.
func connect(client *redis.Client) error {
	var group sync.WaitGroup
	failed := make(chan error, callers)
	for range callers {
		group.Go(func() { failed <- client.Ping(context.Background()).Err() })
	}
	group.Wait()
	close(failed)
	for err := range failed {
		if err != nil {
			return err
		}
	}
	return nil
}

// turnTaken is a turn that a member used.
type turnTaken struct{ turn, returned int64 }

// fleet runs several members at the same time and returns the turns that they used. It
// calls begun when all members have started.
func fleet(t *testing.T, addr string, members, quitters, n int, length time.Duration, begun func()) []turnTaken {
	t.Helper()
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), length+30*time.Second)
	defer cancel()
	outputs := make([]*bufio.Reader, members)
	starts := make([]io.Writer, members)
	commands := make([]*exec.Cmd, members)
	for i := range members {
		cmd := exec.CommandContext(ctx, executable, memberArgument, addr, strconv.Itoa(n), length.String(), strconv.Itoa(quitters))
		cmd.Stderr = os.Stderr
		stdin, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		stdout, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		commands[i], starts[i], outputs[i] = cmd, stdin, bufio.NewReader(stdout)
	}
	for _, output := range outputs {
		if line, err := output.ReadString('\n'); err != nil {
			t.Fatalf("a member prints %q: %v", line, err)
		}
	}
	for _, start := range starts {
		fmt.Fprintln(start)
	}
	begun()
	var turns []turnTaken
	for i, output := range outputs {
		var taken turnTaken
		before := len(turns)
		for {
			if _, err := fmt.Fscanln(output, &taken.turn, &taken.returned); err != nil {
				break // the exit status shows whether the output is complete
			}
			turns = append(turns, taken)
		}
		if err := commands[i].Wait(); err != nil {
			t.Fatalf("member %d: %v", i, err)
		}
		t.Logf("member %d took %d turns", i, len(turns)-before)
	}
	return turns
}

// times returns the sorted times of the turns and of the returns from Wait, and the longest
// time between a turn and its return.
func times(taken []turnTaken) (turns, returns []int64, latest time.Duration) {
	for _, t := range taken {
		turns = append(turns, t.turn)
		returns = append(returns, t.returned)
		latest = max(latest, time.Duration(t.returned-t.turn)*time.Microsecond)
	}
	slices.Sort(turns)
	slices.Sort(returns)
	return turns, returns, latest
}

func TestFleetStaysWithinTheQuotaAndUsesIt(t *testing.T) { testUseOfQuota(t, 0) }

// TestFleetLosesNoTurnsWhenCallersGiveUp checks the use of the quota when half of the
// callers give up before their turn.
func TestFleetLosesNoTurnsWhenCallersGiveUp(t *testing.T) { testUseOfQuota(t, callers) }

func testUseOfQuota(t *testing.T, quitters int) {
	s := startRedis(t)
	// On a busy machine the members may be too slow to use the quota, so its use is
	// measured again. The quota must never be exceeded.
	share := 0.0
	for run := 0; run < 4 && share < 0.9; run++ {
		share = max(share, measure(t, s.addr, quitters))
	}
	if share < 0.9 {
		t.Errorf("%.1f %% of the quota used, want 90 %%", share*100)
	}
}

// measure runs a fleet and checks that it stays within the quota. It returns the share of
// the quota that the fleet used.
func measure(t *testing.T, addr string, quitters int) float64 {
	const members, n, length = 4, 200, 3 * time.Second
	turns, returns, latest := times(fleet(t, addr, members, quitters, n, length, func() {}))
	if len(turns) == 0 {
		t.Fatal("no turns")
	}
	// The members do not start and stop at the same moment, so the share is measured in
	// between.
	const from, until = 500 * time.Millisecond, 2500 * time.Millisecond
	first, _ := slices.BinarySearch(turns, turns[0]+from.Microseconds())
	last, _ := slices.BinarySearch(turns, turns[0]+until.Microseconds())
	share := float64(last-first) / (n * (until - from).Seconds())
	atTurn, atReturn := most(turns, time.Second), most(returns, time.Second)
	t.Logf("%d processes, %d/s for %v: %d turns; %.1f %% of the quota used in the %v in the middle; most in a second: %d turns, %d returns; latest return %v after its turn",
		members, n, length, len(turns), share*100, until-from, atTurn, atReturn, latest)
	if atTurn > n {
		t.Errorf("%d turns in a second, want at most %d", atTurn, n)
	}
	// The margin covers returns up to the margin after their turn.
	if latest <= DefaultMargin && atReturn > n {
		t.Errorf("%d returns in a second, want at most %d", atReturn, n)
	}
	return share
}

func TestFleetObservesABlockThatOneMemberReports(t *testing.T) {
	s := startRedis(t)
	const n, length, block = 200, 3 * time.Second, time.Second
	var from int64
	taken := fleet(t, s.addr, 4, 0, n, length, func() {
		wait(time.Second)
		from = time.Now().UnixMicro()
		newLimiter(t, s.client(t), n).Blocked(get, block)
	})
	turns, _, _ := times(taken)
	until := from + block.Microseconds()
	informed := from + (blockMaxAge + 2*DefaultMargin).Microseconds()
	var before, within, after int
	for _, turn := range turns {
		switch {
		case turn < from:
			before++
		case turn >= informed && turn < until:
			within++
		case turn >= until:
			after++
		}
	}
	t.Logf("%d turns before the block, %d in it before all members knew of it, %d later in it, %d after it",
		before, len(turns)-before-within-after, within, after)
	if before == 0 || after == 0 {
		t.Error("want turns before and after the block")
	}
	if within > 0 {
		t.Errorf("%d turns were used during the block", within)
	}
	if got := most(turns, time.Second); got > n {
		t.Errorf("%d turns in a second, want at most %d", got, n)
	}
}

// TestFleetStaysWithinTheQuotaWhenRedisIsKilled kills Redis while a fleet takes turns, and
// starts it again with nothing. No second has more turns than the quota, counted by the
// times at which calls are sent.
func TestFleetStaysWithinTheQuotaWhenRedisIsKilled(t *testing.T) {
	const n = 50
	for _, down := range []time.Duration{0, 300 * time.Millisecond} {
		s := startRedis(t)
		var mu sync.Mutex
		var sent []int64
		burst := func(length time.Duration) (group *sync.WaitGroup) {
			group = new(sync.WaitGroup)
			for range 3 {
				// Each limiter stands for a process.
				l := newLimiter(t, s.client(t), n, WithFallback(1000), WithTimeout(time.Second))
				for range 8 {
					group.Go(func() {
						ctx, cancel := context.WithTimeout(t.Context(), length)
						defer cancel()
						for l.Wait(ctx, get) == nil {
							now := time.Now().UnixMicro()
							mu.Lock()
							sent = append(sent, now)
							mu.Unlock()
						}
					})
				}
			}
			return group
		}
		running := burst(5 * time.Second)
		wait(time.Second)
		s.stop()
		wait(down)
		if err := s.start(t); err != nil {
			t.Fatal(err)
		}
		burst(3 * time.Second).Wait() // new processes know nothing of the turns
		running.Wait()
		slices.Sort(sent)
		if got := most(sent, time.Second); got > n {
			t.Errorf("Redis was down for %v: %d calls in a second, want at most %d", down, got, n)
		}
		if len(sent) < 2*n {
			t.Errorf("Redis was down for %v: only %d calls", down, len(sent))
		}
	}
}

// TestLostTurnsCountAsUsed empties Redis, or takes it back to an older state.
func TestLostTurnsCountAsUsed(t *testing.T) {
	s := startRedis(t)
	client := s.client(t)
	l := newLimiter(t, client, 10)
	if err := l.Wait(t.Context(), get); err != nil {
		t.Fatal(err)
	}
	key := "nimroom:{app-key:" + get.Path + "}:turns"
	for name, lose := range map[string]func() error{
		"empty": func() error { return client.FlushAll(t.Context()).Err() },
		"older": func() error { return client.Set(t.Context(), key, "1", 0).Err() },
	} {
		if err := lose(); err != nil {
			t.Fatal(err)
		}
		brief, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		err := l.Wait(brief, get)
		cancel()
		var late interface{ RetryAfter() time.Duration }
		if !errors.As(err, &late) || late.RetryAfter() < time.Second {
			t.Fatalf("%s: Wait returned %v, want a wait of more than the quota's second", name, err)
		}
		// The call that gave up has not started the wait anew.
		began := time.Now()
		if err := l.Wait(t.Context(), get); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took > 1300*time.Millisecond+5*time.Second {
			t.Errorf("%s: the turn came after %v", name, took)
		}
	}
}
