// Package environment reads for which app a program works and where its service is: from
// environment variables, and from profiles that a file of the user holds. The SDK, the
// command, the examples, the cassettes and the recorder of the real service all read them here.
package environment

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/nimroom/nimroom/internal/message"
)

// The environment variables.
const (
	EnvAppKey        = "NIM_APP_KEY"
	EnvAppSecret     = "NIM_APP_SECRET"
	EnvAppSecretFile = "NIM_APP_SECRET_FILE"
	EnvBaseURL       = "NIM_BASE_URL"
	EnvRegion        = "NIM_REGION"
	EnvProfile       = "NIM_PROFILE"
)

// MaxSecretFile is the largest size of a file with a secret, in bytes.
const MaxSecretFile = 4096

// Settings are those of a program.
type Settings struct {
	AppKey  string
	Secret  func() string // a function, which nothing prints
	BaseURL string        // empty: the hosts of the region
	Region  string        // China or Overseas
	Profile string        // the name of the profile that was read; empty: none
	// SecretFile is the file that a profile names and the secret was read from; empty: another source.
	SecretFile string
	// ProfileKey is the app key of the profile if the settings have another one, so that its secret is not theirs.
	ProfileKey string
	// Production says that calls reach the users of an app: the profile says so, or the service is
	// the vendor's and no profile says that the app is one for tests.
	Production bool
}

// Hosts returns the base URLs of the service, in the order in which a client tries them.
func (s Settings) Hosts() []string {
	if s.BaseURL != "" {
		return []string{s.BaseURL}
	}
	return Hosts(s.Region)
}

// Read returns the settings in the variables that lookup returns. What a variable leaves open
// comes from the profile that NIM_PROFILE names. Keyring returns the secret of a profile that
// has it in the keyring of the system; it may be nil. A missing key or secret is no error here.
func Read(lookup func(name string) string, keyring func(profile string) (string, error)) (Settings, error) {
	s := Settings{AppKey: lookup(EnvAppKey), BaseURL: lookup(EnvBaseURL), Region: lookup(EnvRegion), Profile: lookup(EnvProfile)}
	var p Profile
	if s.Profile != "" {
		file, err := Load()
		if err != nil {
			return Settings{}, err
		}
		if p, err = file.profile(s.Profile); err != nil {
			return Settings{}, err
		}
	}
	secret, err := readSecret(lookup(EnvAppSecret), lookup(EnvAppSecretFile))
	// The secret of a profile belongs to its app key.
	if s.AppKey != "" && s.AppKey != p.AppKey {
		s.ProfileKey = p.AppKey
	}
	if err == nil && secret == "" && s.Profile != "" && (s.AppKey == "" || s.AppKey == p.AppKey) {
		secret, err = p.secret(s.Profile, keyring)
		s.SecretFile = p.SecretFile
	}
	if err != nil {
		return Settings{}, err
	}
	if s.BaseURL == "" && s.Region == "" {
		s.BaseURL = p.BaseURL
	}
	s.AppKey, s.Region = cmp.Or(s.AppKey, p.AppKey), cmp.Or(s.Region, p.Region, China)
	s.Secret = func() string { return secret }
	if err := CheckRegion(s.Region); err != nil {
		return Settings{}, err
	}
	// The mark of a profile is about its app at its service, however that is spelled.
	if s.Profile != "" && s.AppKey == p.AppKey && slices.EqualFunc(s.Hosts(), p.Hosts(), func(a, b string) bool { return host(a) == host(b) }) {
		s.Production = p.IsProduction()
	} else {
		s.Production = isVendor(s.Hosts()[0])
	}
	return s, nil
}

// CheckRegion returns an error unless there is such a region.
func CheckRegion(region string) error {
	if region != China && region != Overseas {
		return message.Errorf("region %q, want %s or %s", region, China, Overseas)
	}
	return nil
}

func readSecret(value, file string) (string, error) {
	switch {
	case file == "":
		return value, nil
	case value != "":
		return "", message.Errorf("%s and %s are both set; set one of them", EnvAppSecret, EnvAppSecretFile)
	}
	secret, err := ReadSecretFile(file)
	if err != nil {
		return "", message.Errorf("%s: %w", EnvAppSecretFile, err)
	}
	return secret, nil
}

// ReadSecretFile returns the text of a file without white space around it. Its errors do not
// name the file, because somebody may have written the secret instead of the name.
func ReadSecretFile(name string) (string, error) {
	file, err := os.Open(name)
	if err != nil {
		var path *fs.PathError
		if errors.As(err, &path) {
			err = path.Err
		}
		return "", err
	}
	defer func() { _ = file.Close() }() // nothing was written
	text, err := io.ReadAll(io.LimitReader(file, MaxSecretFile+1))
	switch secret := strings.TrimSpace(string(text)); {
	case err != nil:
		return "", message.Errorf("the file cannot be read")
	case len(text) > MaxSecretFile:
		return "", message.Errorf("the file has more than 4096 bytes")
	case secret == "":
		return "", message.Errorf("the file is empty")
	default:
		return secret, nil
	}
}
