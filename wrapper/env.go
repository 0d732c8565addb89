package wrapper

import (
	"fmt"
	"os"
	"slices"

	"github.com/nimroom/nimroom/sign"
)

// The environment variables that [FromEnv] reads.
const (
	EnvBaseURL   = "NIM_BASE_URL"
	EnvAppKey    = "NIM_APP_KEY"
	EnvAppSecret = "NIM_APP_SECRET"
)

// FromEnv returns a client with the credentials in the environment variables NIM_APP_KEY and
// NIM_APP_SECRET, and with the base URL in NIM_BASE_URL unless that is empty. It applies the
// options after these. No other function of this package reads the environment.
func FromEnv(options ...Option) (*Client, error) {
	credentials, err := sign.NewCredentials(os.Getenv(EnvAppKey), os.Getenv(EnvAppSecret)) //nolint:forbidigo // the caller asks for it
	if err != nil {
		return nil, fmt.Errorf("nimroom: %s and %s: %w", EnvAppKey, EnvAppSecret, err)
	}
	if base := os.Getenv(EnvBaseURL); base != "" { //nolint:forbidigo // the caller asks for it
		options = slices.Insert(slices.Clone(options), 0, Option(WithBaseURL(base)))
	}
	return New(credentials, options...)
}
