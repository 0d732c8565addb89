package main

import (
	"context"
	"fmt"
	"net"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wire"
)

// serveCommand serves the emulator.
type serveCommand struct {
	Addr      string `default:"127.0.0.1:8500" help:"Address to listen on. Only loopback addresses, unless --expose is given."`
	AppKey    string `default:"${app_key}" help:"Key of the app that may call."`
	AppSecret string `default:"${app_secret}" help:"Secret of that app."`
	Dialect   string `enum:"canonical,en-2022,text" default:"canonical" help:"Spelling of answers: canonical, en-2022 (the English page's) or text (nested values and numbers as text)."`
	Accounts  string `enum:"open,strict" default:"open" help:"open: every account exists; strict: only those created."`
	Strict    bool   `help:"Refuse unknown fields and fields sent twice."`
	Expose    bool   `help:"Allow an address other than loopback. The control plane is then reachable from there, without protection."`
}

// Run serves until the context ends.
func (c *serveCommand) Run(ctx context.Context, s streams) error {
	server, err := c.server()
	if err != nil {
		return err
	}
	if err := c.checkAddress(ctx); err != nil {
		return err
	}
	listening, stop, err := listen(ctx, c.Addr, server.Handler())
	if err != nil {
		return exitError{err, exitUnknown}
	}
	address := "http://" + listening
	fmt.Fprintf(s.out, "nimroom emulator: %s/nimserver\n  app key        %s\n  control plane  %s/_emulator/health\n  spec           %s/openapi.yaml\nStop it with Ctrl-C.\n",
		address, server.Credentials().AppKey(), address, address)
	<-ctx.Done()
	if err := stop(); err != nil {
		return exitError{err, exitUnknown}
	}
	return nil
}

// server makes the emulator that the flags describe.
func (c *serveCommand) server() (*emulator.Server, error) {
	credentials, err := sign.NewCredentials(c.AppKey, c.AppSecret)
	if err != nil {
		return nil, usage("%w", err)
	}
	dialect, err := wire.ParseDialect(c.Dialect)
	if err != nil {
		return nil, usage("%w", err)
	}
	return emulator.New(
		emulator.WithCredentials(credentials),
		emulator.WithDialect(dialect),
		emulator.WithAccounts(emulator.Accounts(c.Accounts)),
		emulator.WithStrict(c.Strict),
	)
}

// checkAddress refuses to listen where others could reach the control plane.
func (c *serveCommand) checkAddress(ctx context.Context) error {
	host, _, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return usage("--addr %q: %w", c.Addr, err)
	}
	if c.Expose {
		return nil
	}
	if host == "" {
		return usage("--addr %q listens on every address; give a loopback address, or --expose", c.Addr)
	}
	ips, err := net.DefaultResolver.LookupIPAddr(ctx, host)
	if err != nil {
		return usage("--addr %q: %w", c.Addr, err)
	}
	for _, ip := range ips {
		if !ip.IP.IsLoopback() {
			return usage("--addr %q is not a loopback address; give one, or --expose", c.Addr)
		}
	}
	return nil
}
