package wrapper

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/nimroom/nimroom/sign"
)

// Option configures a [Client].
type Option func(*config) error

// config is what the options set.
type config struct {
	hosts           []string
	httpClient      *http.Client
	transport       func(sign.Credentials, func() time.Time) http.RoundTripper
	middleware      []Middleware
	timeout         time.Duration
	attemptTimeout  time.Duration
	retry           RetryPolicy
	budget          int
	limiter         Limiter
	maxResponseSize int64
	userAgent       string
	now             func() time.Time
	hooks           hookList
}

const (
	// DefaultBaseURL is the service in China, the first of [ChinaHosts].
	DefaultBaseURL = "https://api.netease.im/nimserver"
	// DefaultTimeout bounds a whole call, all attempts and waiting included.
	DefaultTimeout = 30 * time.Second
	// DefaultAttemptTimeout bounds a single attempt.
	DefaultAttemptTimeout = 10 * time.Second
	// DefaultMaxResponseSize bounds an answer, in bytes.
	DefaultMaxResponseSize = 16 << 20
)

// WithBaseURL sets the address of the service, its path prefix included, such
// as https://api-sg.netease.im/nimserver (overseas), a private deployment, or
// an emulator's URL. It must be an absolute http or https URL without user,
// query and fragment. The default is [ChinaHosts]; [WithHosts] sets several.
func WithBaseURL(base string) Option { return WithHosts(base) }

// checkBaseURL returns a base URL without its last slash. Its errors do not quote
// what is given: who mixes up arguments may have given a secret.
func checkBaseURL(base string) (string, error) {
	u, err := url.Parse(base)
	switch {
	case err != nil && strings.Contains(base, "@"), err == nil && u.User != nil:
		return "", errors.New("base URL: user and password have no place in it")
	case err != nil:
		return "", errors.New("base URL: it cannot be parsed")
	case u.Scheme != "http" && u.Scheme != "https":
		return "", errors.New("base URL: want http or https")
	case u.Hostname() == "":
		return "", errors.New("base URL: no host")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return "", errors.New("base URL: no query and no fragment, please")
	}
	return strings.TrimSuffix(base, "/"), nil
}

// WithHTTPClient sets the HTTP client to send with: its transport, cookie jar
// and time-out are used as they are. Redirects are not followed, whatever it
// says: the signing headers must not reach another host. The client itself is
// not changed, but idle connections of its transport are closed where they may be dead:
// share the transport with nothing that minds. How long they may idle is its matter too;
// the client's own drops them after three seconds, before the service does.
func WithHTTPClient(client *http.Client) Option {
	return func(c *config) error {
		if client == nil {
			return errors.New("HTTP client: nil")
		}
		c.httpClient = client
		return nil
	}
}

// WithTransport sets what requests are sent through in place of the network: a
// stand-in of the service that is told the client's credentials and its clock,
// so that it can check signatures. Package cassettes is one. start is called
// once, by [New]. Of [WithHTTPClient] all but the transport stays.
func WithTransport(start func(credentials sign.Credentials, now func() time.Time) http.RoundTripper) Option {
	return func(c *config) error {
		if start == nil {
			return errors.New("transport: nil")
		}
		c.transport = start
		return nil
	}
}

// WithTimeout bounds each call as a whole; a context with an earlier deadline
// wins. 0 means no bound of its own. The default is [DefaultTimeout].
func WithTimeout(d time.Duration) Option {
	return func(c *config) error {
		if d < 0 {
			return fmt.Errorf("timeout %v: must not be negative", d)
		}
		c.timeout = d
		return nil
	}
}

// WithAttemptTimeout bounds each attempt of a call. One that takes longer is
// given up and, where that is safe, made again; the caller's own deadline is not.
// 0 means no bound of its own. The default is [DefaultAttemptTimeout].
func WithAttemptTimeout(d time.Duration) Option {
	return func(c *config) error {
		if d < 0 {
			return fmt.Errorf("attempt timeout %v: must not be negative", d)
		}
		c.attemptTimeout = d
		return nil
	}
}

// Middleware stands around the sending of each attempt: after signing, before
// the HTTP client. It may look at the request and the response, answer in place
// of the service, or fail; it must call next at most once.
//
// The request has the signature in its headers, good for five minutes: what a
// middleware writes of them to a log of its own is its own matter. From errors it
// returns the signature is taken out.
type Middleware func(req *http.Request, next func(*http.Request) (*http.Response, error)) (*http.Response, error)

// WithMiddleware adds middleware, the first one outermost.
func WithMiddleware(middleware ...Middleware) Option {
	return func(c *config) error {
		for _, m := range middleware {
			if m == nil {
				return errors.New("middleware: nil")
			}
		}
		c.middleware = append(c.middleware, middleware...)
		return nil
	}
}

// WithMaxResponseSize bounds the size of an answer in bytes; a larger one is
// an error that matches [ErrBadResponse]. The default is [DefaultMaxResponseSize].
func WithMaxResponseSize(bytes int64) Option {
	return func(c *config) error {
		if bytes < 1 {
			return fmt.Errorf("maximum response size %d: at least 1", bytes)
		}
		c.maxResponseSize = min(bytes, math.MaxInt64-1) // one byte more is read
		return nil
	}
}

// WithApplication adds a name and, unless empty, a version to the User-Agent
// header, before nimroom's own.
func WithApplication(name, version string) Option {
	return func(c *config) error {
		token := name
		if version != "" {
			token += "/" + version
		}
		if name == "" || strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) {
			return fmt.Errorf("application %q: want a name of visible ASCII characters", token)
		}
		c.userAgent = token + " " + c.userAgent
		return nil
	}
}

// WithClock sets the clock that requests are signed with, for tests that move
// time. The default is [time.Now].
func WithClock(now func() time.Time) Option {
	return func(c *config) error {
		if now == nil {
			return errors.New("clock: nil")
		}
		c.now = now
		return nil
	}
}

// CallOption changes a single call.
type CallOption func(*call)

// CallTimeout bounds this call in place of the client's time-out; 0 means no
// bound of its own.
func CallTimeout(d time.Duration) CallOption {
	return func(c *call) { c.timeout = c.bound("timeout", d) }
}

// CallAttemptTimeout bounds each attempt of this call; 0 means no bound of its own.
func CallAttemptTimeout(d time.Duration) CallOption {
	return func(c *call) { c.attemptTimeout = c.bound("attempt timeout", d) }
}

// bound checks a length of time that a call option sets.
func (c *call) bound(name string, d time.Duration) time.Duration {
	if d < 0 {
		c.misuse(fmt.Errorf("%s %v: must not be negative", name, d))
	}
	return d
}

// CallHeader adds a header to this call. Those of the signature, the request id
// and the form, and Accept-Encoding, cannot be set: the call then fails before it is
// sent.
func CallHeader(name, value string) CallOption {
	name = http.CanonicalHeaderKey(name)
	return func(c *call) {
		if !validHeader(name, value) {
			c.misuse(fmt.Errorf("header %q: a name or a value that HTTP does not allow", name))
			return
		}
		if slices.Contains(ownHeaders, name) {
			c.misuse(fmt.Errorf("header %s is the client's own", name))
			return
		}
		if c.header == nil {
			c.header = http.Header{}
		}
		c.header.Add(name, value)
	}
}

// validHeader holds a header to what HTTP allows: a token, and a text without
// control characters.
func validHeader(name, value string) bool {
	const separators = "()<>@,;:\\\"/[]?={}"
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(separators, r) }) &&
		!strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f })
}

// ownHeaders are those that a caller cannot set.
var ownHeaders = []string{"Appkey", "Nonce", "Curtime", "Checksum", "Requestid", "Content-Type", "Content-Length", "Host", "Accept-Encoding"}

// CallHost sends this call to a base URL of its own; see [WithBaseURL].
func CallHost(base string) CallOption {
	base, err := checkBaseURL(base)
	return func(c *call) {
		if err != nil {
			c.misuse(err)
			return
		}
		pinned, err := c.client.pin(base)
		c.misuse(err)
		c.pinned = pinned
	}
}

// RawResponse stores a copy of the last answer as it came into dst, also when the
// call fails; nil when there was no answer. Nothing is taken out of it, as it is of
// [Error.Body].
func RawResponse(dst *[]byte) CallOption {
	return func(c *call) { c.raw = dst }
}
