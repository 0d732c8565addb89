package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/command"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

// callCommand calls one operation.
type callCommand struct {
	Action       string   `arg:"" help:"Operation: the last part of its path (create, getBatch, topn), or its operationId (createChatroom)."`
	Fields       []string `arg:"" optional:"" name:"name=value" help:"Form fields. Write lists and objects as JSON. @FILE is what is in a file, @- what is on the standard input, @@ a text that begins with @. 'nimroom call ACTION --help' lists the fields of an operation."`
	serviceFlags `embed:""`
	secretFlags  `embed:""`
	consent      `embed:""`
	Lang         string        `enum:"en,zh" default:"en" help:"Language of the advice that follows an error: en or zh."`
	Timeout      time.Duration `default:"30s" help:"Time limit for the call."`
}

// Run calls the operation and prints the response, also when it is an API error.
func (c *callCommand) Run(ctx context.Context, s streams, k *kong.Context) error {
	operation, err := findOperation(c.Action)
	if err != nil {
		return err
	}
	form, err := readForm(s, operation, c.Fields)
	if err != nil {
		return err
	}
	secret, err := c.secret(k, "")
	if err != nil {
		return err
	}
	app, err := c.settings(secret)
	if err != nil {
		return err
	}
	credentials, err := sign.NewCredentials(app.AppKey, app.Secret())
	if err != nil {
		return usage("%w; set --app-key and --app-secret, or NIM_APP_KEY and NIM_APP_SECRET or NIM_APP_SECRET_FILE, or add a profile (nimroom profile add)", err)
	}
	client, err := wrapper.New(credentials, wrapper.WithHosts(app.Hosts()...), wrapper.WithTimeout(c.Timeout))
	if err != nil {
		return usage("%w", err)
	}
	if err := c.ask(s, operation, app); err != nil {
		return err
	}
	response, err := client.Do(ctx, operation.Path, form)
	if err != nil {
		return c.report(s, operation, err)
	}
	return printJSON(s, response)
}

// report prints the response of an API error and returns err with its exit code. The error names the
// operation as all messages of the command do.
func (c *callCommand) report(s streams, operation *gen.Operation, err error) error {
	var e *wrapper.Error
	if !errors.As(err, &e) {
		return exitError{err, exitUnknown}
	}
	named := *e
	named.Operation = operation.Action
	err = &named
	if advice := e.AdviceIn(languages[c.Lang]); advice != "" {
		err = fmt.Errorf("%w\n%s", err, advice)
	}
	if e.Code == 0 {
		return exitError{err, exitUnknown}
	}
	if printErr := printJSON(s, e.Body); printErr != nil {
		return exitError{errors.Join(err, printErr), exitUnknown}
	}
	if e.MayHaveTakenEffect {
		return exitError{err, exitUnknown}
	}
	return exitError{err, exitFailed}
}

// findOperation finds an operation by its action or its id.
func findOperation(name string) (*gen.Operation, error) {
	operation, err := command.Find(name)
	if err != nil {
		return nil, usage("%w", err)
	}
	return operation, nil
}

// readForm parses name=value pairs into an operation's form and checks the form
// against the spec.
func readForm(s streams, operation *gen.Operation, fields []string) (url.Values, error) {
	pairs := make([]wire.Pair, len(fields))
	for i, field := range fields {
		name, value, ok := strings.Cut(field, "=")
		if !ok || name == "" {
			return nil, usage("field %d is not name=value; it is not shown because it may be a secret", i+1)
		}
		value, err := fieldValue(s, name, value)
		if err != nil {
			return nil, err
		}
		pairs[i] = wire.Pair{Name: name, Value: value}
	}
	form, err := command.Read(operation, pairs)
	if err != nil {
		return nil, usage("%w", err)
	}
	return form, nil
}

// printJSON prints a response, indented.
func printJSON(s streams, response []byte) error {
	var b bytes.Buffer
	if err := json.Indent(&b, response, "", "  "); err != nil {
		return exitError{fmt.Errorf("the response is not JSON: %w", err), exitUnknown}
	}
	b.WriteByte('\n')
	_, err := b.WriteTo(s.out)
	return err
}
