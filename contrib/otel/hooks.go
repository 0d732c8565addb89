package nimotel

import (
	"context"
	"errors"
	"net/url"
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

// scope names the instrumentation.
const scope = "github.com/nimroom/nimroom/contrib/otel"

// Attributes that the semantic conventions have no name for.
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

// WithTracerProvider sets where spans go. The default is the global provider.
func WithTracerProvider(provider trace.TracerProvider) Option {
	return func(c *config) { c.tracers = provider }
}

// WithMeterProvider sets where metrics go. The default is the global provider.
func WithMeterProvider(provider metric.MeterProvider) Option {
	return func(c *config) { c.meters = provider }
}

// Hooks returns hooks that report each call, for [wrapper.WithHooks]. They are
// safe for use by several clients and goroutines. A metric that cannot be made
// is reported to the global error handler and left out.
func Hooks(options ...Option) wrapper.Hooks {
	c := config{tracers: otel.GetTracerProvider(), meters: otel.GetMeterProvider()}
	for _, option := range options {
		option(&c)
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

type hooks struct {
	tracer   trace.Tracer
	duration metric.Float64Histogram
	attempts metric.Int64Counter
}

// call is what is known of a call while it runs. It is found in the context by
// the hooks it belongs to.
type call struct {
	span trace.Span
	sent int    // attempts so far
	host string // of the last
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
		return // the limiter held it back: nothing was sent
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
	why := outcome(end.Err)
	h.duration.Record(ctx, end.Duration.Seconds(), metric.WithAttributeSet(labels(end.Operation, end.Err, why)))
	c, ok := ctx.Value(h).(*call)
	if !ok {
		return
	}
	defer c.span.End()
	if !c.span.IsRecording() {
		return
	}
	c.span.SetAttributes(result(end.Err, why)...)
	c.span.SetAttributes(server(c.host)...)
	c.span.SetAttributes(attemptsKey.Int(end.Attempts), requestIDKey.String(end.RequestID))
	if end.Attempts > 1 {
		c.span.SetAttributes(semconv.HTTPRequestResendCount(end.Attempts - 1))
	}
	if why == "" {
		return
	}
	c.span.SetStatus(codes.Error, why)
	var e *wrapper.Error
	if errors.As(end.Err, &e) && e.Field != "" {
		c.span.SetAttributes(fieldKey.String(e.Field))
	}
}

// labels are the attributes of a metric.
func labels(operation *gen.Operation, err error, why string) attribute.Set {
	attributes := []attribute.KeyValue{systemName, semconv.RPCMethod(operation.ID)}
	if code, _ := codesOf(err); code != 0 {
		attributes = append(attributes, semconv.RPCResponseStatusCode(strconv.Itoa(code)))
	}
	if why != "" {
		attributes = append(attributes, semconv.ErrorTypeKey.String(why))
	}
	return attribute.NewSet(attributes...)
}

// result returns the attributes that say how a call or an attempt ended.
func result(err error, why string) []attribute.KeyValue {
	var attributes []attribute.KeyValue
	code, status := codesOf(err)
	if code != 0 {
		attributes = append(attributes, semconv.RPCResponseStatusCode(strconv.Itoa(code)))
	}
	if status != 0 {
		attributes = append(attributes, semconv.HTTPResponseStatusCode(status))
	}
	if why != "" {
		attributes = append(attributes, semconv.ErrorTypeKey.String(why))
	}
	return attributes
}

// codesOf returns the code and the HTTP status of the response, 0 when there was none.
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

// server names the host of a base URL.
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
