package nimotel

import (
	"strings"
	"testing"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

func TestNilOptionsAndProvidersAreErrors(t *testing.T) {
	credentials, err := sign.NewCredentials("K", "S")
	if err != nil {
		t.Fatal(err)
	}
	var typed *sdktrace.TracerProvider
	for says, option := range map[string]Option{
		"option 1 is nil":                         nil,
		"WithTracerProvider: the provider is nil": WithTracerProvider(typed),
		"WithMeterProvider: the provider is nil":  WithMeterProvider(nil),
	} {
		_, err := wrapper.New(credentials, wrapper.WithHooks(Hooks(option)))
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("want %q, got %v", says, err)
		}
	}
}
