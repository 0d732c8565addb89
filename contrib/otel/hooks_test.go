package nimotel

import (
	"context"
	"errors"
	"os"
	"regexp"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wrapper"
)

var (
	info  = wrapper.CallInfo{Operation: gen.GetChatroomEndpoint.Operation, RequestID: "r1"}
	began = time.Unix(1443592222, 0)
)

// fail returns an error like those of the client. It joins the kind, because only the
// client can set it inside a *wrapper.Error.
func fail(kind error, code, status int) error {
	return errors.Join(&wrapper.Error{Code: code, HTTPStatus: status}, kind)
}

func sent(number int, err error) wrapper.AttemptInfo {
	return wrapper.AttemptInfo{
		CallInfo: info, Number: number, Host: "https://api.netease.im/nimserver",
		Start: began, Duration: 250 * time.Millisecond, Err: err,
	}
}

func again(a wrapper.AttemptInfo, wait time.Duration) wrapper.AttemptInfo {
	a.Again, a.Wait = true, wait
	return a
}

func TestCalls(t *testing.T) {
	busy := fail(wrapper.ErrUnavailable, 503, 200)
	missing := fail(wrapper.ErrNotFound, 404, 200)
	lost := errors.Join(&wrapper.Error{MayHaveTakenEffect: true}, wrapper.ErrOutcomeUnknown, wrapper.ErrUnavailable)
	for _, test := range []struct {
		name     string
		attempts []wrapper.AttemptInfo
		end      wrapper.EndInfo
		span     attributes   // in addition to those of every call
		events   []attributes // in addition to those of every attempt
		status   sdktrace.Status
		duration attributes
		counted  []attributes
	}{
		{
			name:     "success",
			attempts: []wrapper.AttemptInfo{sent(1, nil)},
			end:      wrapper.EndInfo{Attempts: 1},
			span: attributes{"nim.attempts": int64(1), "rpc.response.status_code": "200", "http.response.status_code": int64(200),
				"server.address": "api.netease.im", "server.port": int64(443)},
			events:   []attributes{{"nim.attempt.number": int64(1), "rpc.response.status_code": "200", "http.response.status_code": int64(200)}},
			duration: attributes{"rpc.response.status_code": "200"},
			counted:  []attributes{{"rpc.response.status_code": "200"}},
		},
		{
			name:     "API error",
			attempts: []wrapper.AttemptInfo{sent(1, missing)},
			end:      wrapper.EndInfo{Attempts: 1, Err: missing},
			span: attributes{"nim.attempts": int64(1), "rpc.response.status_code": "404", "http.response.status_code": int64(200),
				"server.address": "api.netease.im", "server.port": int64(443), "error.type": "not_found"},
			events: []attributes{{"nim.attempt.number": int64(1), "rpc.response.status_code": "404", "http.response.status_code": int64(200),
				"error.type": "not_found"}},
			status:   sdktrace.Status{Code: codes.Error, Description: "not_found"},
			duration: attributes{"rpc.response.status_code": "404", "error.type": "not_found"},
			counted:  []attributes{{"rpc.response.status_code": "404", "error.type": "not_found"}},
		},
		{
			name:     "success at the second attempt",
			attempts: []wrapper.AttemptInfo{again(sent(1, busy), 100*time.Millisecond), sent(2, nil)},
			end:      wrapper.EndInfo{Attempts: 2},
			span: attributes{"nim.attempts": int64(2), "http.request.resend_count": int64(1), "rpc.response.status_code": "200",
				"http.response.status_code": int64(200), "server.address": "api.netease.im", "server.port": int64(443)},
			events: []attributes{
				{"nim.attempt.number": int64(1), "nim.attempt.wait": 0.1, "rpc.response.status_code": "503",
					"http.response.status_code": int64(200), "error.type": "unavailable"},
				{"nim.attempt.number": int64(2), "rpc.response.status_code": "200", "http.response.status_code": int64(200)},
			},
			duration: attributes{"rpc.response.status_code": "200"},
			counted: []attributes{
				{"rpc.response.status_code": "503", "error.type": "unavailable"},
				{"rpc.response.status_code": "200"},
			},
		},
		{
			name:     "no response to a call that may have been carried out",
			attempts: []wrapper.AttemptInfo{sent(1, lost)},
			end:      wrapper.EndInfo{Attempts: 1, Err: lost},
			span: attributes{"nim.attempts": int64(1), "server.address": "api.netease.im", "server.port": int64(443),
				"error.type": "outcome_unknown"},
			events:   []attributes{{"nim.attempt.number": int64(1), "error.type": "unavailable"}},
			status:   sdktrace.Status{Code: codes.Error, Description: "outcome_unknown"},
			duration: attributes{"error.type": "outcome_unknown"},
			counted:  []attributes{{"error.type": "unavailable"}},
		},
		{
			name:     "a field that failed validation",
			end:      wrapper.EndInfo{Err: errors.Join(&wrapper.Error{Field: "roomid"}, wrapper.ErrBadParameter)},
			span:     attributes{"nim.attempts": int64(0), "error.type": "bad_parameter", "nim.field": "roomid"},
			status:   sdktrace.Status{Code: codes.Error, Description: "bad_parameter"},
			duration: attributes{"error.type": "bad_parameter"},
		},
		{
			name:     "a second attempt that the limiter stopped",
			attempts: []wrapper.AttemptInfo{again(sent(1, busy), 0), sent(1, context.DeadlineExceeded)},
			end:      wrapper.EndInfo{Attempts: 1, Err: context.DeadlineExceeded},
			span: attributes{"nim.attempts": int64(1), "server.address": "api.netease.im", "server.port": int64(443),
				"error.type": "deadline_exceeded"},
			events: []attributes{{"nim.attempt.number": int64(1), "nim.attempt.wait": 0.0, "rpc.response.status_code": "503",
				"http.response.status_code": int64(200), "error.type": "unavailable"}},
			status:   sdktrace.Status{Code: codes.Error, Description: "deadline_exceeded"},
			duration: attributes{"error.type": "deadline_exceeded"},
			counted:  []attributes{{"rpc.response.status_code": "503", "error.type": "unavailable"}},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := collect(t)
			ctx := c.hooks.Start(t.Context(), info)
			for _, attempt := range test.attempts {
				c.hooks.Attempt(ctx, attempt)
			}
			test.end.CallInfo, test.end.Duration = info, 1500*time.Millisecond
			c.hooks.End(ctx, test.end)

			span := c.span(t)
			if span.Name != "/chatroom/get.action" || span.SpanKind != trace.SpanKindClient || span.Status != test.status {
				t.Errorf("span %q, kind %v, status %+v", span.Name, span.SpanKind, span.Status)
			}
			test.span.with(attributes{"rpc.system.name": "nim", "rpc.method": "getChatroom", "url.template": "/chatroom/get.action",
				"http.request.method": "POST", "nim.request_id": "r1"}).equal(t, "span", tableOf(span.Attributes))
			if len(span.Events) != len(test.events) {
				t.Fatalf("%d events, want %d", len(span.Events), len(test.events))
			}
			for i, event := range span.Events {
				if event.Name != "nim.attempt" || !event.Time.Equal(began) {
					t.Errorf("event %q at %v", event.Name, event.Time)
				}
				test.events[i].with(attributes{"nim.attempt.duration": 0.25, "server.address": "api.netease.im", "server.port": int64(443)}).
					equal(t, "event", tableOf(event.Attributes))
			}

			metrics := c.metrics(t)
			metricdatatest.AssertEqual(t, durations(test.duration), metrics["rpc.client.call.duration"], metricdatatest.IgnoreTimestamp(), metricdatatest.IgnoreExemplars())
			if len(test.counted) > 0 {
				metricdatatest.AssertEqual(t, counts(test.counted), metrics["nim.client.attempts"], metricdatatest.IgnoreTimestamp(), metricdatatest.IgnoreExemplars())
			} else if m, ok := metrics["nim.client.attempts"]; ok {
				t.Errorf("attempts counted: %+v", m.Data)
			}
		})
	}
}

// durations returns the histogram of one call that took 1.5 s.
func durations(of attributes) metricdata.Metrics {
	return metricdata.Metrics{
		Name: "rpc.client.call.duration", Unit: "s",
		Description: "Measures the duration of an outgoing Remote Procedure Call (RPC).",
		Data: metricdata.Histogram[float64]{
			Temporality: metricdata.CumulativeTemporality,
			DataPoints: []metricdata.HistogramDataPoint[float64]{{
				Attributes: of.label(), Count: 1, Sum: 1.5,
				Bounds:       []float64{0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10},
				BucketCounts: []uint64{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0},
				Min:          metricdata.NewExtrema(1.5), Max: metricdata.NewExtrema(1.5),
			}},
		},
	}
}

// counts returns the counter of attempts that each have other attributes.
func counts(of []attributes) metricdata.Metrics {
	sum := metricdata.Sum[int64]{Temporality: metricdata.CumulativeTemporality, IsMonotonic: true}
	for _, a := range of {
		sum.DataPoints = append(sum.DataPoints, metricdata.DataPoint[int64]{Attributes: a.label(), Value: 1})
	}
	return metricdata.Metrics{
		Name: "nim.client.attempts", Unit: "{attempt}", Description: "Requests sent, first and later ones.", Data: sum,
	}
}

// with returns the attributes together with common ones.
func (want attributes) with(common attributes) attributes {
	all := attributes{}
	for name, value := range want {
		all[name] = value
	}
	for name, value := range common {
		all[name] = value
	}
	return all
}

// label returns the attributes as those of a metric. All values are strings.
func (want attributes) label() attribute.Set {
	list := []attribute.KeyValue{attribute.String("rpc.system.name", "nim"), attribute.String("rpc.method", "getChatroom")}
	for name, value := range want {
		list = append(list, attribute.String(name, value.(string)))
	}
	return attribute.NewSet(list...)
}

func TestSpanHasAParentAndChildren(t *testing.T) {
	c := collect(t)
	tracer := c.tracer.Tracer("test")
	ctx, parent := tracer.Start(t.Context(), "parent")
	ctx = c.hooks.Start(ctx, info)
	_, child := tracer.Start(ctx, "child")
	child.End()
	c.hooks.End(ctx, wrapper.EndInfo{CallInfo: info})
	parent.End()
	spans := map[string]tracetest.SpanStub{}
	for _, span := range c.spans.GetSpans() {
		spans[span.Name] = span
	}
	call := spans[info.Operation.Path]
	if call.Parent.SpanID() != spans["parent"].SpanContext.SpanID() || spans["child"].Parent.SpanID() != call.SpanContext.SpanID() {
		t.Errorf("spans %+v", spans)
	}
}

func TestTwoHooksOnOneClientAreIndependent(t *testing.T) {
	first, second := collect(t), collect(t)
	ctx := second.hooks.Start(first.hooks.Start(t.Context(), info), info)
	for _, c := range []*collector{first, second} {
		c.hooks.Attempt(ctx, sent(1, nil))
		c.hooks.End(ctx, wrapper.EndInfo{CallInfo: info, Attempts: 1})
	}
	for _, c := range []*collector{first, second} {
		if span := c.span(t); len(span.Events) != 1 {
			t.Errorf("%d events", len(span.Events))
		}
	}
}

func TestHooksAreSafeForConcurrentUse(t *testing.T) {
	c := collect(t)
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			ctx := c.hooks.Start(t.Context(), info)
			c.hooks.Attempt(ctx, sent(1, nil))
			c.hooks.End(ctx, wrapper.EndInfo{CallInfo: info, Attempts: 1})
		})
	}
	group.Wait()
	if got := len(c.spans.GetSpans()); got != 50 {
		t.Errorf("%d spans", got)
	}
	if data := c.metrics(t)["nim.client.attempts"].Data.(metricdata.Sum[int64]); data.DataPoints[0].Value != 50 {
		t.Errorf("%d attempts counted", data.DataPoints[0].Value)
	}
}

func TestContextsWithoutACallAreIgnored(t *testing.T) {
	c := collect(t)
	c.hooks.Attempt(t.Context(), sent(1, nil)) // the context is not from Start
	c.hooks.End(t.Context(), wrapper.EndInfo{CallInfo: info})
	hooks := Hooks() // the global providers do nothing unless they are set
	ctx := hooks.Start(t.Context(), info)
	hooks.Attempt(ctx, sent(1, nil))
	hooks.End(ctx, wrapper.EndInfo{CallInfo: info})
}

func TestServerOfABaseURL(t *testing.T) {
	for base, want := range map[string]attributes{
		"https://api.netease.im/nimserver": {"server.address": "api.netease.im", "server.port": int64(443)},
		"http://127.0.0.1:8500/nimserver":  {"server.address": "127.0.0.1", "server.port": int64(8500)},
		"http://[::1]/nimserver":           {"server.address": "::1", "server.port": int64(80)},
		"":                                 {},
		"%zz":                              {},
	} {
		want.equal(t, base, tableOf(server(base)))
	}
}

// TestEveryErrorHasAKind checks that every error of the wrapper has a value of error.type.
func TestEveryErrorHasAKind(t *testing.T) {
	read := func(path, pattern string) map[string]bool {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		names := map[string]bool{}
		for _, match := range regexp.MustCompile(pattern).FindAllSubmatch(text, -1) {
			names[string(match[1])] = true
		}
		return names
	}
	known := read("outcome.go", `wrapper\.(Err\w+)`)
	errs := read("../../wrapper/errors.go", `(Err\w+) += errors\.New`)
	if len(errs) < 10 {
		t.Fatalf("only %d errors found", len(errs))
	}
	for name := range errs {
		if !known[name] {
			t.Errorf("wrapper.%s has no kind", name)
		}
	}
	if got := kind(errors.New("something else")); got != "_OTHER" {
		t.Errorf("an unknown error is %q", got)
	}
}
