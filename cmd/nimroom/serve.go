package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/internal/wire"
)

// serveCommand serves the emulator.
type serveCommand struct {
	Addr      string             `default:"127.0.0.1:8500" help:"Address to listen on. Only loopback addresses, unless --expose is given."`
	AppKey    string             `default:"${app_key}" help:"Key of the app that may call."`
	AppSecret string             `default:"${app_secret}" help:"Secret of that app."`
	Dialect   string             `enum:"canonical,en-2022,text" default:"canonical" help:"Spelling of answers: canonical, en-2022 (the English page's) or text (nested values and numbers as text)."`
	Accounts  string             `enum:"open,strict" default:"open" help:"open: every account exists; strict: only those created."`
	Strict    bool               `help:"Refuse unknown fields and fields sent twice."`
	Rate      int                `placeholder:"N" help:"Let N requests of an operation pass a second; one more blocks it for ten seconds. Off without."`
	Without   []emulator.Feature `placeholder:"FEATURE" help:"Switch features of the app off, such as search or entryNotification."`
	Clock     time.Time          `placeholder:"TIME" help:"Let time stand still at this one, such as 2022-11-22T12:00:00Z, until the control plane advances it. Without, it is the machine's."`
	Seed      uint64             `default:"1" help:"Seed of chance, which decides on the messages that an abandonRatio drops."`
	Data      string             `placeholder:"DIR" help:"Keep the state in this directory, through restarts and kills. Without, it is kept in memory."`
	Sync      bool               `help:"With --data: wait for the disk with every write, to get through a loss of power too."`

	Expose       bool   `help:"Allow an address other than loopback. The control plane then asks for a token."`
	ControlToken string `placeholder:"T" help:"Token that the control plane and the index page ask for. With --expose one is made and printed if none is given."`
}

// Run serves until the context ends.
func (c *serveCommand) Run(ctx context.Context, s streams) (err error) {
	if err := c.checkAddress(ctx); err != nil {
		return err
	}
	made := ""
	if c.Expose && c.ControlToken == "" {
		made = rand.Text()
		c.ControlToken = made
	}
	server, err := c.server()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	l, err := listen(ctx, c.Addr)
	if err != nil {
		return err
	}
	address := "http://" + reachable(l.Addr().String())
	fmt.Fprintf(s.out, "nimroom emulator: %s/nimserver\n  app key        %s\n  control plane  %s/_emulator/health\n",
		address, server.Credentials().AppKey(), address)
	if made != "" {
		fmt.Fprintf(s.out, "  control token  %s\n", made)
	}
	fmt.Fprintf(s.out, "  reference      %s/docs\n  spec           %s/openapi.yaml\nStop it with Ctrl-C.\n", address, address)
	if err := server.Serve(ctx, l); err != nil {
		return exitError{err, exitUnknown}
	}
	return nil
}

// reachable is an address at which a client on this machine finds a listener:
// "every address" is none.
func reachable(listening string) string {
	host, port, err := net.SplitHostPort(listening)
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		return net.JoinHostPort("127.0.0.1", port)
	}
	return listening
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
	options := []emulator.Option{
		emulator.WithCredentials(credentials),
		emulator.WithDocsSecret(c.AppSecret),
		emulator.WithDialect(dialect),
		emulator.WithAccounts(emulator.Accounts(c.Accounts)),
		emulator.WithStrict(c.Strict),
		emulator.WithRate(c.Rate),
		emulator.WithoutFeatures(c.Without...),
		emulator.WithSeed(c.Seed),
	}
	if !c.Clock.IsZero() {
		options = append(options, emulator.WithStartTime(c.Clock))
	}
	if c.Sync && c.Data == "" {
		return nil, usage("--sync needs --data")
	}
	if c.Data != "" {
		options = append(options, emulator.WithData(c.Data), emulator.WithSync(c.Sync))
	}
	if c.ControlToken != "" {
		options = append(options, emulator.WithControlToken(c.ControlToken))
	}
	server, err := emulator.New(options...)
	if err != nil {
		return nil, usage("%w", err)
	}
	return server, nil
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
