package conformance

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Expectation is what a value must be: equal to Value, or a text that
// contains Contains, or a number between From and To, both included.
type Expectation struct {
	Value    any
	Contains string
	From, To *int64
}

// UnmarshalJSON reads {"contains": text}, {"from": n, "to": n} with either end
// left out, or the value itself.
func (e *Expectation) UnmarshalJSON(text []byte) error {
	if !bytes.HasPrefix(text, []byte("{")) {
		return decode(text, &e.Value)
	}
	var rule struct {
		Contains string `json:"contains"`
		From     *int64 `json:"from"`
		To       *int64 `json:"to"`
	}
	if err := decode(text, &rule); err != nil {
		return err
	}
	e.Contains, e.From, e.To = rule.Contains, rule.From, rule.To
	if ranged := e.From != nil || e.To != nil; ranged == (e.Contains != "") {
		return errors.New("want either contains, or from and to")
	}
	return nil
}

// meets returns an error if a value differs. It resolves references first.
func (e Expectation) meets(v variables, got any) error {
	switch {
	case e.Contains != "":
		if text, ok := got.(string); !ok || !strings.Contains(text, e.Contains) {
			return fmt.Errorf("%s, want a text with %q", show(got), e.Contains)
		}
		return nil
	case e.From != nil || e.To != nil:
		return e.inRange(got)
	}
	want, err := v.resolve(e.Value)
	if err != nil {
		return err
	}
	if !equal(want, got) {
		return fmt.Errorf("%s, want %s", show(got), show(want))
	}
	return nil
}

func (e Expectation) inRange(got any) error {
	text, _ := scalar(got)
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil:
		return fmt.Errorf("%s, want a number", show(got))
	case e.From != nil && n < *e.From:
		return fmt.Errorf("%d, want %d or more", n, *e.From)
	case e.To != nil && n > *e.To:
		return fmt.Errorf("%d, want %d or less", n, *e.To)
	}
	return nil
}

// equal compares values as the wire allows: a number equals its text, and a list
// its JSON text.
func equal(want, got any) bool {
	if list, ok := want.([]any); ok {
		items, ok := opened(got).([]any)
		if !ok || len(items) != len(list) {
			return false
		}
		for i := range list {
			if !equal(list[i], items[i]) {
				return false
			}
		}
		return true
	}
	a, ok := scalar(want)
	b, also := scalar(got)
	return ok && also && a == b
}

// scalar returns the text of a text, a number or a boolean.
func scalar(value any) (text string, ok bool) {
	switch v := value.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}

// show formats a value as JSON for an error.
func show(value any) string {
	text, err := text(value)
	if _, isText := value.(string); isText || err != nil {
		return fmt.Sprintf("%q", value)
	}
	return text
}
