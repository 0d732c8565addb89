package chaos

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"sync"
	"syscall"
	"time"

	"github.com/nimroom/nimroom/sign"
)

// network stands between a client and the service, as proxies and gateways do. Requests
// of a context without a [call] pass.
type network struct {
	next   http.RoundTripper
	random *rand.Rand // of one goroutine: calls are made one after another
	late   sync.WaitGroup
	met    map[string]int // how often which fate was met
}

// attemptTimeout is the client's. What is held comes up to longest later.
const (
	attemptTimeout = 250 * time.Millisecond
	longest        = 5 * time.Second
)

// when says when a request reaches the service.
type when int

const (
	never when = iota
	now
	later // after the client has given up, or a copy
	twice // now, and a copy later
)

// fate is what happens to a request. The client gets the service's response if answer is
// nil.
type fate struct {
	name    string
	weight  int
	arrives when
	answer  func(*network, *http.Request, *response) (*http.Response, error)
}

// response is one of the service.
type response struct {
	code   int // in the body
	header http.Header
	body   []byte
}

// fates are all that can happen. A code by which the service says that it did nothing
// comes from a service that did nothing; everything else comes before the effect, after
// it, and with a copy of the request on its way.
var fates = func() []fate {
	list := []fate{
		{"passes", 60, now, nil},
		{"passes, and a copy comes later", 5, twice, nil},
		{"no connection", 3, never, unconnected},
		{"refused by the service", 5, never, says(416, 503, 514, 403)},
		{"held", 6, later, silence},
	}
	for _, trouble := range []struct {
		name   string
		weight int
		answer func(*network, *http.Request, *response) (*http.Response, error)
	}{
		{"status of a gateway", 3, gateway}, {"code that tells nothing", 1, says(500, 408, 29999)}, {"reset", 1, reset}, {"cut", 1, cut},
		{"garbage", 1, garbage}, {"silence", 1, silence},
	} {
		list = append(list,
			fate{trouble.name + " before", 2 * trouble.weight, never, trouble.answer}, fate{trouble.name + " after", 3 * trouble.weight, now, trouble.answer},
			fate{trouble.name + " and a copy", trouble.weight, twice, trouble.answer})
	}
	return list
}()

// draw chooses one of a list, by weights.
func draw[T any](random *rand.Rand, list []T, weight func(T) int) T {
	sum := 0
	for _, one := range list {
		sum += weight(one)
	}
	at := random.IntN(sum)
	for _, one := range list {
		if at -= weight(one); at < 0 {
			return one
		}
	}
	panic("unreachable: the weights are less than their sum")
}

// RoundTrip carries a request to its fate.
func (n *network) RoundTrip(r *http.Request) (*http.Response, error) {
	c, ok := r.Context().Value(callKey{}).(*call)
	if !ok {
		return n.next.RoundTrip(r)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, err
	}
	f := draw(n.random, fates, func(f fate) int { return f.weight })
	n.met[f.name]++
	forward := func(copied bool) (*response, error) { return n.forward(r, c, body, form, copied) }
	delay := attemptTimeout + time.Duration(n.random.Int64N(int64(longest)))
	if f.arrives == later || f.arrives == twice {
		n.late.Go(func() {
			time.Sleep(delay) //nolint:forbidigo // the bubble's time
			_, err := forward(f.arrives == twice)
			c.trouble(err)
		})
	}
	truth := &response{header: http.Header{}, body: []byte(`{"code":200}`)}
	if f.arrives == now || f.arrives == twice {
		if truth, err = forward(false); err != nil {
			return nil, err
		}
	}
	if f.answer == nil {
		return respond(r, http.StatusOK, truth.header, bytes.NewReader(truth.body)), nil
	}
	return f.answer(n, r, truth)
}

// forward brings a request to the service, whoever still waits for it.
func (n *network) forward(r *http.Request, c *call, body []byte, form url.Values, copied bool) (*response, error) {
	own := r.Clone(context.WithoutCancel(r.Context()))
	own.Body = io.NopCloser(bytes.NewReader(body))
	got, err := n.next.RoundTrip(own)
	if err != nil {
		return nil, fmt.Errorf("the service itself: %w", err)
	}
	text, err := io.ReadAll(got.Body)
	if err := errors.Join(err, got.Body.Close()); err != nil {
		return nil, fmt.Errorf("the service itself: %w", err)
	}
	var read struct{ Code int }
	if err := json.Unmarshal(text, &read); err != nil {
		return nil, fmt.Errorf("the service itself: %w", err)
	}
	response := &response{read.Code, got.Header, text}
	c.arrived(arrival{attempt: r.Header.Get(sign.HeaderNonce), copied: copied, form: form, response: response})
	return response, nil
}

func respond(r *http.Request, status int, header http.Header, body io.Reader) *http.Response {
	return &http.Response{
		Status: fmt.Sprintf("%d %s", status, http.StatusText(status)), StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Body: io.NopCloser(body), ContentLength: -1, Request: r,
	}
}

func pick[T any](n *network, list ...T) T { return list[n.random.IntN(len(list))] }

// gateway responds with a status, bare or with what gateways write.
func gateway(n *network, r *http.Request, _ *response) (*http.Response, error) {
	status := pick(n, 300, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 407, 408, 409, 410, 413, 414, 417, 418, 421, 423, 425, 426, 428, 429, 431,
		444, 451, 460, 494, 499, 500, 501, 502, 503, 504, 505, 507, 508, 511, 520, 521, 522, 523, 524, 525, 526, 527, 529, 530, 598, 599)
	if n.random.IntN(2) == 0 {
		status = pick(n, 429, 502, 503, 504) // most often
	}
	header := http.Header{"Server": {"gateway"}}
	switch {
	case status < 400:
		header.Set("Location", "/elsewhere")
	case n.random.IntN(8) == 0:
		header.Set("Retry-After", pick(n, "0", "1", "120", "soon"))
	}
	body := pick(n, "", "", "<html>\n<body><h1>Sorry</h1></body>\n</html>", "upstream connect error", `{"message":"no healthy upstream"}`, `{"error":{"status":503}}`, "[]", "null")
	return respond(r, status, header, bytes.NewReader([]byte(body))), nil
}

// says responds with a code of the service.
func says(codes ...int) func(*network, *http.Request, *response) (*http.Response, error) {
	return func(n *network, r *http.Request, _ *response) (*http.Response, error) {
		header := http.Header{"Content-Type": {"application/json;charset=utf-8"}}
		return respond(r, http.StatusOK, header, bytes.NewReader(fmt.Appendf(nil, `{"code":%d,"desc":"chaos"}`, pick(n, codes...)))), nil
	}
}

func reset(n *network, _ *http.Request, _ *response) (*http.Response, error) {
	return nil, pick[error](n, io.EOF, io.ErrUnexpectedEOF, &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}, &net.OpError{Op: "write", Net: "tcp", Err: syscall.EPIPE},
		errors.New("http2: client connection lost"))
}

func unconnected(n *network, _ *http.Request, _ *response) (*http.Response, error) {
	return nil, pick[error](n, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}, &net.DNSError{Err: "no such host", Name: "service", IsNotFound: true})
}

// cut breaks off within the body, with the connection or as if it were whole.
func cut(n *network, r *http.Request, truth *response) (*http.Response, error) {
	part := bytes.NewReader(truth.body[:n.random.IntN(len(truth.body))])
	if n.random.IntN(2) == 0 {
		return respond(r, http.StatusOK, truth.header, part), nil
	}
	return respond(r, http.StatusOK, truth.header, io.MultiReader(part, broken{})), nil
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// garbage responds with HTTP status 200 and what is no response of the service.
func garbage(n *network, r *http.Request, _ *response) (*http.Response, error) {
	body := pick(n, "", "<html>Log in to use this network</html>", "null", "{}", `{"code":"x"}`, `{"code":200`, "\x1f\x8b\x08\x00", `[{"code":200}]`, `{"error":"x"}`, "200")
	return respond(r, http.StatusOK, http.Header{}, bytes.NewReader([]byte(body))), nil
}

// silence lasts until the client gives up.
func silence(_ *network, r *http.Request, _ *response) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}
