package wrapper

import (
	"fmt"
	"strconv"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper/internal/ratelimit"
)

// Version is nimroom's version, sent in the User-Agent header.
const Version = "0.1.0"

// Client calls the chat room API. [New] returns a client. A client is safe for concurrent
// use by several goroutines.
type Client struct {
	Services

	engine      *engine
	credentials sign.Credentials
	name        string
}

// defaults returns the configuration of a client without options.
func defaults() config {
	return config{
		settings: settings{
			timeout: DefaultTimeout, attemptTimeout: DefaultAttemptTimeout, retry: RetryPolicy{Attempts: DefaultAttempts},
		},
		budget:          100,
		limits:          ratelimit.Limits{Base: gen.DefaultRateLimit, Own: map[string]gen.RateLimit{}},
		maxResponseSize: DefaultMaxResponseSize,
		userAgent:       "nimroom/" + Version,
	}
}

// New returns a client for an app. It reads nothing from the environment and sends
// nothing. It returns an error if an option has an invalid value.
func New(credentials sign.Credentials, options ...Option) (*Client, error) {
	return newClient(credentials, ChinaHosts(), options)
}

// newClient returns a client of the hosts, unless an option names others.
func newClient(credentials sign.Credentials, hosts []string, options []Option) (*Client, error) {
	if credentials.IsZero() {
		return nil, fmt.Errorf("nimroom: %w: none given", sign.ErrCredentials)
	}
	c := defaults()
	if err := c.setHosts(hosts); err != nil {
		return nil, fmt.Errorf("nimroom: %w", err)
	}
	for i, option := range options {
		if option == nil {
			return nil, fmt.Errorf("nimroom: option %d is nil", i+1)
		}
		if err := option.applyToClient(&c); err != nil {
			return nil, fmt.Errorf("nimroom: %w", err)
		}
	}
	if !c.customLimiter {
		c.limiter = ratelimit.New(c.limits)
	}
	engine, err := newEngine(credentials, c)
	if err != nil {
		return nil, fmt.Errorf("nimroom: %w", err)
	}
	client := &Client{engine: engine, credentials: credentials, name: "nimroom client of app " + credentials.AppKey() + " at " + c.hosts[0]}
	client.Services = newServices(engine)
	return client, nil
}

// CloseIdleConnections closes the connections to the service that no call uses. A client
// needs no closing, but a test that looks for goroutines does.
func (c *Client) CloseIdleConnections() { c.engine.closeIdle() }

// Credentials returns those of the client's app, such as for package callback.
func (c *Client) Credentials() sign.Credentials { return c.credentials }

// String returns a text that names the client's app and its first host.
func (c *Client) String() string { return c.name }

// GoString returns the text that %#v prints.
func (c *Client) GoString() string { return "&wrapper.Client{" + strconv.Quote(c.name) + "}" }
