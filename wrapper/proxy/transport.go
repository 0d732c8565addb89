package proxy

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/advice"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
	"github.com/nimroom/nimroom/wrapper/internal/clock"
	"github.com/nimroom/nimroom/wrapper/internal/conn"
	"github.com/nimroom/nimroom/wrapper/internal/response"
)

// The headers that explain an API error.
const (
	headerCode   = "Nimroom-Code"
	headerName   = "Nimroom-Code-Name"
	headerAdvice = "Nimroom-Advice"
)

// transport exchanges requests with the service.
type transport struct {
	signer *sign.Signer
	clock  *clock.Clock
	sender *http.Client
}

// longestIdle is how long a connection may be idle. The service may close an older one while a
// request is on its way, and then it is unknown whether the request arrived.
const longestIdle = time.Second

func newTransport(credentials sign.Credentials, now func() time.Time) *transport {
	service := clock.New(now)
	sender := conn.NewClient(nil)
	sender.Transport.(*http.Transport).IdleConnTimeout = longestIdle
	return &transport{signer: sign.NewSigner(credentials, sign.WithClock(service.Now)), clock: service, sender: sender}
}

// lost is the error of a request without a response that can be passed on.
type lost struct {
	error
	mayHaveArrived bool
}

func (l *lost) Unwrap() error { return l.error }

// RoundTrip implements [http.RoundTripper].
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	response, again, err := t.exchange(r)
	if again {
		response, _, err = t.exchange(r)
	}
	if err == nil && response.StatusCode == http.StatusRequestTimeout && response.Header.Get("Retry-After") == "" {
		response.Header.Set("Retry-After", "1") // without it OkHttp sends any request again at once
	}
	return response, err
}

// exchange sends a request once. It reports whether the service did not carry it out because
// of its time, and another signature will make a difference.
func (t *transport) exchange(r *http.Request) (got *http.Response, again bool, err error) {
	used, sent := t.clock.Offset(), t.clock.Local(time.Now())
	if got, err = t.send(r); err != nil {
		return nil, false, err
	}
	result, err := read(got)
	if err != nil {
		_ = got.Body.Close() // the error of reading is the one that matters
		return nil, false, &lost{err, true}
	}
	if result != nil {
		expired := result.Code == gen.CodeBadParameter && result.Desc == sign.ErrCurTimeExpired.Desc()
		if expired || result.Code == gen.CodeOK {
			again = t.clock.Learn(got.Header, sent, used, expired) && expired
		}
		explain(got, result, r.URL.Path)
	}
	return got, again, nil
}

// send signs a request anew and sends it.
func (t *transport) send(r *http.Request) (*http.Response, error) {
	watch := new(conn.Watch)
	signed := r.Clone(watch.Context(r.Context()))
	if r.ContentLength > 0 {
		signed.Body, _ = r.GetBody() // it never fails
	}
	err := t.signer.Edit(r.Context(), signed)
	if err != nil {
		return nil, &lost{err, false}
	}
	got, err := conn.WithoutReplay(t.sender).Do(signed)
	var named *url.Error
	if errors.As(err, &named) {
		err = named.Err // its URL may hold what no log should
	}
	if err != nil {
		return nil, &lost{err, watch.MayHaveArrived(err)}
	}
	return got, nil
}

// read reads a response of the service, whose code may be at its end, and puts the whole in
// place of the body. The result is nil for what is no response of the service, which may be a
// stream. Both are bounded.
func read(r *http.Response) (*wire.APIError, error) {
	if r.StatusCode < http.StatusOK { // a server cannot respond with it, and net/http panics below 100
		return nil, fmt.Errorf("the response has HTTP status %03d, want 200 or above", r.StatusCode)
	}
	from := bufio.NewReader(r.Body)
	first, err := from.Peek(1)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("the response broke off before its body: %w", err)
	}
	source := joined{from, r.Body}
	encoding := r.Header.Get("Content-Encoding")
	if mayBeJSON := len(first) > 0 && strings.IndexByte("{ \t\r\n\xef\x1f", first[0]) >= 0 && (encoding == "" || encoding == "gzip"); !mayBeJSON {
		r.Body = http.MaxBytesReader(nil, source, wrapper.DefaultMaxResponseSize)
		return nil, nil //nolint:nilnil // documented
	}
	body, err := response.Read(source, wrapper.DefaultMaxResponseSize) // it stays with the response and is not released
	text := body.Bytes()
	result, broken := wire.ReadCode(text)
	switch {
	case errors.Is(err, response.ErrTooLarge):
		return nil, fmt.Errorf("the response is larger than %d bytes", wrapper.DefaultMaxResponseSize)
	case err != nil && broken != nil: // a document that is complete is the service's word nevertheless
		return nil, fmt.Errorf("the response broke off after %d bytes: %w", len(text), err)
	}
	r.Body, r.ContentLength, r.TransferEncoding = io.NopCloser(bytes.NewReader(text)), int64(len(text)), nil
	r.Header.Set("Content-Length", strconv.Itoa(len(text)))
	r.Header.Del("Content-Encoding") // it is undone
	if broken != nil {
		return nil, nil //nolint:nilnil,nilerr // documented; the page of a gateway is no error of the proxy
	}
	return result, nil
}

// joined reads from a reader and closes what is below it.
type joined struct {
	io.Reader
	io.Closer
}

// explain sets the status and the headers by which clients recognize an API error.
func explain(r *http.Response, result *wire.APIError, path string) {
	if kind := r.Header.Get("Content-Type"); !strings.Contains(kind, "json") {
		r.Header.Set("Content-Type", "application/json; charset=utf-8") // many clients read nothing else as JSON
	}
	if result.Code == 0 || result.Code == gen.CodeOK {
		return
	}
	r.StatusCode = httpStatus(result.Code)
	r.Header.Set(headerCode, strconv.Itoa(result.Code))
	if info, known := gen.LookupCode(result.Code); known {
		r.Header.Set(headerName, info.Name)
		r.Header.Set(headerAdvice, wire.OneLine(advice.Of(result.Code, result.Desc).In(advice.English).Advice))
	}
	if result.Code == gen.CodeRateLimited && r.Header.Get("Retry-After") == "" {
		r.Header.Set("Retry-After", strconv.Itoa(int(rateLimit(path).Block.Seconds())))
	}
}

// rateLimit returns the limit of the operation with a path, or the default one.
func rateLimit(path string) gen.RateLimit {
	for _, operation := range gen.Operations {
		if strings.HasSuffix(path, operation.Path) {
			return operation.RateLimitOr(gen.DefaultRateLimit)
		}
	}
	return gen.DefaultRateLimit
}

// httpStatus returns the status for the code of an API error: 400 for codes that are no status
// of an error, such as 13002.
func httpStatus(code int) int {
	if code >= 400 && code <= 599 {
		return code
	}
	return http.StatusBadRequest
}
