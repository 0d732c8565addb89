package wrapper

import (
	"fmt"
	"net/http"
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

	raw             *gen.Client
	timeout         time.Duration
	maxResponseSize int64
}

// service is what all services share.
type service struct{ client *Client }

// New returns a client for an app. Nothing is read from the environment and
// nothing is sent; an option that makes no sense is an error that says why.
func New(credentials sign.Credentials, options ...Option) (*Client, error) {
	if credentials.IsZero() {
		return nil, fmt.Errorf("nimroom: %w: none given", sign.ErrCredentials)
	}
	c := config{
		baseURL:         DefaultBaseURL,
		timeout:         DefaultTimeout,
		maxResponseSize: DefaultMaxResponseSize,
		userAgent:       "nimroom/" + Version,
		now:             time.Now,
	}
	for _, option := range options {
		if err := option(&c); err != nil {
			return nil, fmt.Errorf("nimroom: %w", err)
		}
	}
	raw, err := gen.NewClient(c.baseURL, gen.WithHTTPClient(withoutRedirects(c.httpClient)))
	if err != nil {
		return nil, fmt.Errorf("nimroom: base URL: %w", err)
	}
	signer := sign.NewSigner(credentials, sign.WithClock(c.now))
	raw.RequestEditors = append(raw.RequestEditors, headers{c.userAgent}.edit, signer.Edit)

	client := &Client{raw: raw, timeout: c.timeout, maxResponseSize: c.maxResponseSize}
	shared := service{client}
	client.Rooms = &RoomsService{shared}
	client.Members = &MembersService{shared}
	client.Messages = &MessagesService{shared}
	client.Robots = &RobotsService{shared}
	client.Tags = &TagsService{shared}
	client.Statistics = &StatisticsService{shared}
	return client, nil
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
