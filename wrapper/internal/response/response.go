// Package response reads HTTP responses, which may come from the service or from
// anything between it and the client.
package response

import (
	"bytes"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// largest keeps a single large body from staying in memory.
const largest = 1 << 20

// Buffer returns an empty buffer for a body. The buffer goes back with [Release].
func Buffer() *bytes.Buffer { return buffers.Get().(*bytes.Buffer) }

// Release takes back a buffer that nothing refers to any more.
func Release(buffer *bytes.Buffer) {
	if buffer.Cap() <= largest {
		buffer.Reset()
		buffers.Put(buffer)
	}
}

// IsGateway reports whether a status says that a gateway has no service behind it.
func IsGateway(status int) bool {
	return status == http.StatusBadGateway || status == http.StatusServiceUnavailable || status == http.StatusGatewayTimeout
}

// longestRetryAfter, in seconds, keeps the number of a server from overflowing.
const longestRetryAfter = 24 * 60 * 60

// RetryAfter reads the Retry-After header, which holds seconds or a date. It is 0 when
// there is none.
func RetryAfter(header http.Header) time.Duration {
	text := header.Get("Retry-After")
	seconds, err := strconv.Atoi(text) // the largest number when it is out of range
	if err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(min(max(0, seconds), longestRetryAfter)) * time.Second
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	now := time.Now()
	if date, err := http.ParseTime(header.Get("Date")); err == nil {
		now = date // by the same clock
	}
	return min(max(0, at.Sub(now)), longestRetryAfter*time.Second)
}

// RedirectHost returns the scheme and host that a redirect points to.
func RedirectHost(response *http.Response) string {
	u, err := response.Location()
	if err != nil {
		return "nowhere"
	}
	return u.Scheme + "://" + u.Host
}

// Excerpt returns the beginning of a body in one line, for an error.
func Excerpt(body []byte) string {
	const shown = 120
	text := strings.Join(strings.Fields(string(body[:min(len(body), 4*shown)])), " ")
	if len(text) > shown {
		return strings.ToValidUTF8(text[:shown], "") + "..."
	}
	return text
}
