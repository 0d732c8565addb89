package sign

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// The vector of the spec.
const (
	callbackBody    = "{}"
	callbackMD5     = "99914b932bd37a50b983c5e7c90ae93b"
	callbackCurTime = "1440570500855"
	callbackSum     = "a883386354447cc0996f8abc5c1c700c076e34bb"
)

var callbackTime = time.UnixMilli(1440570500855)

func vectorApp(t testing.TB) Credentials {
	t.Helper()
	c, err := NewCredentials("app-key", "secret123")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func vectorHeader() http.Header {
	return http.Header{"Appkey": {"app-key"}, "Curtime": {callbackCurTime}, "Md5": {callbackMD5}, "Checksum": {callbackSum}}
}

func TestACallbackIsSignedByTheRule(t *testing.T) {
	h := http.Header{"Md5": {"of another body"}}
	if err := vectorApp(t).SignCallback(h, []byte(callbackBody), callbackTime); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"AppKey": "app-key", "MD5": callbackMD5, "CurTime": callbackCurTime, "CheckSum": callbackSum} {
		if got := h.Values(name); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if err := (Credentials{}).SignCallback(h, nil, callbackTime); !errors.Is(err, ErrCredentials) {
		t.Error(err)
	}
}

func TestCallbacksAreVerified(t *testing.T) {
	other, err := NewCredentials("other-key", "other-secret")
	if err != nil {
		t.Fatal(err)
	}
	set := func(name string, values ...string) func(http.Header) {
		return func(h http.Header) { h[http.CanonicalHeaderKey(name)] = values }
	}
	tests := []struct {
		name  string
		edit  func(http.Header)
		body  string
		after time.Duration
		want  error  // nil if it passes
		says  string // part of the message
	}{
		{name: "vector"},
		{name: "five minutes later", after: Window},
		{name: "five minutes before", after: -Window},
		{name: "late", after: Window + time.Millisecond, want: ErrCallbackTimeExpired},
		{name: "early", after: -Window - time.Millisecond, want: ErrCallbackTimeExpired},
		{name: "another body", body: `{"a":1}`, want: ErrMD5},
		{name: "a body with its MD5, signed by nobody", body: `{"a":1}`, edit: set("MD5", MD5([]byte(`{"a":1}`))), want: ErrCheckSum},
		{name: "a body with the sum of another", body: `{"a":1}`, edit: func(h http.Header) {
			set("MD5", MD5([]byte(`{"a":1}`)))(h)
			set("CheckSum", other.CheckSum(MD5([]byte(`{"a":1}`)), callbackCurTime))(h)
		}, want: ErrCheckSum},
		{name: "MD5 in upper case", edit: set("MD5", strings.ToUpper(callbackMD5)), want: ErrMD5},
		{name: "sum in upper case", edit: set("CheckSum", strings.ToUpper(callbackSum)), want: ErrCheckSum},
		{name: "seconds", edit: set("CurTime", "1440570500"), want: ErrCallbackTimeIllegal},
		{name: "a date", edit: set("CurTime", "2015-08-26"), want: ErrCallbackTimeIllegal},
		{name: "a sign", edit: set("CurTime", "+1440570500855"), want: ErrCallbackTimeIllegal},
		{name: "far future", edit: set("CurTime", "9223372036854775807"), want: ErrCallbackTimeExpired},
		{name: "beyond 63 bits", edit: set("CurTime", "9223372036854775808"), want: ErrCallbackTimeIllegal},
		{name: "unknown app", edit: set("AppKey", "nobody"), want: ErrAppKey},
		{name: "another app's key", edit: set("AppKey", "other-key"), want: ErrCheckSum},
		{name: "no AppKey", edit: set("AppKey"), want: ErrMissingHeader, says: "AppKey"},
		{name: "no CurTime", edit: set("CurTime"), want: ErrMissingHeader, says: "CurTime"},
		{name: "no MD5", edit: set("MD5"), want: ErrMissingHeader, says: "MD5"},
		{name: "empty CheckSum", edit: set("CheckSum", ""), want: ErrMissingHeader, says: "CheckSum"},
		{name: "two sums", edit: set("CheckSum", callbackSum, callbackSum), want: ErrRepeatedHeader, says: "header CheckSum is there 2 times"},
		{name: "two spellings of a header", edit: func(h http.Header) { h["CheckSum"] = []string{callbackSum} }, want: ErrRepeatedHeader},
		{name: "another spelling of a header", edit: func(h http.Header) {
			delete(h, "Md5")
			h["MD5"] = []string{callbackMD5}
		}},
		{name: "two times", edit: set("CurTime", callbackCurTime, "1"), want: ErrRepeatedHeader, says: "CurTime"},
		{name: "large", body: strings.Repeat("x", 1001), want: ErrBodyTooLarge},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h, body := vectorHeader(), callbackBody
			if tt.edit != nil {
				tt.edit(h)
			}
			if tt.body != "" {
				body = tt.body
			}
			got, err := VerifyCallback(h, strings.NewReader(body), 1000, callbackTime.Add(tt.after), other, vectorApp(t))
			switch {
			case tt.want == nil && (err != nil || string(got) != body):
				t.Errorf("%q, %v", got, err)
			case !errors.Is(err, tt.want) || tt.want != nil && (got != nil || !strings.Contains(err.Error(), tt.says)):
				t.Errorf("%q, %v; want %v", got, err, tt.want)
			}
		})
	}
}

// endless is a body that never ends.
type endless struct{ read int64 }

func (e *endless) Read(p []byte) (int, error) {
	e.read += int64(len(p))
	return len(p), nil
}

func TestBodiesAreReadUpToTheLimit(t *testing.T) {
	body := &endless{}
	if _, err := VerifyCallback(vectorHeader(), body, 1<<20, callbackTime, vectorApp(t)); !errors.Is(err, ErrBodyTooLarge) || body.read > 1<<20+1 {
		t.Errorf("%v after %d bytes", err, body.read)
	}
	body.read = 0
	if _, err := VerifyCallback(vectorHeader(), body, 1<<20, callbackTime); !errors.Is(err, ErrAppKey) || body.read > 0 {
		t.Errorf("%v after %d bytes", err, body.read)
	}
	broken := io.MultiReader(strings.NewReader("{"), brokenReader{})
	if _, err := VerifyCallback(vectorHeader(), broken, 1<<20, callbackTime, vectorApp(t)); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error(err)
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// FuzzVerifyCallback: nobody without the secret gets a body through.
func FuzzVerifyCallback(f *testing.F) {
	f.Add("app-key", callbackCurTime, callbackMD5, callbackSum, []byte(callbackBody))
	f.Add("", "x", "", "", []byte{})
	f.Fuzz(func(t *testing.T, app, curTime, sum, checkSum string, body []byte) {
		h := http.Header{"Appkey": {app}, "Curtime": {curTime}, "Md5": {sum}, "Checksum": {checkSum}}
		c := vectorApp(t)
		got, err := VerifyCallback(h, bytes.NewReader(body), 1000, callbackTime, c)
		if signed := checkSum == CheckSum("secret123", MD5(body), curTime); err == nil && (!signed || !bytes.Equal(got, body)) {
			t.Errorf("%q passed", body)
		}
	})
}
