package wrapper_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

// echo responds with secrets of the request: SUM in the status line's
// place, in headers and in the body stands for the request's CheckSum, SECRET for the
// app's secret, which a server knows too.
func echo(status int, body string, header ...string) step {
	return func(r *http.Request) (*http.Response, error) {
		fill := strings.NewReplacer("SUM", r.Header.Get("CheckSum"), "SECRET", hushed,
			"QUOTED", strings.ReplaceAll(hushed, `"`, `\"`), "NONCE", r.Header.Get("Nonce"))
		response := respond(r, status, fill.Replace(body))
		for i := 0; i+1 < len(header); i += 2 {
			response.Header.Set(header[i], fill.Replace(header[i+1]))
		}
		return response, nil
	}
}

// breaking responds with a body that breaks off, with an error that quotes the request.
func breaking(r *http.Request) (*http.Response, error) {
	response := respond(r, 200, "")
	response.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"desc":"`+r.Header.Get("CheckSum")[:20]), failing{r}))
	return response, nil
}

// failing fails like a transport that quotes what it was given.
type failing struct{ *http.Request }

func (f failing) Read([]byte) (int, error) { return 0, f.err() }

func (f failing) err() error {
	return &net.OpError{Op: "read", Err: fmt.Errorf("reset after %v: %w", f.Header, io.ErrUnexpectedEOF)}
}

func resetting(r *http.Request) (*http.Response, error) {
	_, _ = io.Copy(io.Discard, r.Body)
	return nil, failing{r}.err()
}

func dialling(r *http.Request) (*http.Response, error) {
	return nil, &net.OpError{Op: "dial", Err: fmt.Errorf("refused: %v", r.Header)}
}

func silentHang(r *http.Request) (*http.Response, error) {
	_, err := hang(r)
	return nil, fmt.Errorf("%v: %w", r.Header, err)
}

// expired rejects the signature's time; with a Date of another day.
func expired(date string) step {
	return echo(200, `{"code":414,"desc":"CurTime is expired: SUM by SECRET"}`, "Date", date)
}

// read, change, unsafe and deduplicated are calls of each kind.
func read(ctx context.Context, c *wrapper.Client, options ...wrapper.CallOption) error {
	_, err := c.Rooms.Get(ctx, gen.GetChatroomForm{RoomID: 66}, options...)
	return err
}

func change(ctx context.Context, c *wrapper.Client) error {
	_, err := c.Rooms.Open(ctx, wrapper.RoomStateForm{RoomID: 66, Operator: "c"})
	return err
}

func create(ctx context.Context, c *wrapper.Client) error {
	_, err := c.Rooms.Create(ctx, gen.CreateChatroomForm{Creator: "c", Name: "n"})
	return err
}

func send(ctx context.Context, c *wrapper.Client) error {
	_, err := c.Messages.Send(ctx, gen.SendMessageForm{RoomID: 66, FromAccid: "c", MsgType: wrapper.Ptr(gen.MessageTypeText)})
	return err
}

func readOnly(ctx context.Context, c *wrapper.Client) error { return read(ctx, c) }

// TestNoPathRevealsASecret takes every way that a call can go, with a server, a
// transport and a network that repeat the signature and the secret, and looks for both
// in all that the client lets out. That a path was taken is seen by its error.
func TestNoPathRevealsASecret(t *testing.T) {
	const page = `<html><pre>CheckSum: SUM</pre> SECRET`
	later := "Mon, 02 Jan 2040 00:00:00 GMT"
	tests := []struct {
		name    string
		steps   []step
		call    func(context.Context, *wrapper.Client) error // readOnly when nil
		options []wrapper.Option
		want    []error // what the error matches; none is success
		says    string  // and what it says
	}{
		{name: "success", steps: []step{echo(200, okRoom)}},
		{name: "success that repeats", steps: []step{echo(200, `{"chatroom":{"roomid":66,"name":"SUM","creator":"c"},"code":200}`, "X-Sum", "SUM")}},
		{name: "API error", steps: []step{echo(200, `{"code":404,"desc":"no room for SUM, signed with QUOTED"}`)}, want: []error{wrapper.ErrNotFound}, says: "REDACTED"},
		{name: "API error in escapes", steps: []step{echo(200, `{"code":403,"desc":"\u0074`+`0p+s3cret/of=\u0022the\u0022%app"}`)}, want: []error{wrapper.ErrForbidden}, says: "REDACTED"},
		{name: "API error with an object", steps: []step{echo(200, `{"code":403,"desc":{"checksum":"SUM"}}`)}, want: []error{wrapper.ErrForbidden}, says: "REDACTED"},
		{name: "unknown code", steps: []step{echo(200, `{"code":777,"desc":"SUM"}`)}, want: []error{nil}, says: "777: REDACTED"},
		{name: "broken response", steps: []step{echo(200, `{"code":200,"chatroom":{"roomid":"SUM"}}`)}, want: []error{wrapper.ErrBadResponse}, says: "chatroom.roomid"},
		{name: "garbage", steps: []step{echo(200, `SUM`)}, want: []error{wrapper.ErrBadResponse}},
		{name: "HTML", steps: []step{echo(200, page)}, want: []error{wrapper.ErrBadResponse}},
		{name: "truncated in the signature", steps: []step{truncated}, want: []error{wrapper.ErrBadResponse}},
		{name: "broken off", steps: []step{breaking}, want: []error{wrapper.ErrUnavailable, io.ErrUnexpectedEOF}, says: "broke off"},
		{name: "oversized", steps: []step{echo(200, strings.Repeat("SUM SECRET ", 50))}, options: []wrapper.Option{wrapper.WithMaxResponseSize(500)}, want: []error{wrapper.ErrBadResponse}, says: "larger than"},
		{name: "error page", steps: []step{echo(404, page)}, want: []error{wrapper.ErrBadResponse}, says: "REDACTED"},
		{name: "long error page", steps: []step{echo(404, strings.Repeat("x", 110)+"SUM")}, want: []error{wrapper.ErrBadResponse}},
		{name: "large error page", steps: []step{echo(404, strings.Repeat("x", 64<<10-20)+"SUM")}, want: []error{wrapper.ErrBadResponse}},
		{name: "gateway", steps: []step{echo(502, page, "X-Sum", "SUM")}, want: []error{wrapper.ErrUnavailable}},
		{name: "HTTP 429", steps: []step{echo(429, page, "Retry-After", "SUM")}, want: []error{wrapper.ErrRateLimited}},
		{name: "redirect", steps: []step{echo(302, page, "Location", "https://SUM.example/?SECRET")}, want: []error{wrapper.ErrBadResponse}, says: "https://REDACTED.example"},
		{name: "reset", steps: []step{resetting}, want: []error{wrapper.ErrUnavailable, io.ErrUnexpectedEOF}, says: "REDACTED"},
		{name: "reset, outcome unknown", steps: []step{resetting}, call: create, want: []error{wrapper.ErrOutcomeUnknown}, says: "listUserChatrooms"},
		{name: "not sent", steps: []step{dialling}, call: create, want: []error{wrapper.ErrUnavailable}, says: "refused"},
		{name: "fail-over", steps: []step{dialling, echo(502, page), echo(200, okRoom)}, options: []wrapper.Option{wrapper.WithHosts("http://a/n", "http://b/n", "http://c/n")}},
		{name: "fail-over that fails", steps: []step{dialling}, options: []wrapper.Option{wrapper.WithHosts("http://a/n", "http://b/n")}, want: []error{wrapper.ErrUnavailable}},
		{name: "time-out of an attempt", steps: []step{silentHang, echo(200, okRoom)}},
		{name: "time-out of all attempts", steps: []step{silentHang}, call: change, want: []error{context.DeadlineExceeded, wrapper.ErrOutcomeUnknown}},
		{name: "time-out of the call", steps: []step{silentHang}, options: []wrapper.Option{wrapper.WithAttemptTimeout(0)}, want: []error{context.DeadlineExceeded}},
		{name: "cancelled", steps: []step{silentHang}, call: cancelled, want: []error{context.Canceled}},
		{name: "rate limited", steps: []step{echo(200, `{"code":416,"desc":"SUM"}`)}, options: []wrapper.Option{wrapper.WithTimeout(5 * time.Second)}, want: []error{wrapper.ErrRateLimited}},
		{name: "held", steps: []step{echo(200, `{"code":416,"desc":"SUM"}`)}, call: heldByBlock, options: []wrapper.Option{wrapper.WithRate(100), wrapper.WithTimeout(5 * time.Second)}, want: []error{wrapper.ErrRateLimited, context.DeadlineExceeded}, says: "blocked for 10s"},
		{name: "held by a limiter that quotes", steps: []step{echo(200, okRoom)}, options: []wrapper.Option{wrapper.WithLimiter(closedLimiter{errors.New("no turn for " + hushed)})}, want: []error{wrapper.ErrRateLimited}, says: "REDACTED"},
		{name: "clock healed", steps: []step{expired(later), echo(200, okRoom)}},
		{name: "clock not healed", steps: []step{expired("")}, want: []error{wrapper.ErrClock}, says: "REDACTED"},
		{name: "clock healed in vain", steps: []step{expired(later)}, want: []error{wrapper.ErrClock}},
		{name: "wrong secret", steps: []step{echo(200, `{"code":414,"desc":"checksum","sum":"SUM"}`)}, want: []error{wrapper.ErrBadSignature}},
		{name: "bad parameter", steps: []step{echo(200, `{"code":414,"desc":"SUM is not SECRET"}`)}, want: []error{wrapper.ErrBadParameter}, says: "REDACTED is not REDACTED"},
		{name: "repeated message", steps: []step{resetting, echo(200, `{"code":13004,"desc":"SUM"}`)}, call: send, want: []error{wrapper.ErrMuted, wrapper.ErrOutcomeUnknown}},
		{name: "earlier signature", steps: earlierSignature(), want: []error{wrapper.ErrNotFound}, says: "signed before with REDACTED"},
		{name: "duplicate", steps: []step{resetting, echo(200, `{"code":431,"desc":"SUM"}`)}, call: change, want: []error{wrapper.ErrDuplicate, wrapper.ErrOutcomeUnknown}},
		{name: "result unknown", steps: []step{resetting, echo(200, `{"code":200,"desc":{"size":0}}`)}, call: clearRobots, want: []error{wrapper.ErrResultUnknown}},
		{name: "malformed HTTP", steps: []step{malformedHTTP}, want: []error{wrapper.ErrUnavailable}, says: "malformed HTTP status"},
		{name: "validation", call: invalidName, want: []error{wrapper.ErrBadParameter}},
		{name: "call options", call: badOptions, want: []error{wrapper.ErrBadParameter}},
		{name: "batch", steps: []step{echo(200, `{"code":500,"desc":"SUM"}`)}, call: many, want: []error{wrapper.ErrServerFault}, says: "21 of 21 items failed"},
		{name: "batch, cancelled", steps: []step{silentHang}, call: manyCancelled, want: []error{context.Canceled}, says: "not sent"},
		{name: "pages", steps: []step{echo(200, `{"code":404,"desc":"SUM"}`)}, call: pages, want: []error{wrapper.ErrNotFound}},
		{name: "stuck pages", steps: []step{echo(200, `{"code":200,"desc":{"data":[{"roomid":1,"accid":"SUM","type":"COMMON"}]}}`)}, call: pagesOfOne, want: []error{wrapper.ErrStuckCursor}},
		{name: "Do", steps: []step{echo(200, `{"code":403,"desc":"SUM"}`)}, call: do, want: []error{wrapper.ErrForbidden}},
		{name: "Do, unreadable", steps: []step{echo(200, page)}, call: do, want: []error{wrapper.ErrBadResponse, wrapper.ErrOutcomeUnknown}},
		{name: "raw response", steps: []step{echo(200, `{"code":403,"desc":"SUM"}`)}, call: rawResponse, want: []error{wrapper.ErrForbidden}},
		{name: "middleware that quotes", steps: []step{echo(200, okRoom)}, options: []wrapper.Option{wrapper.WithMiddleware(quoting)}, want: []error{wrapper.ErrUnavailable, errQuoted}, says: "REDACTED"},
		{name: "error that hides", steps: []step{hiding}, want: []error{io.EOF}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newScan()
				client := watched(t, s, tt.steps, tt.options...)
				call := tt.call
				if call == nil {
					call = readOnly
				}
				err := call(t.Context(), client)
				if tt.want == nil {
					require.NoError(t, err)
				} else {
					require.Error(t, err)
				}
				for _, want := range tt.want {
					if want != nil {
						require.ErrorIs(t, err, want, "the path that is meant")
					}
				}
				if err != nil {
					require.Contains(t, err.Error(), tt.says)
				}
				if len(tt.steps) > 0 && !errors.Is(err, context.Canceled) && tt.name != "held by a limiter that quotes" {
					require.NotEmpty(t, s.sums, "a signed request")
				}
				s.err("error", err)
				s.value("client", client)
				synctest.Wait()
				require.Contains(t, s.log.String(), "nimroom call", "the log is looked at")
				assert.Empty(t, s.leaks())
			})
		})
	}
}

// watched is a client whose every word the scan hears.
func watched(t *testing.T, s *scan, steps []step, options ...wrapper.Option) *wrapper.Client {
	t.Helper()
	played := &script{steps: steps}
	all := []wrapper.Option{
		wrapper.WithBaseURL("http://service/nimserver"), wrapper.WithLimiter(nil), wrapper.WithAttemptTimeout(2 * time.Second),
		wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 3, Backoff: func(int) time.Duration { return 0 }}),
		wrapper.WithHooks(s.hooks()),
		wrapper.WithHTTPClient(&http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodGet {
				return respond(r, 502, ""), nil // a probe
			}
			s.request(r)
			return played.RoundTrip(r)
		})}),
	}
	for _, logger := range s.loggers() {
		all = append(all, wrapper.WithLogger(logger))
	}
	client, err := wrapper.New(hushedCredentials(t), append(all, options...)...)
	require.NoError(t, err)
	return client
}

// truncated responds with a body that ends within the signature it repeats.
func truncated(r *http.Request) (*http.Response, error) {
	return respond(r, 200, `{"code":403,"desc":"`+r.Header.Get("CheckSum")[:30]), nil
}

// earlierSignature repeats the signature of the attempt before.
func earlierSignature() []step {
	var before string
	return []step{
		func(r *http.Request) (*http.Response, error) {
			before = r.Header.Get("CheckSum")
			return resetting(r)
		},
		func(r *http.Request) (*http.Response, error) {
			return respond(r, 200, `{"code":404,"desc":"signed before with `+before+`"}`), nil
		},
	}
}

// malformedHTTP has net/http itself quote a server.
func malformedHTTP(r *http.Request) (*http.Response, error) {
	near, far := net.Pipe()
	go func() {
		defer far.Close()
		got, err := http.ReadRequest(bufio.NewReader(far))
		if err == nil {
			_, _ = io.Copy(io.Discard, got.Body)
			_, _ = fmt.Fprintf(far, "HTTP/1.1 x%s %s\r\n\r\n", got.Header.Get("CheckSum"), hushed)
		}
	}()
	transport := &http.Transport{DisableKeepAlives: true, DialContext: func(context.Context, string, string) (net.Conn, error) { return near, nil }}
	return transport.RoundTrip(r)
}

// hiding fails with an error that does not show what it wraps.
func hiding(r *http.Request) (*http.Response, error) {
	return nil, &silent{fmt.Errorf("%v: %w", r.Header, io.EOF)}
}

var errQuoted = errors.New("not today")

func quoting(r *http.Request, next func(*http.Request) (*http.Response, error)) (*http.Response, error) {
	response, err := next(r)
	if err == nil {
		_ = response.Body.Close()
	}
	return nil, fmt.Errorf("%w: %s", errQuoted, r.Header)
}

func cancelled(ctx context.Context, c *wrapper.Client) error {
	ctx, cancel := context.WithCancel(ctx)
	time.AfterFunc(time.Second, cancel)
	return read(ctx, c)
}

// heldByBlock makes a call that learns of a block, and one that the block holds.
func heldByBlock(ctx context.Context, c *wrapper.Client) error {
	_ = read(ctx, c)
	return read(ctx, c)
}

func clearRobots(ctx context.Context, c *wrapper.Client) error {
	_, err := c.Robots.Clear(ctx, gen.ClearRobotsForm{RoomID: 66})
	return err
}

func invalidName(ctx context.Context, c *wrapper.Client) error {
	_, err := c.Rooms.Create(ctx, gen.CreateChatroomForm{Creator: hushed, Name: strings.Repeat(hushed, 20)})
	return err
}

func badOptions(ctx context.Context, c *wrapper.Client) error {
	return errors.Join(
		read(ctx, c, wrapper.WithBaseURL("http://app:"+hushed+"@host/nimserver")),
		read(ctx, c, wrapper.WithBaseURL(hushed)),
		read(ctx, c, wrapper.WithHeader("CheckSum", hushed)),
		read(ctx, c, wrapper.WithHeader("X-Secret", hushed+"\n")),
	)
}

func manyRooms() gen.GetChatroomsForm {
	form := gen.GetChatroomsForm{}
	for i := range 21 {
		form.RoomIDs = append(form.RoomIDs, gen.RoomID(i+1))
	}
	return form
}

func many(ctx context.Context, c *wrapper.Client) error {
	_, err := c.Rooms.GetMany(ctx, manyRooms(), wrapper.WithConcurrency(1))
	return err
}

func manyCancelled(ctx context.Context, c *wrapper.Client) error {
	ctx, cancel := context.WithCancel(ctx)
	time.AfterFunc(time.Second, cancel)
	_, err := c.Rooms.GetMany(ctx, manyRooms(), wrapper.WithConcurrency(1))
	return err
}

func pages(ctx context.Context, c *wrapper.Client) error {
	for _, err := range c.Members.All(ctx, gen.ListMembersForm{RoomID: 66, Type: wrapper.Ptr(gen.MemberKindFixed)}) {
		return err
	}
	return nil
}

func pagesOfOne(ctx context.Context, c *wrapper.Client) error {
	for _, err := range c.Members.All(ctx, gen.ListMembersForm{RoomID: 66, Limit: 1, Type: wrapper.Ptr(gen.MemberKindFixed)}) {
		if err != nil {
			return err
		}
	}
	return nil
}

func do(ctx context.Context, c *wrapper.Client) error {
	_, err := c.Do(ctx, "/chatroom/noSuchOperation.action", url.Values{"accid": {"a"}})
	return err
}

// rawResponse asks for the response unchanged, in which nothing is redacted.
func rawResponse(ctx context.Context, c *wrapper.Client) error {
	var raw []byte
	err := read(ctx, c, wrapper.WithRawResponse(&raw))
	if !strings.Contains(string(raw), `{"code":403,"desc":"`) || strings.Contains(string(raw), "REDACTED") {
		return fmt.Errorf("not the unchanged response: %w", io.ErrUnexpectedEOF)
	}
	return err
}

// TestPanicsRevealNoSecretAndLeaveTheClientUsable has each function that the client is
// given panic, once.
func TestPanicsRevealNoSecretAndLeaveTheClientUsable(t *testing.T) {
	armed := true
	boom := func() {
		if armed {
			armed = false
			panic("boom")
		}
	}
	failing := []step{echo(200, `{"code":503,"desc":"SUM"}`), echo(200, `{"code":503,"desc":"SUM"}`), echo(200, okRoom)}
	tests := []struct {
		name    string
		steps   []step
		options []wrapper.Option
	}{
		{"start hook", nil, []wrapper.Option{wrapper.WithHooks(wrapper.Hooks{Start: func(ctx context.Context, _ wrapper.CallInfo) context.Context { boom(); return ctx }})}},
		{"attempt hook", nil, []wrapper.Option{wrapper.WithHooks(wrapper.Hooks{Attempt: func(context.Context, wrapper.AttemptInfo) { boom() }})}},
		{"end hook", nil, []wrapper.Option{wrapper.WithHooks(wrapper.Hooks{End: func(context.Context, wrapper.EndInfo) { boom() }})}},
		{"middleware", nil, []wrapper.Option{wrapper.WithMiddleware(func(r *http.Request, next func(*http.Request) (*http.Response, error)) (*http.Response, error) {
			boom()
			return next(r)
		})}},
		{"transport", []step{func(r *http.Request) (*http.Response, error) { boom(); return respond(r, 200, okRoom), nil }}, nil},
		{"body", []step{func(r *http.Request) (*http.Response, error) {
			response := respond(r, 200, "")
			response.Body = io.NopCloser(readFunc(func() error { boom(); return io.EOF }))
			if !armed {
				return respond(r, 200, okRoom), nil
			}
			return response, nil
		}}, nil},
		{"limiter", nil, []wrapper.Option{wrapper.WithLimiter(panicking{boom})}},
		{"limiter's block", []step{echo(200, `{"code":416,"desc":"SUM"}`), echo(200, okRoom)}, []wrapper.Option{wrapper.WithLimiter(blockPanicking{boom})}},
		{"clock", nil, []wrapper.Option{wrapper.WithClock(func() time.Time { boom(); return time.Now() })}},
		{"log handler", nil, []wrapper.Option{wrapper.WithLogger(panickingLogger(boom))}},
		{"back-off", failing, []wrapper.Option{wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 9, Backoff: func(int) time.Duration { boom(); return 0 }})}},
		{"retry policy", failing, []wrapper.Option{wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 9, Allow: func(*wrapper.Error) bool { boom(); return true }})}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newScan()
			steps := tt.steps
			if steps == nil {
				steps = []step{echo(200, okRoom)}
			}
			client := watched(t, s, steps, tt.options...)
			armed = true
			var err error
			require.True(t, s.panics(func() { err = readOnly(t.Context(), client) }), "%v", err)
			s.err("error", err)
			require.NoError(t, readOnly(t.Context(), client), "the client works on")
			require.NotEmpty(t, s.sums)
			assert.Empty(t, s.leaks())
		})
	}
}

type readFunc func() error

func (f readFunc) Read([]byte) (int, error) { return 0, f() }

type panicking struct{ boom func() }

func (b panicking) Wait(context.Context, *gen.Operation) error { b.boom(); return nil }
func (panicking) Blocked(*gen.Operation, time.Duration)        {}

type blockPanicking struct{ boom func() }

func (blockPanicking) Wait(context.Context, *gen.Operation) error { return nil }
func (b blockPanicking) Blocked(*gen.Operation, time.Duration)    { b.boom() }

// TestNothingPrintsASecret prints what a program holds: credentials, options, clients.
func TestNothingPrintsASecret(t *testing.T) {
	s := newScan()
	credentials := hushedCredentials(t)
	client := watched(t, s, []step{echo(200, okRoom)})
	require.NoError(t, readOnly(t.Context(), client))
	held := struct {
		Client      *wrapper.Client
		Credentials sign.Credentials
		Pointer     *sign.Credentials
		Options     []wrapper.Option
		Call        []wrapper.CallOption
		Rooms       *wrapper.RoomsService
		client      *wrapper.Client
	}{
		client, credentials, &credentials, []wrapper.Option{wrapper.WithApplication("a", "1")},
		[]wrapper.CallOption{wrapper.WithTimeout(1)}, client.Rooms, client,
	}
	for name, value := range map[string]any{
		"credentials": credentials, "pointer": &credentials, "client": client,
		"options": held.Options, "call options": held.Call, "service": client.Rooms, "all": held, "signer": sign.NewSigner(credentials),
	} {
		s.value(name, value)
	}
	assert.Contains(t, client.String(), "http://service/nimserver")
	assert.Empty(t, s.leaks())
}

// TestOptionErrorsRevealNoSecret gives New what a slip of the hand puts in a wrong place.
func TestOptionErrorsRevealNoSecret(t *testing.T) {
	s := newScan()
	for name, option := range map[string]wrapper.Option{
		"user":              wrapper.WithBaseURL("https://app:" + hushed + "@host/nimserver"),
		"plain user":        wrapper.WithBaseURL("https://app:plain@host/nimserver"),
		"user, no scheme":   wrapper.WithBaseURL("app:" + hushed + "@host"),
		"user, broken port": wrapper.WithBaseURL("https://app:" + hushed + "@host:port/nimserver"),
		"query":             wrapper.WithBaseURL("https://host/nimserver?secret=" + url.QueryEscape(hushed)),
		"fragment":          wrapper.WithBaseURL("https://host/nimserver#" + url.QueryEscape(hushed)),
		"only the secret":   wrapper.WithBaseURL(hushed),
		"hosts":             wrapper.WithHosts("https://host", "https://"+hushed),
	} {
		_, err := wrapper.New(hushedCredentials(t), option)
		require.Error(t, err, "%s", name)
		s.err(name, err)
	}
	for _, pair := range [][2]string{{"app-key", hushed + "\x00"}, {"app-key", hushed + " x"}, {"", hushed}, {hushed + "\x00", hushed}} {
		_, err := sign.NewCredentials(pair[0], pair[1])
		require.Error(t, err)
		s.err("credentials", err)
	}
	assert.Empty(t, s.leaks())
}
