package redislimit

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/nimroom/nimroom/callback"
)

// busyTime is how long a callback counts as being handled if nobody says how it ended, because the
// process died.
const busyTime = time.Minute

// NewMemory returns a memory of callbacks that all processes with the same Redis share. A callback
// that was handled is known for the time keep, at least a minute; each takes about 200 bytes in
// Redis. The client is not closed.
func NewMemory(client redis.Cmdable, keep time.Duration) (callback.Memory, error) {
	switch {
	case isNil(client):
		return nil, errors.New("redislimit: no Redis client")
	case keep < time.Minute:
		return nil, fmt.Errorf("redislimit: callbacks are kept for %v, want a minute or more", keep)
	}
	return &memory{client, keep}, nil
}

type memory struct {
	client redis.Cmdable
	keep   time.Duration
}

// The values of a key in Redis.
const (
	busy    = "busy"
	handled = "handled"
)

func (m *memory) name(key string) string { return "nimroom:callback:" + key }

// Begin notes that a callback is being handled.
func (m *memory) Begin(ctx context.Context, key string) (callback.Seen, error) {
	first, err := m.client.SetNX(ctx, m.name(key), busy, busyTime).Result()
	if first {
		return callback.Unseen, nil
	}
	was := busy
	if err == nil { // Redis has both commands in one from version 7 on
		was, err = m.client.Get(ctx, m.name(key)).Result()
	}
	switch {
	case err != nil && !errors.Is(err, redis.Nil): // Nil: the key has gone since
		return callback.Unseen, fmt.Errorf("%w: %w", ErrRedis, err)
	case was == handled:
		return callback.Handled, nil
	}
	return callback.Busy, nil
}

// End notes that a callback was handled, or forgets it.
func (m *memory) End(ctx context.Context, key string, done bool) (err error) {
	if done {
		err = m.client.Set(ctx, m.name(key), handled, m.keep).Err()
	} else {
		err = m.client.Del(ctx, m.name(key)).Err()
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrRedis, err)
	}
	return nil
}
