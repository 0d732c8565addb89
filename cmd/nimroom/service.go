package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/command"
	"github.com/nimroom/nimroom/internal/environment"
	"github.com/nimroom/nimroom/sign"
)

// serviceFlags say which service a command calls, and for which app.
type serviceFlags struct {
	Profile string `env:"NIM_PROFILE" placeholder:"NAME" complete:"profile" help:"Profile that sets what the other flags and variables leave open. The default is the one that nimroom profile use chose."`
	BaseURL string `env:"NIM_BASE_URL" placeholder:"URL" help:"Base URL of the service, with its path prefix. The default is that of the region, such as ${base_url}."`
	Region  string `env:"NIM_REGION" placeholder:"REGION" complete:"china,overseas" help:"Region of the app: china, the default, or overseas."`
	AppKey  string `env:"NIM_APP_KEY" help:"The app's key."`
}

// settings returns those of the flags and, where these are not given, of the profile. The
// secret is that of the flags, or "".
func (f *serviceFlags) settings(secret string) (environment.Settings, error) {
	s, err := command.Settings(func(variable string) string {
		return map[string]string{
			environment.EnvProfile: f.Profile, environment.EnvBaseURL: f.BaseURL, environment.EnvRegion: f.Region,
			environment.EnvAppKey: f.AppKey, environment.EnvAppSecret: secret,
		}[variable]
	})
	if err != nil {
		return s, usage("%w", err)
	}
	return s, nil
}

// credentialsOf returns the credentials that settings have.
func credentialsOf(app environment.Settings) (sign.Credentials, error) {
	credentials, err := sign.NewCredentials(app.AppKey, app.Secret())
	if err != nil {
		return credentials, usage("%w; set --app-key and --app-secret, or NIM_APP_KEY and NIM_APP_SECRET or NIM_APP_SECRET_FILE, or add a profile (nimroom profile add)", err)
	}
	return credentials, nil
}

// consent are the flags of commands that may change something in production.
type consent struct {
	Yes bool `help:"Do not ask before a call that changes something in production."`
}

// ask returns an error unless the user agrees to a call that changes something in production.
func (c consent) ask(s streams, operation *gen.Operation, app environment.Settings) error {
	if c.Yes || operation.Idempotency == gen.Safe || !app.Production {
		return nil
	}
	what := fmt.Sprintf("%s changes something in production: app %s at %s", operation.Action, app.AppKey, app.Hosts()[0])
	if app.Profile != "" {
		what += ", profile " + app.Profile
	}
	if !s.asks {
		return usage("%s; give --yes, or choose another service with --profile or --base-url", what)
	}
	fmt.Fprintf(s.err, "%s. Continue? [y/N] ", what)
	answer, err := bufio.NewReader(io.LimitReader(s.in, 100)).ReadString('\n')
	if err != nil && err != io.EOF {
		return usage("the answer cannot be read: %w", err)
	}
	if answer = strings.ToLower(strings.TrimSpace(answer)); answer != "y" && answer != "yes" {
		return usage("not called")
	}
	return nil
}
