package main

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"time"

	"github.com/nimroom/nimroom/conformance"
	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper/proxy"
)

// start is when emulators begin: in the middle of an hour and of a day, so
// that no scenario runs into the next one.
var start = time.Date(2024, time.March, 15, 6, 31, 51, 0, time.UTC)

// The app that clients call as.
const (
	appKey    = "interop"
	appSecret = "not-a-secret"
)

// Play plays every scenario through one driver, each against an emulator of its
// own. The error names every scenario that failed.
func Play(ctx context.Context, suite *conformance.Suite, folder *Folder, c *Client) (*Score, error) {
	f := &front{nonces: map[string]bool{}}
	server := httptest.NewServer(f)
	defer server.Close()
	base := server.URL + proxy.Prefix
	called := base
	if folder.Proxy {
		credentials, err := sign.NewCredentials(appKey, appSecret)
		if err != nil {
			return nil, err
		}
		handler, err := proxy.New(proxy.Config{Credentials: credentials, BaseURL: base, Now: func() time.Time { return f.server().Now() }})
		if err != nil {
			return nil, err
		}
		between := httptest.NewServer(handler)
		defer between.Close()
		called = between.URL + proxy.Prefix
	}
	driver, err := startDriver(ctx, folder, c, called)
	if err != nil {
		return nil, err
	}
	score := newScore()
	var failures []error
	for _, scenario := range suite.Scenarios {
		if err := playScenario(ctx, suite, scenario, f, driver, base, score); err != nil {
			failures = append(failures, fmt.Errorf("%s: %w", scenario.Name, err))
		}
		if ctx.Err() != nil {
			break
		}
	}
	failures = append(failures, driver.Close())
	return score, errors.Join(failures...)
}

func playScenario(ctx context.Context, suite *conformance.Suite, scenario conformance.Scenario, f *front, d *Driver, base string, score *Score) error {
	srv, err := newEmulator(scenario.Options)
	if err != nil {
		return err
	}
	f.use(srv)
	emulated, err := conformance.NewEmulated(ctx, base, srv.Credentials())
	if err != nil {
		return err
	}
	t := &target{Emulated: emulated, driver: d, front: f}
	if err := suite.Play(ctx, scenario, t); err != nil {
		return err
	}
	score.add(t.calls)
	return nil
}

func newEmulator(options conformance.Options) (*emulator.Server, error) {
	credentials, err := sign.NewCredentials(appKey, appSecret)
	if err != nil {
		return nil, err
	}
	list := []emulator.Option{emulator.WithCredentials(credentials), emulator.WithStrict(options.Strict)}
	if options.Accounts != "" {
		list = append(list, emulator.WithAccounts(emulator.Accounts(options.Accounts)))
	}
	if options.StillClock {
		list = append(list, emulator.WithClock(func() time.Time { return start }))
	} else {
		list = append(list, emulator.WithStartTime(start))
	}
	return emulator.New(list...)
}
