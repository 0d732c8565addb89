package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/command"
	"github.com/nimroom/nimroom/internal/described"
	"github.com/nimroom/nimroom/internal/environment"
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
	Lang         string        `enum:"en,zh" default:"en" help:"Language of the help of calls and of the advice that follows an error: en or zh."`
	Timeout      time.Duration `default:"30s" help:"Time limit for the call."`
}

// do calls an operation and prints the response, also when it is an API error. What matters in the
// response is at a path of names with dots between them, or is all of it if the path is empty.
func (c *callFlags) do(ctx context.Context, s streams, k *kong.Context, operation *gen.Operation, form url.Values, result string) error {
	printer := c.printer(s)
	success := described.In(c.Lang).Success(operation)
	if err := printer.Prepare(success, result, operation.Idempotency == gen.Safe); err != nil {
		return usage("%w", err)
	}
	client, app, err := c.client(s, k)
	if err != nil {
		return err
	}
	if !c.DryRun {
		if err := c.ask(s, operation, app); err != nil {
			return err
		}
	}
	response, err := client.Do(ctx, operation.Path, form)
	if errors.Is(err, errNotSent) {
		return nil
	}
	if err != nil {
		return c.report(printer, operation, form, err)
	}
	if err := printer.Print(ctx, response, success, result); err != nil {
		whole := output.Printer{Out: printer.Out, Err: printer.Err, Format: output.JSON}
		_ = whole.Print(ctx, response, success, "") // the first error says more
		return exitError{fmt.Errorf("%s succeeded, but its response can only be printed as a whole: %w", operation.Action, err), exitFailed}
	}
	return nil
}

// client returns a client of the service that the flags name, and the settings that they make.
func (c *callFlags) client(s streams, k *kong.Context) (*wrapper.Client, environment.Settings, error) {
	if c.Timeout <= 0 {
		return nil, environment.Settings{}, usage("--timeout %v: must be more than 0", c.Timeout)
	}
	secret, err := c.secret(k, "")
	if err != nil {
		return nil, environment.Settings{}, err
	}
	app, err := c.settings(secret)
	if err != nil {
		return nil, app, err
	}
	credentials, err := credentialsOf(app)
	if err != nil {
		return nil, app, err
	}
	options := append(c.options(s, credentials), wrapper.WithHosts(app.Hosts()...), wrapper.WithTimeout(c.Timeout))
	client, err := wrapper.New(credentials, options...)
	if err != nil {
		return nil, app, usage("%w", err)
	}
	return client, app, nil
}

// recognizes says how to send messages again of which nobody knows whether they were sent.
var recognizes = map[string]string{
	"en": "If you send it again with the same %s (%s), the service recognizes a message that it has.",
	"zh": "用相同的 %s（%s）再次发送时，服务能识别已收到的消息。",
}

// report prints the response of an API error and returns err explained, with its exit code and the ids by
// which the service recognizes messages that are sent again.
func (c *callFlags) report(p *output.Printer, operation *gen.Operation, form url.Values, err error) error {
	code := outcome(err)
	var e *wrapper.Error
	if !errors.As(err, &e) {
		return exitError{err, code}
	}
	err = explained(err, c.Lang)
	if e.MayHaveTakenEffect && operation.Repeat != nil {
		ids := []string{}
		for _, message := range command.Messages(operation.Repeat, form) {
			ids = append(ids, message.ID)
		}
		err = fmt.Errorf("%w\n"+recognizes[c.Lang], err, operation.Repeat.ID, strings.Join(ids, ", "))
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

// explained returns an error of a call with its advice.
func explained(err error, language string) error {
	err = byAction(err)
	var e *wrapper.Error
	if errors.As(err, &e) {
		if advice := e.AdviceIn(languages[language]); advice != "" {
			err = fmt.Errorf("%w\n%s", err, advice)
		}
	}
	return err
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
