package main

import (
	"errors"
	"strings"

	"github.com/nimroom/nimroom/internal/command"
	"github.com/nimroom/nimroom/internal/environment"
	"github.com/nimroom/nimroom/sign"
)

// serviceFlags say which service a command calls, and for which app.
type serviceFlags struct {
	Profile string `env:"NIM_PROFILE" placeholder:"NAME" complete:"profile" help:"Profile that sets what the other flags and variables leave open. The default is the one that nimroom profile use chose."`
	BaseURL string `env:"NIM_BASE_URL" placeholder:"URL" help:"Base URL of the service, with its path prefix. The default is that of the region, such as ${base_url}."`
	Region  string `env:"NIM_REGION" placeholder:"REGION" complete:"china,overseas" help:"Region of the app: china, the default, or overseas."`
	AppKey  string `env:"NIM_APP_KEY" placeholder:"KEY" help:"The app's key."`
}

// settings returns those of the flags and, where these are not given, of the profile. The
// secret is that of the flags, or "". It warns of a file with the secret that other users can read.
func (f *serviceFlags) settings(s streams, secret string) (environment.Settings, error) {
	app, err := command.Settings(func(variable string) string {
		return map[string]string{
			environment.EnvProfile: f.Profile, environment.EnvBaseURL: f.BaseURL, environment.EnvRegion: f.Region,
			environment.EnvAppKey: f.AppKey, environment.EnvAppSecret: secret,
		}[variable]
	})
	if err != nil {
		return app, usage("%w", err)
	}
	warnOfReaders(s, app.SecretFile)
	return app, nil
}

// wrongHost returns an error of wrapper.New without what a program needs to know and a user does not: which of its
// options is wrong.
func wrongHost(err error) error {
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		if text := inner.Error(); !strings.HasPrefix(text, "nimroom: ") && !strings.HasPrefix(text, "host 1: ") {
			return usage("%w; correct --base-url, NIM_BASE_URL or the profile", inner)
		}
	}
	return usage("%w", err)
}

// credentialsOf returns the credentials that settings have.
func credentialsOf(app environment.Settings) (sign.Credentials, error) {
	if app.Secret() == "" && app.ProfileKey != "" {
		return sign.Credentials{}, usage("the secret of profile %s belongs to app %s and not to app %s; give the secret of that app with --app-secret-file or NIM_APP_SECRET, or leave its key out", app.Profile, app.ProfileKey, app.AppKey)
	}
	credentials, err := sign.NewCredentials(app.AppKey, app.Secret())
	if err != nil {
		return credentials, usage("%w; set --app-key and --app-secret, or NIM_APP_KEY and NIM_APP_SECRET or NIM_APP_SECRET_FILE, or add a profile (nimroom profile add)", err)
	}
	return credentials, nil
}
