package wrapper

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper/internal/ratelimit"
	"github.com/nimroom/nimroom/wrapper/internal/request"
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

// config holds the values that the options of a client set.
type config struct {
	settings
	hosts           []string
	httpClient      *http.Client
	transport       func(sign.Credentials, func() time.Time) http.RoundTripper
	middleware      []Middleware
	budget          int
	limits          ratelimit.Limits
	limiter         Limiter // in place of one that keeps to limits, if customLimiter
	customLimiter   bool
	maxResponseSize int64
	userAgent       string
	now             func() time.Time
	hooks           hookList
}

func (c *config) setHosts(bases []string) error {
	if len(bases) == 0 {
		return errors.New("hosts: none given")
	}
	checked := make([]string, len(bases))
	for i, base := range bases {
		var err error
		if checked[i], err = request.BaseURL(base); err != nil {
			return fmt.Errorf("host %d: %w", i+1, err)
		}
	}
	c.hosts = checked
	return nil
}

// settings holds the values that the options of a call set. A call starts with the settings
// of its client.
type settings struct {
	timeout        time.Duration
	attemptTimeout time.Duration
	retry          RetryPolicy
	header         http.Header
	baseURL        string // empty if the call uses the client's hosts
	raw            *[]byte
	fields         [][2]string // those of WithField
	ownRequestID   string      // that of WithRequestID, or empty
	earlier        bool        // see WithEarlierAttempt
}

// apply applies the options of a call in order and returns the first error.
func (s *settings) apply(options []CallOption) error {
	for i, option := range options {
		if option == nil {
			return fmt.Errorf("call option %d is nil", i+1)
		}
		if err := option.applyToCall(s); err != nil {
			return err
		}
	}
	return nil
}

// batchConfig holds the values that the options of a batch set.
type batchConfig struct {
	concurrency int
	progress    func(done, total int)
	calls       []CallOption
}

// clientOption is an option for a client alone.
type clientOption func(*config) error

func (o clientOption) applyToClient(c *config) error { return o(c) }

// callOption is an option for a single call alone.
type callOption func(*settings) error

func (o callOption) applyToCall(s *settings) error { return o(s) }

// commonOption is an option for every level.
type commonOption func(*settings) error

func (o commonOption) applyToClient(c *config) error { return o(&c.settings) }
func (o commonOption) applyToCall(s *settings) error { return o(s) }
func (o commonOption) applyToBatch(c *batchConfig) error {
	c.calls = append(c.calls, o)
	return nil
}

// batchOption is an option for a batch alone.
type batchOption func(*batchConfig) error

func (o batchOption) applyToBatch(c *batchConfig) error { return o(c) }
