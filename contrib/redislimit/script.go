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

// turns is what Redis says to a process that asks for some.
type turns struct {
	block time.Duration   // what is left of the service's block
	now   int64           // when it said so, on its clock, in µs
	next  time.Duration   // until the first turn that is not reserved
	waits []time.Duration // until each turn that is
}

// reserve takes up to wanted turns of the operation: the next one, unless it comes
// after longest, and of those that follow what is due soon. A negative longest is
// for any.
func (l *Limiter) reserve(o *operation, wanted int, longest time.Duration) (turns, error) {
	micros := longest.Microseconds()
	if longest < 0 {
		micros = -1
	}
	reply, err := l.run(turnScript, o.keys, o.pace.calls, o.pace.window.Microseconds(), micros, wanted, ahead.Microseconds())
	if err != nil {
		return turns{}, err
	}
	values, err := reply.Int64Slice()
	if err != nil || len(values) < 3 {
		return turns{}, fmt.Errorf("unexpected answer %v", reply.Val())
	}
	t := turns{
		block: time.Duration(values[0]) * time.Millisecond,
		now:   values[1],
		next:  time.Duration(values[2]) * time.Microsecond,
	}
	for _, wait := range values[3:] {
		t.waits = append(t.waits, time.Duration(wait)*time.Microsecond)
	}
	return t, nil
}

// run runs a script, unless Redis failed a moment ago.
func (l *Limiter) run(script *redis.Script, keys []string, args ...any) (*redis.Cmd, error) {
	if err := l.breaker.allow(time.Now()); err != nil {
		return nil, err
	}
	limited, cancel := context.WithTimeout(context.Background(), l.timeout)
	defer cancel()
	// A goroutine of its own, because go-redis does not watch the context while
	// it reads, and heeds its deadline only where its options say so.
	done := make(chan *redis.Cmd, 1)
	go func() { done <- script.Run(limited, l.client, keys, args...) }()
	err := fmt.Errorf("no answer within %v", l.timeout)
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
