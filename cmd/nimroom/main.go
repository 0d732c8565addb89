// Command nimroom runs the chat room emulator and a demo of all operations, calls the operations
// of any deployment (a command for each method of the SDK, and call), shows what happens in a
// room (watch), signs the requests of clients that cannot (proxy), prints the API's OpenAPI
// description, and compares documentation pages with what they said before.
//
// Package github.com/alecthomas/kong parses the command line, because it reads commands
// from plain structs, is maintained and has no dependencies of its own.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
	"golang.org/x/term"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/internal/command"
	"github.com/nimroom/nimroom/internal/environment"
	"github.com/nimroom/nimroom/internal/message"
	"github.com/nimroom/nimroom/wrapper"
)

// Exit codes, the same for all commands.
const (
	exitOK      = 0
	exitFailed  = 1 // an API error, a call that was declined or interrupted, a finding of demo, doctor or audit, or an output that cannot be written
	exitUsage   = 2 // the command line, a field, a file of settings or the form of the credentials is wrong
	exitUnknown = 3 // the service is not reachable, or the outcome is unknown
	exitReview  = 3 // only sentences of a page differ
)

// cli is the command line.
type cli struct {
	Version versionFlag `help:"Print the version, the commit and the version of the spec, and exit."`
	Lang    string      `env:"NIM_LANG" placeholder:"LANG" complete:"en,zh" help:"Language of all texts: en or zh. The default is that of the locale (LC_ALL, LC_MESSAGES or LANG), or else English."`

	Help       helpCommand       `cmd:"" example:"nimroom help rooms get" help:"Print the help of a command."`
	Demo       demoCommand       `cmd:"" example:"nimroom demo" help:"Run every operation through the SDK on an emulator in this process."`
	Serve      serveCommand      `cmd:"" example:"nimroom serve --rate 100 --data state" help:"Serve the emulator until interrupted."`
	Call       callCommand       `cmd:"" example:"nimroom call sendMsg roomid=66 fromAccid=lena msgType=0 attach=hi" help:"Call one operation and print the response."`
	Proxy      proxyCommand      `cmd:"" example:"nimroom proxy --profile staging" help:"Sign requests and take the HTTP status from the code, for clients that cannot."`
	Profile    profileCommand    `cmd:"" example:"nimroom profile list" help:"Manage profiles: apps and services under a name."`
	Doctor     doctorCommand     `cmd:"" example:"nimroom doctor --profile staging" help:"Find out why calls fail: settings, clock, network, signature, features."`
	Spec       specCommand       `cmd:"" example:"nimroom spec --lang zh --format json" help:"Print the OpenAPI description."`
	Watch      watchCommand      `cmd:"" example:"nimroom watch 66 --as lena --for 10m" help:"Show what happens in a room: live in one of an emulator, by polling in one of the service."`
	Completion completionCommand `cmd:"" example:"nimroom completion bash" help:"Print a script that lets bash, zsh, fish or PowerShell complete command lines."`
	Complete   completeCommand   `cmd:"" hidden:"" passthrough:"" help:"Print what the last word may become."`
	Bulk       bulkCommand       `cmd:"" example:"nimroom bulk run jobs.ndjson" passthrough:"" help:"Carry out files of jobs, each line exactly once (runs nimroom-bulk)."`
	Audit      auditCommand      `cmd:"" example:"nimroom audit page.html" help:"Compare documentation pages with what they said before, or with the spec."`
}

// streams are the outputs of a command.
type streams struct {
	out, err io.Writer
	in       io.Reader
	inputOf  *string // the field whose value is all of in; empty if there is none
	asks     bool    // in is a terminal
	tty      string  // the terminal at which the user may sit, as a file; empty if there is none
	terminal bool    // out is a terminal
	width    int     // of the terminal; 0 if it is unknown
	watched  bool    // err is a terminal
	color    bool    // out is a terminal that shows colours
	language string  // of texts: zh, or else English
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	s := streams{out: os.Stdout, err: os.Stderr, in: os.Stdin, tty: "/dev/tty", asks: isTerminal(os.Stdin), terminal: isTerminal(os.Stdout), watched: isTerminal(os.Stderr), color: isTerminal(os.Stdout) && wantsColor()}
	if width, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil {
		s.width = width
	}
	code := run(ctx, os.Args[1:], s)
	stop()
	os.Exit(code)
}

// run parses and runs a command line and returns the exit code.
func run(ctx context.Context, args []string, s streams) int {
	helpShown := false
	s.inputOf = new(string)
	if len(args) == 0 {
		args = []string{"--help"}
	}
	out := &outlet{Writer: s.out}
	s.out = out
	var unknown error
	s.language, unknown = environment.Language(chosenLanguage(args), os.Getenv)
	parser, err := newParser(s, func(int) { helpShown = true })
	if err != nil {
		fmt.Fprintln(s.err, "nimroom:", err)
		return exitUsage
	}
	args = asHelp(behindCommand(parser.Model.Node, args))
	line, err := parser.Parse(args)
	help := commandOf(line, err)
	if helpShown {
		err = nil
	} else if err = misused(suggest(hideSecrets(err, args), args)); err == nil && unknown != nil && !line.Selected().Passthrough {
		err = usage("%w", unknown)
	}
	if err == nil && !helpShown {
		line.BindTo(ctx, (*context.Context)(nil))
		err = line.Run(s)
	}
	if err == nil {
		err = out.failed()
	}
	if err == nil {
		return exitOK
	}
	var child *exec.ExitError
	if errors.As(err, &child) {
		return child.ExitCode() // nimroom-bulk has said what is wrong
	}
	code := exitCode(err)
	fmt.Fprintln(s.err, "nimroom:", strings.TrimPrefix(catalogOf(s.language).error(err), "nimroom: "))
	if code == exitUsage {
		s.say("Run \"%s --help\" for help.", help)
	}
	return code
}

// variables are the words that stand for values in the texts of the parser.
var variables = kong.Vars{"base_url": wrapper.DefaultBaseURL, "app_key": emulator.DefaultAppKey, "app_secret": emulator.DefaultAppSecret, "operations": strings.Join(command.Actions(), ", ")}

// newParser returns the parser of command lines. It calls exit after it has printed help or the version.
func newParser(s streams, exit func(int)) (*kong.Kong, error) {
	line := &cli{}
	parser, err := kong.New(line, append(units,
		kong.Name("nimroom"),
		kong.Description("Chat rooms of NetEase Yunxin IM: emulator, client and OpenAPI description."),
		kong.Writers(s.out, s.err),
		kong.Exit(exit),
		variables,
		kong.PostBuild(readServerEnvironment),
		kong.Help(s.printHelp),
	)...)
	if err == nil {
		addServices(parser, &line.Call.callFlags)
	}
	return parser, err
}

// exitError is an error with an exit code.
type exitError struct {
	error
	code int
}

func (e exitError) Unwrap() error { return e.error }

// usage returns an error about the command line.
func usage(format string, args ...any) error {
	return exitError{message.Errorf(format, args...), exitUsage}
}

// exitCode returns the exit code of an error.
func exitCode(err error) int {
	var e exitError
	if errors.As(err, &e) {
		return e.code
	}
	return exitFailed
}

// misused returns an error of the parser, which is about the command line.
func misused(err error) error {
	var e exitError
	if err == nil || errors.As(err, &e) {
		return err
	}
	return exitError{err, exitUsage}
}

// isTerminal reports whether f is a terminal.
func isTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// wantsColor reports whether the user wants colours on a terminal.
func wantsColor() bool { return os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" }
