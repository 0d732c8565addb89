package callback

import (
	"errors"
	"fmt"
	"time"

	"github.com/nimroom/nimroom/sign"
)

const (
	// DefaultMaxBody is the limit of a body's size in bytes, unless [WithMaxBody] sets another.
	DefaultMaxBody = 1 << 20
	// DefaultTimeout is the time for a response, unless [WithTimeout] sets another.
	DefaultTimeout = 4 * time.Second
	// DefaultConcurrency is how many functions run at once, unless [WithConcurrency] says otherwise.
	DefaultConcurrency = 64
	// DefaultMemory is how many handled callbacks the memory of a process holds, unless
	// [WithMemory] sets another memory.
	DefaultMemory = 100_000

	maxTimeout     = 5 * time.Second
	maxMaxBody     = 64 << 20
	maxConcurrency = 100_000
)

type config struct {
	apps        []sign.Credentials
	maxBody     int64
	timeout     time.Duration
	concurrency int
	now         func() time.Time
	memory      Memory
	onError     func(*Error)
}

// Option changes how a [Receiver] works.
type Option func(*config)

// WithApps receives the callbacks of further apps. [AppKey] tells a function which app a callback
// is for.
func WithApps(apps ...sign.Credentials) Option {
	return func(c *config) { c.apps = append(c.apps, apps...) }
}

// WithMaxBody sets how many bytes a body may have: 1 byte to 64 MiB, 1 MiB by default.
func WithMaxBody(bytes int64) Option { return func(c *config) { c.maxBody = bytes } }

// WithTimeout sets how long a response may take from the call of ServeHTTP on: above 0 and up to
// the 5 seconds that the service waits, 4 seconds by default. Then the context of the function
// ends, and the response is 503, even if the function goes on.
func WithTimeout(d time.Duration) Option { return func(c *config) { c.timeout = d } }

// WithConcurrency sets how many functions may run at once, those that are late included: 1 to
// 100000, 64 by default. One more callback gets 503.
func WithConcurrency(n int) Option { return func(c *config) { c.concurrency = n } }

// WithClock sets the function that the receiver reads the time from to check CurTime, [time.Now] by
// default.
func WithClock(now func() time.Time) Option { return func(c *config) { c.now = now } }

// WithMemory sets what recognizes repeated callbacks. The default is [NewMemory] with
// [DefaultMemory], which one process alone uses. Processes that share the callbacks of an app share
// a memory too, such as that of contrib/redislimit.
func WithMemory(m Memory) Option { return func(c *config) { c.memory = m } }

// WithErrorHook calls f with every callback that was not handled, before the response is sent, and
// when a memory fails. f may be called by several goroutines at once. The response waits for f, so
// it has to return soon.
func WithErrorHook(f func(*Error)) Option { return func(c *config) { c.onError = f } }

// validate returns what makes no sense.
func (c *config) validate() error {
	keys := map[string]bool{}
	for _, app := range c.apps {
		switch {
		case app.IsZero():
			return fmt.Errorf("callback: %w", sign.ErrCredentials)
		case keys[app.AppKey()]:
			return fmt.Errorf("callback: two apps with the key %q", app.AppKey())
		}
		keys[app.AppKey()] = true
	}
	switch {
	case c.maxBody < 1 || c.maxBody > maxMaxBody:
		return fmt.Errorf("callback: WithMaxBody: %d bytes, want 1 to %d", c.maxBody, maxMaxBody)
	case c.timeout <= 0 || c.timeout > maxTimeout:
		return fmt.Errorf("callback: WithTimeout: %v, want above 0 and up to %v", c.timeout, maxTimeout)
	case c.concurrency < 1 || c.concurrency > maxConcurrency:
		return fmt.Errorf("callback: WithConcurrency: %d, want 1 to %d", c.concurrency, maxConcurrency)
	case c.now == nil:
		return errors.New("callback: WithClock: the clock is nil")
	case c.memory == nil:
		return errors.New("callback: WithMemory: the memory is nil")
	case c.onError == nil:
		return errors.New("callback: WithErrorHook: the hook is nil")
	}
	return nil
}
