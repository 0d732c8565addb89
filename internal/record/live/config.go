// Package live plays the conformance suite against the real service. It records
// the responses and what was seen of the server, reports in what they differ from the
// emulator's, and cleans up what it created. It refuses addresses that are not public and
// servers that say that they are emulators of this repository.
package live

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/nimroom/nimroom/internal/check/contract"
	"github.com/nimroom/nimroom/internal/environment"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

// EnvAccounts is the environment variable with the accounts of a run.
const EnvAccounts = "NIM_ACCOUNTS"

// Config says where to play, and where to keep the recordings and the report.
type Config struct {
	Credentials sign.Credentials
	// Secrets are texts that no output and no file may hold.
	Secrets []string
	// Accounts exist in the app. They take the places of [ScenarioAccounts], in order.
	Accounts []string
	BaseURL  string
	// Folder holds the recordings; the run writes into its folder live.
	Folder string
	// Contract is the one of spec/openapi.yaml.
	Contract *contract.Contract

	only func(scenario string) bool // of the tests; nil for all
	// Interval is the least time between two requests.
	Interval time.Duration
	// Out takes lines about the progress.
	Out io.Writer

	// Transport and Resolve replace the network. They are for tests.
	Transport http.RoundTripper
	Resolve   func(ctx context.Context, host string) ([]netip.Addr, error)
}

// DefaultInterval makes ten requests a second. The service allows an app a
// hundred for each operation.
const DefaultInterval = 100 * time.Millisecond

// MissingError names the environment variables that a run needs and does not have.
type MissingError struct{ Names []string }

func (e *MissingError) Error() string {
	return "not run: set " + strings.Join(e.Names, ", ") + " in the environment; see cassettes/README.md"
}

// FromEnvironment makes a configuration of environment variables: those that
// [wrapper.FromEnv] reads, and [EnvAccounts]. Its error names all that are missing at once.
func FromEnvironment(lookup func(string) (string, bool)) (Config, error) {
	value := func(name string) string {
		text, _ := lookup(name)
		return strings.TrimSpace(text)
	}
	app, err := environment.Read(value, nil)
	if err != nil {
		return Config{}, err
	}
	key, secret, accounts := app.AppKey, app.Secret(), value(EnvAccounts)
	missing := new(MissingError)
	for _, needed := range [][2]string{{wrapper.EnvAppKey, key}, {wrapper.EnvAppSecret, secret}, {EnvAccounts, accounts}} {
		if needed[1] == "" {
			missing.Names = append(missing.Names, needed[0])
		}
	}
	if len(missing.Names) > 0 {
		return Config{}, missing
	}
	credentials, err := sign.NewCredentials(key, secret)
	if err != nil {
		return Config{}, err
	}
	c := Config{
		Credentials: credentials, Secrets: []string{key, secret}, BaseURL: app.Hosts()[0], Interval: DefaultInterval, Out: io.Discard, Resolve: resolve,
	}
	seen := map[string]bool{}
	for account := range strings.SplitSeq(accounts, ",") {
		account = strings.TrimSpace(account)
		if account == "" || seen[account] {
			return Config{}, fmt.Errorf("%s: name different accounts, separated by commas", EnvAccounts)
		}
		seen[account] = true
		c.Accounts = append(c.Accounts, account)
	}
	if len(c.Accounts) > len(ScenarioAccounts) {
		return Config{}, fmt.Errorf("%s: at most %d accounts, the scenarios have no more", EnvAccounts, len(ScenarioAccounts))
	}
	return c, nil
}
