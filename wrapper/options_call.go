package wrapper

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// settings are what the options of a call set. A call starts from its client's.
type settings struct {
	timeout        time.Duration
	attemptTimeout time.Duration
	retry          RetryPolicy
	header         http.Header
	baseURL        string // empty for the client's hosts
	raw            *[]byte
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

// commonOption is an option for every level.
type commonOption func(*settings) error

func (o commonOption) applyToClient(c *config) error { return o(&c.settings) }
func (o commonOption) applyToCall(s *settings) error { return o(s) }
func (o commonOption) applyToBatch(c *batchConfig) error {
	c.calls = append(c.calls, o)
	return nil
}

// callOption is an option for a single call alone.
type callOption func(*settings) error

func (o callOption) applyToCall(s *settings) error { return o(s) }

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

func (o baseURLOption) applyToClient(c *config) error { return WithHosts(string(o)).applyToClient(c) }

func (o baseURLOption) applyToCall(s *settings) (err error) {
	s.baseURL, err = checkBaseURL(string(o))
	return err
}

func (o baseURLOption) applyToBatch(c *batchConfig) error {
	c.calls = append(c.calls, o)
	return nil
}

// checkBaseURL returns a base URL without its last slash. Its errors do not quote what
// is given, because a caller who mixes up arguments may have given a secret.
func checkBaseURL(base string) (string, error) {
	u, err := url.Parse(base)
	switch {
	case err != nil && strings.Contains(base, "@"), err == nil && u.User != nil:
		return "", errors.New("base URL: must not hold a user or a password")
	case err != nil:
		return "", errors.New("base URL: cannot be parsed")
	case u.Scheme != "http" && u.Scheme != "https":
		return "", errors.New("base URL: must begin with http or https")
	case u.Hostname() == "":
		return "", errors.New("base URL: no host")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return "", errors.New("base URL: must not hold a query or a fragment")
	}
	return strings.TrimSuffix(base, "/"), nil
}

// WithHeader adds a header to each request. The headers that the client sets itself,
// which are those of the signature, the request id and the form, and Accept-Encoding,
// cannot be set.
func WithHeader(name, value string) CommonOption {
	name = http.CanonicalHeaderKey(name)
	return commonOption(func(s *settings) error {
		if !validHeader(name, value) {
			return fmt.Errorf("header %q: HTTP does not allow this name or this value", name)
		}
		if slices.Contains(ownHeaders, name) {
			return fmt.Errorf("header %s: the client sets it itself", name)
		}
		s.header = s.header.Clone() // the client's is shared by its calls
		if s.header == nil {
			s.header = http.Header{}
		}
		s.header.Add(name, value)
		return nil
	})
}

// validHeader reports whether the name is a token of HTTP and the value is text without
// control characters.
func validHeader(name, value string) bool {
	const separators = "()<>@,;:\\\"/[]?={}"
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(separators, r) }) &&
		!strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f })
}

// ownHeaders are the headers that a caller cannot set.
var ownHeaders = []string{"Appkey", "Nonce", "Curtime", "Checksum", "Requestid", "Content-Type", "Content-Length", "Host", "Accept-Encoding"}

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
