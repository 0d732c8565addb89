// Command record makes the recordings of this repository, in cassettes/testdata.
//
//	go run ./internal/record/cmd emulator      from the emulator
//	go run ./internal/record/cmd live [-yes]   from the real service
//
// Both write the index too. The first one changes everything or, on an error,
// nothing. The second one takes an app and accounts from the environment:
// NIM_APP_KEY, NIM_APP_SECRET, NIM_ACCOUNTS and, for another deployment than the
// public one in China, NIM_BASE_URL. It says what it will do to the app, and asks
// before it does so unless -yes is given.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/nimroom/nimroom/internal/check/contract"
	"github.com/nimroom/nimroom/internal/check/evidence"
	"github.com/nimroom/nimroom/internal/generate/dist"
	"github.com/nimroom/nimroom/internal/record"
	"github.com/nimroom/nimroom/internal/record/live"
)

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2 // nothing was done
)

const usage = "want emulator or live [-yes]"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	p := program{root: ".", lookup: os.LookupEnv, out: os.Stdout, errs: os.Stderr}
	if info, err := os.Stdin.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
		p.terminal = os.Stdin
	}
	code := p.run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// program is what the command works with.
type program struct {
	root      string
	lookup    func(string) (string, bool)
	terminal  io.Reader // where a person answers, nil without one
	out, errs io.Writer
	// network replaces the network in tests.
	network func(*live.Config)
}

// run records in the repository and returns the exit code.
func (p *program) run(ctx context.Context, args []string) int {
	fail := func(code int, err error) int {
		fmt.Fprintln(p.errs, "record:", err)
		return code
	}
	repository := source{p.root}
	var err error
	switch {
	case slices.Equal(args, []string{"emulator"}):
		err = repository.emulator(ctx)
	case slices.Equal(args, []string{"live"}), slices.Equal(args, []string{"live", "-yes"}):
		c, configuring := p.configure(ctx, repository)
		if configuring == nil {
			configuring = p.agree(ctx, c, len(args) == 2)
		}
		if configuring != nil {
			return fail(exitUsage, configuring)
		}
		err = repository.live(ctx, c)
		if errors.Is(err, live.ErrNotReachable) || errors.Is(err, live.ErrNotLive) {
			return fail(exitUsage, err)
		}
		err = errors.Join(err, repository.index()) // a run that failed has made recordings too
	default:
		return fail(exitUsage, errors.New(usage))
	}
	if err != nil {
		return fail(exitFailed, err)
	}
	return exitOK
}

// configure makes the configuration of a live run.
func (p *program) configure(ctx context.Context, s source) (live.Config, error) {
	c, err := live.FromEnvironment(p.lookup)
	if err != nil {
		return c, err
	}
	c.Out, c.Folder = p.out, filepath.Join(s.cassettes(), "testdata")
	if p.network != nil {
		p.network(&c)
	}
	c.Contract, err = s.contract(ctx)
	return c, err
}

// agree says what a live run will do, and returns an error unless somebody agrees.
func (p *program) agree(ctx context.Context, c live.Config, yes bool) error {
	plan, err := live.Plan(ctx, c)
	if err != nil {
		return fmt.Errorf("not run: %w", err)
	}
	fmt.Fprint(p.out, plan)
	switch {
	case yes:
		return nil
	case p.terminal == nil:
		return errors.New("not run: there is no terminal to ask whether to go on; -yes agrees beforehand (make record-live YES=1)")
	}
	fmt.Fprint(p.out, "Go on? [y/N] ")
	answer, _ := bufio.NewReader(p.terminal).ReadString('\n')
	if answer = strings.ToLower(strings.TrimSpace(answer)); answer != "y" && answer != "yes" {
		return errors.New("not run: you did not agree")
	}
	return nil
}

// source is the repository at a folder.
type source struct{ root string }

func (s source) contract(ctx context.Context) (*contract.Contract, error) {
	spec, err := dist.Read(filepath.Join(s.root, "spec", "openapi.yaml"))
	if err != nil {
		return nil, err
	}
	return contract.New(ctx, spec)
}

func (s source) cassettes() string { return filepath.Join(s.root, "cassettes") }

func (s source) examples() ([]*record.Recording, error) {
	known, err := evidence.Load(filepath.Join(s.root, "spec", "evidence"))
	if err != nil {
		return nil, err
	}
	return record.Examples(known)
}

func (s source) emulator(ctx context.Context) error {
	rules, err := s.contract(ctx)
	if err != nil {
		return err
	}
	examples, err := s.examples()
	if err != nil {
		return err
	}
	recordings, err := record.FromEmulator(ctx, rules)
	if err != nil {
		return err
	}
	return record.Save(s.cassettes(), recordings, examples)
}

func (s source) index() error {
	examples, err := s.examples()
	if err != nil {
		return err
	}
	return record.SaveIndex(s.cassettes(), examples)
}

// live plays against the real service and says what was found, however the run
// ended.
func (s source) live(ctx context.Context, c live.Config) error {
	report, err := live.Run(ctx, c)
	if report != nil {
		fmt.Fprintf(c.Out, "\n%d scenarios played, %d skipped, %d failed; %d differences; %d rooms closed.\nThe report is in %s, as text and as JSON.\n",
			len(report.Played), len(report.Skipped), len(report.Failed), report.Differences(), report.Cleanup.Rooms,
			filepath.Join(c.Folder, "live", "report"))
	}
	return err
}
