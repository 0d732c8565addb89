package wrapper

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/wrapper/internal/request"
)

// WithTimeout bounds each call as a whole; a context with an earlier deadline wins. 0
// means no bound. The default is [DefaultTimeout].
func WithTimeout(d time.Duration) CommonOption {
	return commonOption(func(s *settings) error {
		s.timeout = d
		return notNegative("timeout", d)
	})
}

// WithAttemptTimeout bounds each attempt of a call. An attempt that takes longer ends,
// and the call is attempted again where that is safe. 0 means no bound. The default is
// [DefaultAttemptTimeout].
func WithAttemptTimeout(d time.Duration) CommonOption {
	return commonOption(func(s *settings) error {
		s.attemptTimeout = d
		return notNegative("attempt timeout", d)
	})
}

func notNegative(name string, d time.Duration) error {
	if d < 0 {
		return fmt.Errorf("%s %v: must not be negative", name, d)
	}
	return nil
}

// WithRetry sets the retry policy. By default a call is sent up to [DefaultAttempts]
// times.
func WithRetry(policy RetryPolicy) CommonOption {
	return commonOption(func(s *settings) error {
		if policy.Attempts < 1 {
			return fmt.Errorf("retry: %d attempts: must be at least 1", policy.Attempts)
		}
		s.retry = policy
		return nil
	})
}

// WithBaseURL sets the address of the service with its path prefix, such as
// https://api-sg.netease.im/nimserver, a private deployment, or an emulator's URL. It
// must be an absolute http or https URL without user, query and fragment. Given to
// [New] it is the only host of the client, in place of [ChinaHosts]; [WithHosts] sets
// several. Given to a call it is the only host of that call.
func WithBaseURL(base string) CommonOption { return baseURLOption(base) }

type baseURLOption string

func (o baseURLOption) applyToClient(c *config) error { return c.setHosts([]string{string(o)}) }

func (o baseURLOption) applyToCall(s *settings) (err error) {
	s.baseURL, err = request.BaseURL(string(o))
	return err
}

func (o baseURLOption) applyToBatch(c *batchConfig) error {
	c.calls = append(c.calls, o)
	return nil
}

// WithHeader adds a header to each request. The headers that the client sets itself,
// which are those of the signature, the request id and the form, and Accept-Encoding,
// cannot be set.
func WithHeader(name, value string) CommonOption {
	return commonOption(func(s *settings) error {
		if err := request.CheckHeader(name, value); err != nil {
			return err
		}
		s.header = s.header.Clone() // the client's is shared by its calls
		if s.header == nil {
			s.header = http.Header{}
		}
		s.header.Add(name, value)
		return nil
	})
}

// WithField adds a field that the spec does not know to the form of a call, such as one that
// the vendor has enabled for an app. It can be given several times. The field is sent as it
// is, without validation except that it is UTF-8. A field that the spec knows is set in the
// form; giving it here is an error.
func WithField(name, value string) CallOption {
	return callOption(func(s *settings) error {
		c := new(wire.Check)
		c.Need("field name", name != "")
		c.UTF8("field name", name)
		c.UTF8(name, value)
		s.fields = append(slices.Clip(s.fields), [2]string{name, value})
		return c.Err()
	})
}

// WithRequestID sets the RequestId of a call: 1 to 64 printable ASCII characters. A program that
// keeps the id before the call can make the same call again after a crash. By default, each call
// has a random one.
func WithRequestID(id string) CallOption {
	return callOption(func(s *settings) error {
		if id == "" || len(id) > maxRequestID || strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' }) {
			return fmt.Errorf("request id %q: must be 1 to %d printable ASCII characters", wire.OneLine(id), maxRequestID)
		}
		s.ownRequestID = id
		return nil
	})
}

const maxRequestID = 64

// WithEarlierAttempt says that the same call may have been sent before, such as by a process
// that ended before it had a response. What the service responds then has the meaning that it
// has after an own attempt without a response: see "Retries" in the package documentation. The
// call itself is sent in any case, also if the operation is unsafe: ask [Error.Ask] before.
func WithEarlierAttempt() CallOption {
	return callOption(func(s *settings) error {
		s.earlier = true
		return nil
	})
}

// WithRawResponse stores a copy of the body of the last response in dst, also when the
// call fails; dst becomes nil when there was no response. Nothing is redacted in the
// copy, unlike in [Error.Body].
func WithRawResponse(dst *[]byte) CallOption {
	return callOption(func(s *settings) error {
		if dst == nil {
			return errors.New("raw response: nil")
		}
		s.raw = dst
		return nil
	})
}
