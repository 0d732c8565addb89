package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/internal/message"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/sign"
)

// serveCommand serves the emulator.
type serveCommand struct {
	Addr        string `default:"127.0.0.1:8500" help:"Address to listen on. It must be a loopback address unless --expose is given."`
	AppKey      string `env:"NIM_APP_KEY" default:"${app_key}" help:"Key of the app that may call the emulator."`
	secretFlags `embed:""`
	Dialect     string             `enum:"canonical,en-2022,text" default:"canonical" help:"Form of the responses: canonical, en-2022 (as in the English page) or text (nested values and numbers as strings)."`
	Accounts    string             `enum:"open,strict" default:"open" help:"open: every account exists. strict: only created accounts exist."`
	Strict      bool               `help:"Reject unknown and repeated fields."`
	Rate        int                `placeholder:"N" help:"Allow N requests per second for each operation, and for operations with a rate limit of their own as many as that allows. One more blocks the operation for ten seconds or the limit's own time. There is no limit by default."`
	Without     []emulator.Feature `placeholder:"FEATURE" complete:"feature" help:"Disable features of the app, such as search or entryNotification."`
	CurTime     emulator.CurTime   `name:"curtime" enum:"machine,emulator,off" default:"machine" help:"Clock by which the CurTime of a signature is checked: machine (the system clock, or the emulator's, which the control plane advances), emulator (only that), or off."`
	Clock       time.Time          `placeholder:"TIME" help:"Stop the clock at this time, such as 2022-11-22T12:00:00Z, until the control plane advances it. The default is the system clock."`
	Seed        uint64             `default:"1" help:"Seed of the random choice of the messages that an abandonRatio drops."`
	Data        string             `placeholder:"DIR" help:"Keep the state in this directory, where it survives restarts and kills. The default is to keep it in memory."`
	Sync        bool               `help:"With --data: sync every write to the disk, so that the state survives a loss of power too."`

	Callback           []string `placeholder:"[ENV=]URL" sep:"none" help:"Deliver callbacks to this address, those of an environment if one is named; may be repeated. It must be on this machine unless --callback-any-host is given."`
	CallbackAnyHost    bool     `help:"Allow --callback to name other machines."`
	CallbackAllMembers bool     `help:"Copy the entries and exits of everyone, not only of creators and managers."`

	logFlags  `embed:""`
	ReadyFile string `placeholder:"FILE" help:"When the emulator is ready, write a JSON object with its addresses, its app key and, if it was generated, its control token to this file, which only you can read."`

	Expose           bool   `help:"Allow an address other than loopback, and any host name in requests. The control plane then requires a token, and the app needs a secret other than the default one."`
	ControlToken     string `placeholder:"T" help:"Token of at least 16 characters that the control plane and the console require. With --expose, the default is a random token, which is printed."`
	ControlTokenFile string `placeholder:"FILE" help:"File that holds this token."`
}

// Run serves until the context ends.
func (c *serveCommand) Run(ctx context.Context, s streams, k *kong.Context) (err error) {
	if err := checkAddress(ctx, c.Addr, c.Expose, message.Of("--expose")); err != nil {
		return err
	}
	if c.AppSecret, err = c.secret(s, k, emulator.DefaultAppSecret); err != nil {
		return err
	}
	if c.ControlToken, err = secretOf(s, k, "control-token", c.ControlToken, c.ControlTokenFile, ""); err != nil {
		return err
	}
	generated := ""
	if c.Expose && c.ControlToken == "" {
		generated = rand.Text()
		c.ControlToken = generated
	}
	server, err := c.server(c.hook(s), s.language)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	l, err := listen(ctx, c.Addr)
	if err != nil {
		return err
	}
	if c.Log == "json" {
		s.out = s.err
	}
	address := "http://" + reachable(l.Addr().String())
	if err := c.ready(address, server.Credentials().AppKey(), generated); err != nil {
		return errors.Join(exitError{message.Errorf("--ready-file: %w", err), exitFailed}, l.Close())
	}
	fmt.Fprintf(s.out, "nimroom emulator: %s/nimserver\n", address) // programs read this line
	s.detail(message.Of("app key"), server.Credentials().AppKey())
	s.detail(message.Of("control plane"), address+"/_emulator/health")
	if generated != "" {
		s.detail(message.Of("control token"), generated)
	}
	if c.Expose {
		s.detail(message.Of("host names"), s.text("any"))
	}
	s.detail(message.Of("reference"), address+"/docs")
	s.detail(message.Of("spec"), address+"/openapi.yaml")
	fmt.Fprintln(s.out, s.text("Stop it with Ctrl-C."))
	if err := server.Serve(ctx, l); err != nil {
		return exitError{err, exitUnknown}
	}
	return nil
}

// detail prints what there is to know about a server.
func (s streams) detail(what message.Text, is string) {
	fmt.Fprintf(s.out, "  %s  %s\n", pad(catalogOf(s.language).text(what), 13), is)
}

// ready writes the ready file, if there is one, so that it is never seen half written.
func (c *serveCommand) ready(address, appKey, token string) error {
	if c.ReadyFile == "" {
		return nil
	}
	text, err := json.Marshal(struct {
		Address      string `json:"address"`
		BaseURL      string `json:"baseUrl"`
		AppKey       string `json:"appKey"`
		ControlToken string `json:"controlToken,omitempty"`
		PID          int    `json:"pid"`
	}{address, address + "/nimserver", appKey, token, os.Getpid()})
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(c.ReadyFile), ".ready-*")
	if err != nil {
		return err
	}
	_, err = f.Write(append(text, '\n'))
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), c.ReadyFile)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// server returns the emulator that the flags describe. It calls the hook for each request, and explains errors in a language.
func (c *serveCommand) server(hook func(emulator.Request, time.Duration), language string) (*emulator.Server, error) {
	credentials, err := sign.NewCredentials(c.AppKey, c.AppSecret)
	if err != nil {
		return nil, usage("%w", err)
	}
	dialect, err := wire.ParseDialect(c.Dialect)
	if err != nil {
		return nil, usage("%w", err)
	}
	options := []emulator.Option{
		emulator.WithCredentials(credentials),
		emulator.WithDocsSecret(c.AppSecret),
		emulator.WithDialect(dialect),
		emulator.WithAccounts(emulator.Accounts(c.Accounts)),
		emulator.WithCurTime(c.CurTime),
		emulator.WithStrict(c.Strict),
		emulator.WithRate(c.Rate),
		emulator.WithoutFeatures(c.Without...),
		emulator.WithSeed(c.Seed),
		emulator.WithLanguage(languages[language]),
	}
	if !c.Clock.IsZero() {
		options = append(options, emulator.WithStartTime(c.Clock))
	}
	if hook != nil {
		options = append(options, emulator.WithRequestHook(hook))
	}
	if c.Sync && c.Data == "" {
		return nil, usage("--sync needs --data")
	}
	if c.Data != "" {
		options = append(options, emulator.WithData(c.Data), emulator.WithSync(c.Sync))
	}
	for _, callback := range c.Callback {
		env, address, named := strings.Cut(callback, "=")
		if !named || strings.Contains(env, "/") { // the = is in the address
			env, address = "", callback
		}
		options = append(options, emulator.WithCallback(env, address))
	}
	if c.CallbackAnyHost {
		options = append(options, emulator.WithAnyCallbackHost())
	}
	if c.CallbackAllMembers {
		options = append(options, emulator.WithAllMembersCopied())
	}
	if c.ControlToken != "" {
		options = append(options, emulator.WithControlToken(c.ControlToken))
	}
	if c.Expose {
		if c.AppSecret == emulator.DefaultAppSecret {
			return nil, usage("--expose needs an app secret other than the default one, which everybody knows; set --app-secret-file or NIM_APP_SECRET")
		}
		options = append(options, emulator.WithAnyHost())
	}
	server, err := emulator.New(options...)
	var unusable *fs.PathError
	switch {
	case errors.As(err, &unusable):
		return nil, exitError{message.Errorf("--data: %w", err), exitFailed}
	case err != nil:
		return nil, usage("%w", err)
	}
	return server, nil
}
