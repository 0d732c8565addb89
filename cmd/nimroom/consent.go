package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/command"
	"github.com/nimroom/nimroom/internal/described"
	"github.com/nimroom/nimroom/internal/environment"
	"github.com/nimroom/nimroom/internal/message"
	"github.com/nimroom/nimroom/internal/output"
	"github.com/nimroom/nimroom/internal/scrub"
)

// apiCall is a call of an operation, by a method or by call.
type apiCall struct {
	operation *gen.Operation
	method    *command.Method // nil for call
	form      url.Values
	result    string // the path of what matters in the response, or empty for all of it
}

// consent are the flags of commands that may change something in production.
type consent struct {
	Yes bool `help:"Do not ask before a call that changes something in production."`
}

// questions is how often an answer is asked for.
const questions = 3

// ask returns an error unless the user agrees to a call that changes something in production.
func (c consent) ask(ctx context.Context, s streams, r apiCall, app environment.Settings) error {
	if c.Yes || r.operation.Idempotency == gen.Safe || !app.Production {
		return nil
	}
	where := message.Of("app %s at %s", app.AppKey, app.Hosts()[0])
	if app.Profile != "" {
		where = message.Of("profile %s, app %s at %s", app.Profile, app.AppKey, app.Hosts()[0])
	}
	in, out := s.in, s.err
	if !s.asks || *s.inputOf != "" {
		terminal, err := s.openTerminal()
		if err != nil {
			if app.Profile != "" {
				return usage("%v changes something in production (%v); give --yes, or name another profile with --profile", r.what(), where)
			}
			return usage("%v changes something in production (%v); give --yes, or name the profile of another service with --profile, or its address with --base-url", r.what(), where)
		}
		defer func() { _ = terminal.Close() }() // a question may be lost
		in, out = terminal, terminal
	}
	fmt.Fprintln(out, output.VisibleLines(s.text("This changes something in production (%v).\n%v: %s", where, r.what(), r.effect(s.language))))
	nothing := exitError{message.Errorf("Nothing was sent."), exitFailed}
	lines := bufio.NewReader(io.LimitReader(in, 1000))
	for range questions {
		fmt.Fprint(out, s.text("Continue? [y/N] "))
		line := make(chan string, 1)
		go func() { // it is not over before the user presses a key
			text, _ := lines.ReadString('\n') // nothing is no consent
			line <- text
		}()
		select {
		case <-ctx.Done():
			fmt.Fprintln(out)
			return nothing
		case answer := <-line:
			switch strings.ToLower(strings.TrimSpace(answer)) {
			case "y", "yes", "是", "好":
				return nil
			case "", "n", "no", "否":
				return nothing
			}
		}
		fmt.Fprintln(out, s.text("Answer y (yes) or n (no)."))
	}
	return nothing
}

// openTerminal opens the terminal at which the user sits, when the standard input is something else.
func (s streams) openTerminal() (io.ReadWriteCloser, error) {
	if s.tty == "" {
		return nil, os.ErrNotExist
	}
	return os.OpenFile(s.tty, os.O_RDWR, 0)
}

// what names a call with the values that it sends, as people write them and without secrets. The id of a message
// says nothing to the user.
func (r apiCall) what() message.Text {
	d := described.In("en")
	schemas := d.Fields(d.Operation(r.operation))
	var names map[string]string // of flags by field
	if r.method != nil {
		names = r.method.FlagsOf(r.form)
	}
	var parts []string
	for _, field := range r.operation.Fields {
		value, label := r.form.Get(field.Name), field.Name
		if !r.form.Has(field.Name) || r.operation.Repeat != nil && r.operation.Repeat.ID == field.Name {
			continue
		}
		if r.method != nil {
			if label = names[field.Name]; label == "" {
				continue // the command or another flag says it
			}
		}
		if scrub.IsSecret(field.Name, value) {
			value = scrub.Redacted
		}
		parts = append(parts, label+" "+described.Quote(shortened(readable(schemas[field.Name], value))))
	}
	if len(parts) == 0 {
		return message.Of("%s", r.name())
	}
	return message.Of("%s (%v)", r.name(), message.List(parts))
}

// effect says what a call does.
func (r apiCall) effect(language string) string {
	if r.method != nil {
		return summaryOf(r.method, language)
	}
	return described.In(language).Operation(r.operation).Summary
}

// unshown returns the error of a call that succeeded, but whose response cannot be shown as it should be.
func (r apiCall) unshown(why error) error {
	if r.operation.Idempotency == gen.Safe {
		return exitError{message.Errorf("%s succeeded, but %w", r.name(), why), exitFailed}
	}
	return exitError{message.Errorf("%s took effect; do not repeat it (%w)", r.name(), why), exitFailed}
}

// meaning says what a success of the call means, where its result does not.
func (r apiCall) meaning(language string) string {
	if r.method == nil {
		return ""
	}
	return span.ReplaceAllString(r.method.Success.In(language), "$1$2")
}

// shownOfValue is how much of a value a question shows, in characters.
const shownOfValue = 100

func shortened(value string) string {
	if characters := []rune(value); len(characters) > shownOfValue {
		return string(characters[:shownOfValue]) + "…"
	}
	return value
}
