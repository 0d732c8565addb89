// Package response reads HTTP responses. They may come from the service or from anything
// between the service and the client.
package response

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Body is the body of a response, in memory that later responses use again.
type Body struct {
	buffer  bytes.Buffer
	bounded io.LimitedReader
	source  source
}

var bodies = sync.Pool{New: func() any { return new(Body) }}

// largest keeps a single large body from staying in memory.
const largest = 1 << 20

// ErrTooLarge is the error of a body that is larger than its limit.
var ErrTooLarge = errors.New("too large")

// Read reads a response's body to its end and closes it. If it fails, it returns the bytes
// that it has read as well. The error is [ErrTooLarge] if the body has more than limit bytes.
// [Body.Release] gives the memory back.
func Read(from io.ReadCloser, limit int64) (*Body, error) {
	if from == nil {
		from = http.NoBody // a response that a middleware made
	}
	defer func() { _ = from.Close() }() // its error does not matter after reading
	b := bodies.Get().(*Body)
	err := b.fill(from, limit)
	if bytes.HasPrefix(b.Bytes(), gzipMagic) && !errors.Is(err, ErrTooLarge) {
		return b.unzip(limit, err)
	}
	return b, err
}

func (b *Body) fill(from io.Reader, limit int64) error {
	b.source = source{from: from}
	b.bounded = io.LimitedReader{R: &b.source, N: limit + 1}
	_, err := b.buffer.ReadFrom(&b.bounded)
	b.source.from = nil
	if err == nil && int64(b.buffer.Len()) > limit {
		err = ErrTooLarge
	}
	return err
}

// gzipMagic begins a body that something compressed although nobody asked for it, which the
// transport does not undo. No JSON begins so.
var gzipMagic = []byte{0x1f, 0x8b}

// unzip returns the body uncompressed. broken is the error of reading it.
func (b *Body) unzip(limit int64, broken error) (*Body, error) {
	defer b.Release()
	plain := bodies.Get().(*Body)
	zip, err := gzip.NewReader(&b.buffer)
	if err == nil {
		err = plain.fill(zip, limit)
	}
	return plain, cmp.Or(broken, err)
}

// source reads a body that may be the caller's own, whose Read may break the rules of
// [io.Reader].
type source struct {
	from  io.Reader
	empty int // reads in a row that returned nothing
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.from.Read(p)
	switch {
	case n < 0 || n > len(p):
		return 0, fmt.Errorf("the body read %d bytes into %d", n, len(p))
	case n > 0 || err != nil:
		s.empty = 0
	default:
		if s.empty++; s.empty > 100 {
			return 0, io.ErrNoProgress
		}
	}
	return n, err
}

// Charset returns the character set that the response's Content-Type names, unless that is
// UTF-8 or a part of it.
func Charset(header http.Header) string {
	contentType := header.Get("Content-Type")
	i := strings.Index(contentType, "charset=")
	if i < 0 {
		return ""
	}
	name, _, _ := strings.Cut(contentType[i+len("charset="):], ";")
	name = strings.Trim(name, "\"' ")
	if strings.EqualFold(name, "utf-8") || strings.EqualFold(name, "utf8") || strings.EqualFold(name, "us-ascii") {
		return ""
	}
	return name
}

// Bytes returns the body, until it is released.
func (b *Body) Bytes() []byte { return b.buffer.Bytes() }

// Release gives back the memory of a body that nothing refers to any more.
func (b *Body) Release() {
	if b.buffer.Cap() <= largest {
		b.buffer.Reset()
		bodies.Put(b)
	}
}

// IsGateway reports whether a status says that a gateway cannot reach the service.
func IsGateway(status int) bool {
	return status == http.StatusBadGateway || status == http.StatusServiceUnavailable || status == http.StatusGatewayTimeout
}

// LongestRetryAfter bounds the wait that a server can ask for. After it, one call finds out
// whether the server is ready.
const LongestRetryAfter = 2 * time.Minute

// RetryAfter returns the time in the Retry-After header, which holds seconds or a date, or 0
// if the header is absent or holds neither. It is at most [LongestRetryAfter].
func RetryAfter(header http.Header) time.Duration {
	text := strings.TrimSpace(header.Get("Retry-After"))
	seconds, err := strconv.ParseFloat(strings.TrimSuffix(text, "s"), 64) // infinite when it is out of range
	if err == nil || errors.Is(err, strconv.ErrRange) {
		if !(seconds > 0) { // such as NaN
			return 0
		}
		return time.Duration(min(seconds, LongestRetryAfter.Seconds()) * float64(time.Second))
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	now := time.Now()
	if date, err := http.ParseTime(header.Get("Date")); err == nil {
		now = date // by the same clock
	}
	return min(max(0, at.Sub(now)), LongestRetryAfter)
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
