package environment

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/nimroom/nimroom/internal/message"
	"github.com/nimroom/nimroom/internal/nearest"
)

// Profile is an app and its service under a name.
type Profile struct {
	AppKey  string `json:"appKey"`
	BaseURL string `json:"baseURL,omitempty"` // empty: the hosts of the region
	Region  string `json:"region,omitempty"`  // empty: China
	// SecretFile is the file that holds the secret. If it is empty, the keyring does.
	SecretFile string `json:"secretFile,omitempty"`
	// Production is whether calls reach the users of the app. If it is nil, those to the vendor's hosts do.
	Production *bool `json:"production,omitempty"`
}

// Hosts returns the base URLs of the service.
func (p Profile) Hosts() []string {
	return Settings{BaseURL: p.BaseURL, Region: cmp.Or(p.Region, China)}.Hosts()
}

// IsProduction reports whether calls reach the users of the app.
func (p Profile) IsProduction() bool {
	if p.Production == nil {
		return isVendor(p.Hosts()[0])
	}
	return *p.Production
}

// File holds the profiles of a user. It holds no secret.
type File struct {
	Current  string             `json:"current,omitempty"` // the profile of the command where none is named
	Profiles map[string]Profile `json:"profiles"`
}

// Path returns where the file is: nimroom/profiles.json in the user's folder for
// configuration, on Linux $XDG_CONFIG_HOME or ~/.config.
func Path() (string, error) {
	folder, err := os.UserConfigDir()
	if err != nil {
		return "", message.Errorf("profiles: %w", err)
	}
	return filepath.Join(folder, "nimroom", "profiles.json"), nil
}

// Load reads the file. If there is none, there are no profiles.
func Load() (*File, error) {
	path, err := Path()
	if err != nil {
		return nil, err
	}
	f := &File{Profiles: map[string]Profile{}}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return f, nil
	}
	if err == nil {
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.DisallowUnknownFields() // a misspelled "production" would protect nothing
		err = decoder.Decode(f)
	}
	if err != nil {
		return nil, message.Errorf("profiles: %s: %w", path, plain(err, text))
	}
	if f.Profiles == nil { // the file says null
		f.Profiles = map[string]Profile{}
	}
	return f, nil
}

// plain returns an error of reading JSON in the words of people who write such files.
func plain(err error, text []byte) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return message.Errorf("the JSON is incomplete; correct the file, or remove it")
	case errors.As(err, &syntax):
		return message.Errorf("the JSON is wrong in line %d; correct the file, or remove it", 1+bytes.Count(text[:syntax.Offset], []byte("\n")))
	case errors.As(err, &kind):
		return message.Errorf("%s must not be of the type %s", kind.Field, kind.Value)
	}
	return err
}

// Save writes the file, whole or not at all.
func (f *File) Save() error {
	path, err := Path()
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return message.Errorf("profiles: %w", err)
	}
	temp, err := os.CreateTemp(filepath.Dir(path), "profiles-*.json") // its mode is 0600
	if err != nil {
		return message.Errorf("profiles: %w", err)
	}
	_, err = temp.Write(append(text, '\n'))
	if err = errors.Join(err, temp.Close()); err == nil {
		err = os.Rename(temp.Name(), path)
	}
	if err != nil {
		return message.Errorf("profiles: %w", errors.Join(err, os.Remove(temp.Name())))
	}
	return nil
}

// Names returns the names of the profiles, sorted.
func (f *File) Names() []string { return slices.Sorted(maps.Keys(f.Profiles)) }

func (f *File) profile(name string) (Profile, error) {
	p, ok := f.Profiles[name]
	if !ok {
		return Profile{}, f.Missing(name)
	}
	return p, nil
}

// Missing returns the error that there is no profile of a name.
func (f *File) Missing(name string) error {
	switch meant := nearest.Of(name, f.Names()); {
	case len(f.Profiles) == 0:
		return message.Errorf("no profile %q; there are none; nimroom profile add makes one", name)
	case meant != "":
		return message.Errorf("no profile %q; did you mean %s?", name, meant)
	default:
		return message.Errorf("no profile %q; there are %v; nimroom profile add makes one", name, message.List(f.Names()))
	}
}

func (p Profile) secret(name string, keyring func(string) (string, error)) (string, error) {
	if p.SecretFile != "" {
		secret, err := ReadSecretFile(p.SecretFile)
		if err != nil {
			return "", message.Errorf("the secret file of profile %s: %w", name, err)
		}
		return secret, nil
	}
	if keyring == nil {
		return "", message.Errorf("profile %s has its secret in the keyring of the system, which only the command nimroom reads; set %s or %s", name, EnvAppSecret, EnvAppSecretFile)
	}
	return keyring(name)
}
