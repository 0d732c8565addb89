package redislimit

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

const (
	// DefaultMargin is what a window is longer than the quota's own.
	DefaultMargin = 50 * time.Millisecond
	// DefaultTimeout bounds a round trip.
	DefaultTimeout = 500 * time.Millisecond
	// DefaultProcesses is how many processes share a quota when Redis fails.
	DefaultProcesses = 10
)

// Option configures a [Limiter].
type Option func(*config) error

// config is what the options set.
type config struct {
	prefix    string
	appKey    string
	quota     quota
	quotas    map[string]quota // by path
	margin    time.Duration
	timeout   time.Duration
	processes int // 0: no fallback
	onError   func(error)
}

func (c *config) quotaOf(path string) quota {
	if q, ok := c.quotas[path]; ok {
		return q
	}
	return c.quota
}

// WithQuota sets the quota of one operation, n calls per d, in place of the
// common one; path is that of the operation, such as
// /chatroom/broadcast.action.
func WithQuota(path string, n int, per time.Duration) Option {
	return func(c *config) error {
		q := quota{calls: n, per: per}
		if err := q.validate(); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		c.quotas[path] = q
		return nil
	}
}

// WithPrefix sets what the keys in Redis begin with. The default is nimroom,
// which makes keys such as nimroom:{<app key>:/chatroom/get.action}:turns.
func WithPrefix(prefix string) Option {
	return func(c *config) error {
		if prefix == "" || strings.ContainsAny(prefix, "{}") {
			return fmt.Errorf("prefix %q: want one without braces", prefix)
		}
		c.prefix = prefix
		return nil
	}
}

// WithMargin sets by how much calls may differ in their delay between their
// turn and the service without a second holding more than the quota. A longer
// margin uses less of the quota: 1/(1+d) of one per second. The default is
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

// WithTimeout bounds a round trip; what takes longer counts as a failure of
// Redis. The default is [DefaultTimeout].
func WithTimeout(d time.Duration) Option {
	return func(c *config) error {
		if d <= 0 {
			return fmt.Errorf("timeout %v: must be positive", d)
		}
		c.timeout = d
		return nil
	}
}

// WithFallback sets how many processes share the quotas while Redis fails: each
// keeps to its part of them, evenly spaced. The default is [DefaultProcesses].
func WithFallback(processes int) Option {
	return func(c *config) error {
		if processes < 1 {
			return fmt.Errorf("fallback: %d processes: at least 1", processes)
		}
		c.processes = processes
		return nil
	}
}

// WithoutFallback ends calls with [ErrRedis] while Redis fails, before they are
// sent.
func WithoutFallback() Option {
	return func(c *config) error {
		c.processes = 0
		return nil
	}
}

// WithErrorHandler sets a function that is called with the error of every failed round
// trip, for logs and alarms. It must be quick and safe for use by several goroutines.
func WithErrorHandler(handle func(error)) Option {
	return func(c *config) error {
		if handle == nil {
			return errors.New("error handler: nil")
		}
		c.onError = handle
		return nil
	}
}
