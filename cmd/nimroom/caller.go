package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/advice"
	"github.com/nimroom/nimroom/internal/command"
	"github.com/nimroom/nimroom/internal/described"
	"github.com/nimroom/nimroom/internal/environment"
	"github.com/nimroom/nimroom/internal/message"
	"github.com/nimroom/nimroom/internal/output"
	"github.com/nimroom/nimroom/wrapper"
)

// callFlags are the flags of all commands that call the service.
type callFlags struct {
	serviceFlags `embed:""`
	secretFlags  `embed:""`
	consent      `embed:""`
	outputFlags  `embed:""`
	wireFlags    `embed:""`
	Timeout      time.Duration `default:"30s" help:"Time limit for the call."`
}

// do calls an operation and prints the response, also when it is an API error.
func (c *callFlags) do(ctx context.Context, s streams, k *kong.Context, r apiCall) error {
	operation, result := r.operation, r.result
	printer := c.printer(s)
	success := described.In(s.language).Success(operation)
	if !c.DryRun {
		if err := printer.Prepare(success, result); err != nil {
			return usage("%w", err)
		}
	}
	client, app, err := c.client(s, k)
	if err != nil {
		return err
	}
	c.showUnits(s, r)
	if !c.DryRun {
		if err := c.ask(ctx, s, r, app); err != nil {
			return err
		}
	}
	response, err := client.Do(ctx, operation.Path, r.form)
	if errors.Is(err, errNotSent) {
		return nil
	}
	if err != nil {
		return c.report(s, printer, r, err)
	}
	var unwritten outputError
	switch err := printer.Print(ctx, response, success, result); {
	case errors.As(err, &unwritten):
		return r.unshown(err)
	case err != nil:
		whole := output.Printer{Out: printer.Out, Err: printer.Err, Format: output.JSON}
		_ = whole.Print(ctx, response, success, "") // the first error says more
		return r.unshown(message.Errorf("its response can only be printed as a whole: %w", err))
	}
	c.notePage(s, r, response)
	if meaning := r.meaning(s.language); meaning != "" && printer.Format == output.Table {
		fmt.Fprintln(s.err, meaning)
	}
	return nil
}

// client returns a client of the service that the flags name, and the settings that they make.
func (c *callFlags) client(s streams, k *kong.Context) (*wrapper.Client, environment.Settings, error) {
	if c.Timeout <= 0 {
		return nil, environment.Settings{}, usage("--timeout %v: must be more than 0", c.Timeout)
	}
	secret, err := c.secret(s, k, "")
	if err != nil {
		return nil, environment.Settings{}, err
	}
	app, err := c.settings(s, secret)
	if err != nil {
		return nil, app, err
	}
	credentials, err := credentialsOf(app)
	if err != nil {
		return nil, app, err
	}
	var shown *output.Printer // of the request of a dry run
	if c.DryRun && (c.Output != auto || len(c.Columns) > 0 || c.JQ != "") {
		shown = c.printer(s)
		if err := shown.Prepare(requestSchema, "."); err != nil {
			return nil, app, usage("%w", err)
		}
	}
	options := append(c.options(s, credentials, shown), wrapper.WithHosts(app.Hosts()...), wrapper.WithTimeout(c.Timeout))
	client, err := wrapper.New(credentials, options...)
	if err != nil {
		return nil, app, wrongHost(err)
	}
	return client, app, nil
}

// report prints the response of an API error and returns err explained, with its exit code and the ids by
// which the service recognizes messages that are sent again.
func (c *callFlags) report(s streams, p *output.Printer, r apiCall, err error) error {
	code := outcome(err)
	var unwritten outputError
	if errors.As(err, &unwritten) { // of a dry run
		return exitError{unwritten, exitFailed}
	}
	var e *wrapper.Error
	if !errors.As(err, &e) {
		return exitError{err, code}
	}
	err = r.explained(err, s.language)
	if e.Code != 0 {
		if printErr := p.Failure(e.Body); printErr != nil {
			return exitError{errors.Join(err, printErr), code}
		}
	}
	return exitError{err, code}
}

// outcome returns the exit code of an error of a call.
func outcome(err error) int {
	var e *wrapper.Error
	switch {
	case !errors.As(err, &e), e.MayHaveTakenEffect:
		return exitUnknown
	case e.Code == 0 && !interrupted(err):
		return exitUnknown
	}
	return exitFailed
}

// interrupted reports whether the user has ended a call. Nothing else cancels one.
func interrupted(err error) bool { return errors.Is(err, context.Canceled) }

// explained returns an error of the call with what is wrong and what to do, in the words of the command line: its
// commands in place of operations, and the flags of the method in place of fields.
func (r apiCall) explained(err error, language string) error {
	var e *wrapper.Error
	if !errors.As(err, &e) {
		return err
	}
	c, named := catalogOf(language), *e
	if r.operation != nil {
		named.Operation = r.name()
	}
	named.Ask = ""
	if asking := r.asking(e.Ask); asking != "" {
		named.Ask = c.text(message.Of("\"%s\"", asking))
	}
	text := named.AdviceIn(languages[language])
	if field := advice.Of(e.Code, e.Message).Part("field"); field != "" && r.method != nil {
		name := field[:strings.IndexAny(field+".", ".[")]
		if flag := r.method.Find(name); flag != nil {
			text = regexp.MustCompile(`(^|[^\w-])`+regexp.QuoteMeta(name)+`\b`).ReplaceAllString(text, "${1}--"+flag.Name)
		}
	}
	err = &named
	var mismatch *url.Error
	switch {
	case interrupted(e):
		err, text = message.Errorf("%s: interrupted", named.Operation), ""
		if e.MayHaveTakenEffect {
			text = unknown(named.Ask).In(languages[language]).String()
		}
	case errors.As(e, &mismatch) && errors.Is(e, http.ErrSchemeMismatch):
		u, _ := url.Parse(mismatch.URL) // the client has parsed it
		f := withoutTLS(&hosts{u.Host})
		err, text = message.Errorf("%s: %v", named.Operation, f.what), c.text(f.todo)
	case (errors.Is(e, wrapper.ErrUnavailable) || errors.Is(e, wrapper.ErrBadResponse)) && e.Code == 0:
		text = c.text(message.Of("%s\nTo find out why, run \"nimroom doctor\".", text))
	}
	if text != "" {
		err = message.Errorf("%w\n%s", err, text)
	}
	if e.MayHaveTakenEffect {
		if again := r.again(); again.Format != "" {
			err = message.Errorf("%w\n%v", err, again)
		}
	}
	return err
}

// unknown returns the advice for an outcome that only a command shows, or nothing.
func unknown(asking string) advice.Advice {
	if asking == "" {
		return advice.New(advice.OutcomeUnknown)
	}
	return advice.New(advice.OutcomeUnknownAsk, "ask", asking)
}

// name names the call as the command line does: by its command, or that of call by its operation.
func (r apiCall) name() string {
	if r.method == nil {
		return r.operation.Action
	}
	return r.operation.Service + " " + r.method.Command
}

// asking returns the command that shows whether the call took effect, as far as its line is known, or nothing if only
// the same call does.
func (r apiCall) asking(id string) string {
	operation, err := command.Find(id)
	if err != nil || r.operation == nil || operation == r.operation {
		return ""
	}
	return r.line(operation)
}

// line returns the command of an operation, for the room or the account that the call is about.
func (r apiCall) line(operation *gen.Operation) string {
	method := command.MethodOf(operation)
	words := []string{"nimroom", operation.Service, method.Command}
	if value := r.form.Get(method.Argument); value != "" {
		words = append(words, described.Quote(value))
	}
	return strings.Join(words, " ")
}

// again says how to make the same call again without harm, and thereby how to find out whether it took effect, if only
// it shows that.
func (r apiCall) again() message.Text {
	repeat := r.operation.Repeat
	switch {
	case r.operation.Ask != r.operation.ID:
		return message.Text{}
	case repeat == nil:
		return message.Of("Run the same command again: if it took effect, the service refuses it, because what it makes is there.")
	case repeat.List != "":
		ids := []string{}
		for _, message := range command.Messages(repeat, r.form) {
			ids = append(ids, message.ID)
		}
		return message.Of("To be sure, run the same command again with the same %s (%v): the service takes each message once.", repeat.ID, message.List(ids))
	}
	id := r.form.Get(repeat.ID)
	label := repeat.ID + "="
	if r.method != nil {
		if flag := r.method.Find(repeat.ID); flag != nil {
			label = "--" + flag.Name + "="
		}
	}
	return message.Of("To be sure, run the same command again with %s: the service takes the message once.", label+described.Quote(id))
}
