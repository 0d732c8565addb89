// Command record makes the recordings of this repository, in cassettes/testdata.
//
//	go run ./internal/record/cmd emulator   from the emulator
//	go run ./internal/record/cmd live       from the real service
//
// Both write the index too. The first one changes everything or, on an error,
// nothing. The second one takes an app and accounts from the environment:
// NIM_APP_KEY, NIM_APP_SECRET, NIM_ACCOUNTS and, for another deployment than the
// public one in China, NIM_BASE_URL.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/nimroom/nimroom/internal/check/evidence"
	"github.com/nimroom/nimroom/internal/record"
	"github.com/nimroom/nimroom/internal/record/live"
)

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2 // nothing was done
)

const usage = "want emulator or live"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], ".", os.LookupEnv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run records in the repository at root and returns the exit code.
func run(ctx context.Context, args []string, root string, lookup func(string) (string, bool), out, errs io.Writer) int {
	fail := func(code int, err error) int {
		fmt.Fprintln(errs, "record:", err)
		return code
	}
	if len(args) != 1 {
		return fail(exitUsage, errors.New(usage))
	}
	repository := source{root}
	var err error
	switch args[0] {
	case "emulator":
		err = repository.emulator(ctx)
	case "live":
		c, configuring := live.FromEnvironment(lookup)
		if configuring != nil {
			return fail(exitUsage, configuring)
		}
		c.Out = out
		err = errors.Join(repository.live(ctx, c), repository.index()) // a run that failed has made recordings too
	default:
		return fail(exitUsage, errors.New(usage))
	}
	if err != nil {
		return fail(exitFailed, err)
	}
	return exitOK
}

// source is the repository at a folder.
type source struct{ root string }

func (s source) spec() ([]byte, error) {
	return os.ReadFile(filepath.Join(s.root, "spec", "openapi.yaml"))
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
	spec, err := s.spec()
	if err != nil {
		return err
	}
	examples, err := s.examples()
	if err != nil {
		return err
	}
	recordings, err := record.FromEmulator(ctx, spec)
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
	var err error
	if c.Spec, err = s.spec(); err != nil {
		return err
	}
	c.Folder = filepath.Join(s.cassettes(), "testdata")
	report, err := live.Run(ctx, c)
	if report != nil {
		fmt.Fprintf(c.Out, "\n%d scenarios played, %d skipped, %d failed; %d differences; %d rooms closed.\nThe report is in %s, as text and as JSON.\n",
			len(report.Played), len(report.Skipped), len(report.Failed), report.Differences(), report.Cleanup.Rooms,
			filepath.Join(c.Folder, "live", "report"))
	}
	return err
}
