package redislimit

import (
	"context"
	_ "embed" // the scripts
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

var (
	//go:embed turn.lua
	turnLua string
	//go:embed block.lua
	blockLua string

	turnScript  = redis.NewScript(turnLua)
	blockScript = redis.NewScript(blockLua)
)

// turns is the reply of Redis to a process that reserves turns.
type turns struct {
	block time.Duration   // the rest of the service's block
	now   int64           // time of the reply by Redis's clock, in microseconds
	next  time.Duration   // wait for the first turn that is not reserved
	waits []time.Duration // wait for each reserved turn
}

// reserve reserves up to wanted turns of the operation: the next turn, unless the wait for
// it is longer than longest, and of the following turns those that are due soon. A
// negative longest stands for any wait.
func (l *Limiter) reserve(o *operation, wanted int, longest time.Duration) (turns, error) {
	micros := longest.Microseconds()
	if longest < 0 {
		micros = -1
	}
	reply, err := l.run(turnScript, o.keys, o.pace.calls, o.pace.window.Microseconds(), micros, wanted, ahead.Microseconds(),
		o.lastRun.Load(), o.lost.Microseconds())
	if err != nil {
		return turns{}, err
	}
	values, err := reply.Int64Slice()
	if err != nil || len(values) < 3 {
		return turns{}, fmt.Errorf("unexpected reply %v", reply.Val())
	}
	t := turns{
		block: time.Duration(values[0]) * time.Millisecond,
		now:   values[1],
		next:  time.Duration(values[2]) * time.Microsecond,
	}
	for _, wait := range values[3:] {
		t.waits = append(t.waits, time.Duration(wait)*time.Microsecond)
	}
	if len(t.waits) > 0 { // Redis has stored the turns
		o.lastRun.Store(t.now)
	}
	return t, nil
}

// run runs a script, unless the breaker rejects it because Redis failed. It reports the
// error of a failed round trip to the error handler.
func (l *Limiter) run(script *redis.Script, keys []string, args ...any) (*redis.Cmd, error) {
	if err := l.breaker.allow(time.Now()); err != nil {
		return nil, err
	}
	limited, cancel := context.WithTimeout(context.Background(), l.timeout)
	defer cancel()
	// The script runs in a goroutine, because go-redis does not watch the context while
	// it reads, and observes the deadline only if its options say so.
	done := make(chan *redis.Cmd, 1)
	go func() { done <- script.Run(limited, l.client, keys, args...) }()
	err := fmt.Errorf("no reply within %v", l.timeout)
	select {
	case reply := <-done:
		if reply.Err() == nil {
			l.breaker.note(nil, time.Now())
			return reply, nil
		}
		if limited.Err() == nil {
			err = reply.Err()
		}
	case <-limited.Done():
	}
	l.breaker.note(err, time.Now())
	l.onError(err)
	return nil, err
}
