package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/alecthomas/kong"

	"github.com/nimroom/nimroom/internal/message"
	"github.com/nimroom/nimroom/wrapper/proxy"
)

// proxyCommand signs the requests of other clients. Its secrets are not flags, because it runs
// for long and other users of the machine can read arguments.
type proxyCommand struct {
	Addr          string `default:"127.0.0.1:8600" help:"Address to listen on. It must be a loopback address unless there is a token."`
	serviceFlags  `embed:""`
	AppSecret     string        `env:"NIM_APP_SECRET" hidden:""`
	AppSecretFile string        `env:"NIM_APP_SECRET_FILE" placeholder:"FILE" help:"File that holds the app's secret, if it is not in NIM_APP_SECRET."`
	Token         string        `env:"NIM_PROXY_TOKEN" hidden:""`
	TokenFile     string        `env:"NIM_PROXY_TOKEN_FILE" placeholder:"FILE" help:"File that holds a token of at least 16 characters, if it is not in NIM_PROXY_TOKEN. Each request must then have the header Authorization: Bearer TOKEN."`
	Timeout       time.Duration `default:"30s" help:"Time limit for a request to the service."`
}

// Run serves until the context ends.
func (c *proxyCommand) Run(ctx context.Context, s streams, k *kong.Context) error {
	secret, err := hiddenSecret(s, k, "app-secret", "NIM_APP_SECRET", c.AppSecret, c.AppSecretFile)
	if err != nil {
		return err
	}
	token, err := hiddenSecret(s, k, "token", "NIM_PROXY_TOKEN", c.Token, c.TokenFile)
	if err != nil {
		return err
	}
	if err := checkAddress(ctx, c.Addr, token != "", message.Of("give a token with --token-file or NIM_PROXY_TOKEN")); err != nil {
		return err
	}
	app, err := c.settings(s, secret)
	if err != nil {
		return err
	}
	credentials, err := credentialsOf(app)
	if err != nil {
		return err
	}
	if c.Timeout <= 0 {
		return usage("--timeout %v: must be more than 0", c.Timeout)
	}
	p, err := proxy.New(proxy.Config{
		Credentials: credentials, BaseURL: app.Hosts()[0], Token: token, Timeout: c.Timeout,
		Log: slog.New(slog.NewTextHandler(s.err, nil)),
	})
	if err != nil {
		return usage("%w", err)
	}
	l, err := listen(ctx, c.Addr)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "nimroom proxy: http://%s%s\n", reachable(l.Addr().String()), proxy.Prefix)
	s.detail(message.Of("service"), app.Hosts()[0])
	s.detail(message.Of("app key"), credentials.AppKey())
	fmt.Fprintln(s.out, s.text("Stop it with Ctrl-C."))
	if err := p.Serve(ctx, l); err != nil {
		return exitError{err, exitUnknown}
	}
	return nil
}

// hiddenSecret returns the secret in an environment variable, or that in a file, or "".
func hiddenSecret(s streams, k *kong.Context, name, variable, value, file string) (string, error) {
	if onCommandLine(k, name) {
		return "", usage("--%s: other users of this machine can read arguments; set %s or --%s-file", name, variable, name)
	}
	return secretOf(s, k, name, value, file, "")
}
