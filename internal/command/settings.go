package command

import (
	"github.com/zalando/go-keyring"

	"github.com/nimroom/nimroom/internal/environment"
	"github.com/nimroom/nimroom/internal/message"
)

// KeyringService is the name of the secrets in the keyring of the system. Package
// go-keyring speaks to that of Linux, macOS and Windows, needs no C compiler, and is kept.
const KeyringService = "nimroom"

// Settings returns the settings in the variables that lookup returns, as [environment.Read]
// does. If they name no profile, it takes the one that nimroom profile use chose.
func Settings(lookup func(variable string) string) (environment.Settings, error) {
	return SettingsBy(lookup, readKeyring)
}

// SettingsBy does the same with another keyring, or with none.
func SettingsBy(lookup func(variable string) string, keyring func(profile string) (string, error)) (environment.Settings, error) {
	profile := lookup(environment.EnvProfile)
	if profile == "" {
		file, err := environment.Load()
		if err != nil {
			return environment.Settings{}, err
		}
		profile = file.Current
	}
	return environment.Read(func(variable string) string {
		if variable == environment.EnvProfile {
			return profile
		}
		return lookup(variable)
	}, keyring)
}

func readKeyring(profile string) (string, error) {
	secret, err := keyring.Get(KeyringService, profile)
	if err != nil {
		return "", message.Errorf("the keyring of the system has no secret for profile %s (%w); set NIM_APP_SECRET or NIM_APP_SECRET_FILE, or add the profile again", profile, err)
	}
	return secret, nil
}
