package conformance

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/sign"
)

const formType = "application/x-www-form-urlencoded"

// reply is what a bare HTTP client gets.
type reply struct {
	Status int
	Header http.Header
	Code   int             `json:"code"`
	Desc   json.RawMessage `json:"desc"`
}

// text is the desc of an API error.
func (r reply) text() string {
	var s string
	_ = json.Unmarshal(r.Desc, &s)
	return s
}

// request makes a signed POST that nothing of the SDK but the signature has
// touched.
func request(t *testing.T, srv *emulator.Server, path, body string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", formType)
	if err := sign.NewSigner(srv.Credentials(), sign.WithClock(srv.Now)).Edit(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	return r
}

func send(t *testing.T, r *http.Request) reply {
	t.Helper()
	response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	got := reply{Status: response.StatusCode, Header: response.Header}
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatalf("HTTP status %d, %v: %s", response.StatusCode, err, text)
	}
	return got
}

// post sends a form as its bytes are.
func post(t *testing.T, srv *emulator.Server, path, body string) reply {
	t.Helper()
	return send(t, request(t, srv, path, body))
}
