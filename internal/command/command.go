// Package command has what command lines and files of jobs need of operations: their names and methods,
// their forms as people write them, and the settings of the service.
package command

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/message"
	"github.com/nimroom/nimroom/internal/nearest"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/wrapper"
)

// Actions returns the names of all operations, sorted.
func Actions() (list []string) {
	for _, operation := range gen.Operations {
		list = append(list, operation.Action)
	}
	slices.Sort(list)
	return list
}

// Find finds an operation by its action, its path or its id. It ignores letter case.
func Find(name string) (*gen.Operation, error) {
	path := strings.TrimSuffix(strings.TrimPrefix(name, "/"), ".action")
	for _, operation := range gen.Operations {
		if strings.EqualFold(name, operation.Action) || strings.EqualFold(name, operation.ID) || strings.EqualFold("/"+path+".action", operation.Path) {
			return operation, nil
		}
	}
	if meant := nearest.All(name, Actions()); len(meant) > 0 {
		return nil, message.Errorf("unknown operation %q; did you mean %v?", name, message.Or(meant[:min(len(meant), nearest.Most)]))
	}
	return nil, message.Errorf("unknown operation %q; nimroom call --help lists all", name)
}

// ByAction returns an error of a call for which no command of a method was typed: it names operations by their actions,
// as nimroom call does.
func ByAction(err error) error {
	var e *wrapper.Error
	if !errors.As(err, &e) {
		return err
	}
	named := *e
	for _, name := range []*string{&named.Operation, &named.Ask} {
		if operation, unknown := Find(*name); unknown == nil {
			*name = operation.Action
		}
	}
	return &named
}

// Read reads the fields of an operation's form, as people write them, and checks the form against the
// spec. Messages without an id get one. The error names the operation. If a value is wrong, it is a
// *[gen.FieldError].
func Read(operation *gen.Operation, given []wire.Pair) (url.Values, error) {
	fields, err := translate(operation, given)
	if err != nil {
		return nil, message.Errorf("%s: %w", operation.Action, err)
	}
	fields = identify(operation.Repeat, fields)
	encoded := make([]string, len(fields))
	for i, f := range fields {
		encoded[i] = url.QueryEscape(f.Name) + "=" + url.QueryEscape(f.Value)
	}
	parsed, err := wire.ParseForm(strings.Join(encoded, "&"))
	if err != nil {
		return nil, err
	}
	form, err := operation.Bind(parsed)
	if sent, meant, ok := parsed.Misspelt(err); ok {
		return nil, message.Errorf("%s: no field %s; did you mean %s?", operation.Action, sent, meant)
	}
	if unknown := parsed.Unknown(); len(unknown) > 0 {
		if meant := nearest.Of(unknown[0], names(operation)); meant != "" {
			return nil, message.Errorf("%s: no field %s; did you mean %s?", operation.Action, unknown[0], meant)
		}
		return nil, message.Errorf("%s: unknown field %v; want %v", operation.Action, message.List(unknown), fieldNames(operation))
	}
	if err != nil {
		return nil, message.Errorf("%s: %w", operation.Action, err)
	}
	if twice := parsed.Duplicates(); len(twice) > 0 {
		return nil, message.Errorf("%s: %v is given twice", operation.Action, message.List(twice))
	}
	if err := form.Validate(); err != nil {
		return nil, message.Errorf("%s: %w", operation.Action, asGiven(err, given))
	}
	return url.ParseQuery(string(form.AppendForm(nil)))
}

// ValueError is a *[gen.FieldError] about a value as people write it, with what is wrong.
type ValueError struct {
	gen.FieldError
	Reason error
}

// Unwrap returns the error about the field.
func (e *ValueError) Unwrap() error { return &e.FieldError }

// asGiven returns an error about a number out of its limits with the text that was given for the number.
func asGiven(err error, given []wire.Pair) error {
	var wrong *gen.FieldError
	if !errors.As(err, &wrong) || wrong.Problem != wire.OutOfRange {
		return err
	}
	i := slices.IndexFunc(given, func(f wire.Pair) bool { return f.Name == wrong.Field })
	if i < 0 || strings.TrimSpace(given[i].Value) == wrong.Got {
		return err
	}
	named := *wrong
	named.Got = fmt.Sprintf("%s (%s)", wire.OneLine(given[i].Value), wrong.Got)
	return &named
}

// names lists an operation's fields.
func names(operation *gen.Operation) (list []string) {
	for _, field := range operation.Fields {
		list = append(list, field.Name)
	}
	return list
}

// fieldNames lists an operation's fields and marks the required ones.
func fieldNames(operation *gen.Operation) message.Text {
	var list message.Text
	for i, field := range operation.Fields {
		name := message.Of("%s", field.Name)
		if field.Required {
			name = message.Of("%s (required)", field.Name)
		}
		if list = message.Of("%v, %v", list, name); i == 0 {
			list = name
		}
	}
	return list
}
