package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/nearest"
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

// findOperation finds an operation by its action or its id. It ignores letter case.
func findOperation(name string) (*gen.Operation, error) {
	var actions []string
	for _, operation := range gen.Operations {
		if strings.EqualFold(name, operation.Action) || strings.EqualFold(name, operation.ID) {
			return operation, nil
		}
		actions = append(actions, operation.Action)
	}
	slices.Sort(actions)
	if meant := nearest.Of(name, actions); meant != "" {
		return nil, usage("unknown operation %q; did you mean %s?", name, meant)
	}
	return nil, usage("unknown operation %q; want one of %s", name, strings.Join(actions, ", "))
}

// readForm parses name=value pairs into an operation's form and checks the form
// against the spec.
func readForm(s streams, operation *gen.Operation, fields []string) (url.Values, error) {
	var pairs []string
	for i, field := range fields {
		name, value, ok := strings.Cut(field, "=")
		if !ok || name == "" {
			return nil, usage("field %d is not name=value; it is not shown because it may be a secret", i+1)
		}
		value, err := fieldValue(s, name, value)
		if err != nil {
			return nil, err
		}
		pairs = append(pairs, url.QueryEscape(name)+"="+url.QueryEscape(value))
	}
	parsed, err := wire.ParseForm(strings.Join(pairs, "&"))
	if err != nil {
		return nil, usage("%w", err)
	}
	form, err := operation.Bind(parsed)
	if sent, meant, ok := parsed.Misspelt(err); ok {
		return nil, usage("%s: no field %s; did you mean %s?", operation.Action, sent, meant)
	}
	if unknown := parsed.Unknown(); len(unknown) > 0 {
		if meant := nearest.Of(unknown[0], names(operation)); meant != "" {
			return nil, usage("%s: no field %s; did you mean %s?", operation.Action, unknown[0], meant)
		}
		return nil, usage("%s: unknown field %s; want %s", operation.Action, strings.Join(unknown, ", "), fieldNames(operation))
	}
	if err != nil {
		return nil, usage("%s: %w", operation.Action, err)
	}
	if twice := parsed.Duplicates(); len(twice) > 0 {
		return nil, usage("%s: %s is given twice", operation.Action, strings.Join(twice, ", "))
	}
	if err := form.Validate(); err != nil {
		return nil, usage("%s: %w", operation.Action, err)
	}
	return url.ParseQuery(string(form.AppendForm(nil)))
}

// names lists an operation's fields.
func names(operation *gen.Operation) (list []string) {
	for _, field := range operation.Fields {
		list = append(list, field.Name)
	}
	return list
}

// fieldNames lists an operation's fields and marks the required ones.
func fieldNames(operation *gen.Operation) string {
	var names []string
	for _, field := range operation.Fields {
		if field.Required {
			names = append(names, field.Name+" (required)")
		} else {
			names = append(names, field.Name)
		}
	}
	return strings.Join(names, ", ")
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
