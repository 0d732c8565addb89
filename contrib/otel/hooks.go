package nimotel

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"strconv"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/semconv/v1.43.0/rpcconv"
	"go.opentelemetry.io/otel/trace"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wrapper"
)

// scope is the name of the instrumentation scope.
const scope = "github.com/nimroom/nimroom/contrib/otel"

// Attributes for which the semantic conventions have no name.
const (
	requestIDKey       = attribute.Key("nim.request_id")
	attemptsKey        = attribute.Key("nim.attempts")
	fieldKey           = attribute.Key("nim.field")
	attemptNumberKey   = attribute.Key("nim.attempt.number")
	attemptDurationKey = attribute.Key("nim.attempt.duration")
	attemptWaitKey     = attribute.Key("nim.attempt.wait")
)

var systemName = semconv.RPCSystemNameKey.String("nim")

// Option configures [Hooks].
type Option func(*config)

type config struct {
	tracers trace.TracerProvider
	meters  metric.MeterProvider
}

// WithTracerProvider sets the provider of the tracer. The default is the global provider.
func WithTracerProvider(provider trace.TracerProvider) Option {
	return func(c *config) { c.tracers = provider }
}

// WithMeterProvider sets the provider of the meter. The default is the global provider.
func WithMeterProvider(provider metric.MeterProvider) Option {
	return func(c *config) { c.meters = provider }
}

// Hooks returns hooks for [wrapper.WithHooks] that report each call. Several clients and
// goroutines can use them at the same time. If Hooks cannot create a metric, it reports
// the error to the global error handler, and that metric is not recorded. If an option or
// its provider is nil, [wrapper.New] returns an error that says so.
func Hooks(options ...Option) wrapper.Hooks {
	c := config{tracers: otel.GetTracerProvider(), meters: otel.GetMeterProvider()}
	for i, option := range options {
		if option == nil {
			return wrapper.Hooks{Err: fmt.Errorf("nimotel: option %d is nil", i+1)}
		}
		option(&c)
	}
	switch {
	case isNil(c.tracers):
		return wrapper.Hooks{Err: errors.New("nimotel: WithTracerProvider: the provider is nil")}
	case isNil(c.meters):
		return wrapper.Hooks{Err: errors.New("nimotel: WithMeterProvider: the provider is nil")}
	}
	meter := c.meters.Meter(scope, metric.WithInstrumentationVersion(wrapper.Version), metric.WithSchemaURL(semconv.SchemaURL))
	duration, err := rpcconv.NewClientCallDuration(meter)
	if err != nil {
		otel.Handle(err)
	}
	attempts, err := meter.Int64Counter("nim.client.attempts",
		metric.WithDescription("Requests sent, first and later ones."), metric.WithUnit("{attempt}"))
	if err != nil {
		otel.Handle(err)
	}
	h := &hooks{
		tracer:   c.tracers.Tracer(scope, trace.WithInstrumentationVersion(wrapper.Version), trace.WithSchemaURL(semconv.SchemaURL)),
		duration: duration.Inst(),
		attempts: attempts,
	}
	return wrapper.Hooks{Start: h.start, Attempt: h.attempt, End: h.end}
}

// isNil reports whether a provider is nil or a nil pointer.
func isNil(provider any) bool {
	v := reflect.ValueOf(provider)
	return !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil()
}

type hooks struct {
	tracer   trace.Tracer
	duration metric.Float64Histogram
	attempts metric.Int64Counter
}

// call is the state of a running call. The context holds it under the hooks to which it
// belongs.
type call struct {
	span trace.Span
	sent int    // number of attempts so far
	host string // host of the last attempt
}

func (h *hooks) start(ctx context.Context, info wrapper.CallInfo) context.Context {
	ctx, span := h.tracer.Start(ctx, info.Operation.Path, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(
		systemName,
		semconv.RPCMethod(info.Operation.ID),
		semconv.URLTemplate(info.Operation.Path),
		semconv.HTTPRequestMethodPost,
		requestIDKey.String(info.RequestID),
	))
	return context.WithValue(ctx, h, &call{span: span})
}

func (h *hooks) attempt(ctx context.Context, attempt wrapper.AttemptInfo) {
	c, ok := ctx.Value(h).(*call)
	if !ok || attempt.Number <= c.sent {
		return // nothing was sent: the limiter returned an error
	}
	c.sent, c.host = attempt.Number, attempt.Host
	h.attempts.Add(ctx, 1, metric.WithAttributeSet(labels(attempt.Operation, attempt.Err, kind(attempt.Err))))
	if !c.span.IsRecording() {
		return
	}
	attributes := append(result(attempt.Err, kind(attempt.Err)), server(attempt.Host)...)
	attributes = append(attributes,
		attemptNumberKey.Int(attempt.Number),
		attemptDurationKey.Float64(attempt.Duration.Seconds()))
	if attempt.Again {
		attributes = append(attributes, attemptWaitKey.Float64(attempt.Wait.Seconds()))
	}
	c.span.AddEvent("nim.attempt", trace.WithTimestamp(attempt.Start), trace.WithAttributes(attributes...))
}

func (h *hooks) end(ctx context.Context, end wrapper.EndInfo) {
	failure := outcome(end.Err)
	h.duration.Record(ctx, end.Duration.Seconds(), metric.WithAttributeSet(labels(end.Operation, end.Err, failure)))
	c, ok := ctx.Value(h).(*call)
	if !ok {
		return
	}
	defer c.span.End()
	if !c.span.IsRecording() {
		return
	}
	c.span.SetAttributes(result(end.Err, failure)...)
	c.span.SetAttributes(server(c.host)...)
	c.span.SetAttributes(attemptsKey.Int(end.Attempts), requestIDKey.String(end.RequestID))
	if end.Attempts > 1 {
		c.span.SetAttributes(semconv.HTTPRequestResendCount(end.Attempts - 1))
	}
	if failure == "" {
		return
	}
	c.span.SetStatus(codes.Error, failure)
	var e *wrapper.Error
	if errors.As(end.Err, &e) && e.Field != "" {
		c.span.SetAttributes(fieldKey.String(e.Field))
	}
}

// labels returns the attributes of a metric.
func labels(operation *gen.Operation, err error, failure string) attribute.Set {
	attributes := []attribute.KeyValue{systemName, semconv.RPCMethod(operation.ID)}
	if code, _ := codesOf(err); code != 0 {
		attributes = append(attributes, semconv.RPCResponseStatusCode(strconv.Itoa(code)))
	}
	if failure != "" {
		attributes = append(attributes, semconv.ErrorTypeKey.String(failure))
	}
	return attribute.NewSet(attributes...)
}

// result returns the attributes that describe the result of a call or an attempt.
func result(err error, failure string) []attribute.KeyValue {
	var attributes []attribute.KeyValue
	code, status := codesOf(err)
	if code != 0 {
		attributes = append(attributes, semconv.RPCResponseStatusCode(strconv.Itoa(code)))
	}
	if status != 0 {
		attributes = append(attributes, semconv.HTTPResponseStatusCode(status))
	}
	if failure != "" {
		attributes = append(attributes, semconv.ErrorTypeKey.String(failure))
	}
	return attributes
}

// codesOf returns the code and the HTTP status of a response, or 0 if there was none.
func codesOf(err error) (code, status int) {
	if err == nil {
		return 200, 200
	}
	var e *wrapper.Error
	if errors.As(err, &e) {
		return e.Code, e.HTTPStatus
	}
	return 0, 0
}

// server returns the attributes that describe the host of a base URL.
func server(base string) []attribute.KeyValue {
	u, err := url.Parse(base)
	if err != nil || u.Hostname() == "" {
		return nil
	}
	attributes := []attribute.KeyValue{semconv.ServerAddress(u.Hostname())}
	port := map[string]int{"http": 80, "https": 443}[u.Scheme]
	if n, err := strconv.Atoi(u.Port()); err == nil {
		port = n
	}
	if port != 0 {
		attributes = append(attributes, semconv.ServerPort(port))
	}
	return attributes
}
