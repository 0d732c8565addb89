package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/alecthomas/kong"

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
	err = explained(err, s.language, r.method)
	if repeat := r.operation.Repeat; e.MayHaveTakenEffect && repeat != nil {
		ids := []string{}
		for _, message := range command.Messages(repeat, r.form) {
			ids = append(ids, message.ID)
		}
		err = message.Errorf("%w\n%v", err, message.Of("If you send it again with the same %s (%v), the service recognizes a message that it has.", repeat.ID, message.List(ids)))
	}
	if e.Code != 0 {
		if printErr := p.Failure(e.Body); printErr != nil {
			return exitError{errors.Join(err, printErr), exitUnknown}
		}
	}
	return exitError{err, code}
}

// outcome returns the exit code of an error of a call.
func outcome(err error) int {
	var e *wrapper.Error
	if !errors.As(err, &e) || e.Code == 0 || e.MayHaveTakenEffect {
		return exitUnknown
	}
	return exitFailed
}

// explained returns an error of a call with its advice, which names the flag of a method in place of a field.
func explained(err error, language string, method *command.Method) error {
	err = byAction(err)
	var e *wrapper.Error
	if !errors.As(err, &e) {
		return err
	}
	text := e.AdviceIn(languages[language])
	if field := advice.Of(e.Code, e.Message).Part("field"); field != "" && method != nil {
		name := field[:strings.IndexAny(field+".", ".[")]
		if flag := method.Find(name); flag != nil {
			text = regexp.MustCompile(`(^|[^\w-])`+regexp.QuoteMeta(name)+`\b`).ReplaceAllString(text, "${1}--"+flag.Name)
		}
	}
	if text == "" {
		return err
	}
	return message.Errorf("%w\n%s", err, text)
}

// byAction returns an error of a call that names operations as all messages of the command do.
func byAction(err error) error {
	var e *wrapper.Error
	if !errors.As(err, &e) {
		return err
	}
	named := *e
	for _, name := range []*string{&named.Operation, &named.Ask} {
		if operation, unknown := command.Find(*name); unknown == nil {
			*name = operation.Action
		}
	}
	return &named
}
