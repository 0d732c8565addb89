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

	"github.com/nimroom/nimroom/cassettes"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

// The environment variables of a run, beside the app's key and secret.
const (
	EnvAccounts = "NIM_ACCOUNTS"
	EnvBaseURL  = "NIM_BASE_URL"
)

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
	// Spec is the text of spec/openapi.yaml.
	Spec []byte
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

// FromEnvironment makes a configuration of environment variables. Its error names
// all that are missing at once.
func FromEnvironment(lookup func(string) (string, bool)) (Config, error) {
	missing := new(MissingError)
	need := func(name string) string {
		value, _ := lookup(name)
		if value = strings.TrimSpace(value); value == "" {
			missing.Names = append(missing.Names, name)
		}
		return value
	}
	key, secret, accounts := need(cassettes.EnvAppKey), need(cassettes.EnvAppSecret), need(EnvAccounts)
	if len(missing.Names) > 0 {
		return Config{}, missing
	}
	credentials, err := sign.NewCredentials(key, secret)
	if err != nil {
		return Config{}, err
	}
	c := Config{
		Credentials: credentials, Secrets: []string{key, secret}, BaseURL: wrapper.DefaultBaseURL, Interval: DefaultInterval, Out: io.Discard, Resolve: resolve,
	}
	if base, _ := lookup(EnvBaseURL); base != "" {
		c.BaseURL = base
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
