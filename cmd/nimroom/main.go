// Command nimroom runs the chat room emulator, a demo on it, single operations
// against any deployment, and prints the API's OpenAPI description.
//
// The command line is parsed by github.com/alecthomas/kong: commands are plain
// structs, it is kept up, and it brings no further modules along.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/wrapper"
)

// Exit codes, the same for all commands.
const (
	exitOK      = 0
	exitRefused = 1 // refused by the service, or a step of the demo failed
	exitUsage   = 2 // the command line, a field or the credentials are wrong
	exitUnknown = 3 // not reachable, or outcome unknown
)

// cli is the command line.
type cli struct {
	Demo  demoCommand  `cmd:"" help:"Run every operation through the SDK on an emulator in this process."`
	Serve serveCommand `cmd:"" help:"Serve the emulator until interrupted."`
	Call  callCommand  `cmd:"" help:"Call one operation and print its answer as JSON."`
	Spec  specCommand  `cmd:"" help:"Print the OpenAPI description."`
	Audit auditCommand `cmd:"" help:"Compare documentation pages with the spec."`
}

// streams are what a command reads and writes.
type streams struct {
	out, err io.Writer
	color    bool // out is a terminal that shows colours
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], streams{out: os.Stdout, err: os.Stderr, color: isTerminal(os.Stdout)})
	stop()
	os.Exit(code)
}

// run parses and carries out a command line and returns the exit code.
func run(ctx context.Context, args []string, s streams) int {
	helped := false
	parser, err := kong.New(&cli{},
		kong.Name("nimroom"),
		kong.Description("Chat rooms of NetEase Yunxin IM: emulator, client and OpenAPI description."),
		kong.Writers(s.out, s.err),
		kong.Exit(func(int) { helped = true }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Vars{"base_url": wrapper.DefaultBaseURL, "app_key": emulator.DefaultAppKey, "app_secret": emulator.DefaultAppSecret},
	)
	if err != nil {
		fmt.Fprintln(s.err, "nimroom:", err)
		return exitUsage
	}
	command, err := parser.Parse(args)
	if helped {
		return exitOK
	}
	if err == nil {
		command.BindTo(ctx, (*context.Context)(nil))
		err = command.Run(s)
	}
	if err == nil {
		return exitOK
	}
	code := exitCode(err)
	fmt.Fprintln(s.err, "nimroom:", strings.TrimPrefix(err.Error(), "nimroom: "))
	if code == exitUsage {
		fmt.Fprintln(s.err, `Run "nimroom --help" for help.`)
	}
	return code
}

// exitError is an error that brings its exit code along.
type exitError struct {
	error
	code int
}

func (e exitError) Unwrap() error { return e.error }

// usage makes an error about the command line.
func usage(format string, args ...any) error {
	return exitError{fmt.Errorf(format, args...), exitUsage}
}

// exitCode finds the exit code of an error; one without is about the command line.
func exitCode(err error) int {
	var e exitError
	if errors.As(err, &e) {
		return e.code
	}
	return exitUsage
}

// isTerminal tells whether a file is a terminal and colours are wanted.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}
