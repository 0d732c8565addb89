// Package live plays the conformance suite against the real service: it records
// what is answered, tells in what that differs from the cassettes of the
// emulator, and cleans up what it created.
package live

import (
	"fmt"
	"io"
	"net/http"
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

// Config says against what to play, and where to keep what came of it.
type Config struct {
	Credentials sign.Credentials
	// Secrets are texts that are shown nowhere.
	Secrets []string
	// Accounts exist in the app. They play the parts of [Cast], in its order.
	Accounts []string
	BaseURL  string
	// Folder holds the cassettes; the run writes below its folder live.
	Folder string
	// Spec is the text of spec/openapi.yaml.
	Spec []byte
	// Interval is the least time between two requests.
	Interval time.Duration
	// Out is told of the progress.
	Out io.Writer

	// transport takes the place of the network in tests.
	transport http.RoundTripper
}

// DefaultInterval makes ten requests a second, where the service allows an app
// a hundred for each operation.
const DefaultInterval = 100 * time.Millisecond

// MissingError names the environment variables without which nothing is done.
type MissingError struct{ Names []string }

func (e *MissingError) Error() string {
	return "not run: set " + strings.Join(e.Names, ", ") + " in the environment; see cassettes/README.md"
}

// FromEnvironment makes a configuration of environment variables. All that are
// missing are told at once.
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
		Credentials: credentials, Secrets: []string{key, secret}, BaseURL: wrapper.DefaultBaseURL, Interval: DefaultInterval, Out: io.Discard,
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
	if len(c.Accounts) > len(Cast) {
		return Config{}, fmt.Errorf("%s: at most %d accounts, there are no more parts to play", EnvAccounts, len(Cast))
	}
	return c, nil
}
