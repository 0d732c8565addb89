// Command record makes the cassettes of this repository.
//
//	go run ./internal/record/cmd document   from the examples of the documents
//	go run ./internal/record/cmd emulator   from the emulator
//	go run ./internal/record/cmd live       from the real service
//
// Each writes the index too. The last one takes an app and accounts from the
// environment: NIM_APP_KEY, NIM_APP_SECRET, NIM_ACCOUNTS and, for another
// deployment than the public one in China, NIM_BASE_URL.
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

	"github.com/nimroom/nimroom/cassettes"
	"github.com/nimroom/nimroom/internal/record"
	"github.com/nimroom/nimroom/internal/record/live"
)

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2 // nothing was done
)

const usage = "want document, emulator or live"

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
	folder := filepath.Join(root, "cassettes")
	var err error
	switch args[0] {
	case "document":
		err = from(filepath.Join(root, "spec/testdata/facts.yaml"), func(facts []byte) error { return record.Documents(facts, folder) })
	case "emulator":
		err = from(filepath.Join(root, "spec/openapi.yaml"), func(spec []byte) error { return record.Emulator(ctx, spec, folder) })
	case "live":
		c, err := live.FromEnvironment(lookup)
		if err != nil {
			return fail(exitUsage, err)
		}
		c.Folder, c.Out = folder, out
		err = from(filepath.Join(root, "spec/openapi.yaml"), func(spec []byte) error { return runLive(ctx, c, spec) })
		err = errors.Join(err, record.Index(folder)) // of a run that failed, there are cassettes too
		if err != nil {
			return fail(exitFailed, err)
		}
		return exitOK
	default:
		return fail(exitUsage, errors.New(usage))
	}
	if err == nil {
		err = record.Index(folder)
	}
	if err != nil {
		return fail(exitFailed, err)
	}
	return exitOK
}

// from reads a file and records from it.
func from(file string, record func([]byte) error) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return record(text)
}

// runLive tells what was found, however the run ended.
func runLive(ctx context.Context, c live.Config, spec []byte) error {
	c.Spec = spec
	report, err := live.Run(ctx, c)
	if report != nil {
		fmt.Fprintf(c.Out, "\n%d scenarios played, %d skipped, %d failed; %d differences; %d rooms closed.\nThe report is in %s, as text and as JSON.\n",
			len(report.Played), len(report.Skipped), len(report.Failed), report.Differences(), report.Cleanup.Rooms,
			filepath.Join(c.Folder, cassettes.Live, "report"))
	}
	return err
}
