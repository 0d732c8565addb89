package redislimit

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

const (
	// DefaultMargin is the time that is added to the quota's own time.
	DefaultMargin = 50 * time.Millisecond
	// DefaultTimeout is the time limit for a round trip to Redis.
	DefaultTimeout = 500 * time.Millisecond
	// DefaultProcesses is the number of processes that share a quota while Redis fails.
	DefaultProcesses = 10
)

// Option configures a [Limiter].
type Option func(*config) error

// config holds the settings of a limiter.
type config struct {
	prefix    string
	appKey    string
	quota     quota
	quotas    map[string]quota // by path
	margin    time.Duration
	timeout   time.Duration
	processes int // number of processes that share a quota while Redis fails; 0 for no fallback
	onError   func(error)
}

// WithQuota sets a quota of n calls per d for one operation. It replaces the quota that
// [New] sets, and the operation's own rate limit in the spec, for an app whose limit the
// vendor has raised. The path is the operation's, such as /chatroom/sendMsg.action. n is
// from 1 to 10000, and d is at least a millisecond.
func WithQuota(path string, n int, d time.Duration) Option {
	return func(c *config) error {
		if !strings.HasPrefix(path, "/") {
			return fmt.Errorf("quota of %q: want the path of an operation, such as /chatroom/sendMsg.action", path)
		}
		q := quota{calls: n, per: d}
		if err := q.validate(); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		c.quotas[path] = q
		return nil
	}
}

// WithPrefix sets the prefix of the keys in Redis. It must not contain braces. The default
// is nimroom, with keys such as nimroom:{<app key>:/chatroom/get.action}:turns.
func WithPrefix(prefix string) Option {
	return func(c *config) error {
		if prefix == "" || strings.ContainsAny(prefix, "{}") {
			return fmt.Errorf("prefix %q: must not be empty or contain braces", prefix)
		}
		c.prefix = prefix
		return nil
	}
}

// WithMargin sets how much the time that calls take from their turn to the service may
// differ without exceeding the quota. With a longer margin the fleet can use less of the
// quota: of a quota per second, it can use 1/(1+d) with d in seconds. The default is
// [DefaultMargin].
func WithMargin(d time.Duration) Option {
	return func(c *config) error {
		if d < 0 {
			return fmt.Errorf("margin %v: must not be negative", d)
		}
		c.margin = d
		return nil
	}
}

// WithTimeout sets the time limit for a round trip to Redis. A longer round trip counts as
// a failure of Redis. The default is [DefaultTimeout].
func WithTimeout(d time.Duration) Option {
	return func(c *config) error {
		if d <= 0 {
			return fmt.Errorf("timeout %v: must be positive", d)
		}
		c.timeout = d
		return nil
	}
}

// WithFallback sets how many processes share the quotas while Redis fails. Each process
// then limits itself to an equal part of the quotas, with its calls evenly spaced. The
// default is [DefaultProcesses].
func WithFallback(processes int) Option {
	return func(c *config) error {
		if processes < 1 {
			return fmt.Errorf("fallback for %d processes: want at least 1", processes)
		}
		c.processes = processes
		return nil
	}
}

// WithoutFallback makes calls fail with [ErrRedis] while Redis fails. They are not sent to
// the service.
func WithoutFallback() Option {
	return func(c *config) error {
		c.processes = 0
		return nil
	}
}

// WithErrorHandler sets a function that the limiter calls with the error of every failed
// round trip to Redis, for logs and alarms. It must return quickly and be safe for
// concurrent use.
func WithErrorHandler(handle func(error)) Option {
	return func(c *config) error {
		if handle == nil {
			return errors.New("error handler is nil")
		}
		c.onError = handle
		return nil
	}
}
