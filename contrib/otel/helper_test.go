package nimotel

import (
	"context"
	"fmt"
	"maps"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/nimroom/nimroom/wrapper"
)

// collector records what the hooks report.
type collector struct {
	hooks  wrapper.Hooks
	tracer *sdktrace.TracerProvider
	meter  *sdkmetric.MeterProvider
	spans  *tracetest.InMemoryExporter
	reader *sdkmetric.ManualReader
}

func collect(t *testing.T) *collector {
	c := &collector{spans: tracetest.NewInMemoryExporter(), reader: sdkmetric.NewManualReader()}
	c.tracer = sdktrace.NewTracerProvider(sdktrace.WithSyncer(c.spans))
	c.meter = sdkmetric.NewMeterProvider(sdkmetric.WithReader(c.reader))
	t.Cleanup(func() {
		_ = c.tracer.Shutdown(context.Background())
		_ = c.meter.Shutdown(context.Background())
	})
	c.hooks = Hooks(WithTracerProvider(c.tracer), WithMeterProvider(c.meter))
	return c
}

// span returns the only span, which must have ended.
func (c *collector) span(t *testing.T) tracetest.SpanStub {
	t.Helper()
	spans := c.spans.GetSpans()
	if len(spans) != 1 {
		t.Fatalf("%d spans, want 1", len(spans))
	}
	return spans[0]
}

// metrics returns all metrics by name.
func (c *collector) metrics(t *testing.T) map[string]metricdata.Metrics {
	t.Helper()
	byName := map[string]metricdata.Metrics{}
	for _, scope := range c.all(t).ScopeMetrics {
		for _, m := range scope.Metrics {
			byName[m.Name] = m
		}
	}
	return byName
}

func (c *collector) all(t *testing.T) metricdata.ResourceMetrics {
	t.Helper()
	var all metricdata.ResourceMetrics
	if err := c.reader.Collect(t.Context(), &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// attributes are those of a span, an event or a data point, by name.
type attributes map[string]any

func tableOf(list []attribute.KeyValue) attributes {
	table := attributes{}
	for _, a := range list {
		table[string(a.Key)] = a.Value.AsInterface()
	}
	return table
}

// equal reports each difference as an error.
func (want attributes) equal(t *testing.T, what string, got attributes) {
	t.Helper()
	if maps.Equal(got, want) {
		return
	}
	for name := range maps.Keys(want) {
		if got[name] != want[name] {
			t.Errorf("%s: %s is %s, want %s", what, name, show(got[name]), show(want[name]))
		}
	}
	for name := range maps.Keys(got) {
		if _, ok := want[name]; !ok {
			t.Errorf("%s: %s is %s, want none", what, name, show(got[name]))
		}
	}
}

func show(v any) string {
	if v == nil {
		return "missing"
	}
	return fmt.Sprintf("%#v", v)
}
