// Command nimroom-bulk carries out files of jobs, one operation a line, so that each line takes
// effect exactly once. The command nimroom runs it as nimroom bulk.
//
// Package github.com/schollz/progressbar/v3 draws the progress: it is small, kept, and knows
// rate and remaining time.
package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
	"github.com/redis/go-redis/v9"
	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/nimroom/nimroom/contrib/bulk"
	"github.com/nimroom/nimroom/contrib/redislimit"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/command"
	"github.com/nimroom/nimroom/internal/environment"
	"github.com/nimroom/nimroom/internal/message"
	"github.com/nimroom/nimroom/internal/web"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

// Exit codes.
const (
	exitDone    = 0
	exitFailed  = 1 // lines failed
	exitUsage   = 2 // the command line, the file, the credentials or the database are wrong
	exitUnknown = 3 // of some lines nobody can know whether they took effect, or the service was not reached or was too busy for the calls before the first line
	exitOpen    = 4 // the run was interrupted, or has not ended
)

type cli struct {
	Version kong.VersionFlag `help:"Print the version and exit."`
	Lang    string           `placeholder:"LANG" help:"Language of the advice on errors of the service: en or zh (or NIM_LANG). The default is that of the locale."`

	Run     runCommand     `cmd:"" help:"Check a file of jobs, carry it out, and print a result for each line."`
	Resume  resumeCommand  `cmd:"" help:"Continue a run that was interrupted, and print its results."`
	Status  statusCommand  `cmd:"" help:"Say how far a run is. The exit code is 4 while lines are open, then 3 if the outcome of some is unknown, 1 if some failed, and 0 if all are done."`
	Results resultsCommand `cmd:"" help:"Print the results of a run so far."`
	Work    workCommand    `cmd:"" help:"Work on the runs in a Postgres database until interrupted, as one of several machines."`
	Make    makeCommand    `cmd:"" help:"Print jobs for many rooms."`
}

// serviceFlags say which service is called, and for which app. What they leave open comes from
// the environment, as it does for wrapper.FromEnv.
type serviceFlags struct {
	Profile       string `placeholder:"NAME" help:"Profile that sets what the other flags and variables leave open (or NIM_PROFILE). The default is the one that nimroom profile use chose."`
	BaseURL       string `placeholder:"URL" help:"Base URL of the service (or NIM_BASE_URL)."`
	Region        string `placeholder:"REGION" help:"Region of the app: china, the default, or overseas (or NIM_REGION)."`
	AppKey        string `placeholder:"KEY" help:"The app's key (or NIM_APP_KEY)."`
	AppSecret     string `placeholder:"SECRET" help:"The app's secret (or NIM_APP_SECRET). Other users of this machine can read arguments: prefer a file or the environment."`
	AppSecretFile string `placeholder:"FILE" help:"File that holds the app's secret (or NIM_APP_SECRET_FILE)."`
	Yes           bool   `help:"Agree to change something in production."`
}

// settings returns the settings and the credentials.
func (f *serviceFlags) settings() (environment.Settings, sign.Credentials, error) {
	flags := map[string]string{
		environment.EnvProfile: f.Profile, environment.EnvBaseURL: f.BaseURL, environment.EnvRegion: f.Region, environment.EnvAppKey: f.AppKey,
		environment.EnvAppSecret: f.AppSecret, environment.EnvAppSecretFile: f.AppSecretFile,
	}
	s, err := command.Settings(func(name string) string {
		secret := name == environment.EnvAppSecret || name == environment.EnvAppSecretFile
		if secret && f.AppSecret+f.AppSecretFile != "" { // one of the flags takes the place of both variables
			return flags[name]
		}
		return cmp.Or(flags[name], os.Getenv(name)) //nolint:forbidigo // a command reads the environment
	})
	if err != nil {
		return s, sign.Credentials{}, err
	}
	credentials, err := sign.NewCredentials(s.AppKey, s.Secret())
	switch {
	case err != nil:
		err = fmt.Errorf("%w; set NIM_APP_KEY, and NIM_APP_SECRET or NIM_APP_SECRET_FILE", err)
	case s.Production && !f.Yes:
		err = fmt.Errorf("this works in production: app %s at %s; give --yes, or name another service with --profile or --base-url", s.AppKey, s.Hosts()[0])
	}
	return s, credentials, err
}

// storeFlags say where the lines and results of a file are kept.
type storeFlags struct {
	File     string `arg:"" help:"File of jobs: in each line an object such as {\"action\":\"get\",\"form\":{\"roomid\":66}}."`
	Database string `placeholder:"DB" help:"Where lines and results are kept: an SQLite file, by default FILE.db, or a Postgres database for several machines (postgres://user@host/name)."`
	Name     string `help:"Name of the run in the database. The default is the name of the file."`
}

func (f *storeFlags) open(ctx context.Context) (*bulk.Store, error) {
	f.Database, f.Name = cmp.Or(f.Database, f.File+".db"), cmp.Or(f.Name, filepath.Base(f.File))
	return bulk.Open(ctx, f.Database)
}

// find opens the store of a run that was begun.
func (f *storeFlags) find(ctx context.Context) (*bulk.Store, *bulk.RunInfo, error) {
	missing := fmt.Errorf("%s was not begun; start it with run", f.File)
	if _, err := os.Stat(f.File + ".db"); f.Database == "" && err != nil {
		return nil, nil, missing // and do not make the database
	}
	store, err := f.open(ctx)
	if err != nil {
		return nil, nil, err
	}
	r, err := store.Find(ctx, f.Name)
	if err == nil && r == nil {
		err = missing
	}
	return store, r, err
}

// workFlags say how lines are carried out.
type workFlags struct {
	serviceFlags `embed:""`

	Concurrency int           `default:"${concurrency}" help:"How many lines are carried out at once."`
	Rate        int           `default:"${rate}" help:"How many calls of an operation may be made per second. Operations with a limit of their own keep to that."`
	Redis       string        `placeholder:"URL" help:"Redis through which the machines share the rate (redis://host:6379). Without it, the machines that share a database need rates which together are no more than the app's."`
	Settle      time.Duration `default:"${settle}" help:"How long a request without a response may be under way, before the service is asked whether it arrived."`
	Tries       int           `default:"${tries}" help:"After how many tries a line is given up that the service cannot carry out now."`
	Rescue      time.Duration `default:"${rescue}" help:"After how long the line of a machine that is gone comes again, and half a minute at most. Calls end before. In a file, lines come again at once."`
	Verbose     bool          `short:"v" help:"Show the messages of the engine."`
}

// margin is by how much the times may differ that calls take to the service.
const margin = 30 * time.Millisecond

// language returns the language of advice: that of NIM_LANG, or else of the locale.
func language() wrapper.Language {
	name, _ := environment.Language("", os.Getenv) //nolint:forbidigo // the command is the caller; what is no language counts as English
	if name == "zh" {
		return wrapper.Chinese
	}
	return wrapper.English
}

// engine makes the engine.
func (f *workFlags) engine(ctx context.Context, store *bulk.Store, progress func(bulk.Summary, error)) (*bulk.Engine, error) {
	for name, n := range map[string]int{"rate": f.Rate, "concurrency": f.Concurrency, "tries": f.Tries} {
		if n < 1 {
			return nil, fmt.Errorf("--%s %d: must be at least 1", name, n)
		}
	}
	switch {
	case f.Settle < 0:
		return nil, fmt.Errorf("--settle %v: must not be negative", f.Settle)
	case f.Rescue < time.Second:
		return nil, fmt.Errorf("--rescue %v: must be at least 1s", f.Rescue)
	}
	app, credentials, err := f.settings()
	if err != nil {
		return nil, err
	}
	config := bulk.Config{
		Concurrency: f.Concurrency, Settle: f.Settle, Tries: f.Tries, Rescue: f.Rescue, Rate: f.Rate, Language: language(), Progress: progress,
		New: func(options ...wrapper.Option) (*wrapper.Client, error) {
			return wrapper.New(credentials, slices.Insert(options, 0, wrapper.WithHosts(app.Hosts()...))...)
		},
	}
	if f.Verbose {
		config.Logger = slog.New(slog.NewTextHandler(os.Stderr, nil))
	}
	if f.Redis != "" {
		options, err := redis.ParseURL(f.Redis)
		if err != nil {
			return nil, errors.New("--redis: want redis://host:6379") // err may quote a password
		}
		redis.SetLogger(quiet{})
		config.Limiter, err = redislimit.New(redis.NewClient(options), app.AppKey, f.Rate, redislimit.WithMargin(margin))
		if err != nil {
			return nil, err
		}
	}
	return bulk.NewEngine(ctx, store, config)
}

type quiet struct{}

func (quiet) Printf(context.Context, string, ...any) {}

// outputFlags say where results go.
type outputFlags struct {
	Output string `short:"o" placeholder:"FILE" help:"File for the results. The default is standard output."`
}

// work waits for a run, prints its results and a summary, and returns the exit code.
func (f *outputFlags) work(ctx context.Context, w *workFlags, s *bulk.Store, name string, begin func(*bulk.Engine) error) error {
	var bar *progressbar.ProgressBar
	away := false
	engine, err := w.engine(ctx, s, func(sum bulk.Summary, trouble error) {
		if away != (trouble != nil) {
			away = !away
			fmt.Fprintln(os.Stderr, "nimroom bulk: the database is away:", away)
		}
		if trouble != nil || !term.IsTerminal(int(os.Stderr.Fd())) {
			return
		}
		ended := sum.Done + sum.Failed + sum.Unknown
		if bar == nil {
			bar = progressbar.NewOptions(ended+sum.Open, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionShowCount(), progressbar.OptionShowIts(),
				progressbar.OptionSetItsString("lines"), progressbar.OptionSetPredictTime(true), progressbar.OptionClearOnFinish())
			_ = bar.Set(ended)
			bar.StartWithoutRender()
			return
		}
		_ = bar.Set(ended) // a terminal that is gone shows nothing
	})
	if err != nil {
		return err
	}
	if err := begin(engine); err != nil {
		return err
	}
	sum, err := engine.Wait(ctx, name)
	if bar != nil {
		_ = bar.Finish() // as above
	}
	switch {
	case errors.As(err, new(*wrapper.Error)):
		return refused(err, message.Of("Correct it and continue with resume."))
	case ctx.Err() != nil:
		return exitError{fmt.Errorf("interrupted with %d lines open; continue with resume", sum.Open), exitOpen}
	case err != nil:
		return err
	}
	return f.print(context.WithoutCancel(ctx), s, name)
}

// refused returns an error that no line can escape, with its advice and what to do then.
func refused(err error, then message.Text) error {
	if errors.Is(err, context.Canceled) {
		return exitError{message.Errorf("interrupted\n%v", then), exitOpen}
	}
	var e *wrapper.Error
	if !errors.As(command.ByAction(err), &e) {
		return err
	}
	code := exitUsage
	if e.Code == 0 || errors.Is(e, wrapper.ErrRateLimited) || errors.Is(e, wrapper.ErrServerFault) || errors.Is(e, wrapper.ErrUnavailable) {
		code = exitUnknown
	}
	return exitError{message.Errorf("%w\n%s\n%v", e, e.AdviceIn(language()), then), code}
}

// print prints the results and a summary, and returns the exit code.
func (f *outputFlags) print(ctx context.Context, s *bulk.Store, name string) (err error) {
	out := os.Stdout
	if f.Output != "" {
		if out, err = os.OpenFile(f.Output, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600); err != nil { // responses may hold tokens
			return err
		}
	}
	var buffered bytes.Buffer
	if err := s.Results(ctx, name, func(r json.RawMessage) error {
		buffered.Write(r)
		buffered.WriteByte('\n')
		if buffered.Len() > 1<<16 {
			_, err := buffered.WriteTo(out)
			return err
		}
		return nil
	}); err != nil {
		return err
	}
	if _, err := buffered.WriteTo(out); err != nil {
		return err
	}
	if f.Output != "" {
		if err := out.Close(); err != nil {
			return err
		}
	}
	return summarize(ctx, os.Stderr, s, name)
}

// summarize prints how many lines have which outcome, and returns the exit code.
func summarize(ctx context.Context, w io.Writer, s *bulk.Store, name string) error {
	sum, err := s.Summary(ctx, name)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%s: %d done, %d failed, %d unknown, %d open\n", name, sum.Done, sum.Failed, sum.Unknown, sum.Open)
	switch {
	case sum.Open > 0:
		return exitError{nil, exitOpen}
	case sum.Unknown > 0:
		return exitError{nil, exitUnknown}
	case sum.Failed > 0:
		return exitError{nil, exitFailed}
	}
	return nil
}

type runCommand struct {
	storeFlags  `embed:""`
	workFlags   `embed:""`
	outputFlags `embed:""`
	Again       bool `help:"Carry out a file once more whose run has ended, and forget its results."`
}

func (c *runCommand) Run(ctx context.Context) error {
	data, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	lines, err := bulk.Read(data)
	if err != nil {
		return fmt.Errorf("%s: nothing was sent\n%w", c.File, err)
	}
	store, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer store.Close() //nolint:errcheck // nothing is left to write
	info := bulk.RunInfo{Name: c.Name, Digest: bulk.Digest(data)}
	return c.work(ctx, &c.workFlags, store, c.Name, func(e *bulk.Engine) error {
		before, err := store.Find(ctx, c.Name)
		if err != nil {
			return err
		}
		then := message.Of("No line was carried out. Run the same command again when the cause is gone.")
		if before != nil {
			changed := ""
			if before.Digest != info.Digest {
				changed = ", before the file was changed"
			}
			sum, err := store.Summary(ctx, c.Name)
			begun := before.Started.Format(time.DateTime)
			switch {
			case err != nil:
				return err
			case sum.Open > 0:
				return fmt.Errorf("a run of %s was begun at %s%s and has %d of %d lines open; continue it with resume", c.Name, begun, changed, sum.Open, before.Lines)
			case !c.Again:
				return fmt.Errorf("%s was carried out at %s%s; see its results with results, carry it out once more with --again, or give another --name", c.Name, begun, changed)
			}
			then = message.Of("The earlier results are kept. Run the same command again when the cause is gone.")
			if err := e.Check(ctx); err != nil {
				return refused(err, then)
			}
		}
		if err := e.Add(ctx, info, lines); err != nil {
			return refused(err, then)
		}
		return nil
	})
}

type resumeCommand struct {
	storeFlags  `embed:""`
	workFlags   `embed:""`
	outputFlags `embed:""`
}

func (c *resumeCommand) Run(ctx context.Context) error {
	store, r, err := c.find(ctx)
	if err != nil {
		return err
	}
	defer store.Close() //nolint:errcheck // nothing is left to write
	if data, err := os.ReadFile(c.File); err == nil && bulk.Digest(data) != r.Digest {
		return fmt.Errorf("%s was changed since its run began at %s; put the file back as it was to continue, and give what is new another name", c.File, r.Started.Format(time.DateTime))
	}
	return c.work(ctx, &c.workFlags, store, c.Name, func(*bulk.Engine) error { return nil })
}

type statusCommand struct {
	storeFlags `embed:""`
}

func (c *statusCommand) Run(ctx context.Context) error {
	store, r, err := c.find(ctx)
	if err != nil {
		return err
	}
	defer store.Close() //nolint:errcheck // nothing is left to write
	fmt.Printf("begun at %s with %d lines, %s\n", r.Started.Format(time.DateTime), r.Lines, r.App)
	return summarize(ctx, os.Stdout, store, c.Name)
}

type resultsCommand struct {
	storeFlags  `embed:""`
	outputFlags `embed:""`
}

func (c *resultsCommand) Run(ctx context.Context) error {
	store, _, err := c.find(ctx)
	if err != nil {
		return err
	}
	defer store.Close() //nolint:errcheck // nothing is left to write
	return c.print(ctx, store, c.Name)
}

type workCommand struct {
	Database  string `required:"" placeholder:"DB" help:"The Postgres database (postgres://user@host/name)."`
	workFlags `embed:""`
}

func (c *workCommand) Run(ctx context.Context) error {
	store, err := bulk.Open(ctx, c.Database)
	if err != nil {
		return err
	}
	defer store.Close() //nolint:errcheck // nothing is left to write
	engine, err := c.engine(ctx, store, nil)
	if err != nil {
		return err
	}
	_, err = engine.Wait(ctx, "")
	if ctx.Err() != nil {
		return nil // the machine leaves the fleet
	}
	return err
}

// makeFlags say for which rooms jobs are made.
type makeFlags struct {
	Rooms *os.File `required:"" placeholder:"FILE" help:"File with the id of a room in each line; - is standard input. What follows a # does not count."`
}

func (f *makeFlags) each(jobs func(room wrapper.RoomID) ([]bulk.Job, error)) error {
	rooms, err := bulk.ReadNames(f.Rooms)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := bulk.Make(&b, rooms, jobs); err != nil {
		return fmt.Errorf("%s: %w", f.Rooms.Name(), err)
	}
	_, err = b.WriteTo(os.Stdout)
	return err
}

type makeCommand struct {
	Announce announceCommand `cmd:"" help:"Send a text to each room."`
	Close    operatorCommand `cmd:"" help:"Close each room."`
	Mute     operatorCommand `cmd:"" help:"Mute each room."`
	Robots   robotsCommand   `cmd:"" help:"Fill each room with robots."`
}

type announceCommand struct {
	makeFlags `embed:""`
	Text      string `required:"" help:"The text."`
	From      string `required:"" placeholder:"ACCID" help:"Account on whose behalf the text is sent."`
}

func (c *announceCommand) Run() error {
	return c.each(func(room wrapper.RoomID) ([]bulk.Job, error) { return bulk.Announce(room, c.From, c.Text) })
}

type operatorCommand struct {
	makeFlags `embed:""`
	Operator  string `required:"" placeholder:"ACCID" help:"Account that may do this: the creator of the rooms to close them, also a manager to mute them."`
}

func (c *operatorCommand) Run(k *kong.Context) error {
	action, field, value := gen.ToggleChatroomEndpoint.Action, "valid", false
	if k.Selected().Name == "mute" {
		action, field, value = gen.MuteChatroomEndpoint.Action, "mute", true
	}
	return c.each(func(wrapper.RoomID) ([]bulk.Job, error) {
		return []bulk.Job{{Action: action, Form: map[string]any{"operator": c.Operator, field: value}}}, nil
	})
}

type robotsCommand struct {
	makeFlags `embed:""`
	Accids    *os.File `required:"" placeholder:"FILE" help:"File with the account of a robot in each line."`
}

func (c *robotsCommand) Run() error {
	accids, err := bulk.ReadNames(c.Accids)
	if err != nil {
		return err
	}
	return c.each(func(wrapper.RoomID) ([]bulk.Job, error) { return bulk.Robots(accids) })
}

// exitError is an error with an exit code. The error may be nil.
type exitError struct {
	error
	code int
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// run parses and runs a command line and returns the exit code.
func run(ctx context.Context, args []string) int {
	line := &cli{}
	parser := kong.Must(line, kong.Name("nimroom bulk"), kong.Description("Bulk work: files of jobs, each line of which takes effect exactly once."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}), kong.Vars{"version": "nimroom-bulk " + web.Version(), "rate": strconv.Itoa(wrapper.DefaultRate), "concurrency": strconv.Itoa(bulk.DefaultConcurrency), "rescue": bulk.DefaultRescue.String(), "settle": bulk.DefaultSettle.String(), "tries": strconv.Itoa(bulk.DefaultTries)}, kong.BindTo(ctx, (*context.Context)(nil)))
	command, err := parser.Parse(args)
	if err == nil && line.Lang != "" {
		if _, err = environment.Language(line.Lang, os.Getenv); err == nil { //nolint:forbidigo // a command reads the environment
			err = os.Setenv(environment.EnvLanguage, line.Lang)
		}
	}
	if err == nil {
		err = command.Run()
	}
	if err == nil {
		return exitDone
	}
	code := exitUsage
	var e exitError
	if errors.As(err, &e) {
		code = e.code
		if e.error == nil {
			return code
		}
	}
	fmt.Fprintln(os.Stderr, "nimroom bulk:", strings.TrimPrefix(err.Error(), "nimroom: "))
	return code
}
