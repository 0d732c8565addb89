package wrapper

import (
	"fmt"
	"os"

	"github.com/nimroom/nimroom/internal/environment"
	"github.com/nimroom/nimroom/sign"
)

// The environment variables that [FromEnv] reads.
const (
	EnvAppKey        = environment.EnvAppKey
	EnvAppSecret     = environment.EnvAppSecret
	EnvAppSecretFile = environment.EnvAppSecretFile
	EnvBaseURL       = environment.EnvBaseURL
	EnvRegion        = environment.EnvRegion
	EnvProfile       = environment.EnvProfile
)

// FromEnv returns a client of the app and the service that environment variables name. It
// applies the options after these. No other function of this package reads the environment.
//
//   - NIM_APP_KEY is the key of the app.
//   - NIM_APP_SECRET is its secret, or NIM_APP_SECRET_FILE names a file of at most 4096 bytes
//     that holds it. White space around it does not count. Both at once are an error.
//   - NIM_BASE_URL is the address of the service, such as [DefaultBaseURL].
//   - NIM_REGION, china or overseas, names the vendor's hosts where NIM_BASE_URL is empty. The
//     default is china.
//   - NIM_PROFILE names a profile of the command nimroom (nimroom profile add), which sets
//     what the other variables leave open.
//
// A missing or malformed key or secret is [sign.ErrCredentials].
func FromEnv(options ...Option) (*Client, error) {
	s, err := environment.Read(os.Getenv, nil) //nolint:forbidigo // the caller asks for it
	if err != nil {
		return nil, fmt.Errorf("nimroom: %w", err)
	}
	credentials, err := sign.NewCredentials(s.AppKey, s.Secret())
	if err != nil {
		return nil, fmt.Errorf("nimroom: %s and %s: %w", EnvAppKey, EnvAppSecret, err)
	}
	return newClient(credentials, s.Hosts(), options)
}
