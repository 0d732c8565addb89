package conformance

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/nimroom/nimroom/emulator"
	_ "github.com/nimroom/nimroom/internal/long" // less garbage collection
	"github.com/nimroom/nimroom/internal/wire"
)

// start is when the emulators of this package's tests begin: in the middle of
// an hour and of a day, so that no scenario runs into the next one.
var start = time.Date(2024, time.March, 15, 6, 31, 51, 0, time.UTC)

func still() time.Time { return start }

// moving is a clock that every look moves on.
func moving() func() time.Time {
	var looks atomic.Int64
	return func() time.Time { return start.Add(time.Duration(looks.Add(1)) * 3 * time.Millisecond) }
}

// emulate starts an emulator and the SDK in front of it.
func emulate(t *testing.T, options Options, more ...emulator.Option) (*Emulated, *emulator.Server) {
	t.Helper()
	list := []emulator.Option{emulator.WithClock(still), emulator.WithStrict(options.Strict)}
	if options.Accounts != "" {
		list = append(list, emulator.WithAccounts(emulator.Accounts(options.Accounts)))
	}
	srv := emulator.Start(t, append(list, more...)...)
	target, err := NewEmulated(t.Context(), srv.URL, srv.Credentials())
	if err != nil {
		t.Fatal(err)
	}
	return target, srv
}

func load(t *testing.T) *Suite {
	t.Helper()
	suite, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return suite
}

// TestEveryScenarioInEveryDialect: the scenarios pass whatever dialect the
// service speaks.
func TestEveryScenarioInEveryDialect(t *testing.T) {
	suite := load(t)
	for _, dialect := range []wire.Dialect{wire.Canonical, wire.EN2022, wire.Text} {
		t.Run(dialect.String(), func(t *testing.T) {
			suite.Run(t, func(t *testing.T, options Options) Target {
				target, _ := emulate(t, options, emulator.WithDialect(dialect))
				return target
			})
		})
	}
}

// TestEveryScenarioWhileTimePasses: the expectations leave room for the time
// that calls take, as clients of other languages meet it.
func TestEveryScenarioWhileTimePasses(t *testing.T) {
	load(t).Run(t, func(t *testing.T, options Options) Target {
		clock := moving()
		if options.StillClock {
			clock = still
		}
		target, _ := emulate(t, options, emulator.WithClock(clock))
		return target
	})
}

// TestEveryFormArrivesAsItWasSent: the typed methods send each field of each
// scenario under its name, and every method of the SDK is called.
func TestEveryFormArrivesAsItWasSent(t *testing.T) {
	suite := load(t)
	called := map[string]bool{}
	for _, scenario := range suite.Scenarios {
		target, srv := emulate(t, scenario.Options)
		if err := suite.Play(t.Context(), scenario, &recorder{Target: target, srv: srv, t: t, called: called}); err != nil {
			t.Fatalf("%s: %v", scenario.Name, err)
		}
	}
	for _, o := range covered(suite) {
		for _, method := range o.Methods {
			if !called[method] {
				t.Errorf("%s: no call by %s succeeds", o.ID, method)
			}
		}
	}
}
