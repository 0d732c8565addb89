package redislimit

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

func TestNilArgumentsAreErrors(t *testing.T) {
	client := redis.NewClient(&redis.Options{Addr: "127.0.0.1:1"})
	defer func() { _ = client.Close() }()
	l, err := New(client, "K", 100)
	if err != nil {
		t.Fatal(err)
	}
	create := func(client redis.Scripter, options ...Option) error {
		_, err := New(client, "K", 100, options...)
		return err
	}
	var none context.Context
	for says, err := range map[string]error{
		"no Redis client":      create((*redis.Client)(nil)),
		"option 1 is nil":      create(client, nil),
		"error handler is nil": create(client, WithErrorHandler(nil)),
		"the context is nil":   l.Wait(none, get),
		"the operation is nil": l.Wait(t.Context(), nil),
	} {
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("want %q, got %v", says, err)
		}
	}
	l.Blocked(nil, time.Second)
}
