package nimotel

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

const (
	appKey    = "app-key"
	appSecret = "app-secret-of-the-test"
	account   = "account-of-the-test"
	text      = "text-of-the-test"
)

// script is a transport that returns one body after the other and records the headers of
// the requests. An empty body stands for a lost connection.
type script struct {
	mu      sync.Mutex
	bodies  []string
	headers []http.Header
}

func (s *script) RoundTrip(req *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if req.Body != nil {
		_, _ = io.Copy(io.Discard, req.Body)
		_ = req.Body.Close()
	}
	s.headers = append(s.headers, req.Header.Clone())
	if len(s.bodies) == 0 {
		return nil, errors.New("no response left")
	}
	body := s.bodies[0]
	s.bodies = s.bodies[1:]
	if body == "" {
		return nil, fmt.Errorf("connection lost after %s and %s", text, req.Header)
	}
	body = strings.NewReplacer("CHECKSUM", req.Header.Get("CheckSum"), "APPSECRET", appSecret).Replace(body)
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: req}, nil
}

// client returns a client whose calls the collector records. Its service returns bodies.
func (c *collector) client(t *testing.T, bodies ...string) (*wrapper.Client, *script) {
	t.Helper()
	credentials, err := sign.NewCredentials(appKey, appSecret)
	if err != nil {
		t.Fatal(err)
	}
	s := &script{bodies: bodies}
	client, err := wrapper.New(credentials, wrapper.WithHooks(c.hooks), wrapper.WithHTTPClient(&http.Client{Transport: s}),
		wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 3, Backoff: func(int) time.Duration { return 0 }}))
	if err != nil {
		t.Fatal(err)
	}
	return client, s
}

const (
	found   = `{"code":200,"chatroom":{"roomid":66,"valid":true,"name":"` + text + `","creator":"` + account + `"}}`
	busy    = `{"code":503,"desc":"busy with ` + text + `"}`
	missing = `{"code":404,"desc":"no room of ` + account + `"}`
)

func TestCallWithRetryIsOneSpan(t *testing.T) {
	c := collect(t)
	client, s := c.client(t, busy, found)
	if _, err := client.Rooms.Get(t.Context(), gen.GetChatroomForm{RoomID: 66}); err != nil {
		t.Fatal(err)
	}
	span := c.span(t)
	attributes{"rpc.system.name": "nim", "rpc.method": "getChatroom", "url.template": "/chatroom/get.action", "http.request.method": "POST",
		"http.request.resend_count": int64(1), "http.response.status_code": int64(200), "rpc.response.status_code": "200",
		"server.address": "api.netease.im", "server.port": int64(443), "nim.attempts": int64(2),
		"nim.request_id": s.headers[0].Get("RequestId")}.equal(t, "span", tableOf(span.Attributes))
	if len(span.Events) != 2 {
		t.Fatalf("%d events, want 2", len(span.Events))
	}
	first := tableOf(span.Events[0].Attributes)
	if first["error.type"] != "unavailable" || first["rpc.response.status_code"] != "503" || first["nim.attempt.wait"] != 0.0 {
		t.Errorf("first attempt %v", first)
	}
}

func TestErrorsAreReported(t *testing.T) {
	create := func(client *wrapper.Client, t *testing.T) error {
		_, err := client.Rooms.Create(t.Context(), gen.CreateChatroomForm{Creator: account, Name: text})
		return err
	}
	get := func(client *wrapper.Client, t *testing.T) error {
		_, err := client.Rooms.Get(t.Context(), gen.GetChatroomForm{RoomID: 66})
		return err
	}
	for _, test := range []struct {
		want   string
		call   func(*wrapper.Client, *testing.T) error
		bodies []string
	}{
		{"not_found", get, []string{missing}},
		{"outcome_unknown", create, []string{""}},
		{"bad_response", get, []string{"<html>", "<html>", "<html>"}},
		{"bad_parameter", func(client *wrapper.Client, t *testing.T) error {
			_, err := client.Rooms.Create(t.Context(), gen.CreateChatroomForm{Creator: account, Name: strings.Repeat(text, 100)})
			return err
		}, nil},
	} {
		t.Run(test.want, func(t *testing.T) {
			c := collect(t)
			client, _ := c.client(t, test.bodies...)
			if test.call(client, t) == nil {
				t.Fatal("no error")
			}
			if span := c.span(t); span.Status.Description != test.want || tableOf(span.Attributes)["error.type"] != test.want {
				t.Errorf("status %+v, attributes %v", span.Status, tableOf(span.Attributes))
			}
		})
	}
}

// TestNothingSecretIsExported ends calls in all possible ways, with a service that echoes
// secret data, and searches everything exported for that data.
func TestNothingSecretIsExported(t *testing.T) {
	c := collect(t)
	const repeated = `{"code":%d,"desc":"CHECKSUM of APPSECRET for ` + account + `"}`
	apiError := func(code int) string { return fmt.Sprintf(repeated, code) }
	client, s := c.client(t, busy, found, missing, "", "", "", "{"+text, "{"+text, "{"+text, apiError(414), apiError(403), apiError(777),
		"<html>CHECKSUM APPSECRET", "<html>CHECKSUM APPSECRET", "<html>CHECKSUM APPSECRET",
		`{"code":414,"desc":"CurTime is expired: CHECKSUM"}`, `{"code":414,"desc":"checksum"}`, apiError(404), "", apiError(500), apiError(416))
	ctx := t.Context()
	get := gen.GetChatroomForm{RoomID: 66}
	for range 10 {
		_, _ = client.Rooms.Get(ctx, get)
	}
	_, _ = client.Do(ctx, "/chatroom/noSuchOperation.action", url.Values{"accid": {account}})
	_, _ = client.Rooms.Create(ctx, gen.CreateChatroomForm{Creator: account, Name: text})
	_, _ = client.Rooms.Create(ctx, gen.CreateChatroomForm{Creator: account, Name: text})
	_, _ = client.Rooms.Create(ctx, gen.CreateChatroomForm{Creator: account, Name: strings.Repeat(text, 100)})
	_, _ = client.Rooms.Get(ctx, get, wrapper.WithTimeout(time.Second))
	_, _ = client.Rooms.Get(ctx, get, wrapper.WithTimeout(time.Second)) // the block delays it past its timeout
	if spans := c.spans.GetSpans(); len(spans) != 16 || len(s.bodies) != 0 {
		t.Fatalf("%d spans, %d responses left", len(spans), len(s.bodies))
	}
	if exported := c.exported(t); !strings.Contains(exported, "getChatroom") || !strings.Contains(exported, s.headers[0].Get("RequestId")) {
		t.Fatal("the export lacks the operation or the request id")
	}
	for _, value := range c.leaks(t, s) {
		t.Errorf("%q was exported", value)
	}
}

// TestExportedSecretsAreFound exports secrets that the search must find.
func TestExportedSecretsAreFound(t *testing.T) {
	for name, leak := range map[string]func(context.Context, *collector, string){
		"name of a span": func(ctx context.Context, c *collector, value string) {
			_, span := c.tracer.Tracer("x").Start(ctx, value)
			span.End()
		},
		"recorded error": func(ctx context.Context, c *collector, value string) {
			_, span := c.tracer.Tracer("x").Start(ctx, "x")
			span.RecordError(errors.New("signed " + value))
			span.End()
		},
		"status": func(ctx context.Context, c *collector, value string) {
			_, span := c.tracer.Tracer("x").Start(ctx, "x")
			span.SetStatus(codes.Error, value)
			span.End()
		},
		"attribute of a metric": func(ctx context.Context, c *collector, value string) {
			counter, err := c.meter.Meter("x").Int64Counter("x")
			if err != nil {
				t.Fatal(err)
			}
			counter.Add(ctx, 1, metric.WithAttributes(attribute.String("x", value)))
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := collect(t)
			client, s := c.client(t, found)
			if _, err := client.Rooms.Get(t.Context(), gen.GetChatroomForm{RoomID: 66}); err != nil {
				t.Fatal(err)
			}
			if leaks := c.leaks(t, s); len(leaks) != 0 {
				t.Fatal(leaks)
			}
			leak(t.Context(), c, s.headers[0].Get("CheckSum"))
			if len(c.leaks(t, s)) != 1 {
				t.Error("not found")
			}
		})
	}
}

// exported returns everything that was exported, as text.
func (c *collector) exported(t *testing.T) string {
	t.Helper()
	spans := c.spans.GetSpans()
	traces, err := json.Marshal(spans)
	if err != nil {
		t.Fatal(err)
	}
	metrics, err := json.Marshal(c.all(t))
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%s %s %+v %+v", traces, metrics, spans, c.all(t))
}

// leaks returns the private values of a script's requests that were exported.
func (c *collector) leaks(t *testing.T, s *script) (found []string) {
	t.Helper()
	exported := c.exported(t)
	private := []string{appKey, appSecret, account, text}
	for _, header := range s.headers {
		private = append(private, header.Get("CheckSum"), header.Get("Nonce"))
	}
	for _, value := range private {
		if value == "" {
			t.Fatal("a request has no signature")
		}
		if strings.Contains(exported, value) {
			found = append(found, value)
		}
	}
	return found
}
