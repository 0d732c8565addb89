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

// turn is what Redis says to a call.
type turn struct {
	tooLate bool          // it would come after the deadline and is not reserved
	wait    time.Duration // until it comes
	block   time.Duration // what is left of the service's block
	micros  int64         // when it is, on Redis's clock
}

// reserve takes the next turn of the operation, unless it comes after the
// context's deadline.
func (l *Limiter) reserve(ctx context.Context, o *operation) (turn, error) {
	longest := int64(-1)
	if deadline, ok := ctx.Deadline(); ok {
		longest = max(0, time.Until(deadline).Microseconds())
	}
	reply, err := l.run(ctx, turnScript, o.keys, o.pace.calls, o.pace.window.Microseconds(), longest)
	if err != nil {
		return turn{}, err
	}
	values, err := reply.Int64Slice()
	if err != nil || len(values) != 3 {
		return turn{}, fmt.Errorf("unexpected answer %v", reply.Val())
	}
	return turn{
		tooLate: values[0] < 0,
		wait:    time.Duration(values[0]) * time.Microsecond,
		block:   time.Duration(values[1]) * time.Millisecond,
		micros:  values[2],
	}, nil
}

// run runs a script, unless Redis failed a moment ago. The error is the
// context's where that ended, and of Redis otherwise.
func (l *Limiter) run(ctx context.Context, script *redis.Script, keys []string, args ...any) (*redis.Cmd, error) {
	if err := l.breaker.allow(time.Now()); err != nil {
		return nil, err
	}
	limited, cancel := context.WithTimeout(ctx, l.timeout)
	defer cancel()
	// A goroutine of its own, because go-redis does not watch the context while
	// it reads, and heeds its deadline only where its options say so.
	done := make(chan *redis.Cmd, 1)
	go func() { done <- script.Run(limited, l.client, keys, args...) }()
	var err error
	select {
	case reply := <-done:
		if err = reply.Err(); err == nil {
			l.breaker.note(nil, time.Now())
			return reply, nil
		}
	case <-limited.Done():
	}
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err() // says nothing about Redis
	case limited.Err() != nil:
		err = fmt.Errorf("no answer within %v", l.timeout)
	}
	l.breaker.note(err, time.Now())
	l.onError(err)
	return nil, err
}
