package wrapper

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"strings"
	"time"

	"github.com/nimroom/nimroom/sign"
)

// Option configures a [Client]. [New] takes options.
type Option interface{ applyToClient(c *config) error }

// CallOption changes a single call. Every method that makes a call takes options.
type CallOption interface{ applyToCall(s *settings) error }

// BatchOption changes a batch, such as [RoomsService.GetMany].
type BatchOption interface{ applyToBatch(c *batchConfig) error }

// CommonOption has a meaning at every level. Given to [New] it holds for all calls of
// the client, given to a batch for all calls of the batch, and given to a method for
// that call. A call's own option wins over its client's.
type CommonOption interface {
	Option
	CallOption
	BatchOption
}

const (
	// DefaultBaseURL is the service in China, the first of [ChinaHosts].
	DefaultBaseURL = "https://api.netease.im/nimserver"
	// DefaultTimeout bounds a whole call, with all its attempts and waits.
	DefaultTimeout = 30 * time.Second
	// DefaultAttemptTimeout bounds a single attempt.
	DefaultAttemptTimeout = 10 * time.Second
	// DefaultMaxResponseSize bounds the body of a response, in bytes.
	DefaultMaxResponseSize = 16 << 20
)

// config is what the options of a client set.
type config struct {
	settings
	hosts           []string
	httpClient      *http.Client
	transport       func(sign.Credentials, func() time.Time) http.RoundTripper
	middleware      []Middleware
	budget          int
	limiter         Limiter
	maxResponseSize int64
	userAgent       string
	now             func() time.Time
	hooks           hookList
}

func defaults() config {
	return config{
		settings: settings{
			timeout: DefaultTimeout, attemptTimeout: DefaultAttemptTimeout, retry: RetryPolicy{Attempts: DefaultAttempts},
		},
		hosts:           ChinaHosts(),
		budget:          100,
		limiter:         newLocalLimiter(DefaultRate),
		maxResponseSize: DefaultMaxResponseSize,
		userAgent:       "nimroom/" + Version,
	}
}

// clientOption is an option for a client alone.
type clientOption func(*config) error

func (o clientOption) applyToClient(c *config) error { return o(c) }

// WithHTTPClient sets the HTTP client that sends the requests. Its transport, cookie
// jar and timeout are used as they are. Redirects are not followed even if the client
// follows them, because the signing headers must not reach another host. The given
// client is not changed, but the idle connections of its transport are closed when they
// may be dead, so a transport should not be shared with code that minds. The transport
// also decides how long a connection may be idle; the default one closes it after three
// seconds, before the service does.
func WithHTTPClient(client *http.Client) Option {
	return clientOption(func(c *config) error {
		if client == nil {
			return errors.New("HTTP client: nil")
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

// Middleware wraps the sending of each attempt. It runs after the request was signed
// and before the HTTP client sends it. A middleware may look at the request and the
// response, respond in place of the service, or fail. It must call next at most once.
//
// The request holds the signature in its headers, which is good for five minutes; a
// middleware that writes headers to a log must leave it out. The client removes the
// signature from the errors that a middleware returns.
type Middleware func(req *http.Request, next func(*http.Request) (*http.Response, error)) (*http.Response, error)

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
