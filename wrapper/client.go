package wrapper

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/sign"
)

// Version is nimroom's version, sent in the User-Agent header.
const Version = "0.1.0"

// Client calls the chat room API. It is made by [New], holds no state of a
// call, and is safe for use by several goroutines.
type Client struct {
	// Rooms creates, reads, updates, opens, closes and mutes rooms.
	Rooms *RoomsService
	// Members reads members, sets their roles, and mutes them.
	Members *MembersService
	// Messages sends messages.
	Messages *MessagesService
	// Robots fills rooms with robots.
	Robots *RobotsService
	// Tags works on members by their tags.
	Tags *TagsService
	// Statistics ranks rooms.
	Statistics *StatisticsService

	credentials     sign.Credentials
	hosts           pool
	pinned          sync.Map // base URL to *host, of calls with WithBaseURL
	newHost         func(base string) (*host, error)
	closeIdle       func() // drops connections that wait for the next call
	clock           *serviceClock
	limiter         Limiter
	budget          *budget
	settings        settings
	maxResponseSize int64
	hooks           hookList
}

// service is what all services share.
type service struct{ client *Client }

// New returns a client for an app. Nothing is read from the environment and
// nothing is sent; an option that makes no sense is an error that says why.
func New(credentials sign.Credentials, options ...Option) (*Client, error) {
	if credentials.IsZero() {
		return nil, fmt.Errorf("nimroom: %w: none given", sign.ErrCredentials)
	}
	c := defaults()
	for i, option := range options {
		if option == nil {
			return nil, fmt.Errorf("nimroom: option %d is nil", i+1)
		}
		if err := option.applyToClient(&c); err != nil {
			return nil, fmt.Errorf("nimroom: %w", err)
		}
	}
	clock := &serviceClock{local: c.now}
	if c.now == nil {
		clock.local, clock.system = time.Now, true
	}
	signer := sign.NewSigner(credentials, sign.WithClock(clock.now))
	httpClient := withoutRedirects(c.httpClient)
	if c.transport != nil {
		if httpClient.Transport = c.transport(credentials, clock.now); httpClient.Transport == nil {
			return nil, errors.New("nimroom: transport: nil") // which would be the network
		}
	}
	doer := withMiddleware(httpClient, c.middleware)
	client := &Client{
		credentials: credentials, closeIdle: httpClient.CloseIdleConnections,
		clock: clock, limiter: c.limiter, budget: newBudget(c.budget), settings: c.settings, hooks: c.hooks,
		maxResponseSize: c.maxResponseSize,
		newHost: func(base string) (*host, error) {
			raw, err := gen.NewClient(base, gen.WithHTTPClient(doer))
			if err != nil {
				return nil, err
			}
			raw.RequestEditors = []gen.RequestEditorFn{withUserAgent(c.userAgent), signer.Edit}
			return &host{base: base, raw: raw, probes: httpClient}, nil
		},
	}
	for _, base := range c.hosts {
		h, err := client.newHost(base)
		if err != nil {
			return nil, fmt.Errorf("nimroom: base URL: %w", err)
		}
		client.hosts = append(client.hosts, h)
	}
	shared := service{client}
	client.Rooms = &RoomsService{shared}
	client.Members = &MembersService{shared}
	client.Messages = &MessagesService{shared}
	client.Robots = &RobotsService{shared}
	client.Tags = &TagsService{shared}
	client.Statistics = &StatisticsService{shared}
	return client, nil
}

// String names the client's app and its first host.
func (c *Client) String() string {
	return "nimroom client of app " + c.credentials.AppKey() + " at " + c.hosts[0].base
}

// GoString is what %#v prints.
func (c *Client) GoString() string { return "&wrapper.Client{" + strconv.Quote(c.String()) + "}" }

// pin returns the host of a base URL: one of the client's own, with what is known of
// it, or another.
func (c *Client) pin(base string) (*host, error) {
	for _, h := range c.hosts {
		if h.base == base {
			return h, nil
		}
	}
	if h, ok := c.pinned.Load(base); ok {
		return h.(*host), nil
	}
	made, err := c.newHost(base)
	if err != nil {
		return nil, err
	}
	h, _ := c.pinned.LoadOrStore(base, made)
	return h.(*host), nil
}

// withMiddleware puts middleware around a client, the first one outermost.
func withMiddleware(client gen.HttpRequestDoer, middleware []Middleware) gen.HttpRequestDoer {
	for _, m := range slices.Backward(middleware) {
		client = wrapped{m, client.Do}
	}
	return client
}

type wrapped struct {
	middleware Middleware
	next       func(*http.Request) (*http.Response, error)
}

func (w wrapped) Do(req *http.Request) (*http.Response, error) {
	response, err := w.middleware(req, w.next)
	if response == nil && err == nil {
		return nil, errors.New("middleware: neither a response nor an error")
	}
	return response, err
}

// withoutRedirects returns an HTTP client like the given one that hands a
// redirect back instead of following it. Without a client it makes one of its
// own, with a transport of its own.
func withoutRedirects(client *http.Client) *http.Client {
	own := &http.Client{}
	if client != nil {
		*own = *client
	} else {
		own.Transport = newTransport()
	}
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return own
}
