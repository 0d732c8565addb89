package wrapper_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

// hushed is an app secret with all that URLs and JSON escape.
const hushed = `t0p+s3cret/of="the"%app`

func hushedCredentials(t testing.TB) sign.Credentials {
	t.Helper()
	c, err := sign.NewCredentials("app-key", hushed)
	require.NoError(t, err)
	return c
}

// scan collects what a client lets out: its log, the values given to hooks, its errors and
// panics, each in all the ways it can be printed. Then it looks for secrets in it.
type scan struct {
	mu   sync.Mutex
	log  bytes.Buffer
	seen map[string]string // text by where it was seen
	sums []string          // the CheckSums of all requests
}

func newScan() *scan { return &scan{seen: map[string]string{}} }

// loggers write to the scan all that there is to log, as text and as JSON.
func (s *scan) loggers() []*slog.Logger {
	options := &slog.HandlerOptions{Level: slog.LevelDebug - 8, AddSource: true}
	return []*slog.Logger{slog.New(slog.NewTextHandler(s, options)), slog.New(slog.NewJSONHandler(s, options))}
}

func (s *scan) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.Write(p)
}

// hooks pass on to the scan all that hooks are given.
func (s *scan) hooks() wrapper.Hooks {
	return wrapper.Hooks{
		Start: func(ctx context.Context, c wrapper.CallInfo) context.Context {
			s.value("start", c)
			return ctx
		},
		Attempt: func(_ context.Context, a wrapper.AttemptInfo) {
			s.value("attempt", a)
			s.err("attempt", a.Err)
		},
		End: func(_ context.Context, e wrapper.EndInfo) {
			s.value("end", e)
			s.err("end", e.Err)
		},
	}
}

// request notes the signature of a request.
func (s *scan) request(r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if sum := r.Header.Get("CheckSum"); sum != "" {
		s.sums = append(s.sums, sum)
	}
}

func (s *scan) text(where, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen[where] += text + "\n"
}

// value notes a value as fmt, encoding/json and log/slog show it.
func (s *scan) value(where string, value any) {
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		s.text(where+" "+verb, fmt.Sprintf(verb, value))
	}
	if text, err := json.Marshal(value); err == nil {
		s.text(where+" JSON", string(text))
	}
	for _, logger := range s.loggers() {
		logger.Info(where, "value", value)
	}
}

// err notes an error with all that it wraps, and what an *Error and a *BatchError hold.
func (s *scan) err(where string, err error) {
	if err == nil {
		return
	}
	s.value(fmt.Sprintf("%s %T", where, err), err)
	if e, ok := err.(*wrapper.Error); ok { //nolint:errorlint // the tree is walked here
		s.text(where+" body", string(e.Body))
	}
	switch wrapped := err.(type) { //nolint:errorlint // the tree is walked here
	case interface{ Unwrap() error }:
		s.err(where+" wraps", wrapped.Unwrap())
	case interface{ Unwrap() []error }:
		for _, inner := range wrapped.Unwrap() {
			s.err(where+" wraps", inner)
		}
	}
}

// panics runs f and notes its panic with the stack.
func (s *scan) panics(f func()) (panicked bool) {
	defer func() {
		if value := recover(); value != nil {
			panicked = true
			s.value("panic", value)
			s.text("stack", string(debug.Stack()))
		}
	}()
	f()
	return false
}

// leaks lists where secrets were seen: whole, or so much of them that the rest could
// be guessed, plain or encoded.
func (s *scan) leaks() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen["log"] = s.log.String()
	var hidden []string
	hide := func(secret string) {
		quoted, _ := json.Marshal(secret)
		hidden = append(hidden, secret, strings.ToUpper(secret), url.QueryEscape(secret), strings.Trim(string(quoted), `"`),
			hex.EncodeToString([]byte(secret)), base64.StdEncoding.EncodeToString([]byte(secret))[:16])
	}
	hide(hushed)
	hide(hushed[:12])
	for _, sum := range s.sums {
		hide(sum)
		hide(sum[:16])
	}
	var found []string
	for where, text := range s.seen {
		for line := range strings.Lines(text) {
			if slices.ContainsFunc(hidden, func(secret string) bool { return strings.Contains(line, secret) }) {
				found = append(found, where+": "+line)
				break
			}
		}
	}
	return found
}

// TestScanFindsLeaks seeds each kind of leak that the scan is to find.
func TestScanFindsLeaks(t *testing.T) {
	const sum = "4c6f0fbc04efedd91685a226da081807de269350"
	signed := &http.Request{Header: http.Header{"Checksum": {sum}}}
	for name, leak := range map[string]func(*scan){
		"log":                  func(s *scan) { s.loggers()[0].Debug("sent", "header", signed.Header) },
		"secret in an error":   func(s *scan) { s.err("x", errors.New("signed with "+hushed)) },
		"inner error":          func(s *scan) { s.err("x", &silent{errors.New(sum)}) },
		"one of several":       func(s *scan) { s.err("x", &silent{errors.Join(errors.New("fine"), errors.New(sum))}) },
		"body of an error":     func(s *scan) { s.err("x", &wrapper.Error{Body: []byte("<p>" + sum)}) },
		"message of an error":  func(s *scan) { s.err("x", &wrapper.Error{Message: sum}) },
		"struct with a string": func(s *scan) { s.value("x", struct{ secret string }{hushed}) },
		"pointer to a struct":  func(s *scan) { s.value("x", &struct{ Secret []byte }{[]byte(hushed)}) },
		"panic":                func(s *scan) { s.panics(func() { panic(fmt.Sprint("cannot send ", signed.Header)) }) },
		"upper case":           func(s *scan) { s.text("x", strings.ToUpper(sum)) },
		"escaped":              func(s *scan) { s.text("x", url.QueryEscape(hushed)) },
		"cut short":            func(s *scan) { s.text("x", sum[:30]) },
		"what a hook is given": func(s *scan) {
			s.hooks().End(t.Context(), wrapper.EndInfo{Err: errors.New(sum)})
		},
	} {
		s := newScan()
		s.request(signed)
		leak(s)
		assert.NotEmpty(t, s.leaks(), "%s", name)
	}
	s := newScan()
	s.request(signed)
	s.err("x", errors.New("nothing of it"))
	assert.Empty(t, s.leaks())
}

// silent is an error that does not show what it wraps.
type silent struct{ error }

func (*silent) Error() string   { return "failed" }
func (s *silent) Unwrap() error { return s.error }

// panickingLogger is a logger whose handler panics.
func panickingLogger(boom func()) *slog.Logger {
	return slog.New(panickingHandler{slog.DiscardHandler, boom})
}

type panickingHandler struct {
	slog.Handler
	boom func()
}

func (panickingHandler) Enabled(context.Context, slog.Level) bool { return true }

func (h panickingHandler) Handle(context.Context, slog.Record) error {
	h.boom()
	return nil
}
