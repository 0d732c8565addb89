package wrapper

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"strings"
	"time"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/sign"
)

const (
	// DefaultTimeout bounds a whole call, with all its attempts and waits.
	DefaultTimeout = 30 * time.Second
	// DefaultAttemptTimeout bounds a single attempt.
	DefaultAttemptTimeout = 10 * time.Second
	// DefaultMaxResponseSize bounds the body of a response, in bytes.
	DefaultMaxResponseSize = 16 << 20
)

// WithHosts sets the base URLs of one deployment, the preferred one first; [WithBaseURL]
// describes their form. Calls go to the first host that responds. After a host fails to
// respond, the client does not use it for a while, longer each time, and until it has
// responded on its liveness path. A call moves to another host only if it is safe to send it
// again.
func WithHosts(bases ...string) Option {
	return clientOption(func(c *config) error { return c.setHosts(bases) })
}

// WithHTTPClient sets the HTTP client that sends the requests. Its transport, cookie
// jar and timeout are used as they are. Redirects are not followed even if the client
// follows them, because the signing headers must not reach another host. The given
// client is not changed, but the idle connections of its transport are closed if they may be
// dead, which affects other users of the transport. The transport also decides how long a
// connection may be idle; the default transport closes it after three seconds, before the
// service does.
func WithHTTPClient(client *http.Client) Option {
	return clientOption(func(c *config) error {
		switch {
		case client == nil:
			return errors.New("HTTP client: nil")
		case client.Transport != nil && isNil(client.Transport):
			return fmt.Errorf("HTTP client: the transport is a nil %T", client.Transport)
		}
		c.httpClient = client
		return nil
	})
}

// WithTransport sets a transport that takes the place of the network. New calls start
// once, with the client's credentials and clock, so that the transport can check
// signatures as the service does; package cassettes has such a transport. The other
// parts of a client given by [WithHTTPClient] remain in use.
func WithTransport(start func(credentials sign.Credentials, now func() time.Time) http.RoundTripper) Option {
	return clientOption(func(c *config) error {
		if start == nil {
			return errors.New("transport: nil")
		}
		c.transport = start
		return nil
	})
}

// WithMiddleware adds middleware. The first one is outermost.
func WithMiddleware(middleware ...Middleware) Option {
	return clientOption(func(c *config) error {
		for _, m := range middleware {
			if m == nil {
				return errors.New("middleware: nil")
			}
		}
		c.middleware = append(c.middleware, middleware...)
		return nil
	})
}

// WithRetryBudget bounds how many attempts beyond the first a client makes while calls
// fail, so that a service in trouble does not get many more requests. Each such attempt
// takes one from the budget of n, and every tenth call that succeeds puts one back. The
// default is 100.
func WithRetryBudget(n int) Option {
	return clientOption(func(c *config) error {
		if n < 0 {
			return fmt.Errorf("retry budget %d: must not be negative", n)
		}
		c.budget = n
		return nil
	})
}

// WithRate limits each operation to n attempts a second on this machine, except those with a
// rate limit of their own, which the documentation of their methods gives. No period of one
// second ever has more, so a steady stream of calls reaches about nine tenths of n, and less
// if n is below 10. The default is [DefaultRate]. Programs that share an app share its
// limits: divide them among the programs with WithRate and [WithQuota], or use [WithLimiter]
// with a limiter that they share.
func WithRate(n int) Option {
	return clientOption(func(c *config) error {
		if n < 1 {
			return fmt.Errorf("rate %d: must be at least 1", n)
		}
		c.limits.Base.Calls, c.limits.Base.Per, c.customLimiter = n, time.Second, false
		return nil
	})
}

// WithQuota limits the operation with a path, such as /chatroom/sendMsg.action, to n attempts
// in any time of length d on this machine. It replaces the operation's own rate limit and
// that of [WithRate], for an app whose limit the vendor has raised, or for a share of it.
func WithQuota(path string, n int, d time.Duration) Option {
	return clientOption(func(c *config) error {
		switch {
		case !strings.HasPrefix(path, "/"):
			return fmt.Errorf("quota of %q: want the path of an operation, such as /chatroom/sendMsg.action", path)
		case n < 1:
			return fmt.Errorf("quota of %s: %d calls, must be at least 1", path, n)
		case d < time.Millisecond:
			return fmt.Errorf("quota of %s: per %v, must be at least a millisecond", path, d)
		}
		c.limits.Own[path], c.customLimiter = gen.RateLimit{Calls: n, Per: d}, false
		return nil
	})
}

// WithLimiter sets the limiter, which takes the place of [WithRate] and [WithQuota] before it.
// Nil means no limiter.
func WithLimiter(limiter Limiter) Option {
	return clientOption(func(c *config) error {
		if limiter != nil && isNil(limiter) {
			return fmt.Errorf("limiter: a nil %T", limiter)
		}
		c.limiter, c.customLimiter = limiter, true
		return nil
	})
}

// WithHooks adds hooks. When it is given several times, all hooks are called, in order.
func WithHooks(hooks Hooks) Option {
	return clientOption(func(c *config) error {
		if hooks.Err != nil {
			return fmt.Errorf("hooks: %w", hooks.Err)
		}
		c.hooks = append(c.hooks, hooks)
		return nil
	})
}

// WithMaxResponseSize bounds the body of a response, in bytes. A larger one is an error
// that matches [ErrBadResponse]. The default is [DefaultMaxResponseSize].
func WithMaxResponseSize(bytes int64) Option {
	return clientOption(func(c *config) error {
		if bytes < 1 {
			return fmt.Errorf("maximum response size %d: must be at least 1", bytes)
		}
		c.maxResponseSize = min(bytes, math.MaxInt64-1) // one byte more is read
		return nil
	})
}

// WithApplication adds a name and, unless it is empty, a version to the User-Agent
// header, before nimroom's own.
func WithApplication(name, version string) Option {
	return clientOption(func(c *config) error {
		token := name
		if version != "" {
			token += "/" + version
		}
		if name == "" || strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) {
			return fmt.Errorf("application %q: must be a name of visible ASCII characters", token)
		}
		c.userAgent = token + " " + c.userAgent
		return nil
	})
}

// WithClock sets the clock that requests are signed with, for tests that move time.
// The default is [time.Now].
func WithClock(now func() time.Time) Option {
	return clientOption(func(c *config) error {
		if now == nil {
			return errors.New("clock: nil")
		}
		c.now = now
		return nil
	})
}
