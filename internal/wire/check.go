package wire

import (
	"encoding/json"
	"strconv"
	"unicode/utf8"
)

// Problem is the kind of a FieldError.
type Problem int

const (
	// Missing is a required field that is absent or empty.
	Missing Problem = iota + 1
	// Malformed is a value that is no number, no boolean, or not the JSON it should be.
	Malformed
	// TooShort is a text with fewer characters than allowed.
	TooShort
	// TooLong is a text with more characters than allowed.
	TooLong
	// TooFew is a list with fewer items than allowed.
	TooFew
	// TooMany is a list with more items than allowed.
	TooMany
	// OutOfRange is a number outside its limits.
	OutOfRange
	// NotAllowed is a value other than those that are allowed.
	NotAllowed
)

// FieldError says which form field is wrong, how, and what its limit is.
type FieldError struct {
	// Field is the wire name; roomids[3] is an item, antispamCustom.type a member.
	Field   string
	Problem Problem
	// Got is what was found: a number of characters or items, or a value.
	Got string
	// Want is the limit: at most 128, at most 300 seconds, one of 0, 1, a JSON array.
	// Of a missing field it says what the field may hold, where that is a few values.
	Want string
}

// Error reads like "name: 129 characters, at most 128".
func (e *FieldError) Error() string {
	switch e.Problem {
	case Missing:
		if e.Want != "" {
			return e.Field + " is not set, want " + e.Want
		}
		return e.Field + " is empty"
	case TooShort, TooLong:
		return e.Field + ": " + e.Got + " characters, " + e.Want
	case TooFew, TooMany:
		return e.Field + ": " + e.Got + " items, " + e.Want
	case Malformed:
		if e.Want == "" {
			return e.Field + ": " + e.Got
		}
		return e.Field + ": " + e.Got + ", want " + e.Want
	default:
		return e.Field + ": " + e.Got + ", " + e.Want
	}
}

// Check holds values to limits and keeps the first that fails.
type Check struct{ err *FieldError }

// Err returns the first failure, a *FieldError, or nil.
func (c *Check) Err() error {
	if c.err == nil {
		return nil
	}
	return c.err
}

func (c *Check) fail(name string, problem Problem, got, want string) {
	if c.err == nil {
		c.err = &FieldError{Field: name, Problem: problem, Got: got, Want: want}
	}
}

// Valid fails when a value has a mistake that err tells.
func (c *Check) Valid(name string, err error) {
	if err != nil {
		c.fail(name, Malformed, err.Error(), "")
	}
}

// Need fails when a required value is not there.
func (c *Check) Need(name string, there bool) {
	if !there {
		c.fail(name, Missing, "", "")
	}
}

// Given fails when a required field that must be chosen was not set; want says what
// it may be.
func (c *Check) Given(name string, set bool, want string) {
	if !set {
		c.fail(name, Missing, "", want)
	}
}

// MaxLength fails when text has more than limit characters (code points).
func (c *Check) MaxLength(name, text string, limit int) {
	if len(text) <= limit {
		return
	}
	if n := utf8.RuneCountInString(text); n > limit {
		c.fail(name, TooLong, strconv.Itoa(n), "at most "+strconv.Itoa(limit))
	}
}

// MinLength fails when text has fewer than limit characters (code points).
func (c *Check) MinLength(name, text string, limit int) {
	if n := utf8.RuneCountInString(text); n < limit {
		c.fail(name, TooShort, strconv.Itoa(n), "at least "+strconv.Itoa(limit))
	}
}

// Min fails when n is below limit.
func (c *Check) Min(name string, n, limit int64) { c.MinOf("", name, n, limit) }

// Max fails when n is above limit.
func (c *Check) Max(name string, n, limit int64) { c.MaxOf("", name, n, limit) }

// MinOf is Min for an amount of a unit, such as seconds, that the error names.
func (c *Check) MinOf(unit, name string, n, limit int64) {
	if n < limit {
		c.outOfRange(unit, name, n, "at least "+strconv.FormatInt(limit, 10))
	}
}

// MaxOf is Max for an amount of a unit.
func (c *Check) MaxOf(unit, name string, n, limit int64) {
	if n > limit {
		c.outOfRange(unit, name, n, "at most "+strconv.FormatInt(limit, 10))
	}
}

func (c *Check) outOfRange(unit, name string, n int64, want string) {
	if unit != "" {
		want += " " + unit
	}
	c.fail(name, OutOfRange, strconv.FormatInt(n, 10), want)
}

// MinItems fails when there are fewer than limit items, as missing when there is none.
func (c *Check) MinItems(name string, n, limit int) {
	switch {
	case n == 0 && limit > 0:
		c.fail(name, Missing, "", "")
	case n < limit:
		c.fail(name, TooFew, strconv.Itoa(n), "at least "+strconv.Itoa(limit))
	}
}

// MaxItems fails when there are more than limit items.
func (c *Check) MaxItems(name string, n, limit int) {
	if n > limit {
		c.fail(name, TooMany, strconv.Itoa(n), "at most "+strconv.Itoa(limit))
	}
}

// OneOf fails when value is not a known one; allowed lists those.
func (c *Check) OneOf(name string, known bool, value, allowed string) {
	if !known {
		c.fail(name, NotAllowed, value, "one of "+allowed)
	}
}

// JSONObject fails when text is no JSON object.
func (c *Check) JSONObject(name string, text json.RawMessage) {
	s := scanner{data: text}
	if len(text) > 0 && (s.peek() != '{' || !Valid(text)) {
		c.fail(name, Malformed, excerpt(text, 0), "a JSON object")
	}
}

// Under checks a nested object.
func (c *Check) Under(name string, check func(*Check)) {
	if c.err != nil {
		return
	}
	if check(c); c.err != nil {
		c.err.Field = name + "." + c.err.Field
	}
}

// Items checks each item of a list. The check calls the item "".
func Items[T any](c *Check, name string, list []T, check func(*Check, T)) {
	for i, item := range list {
		if c.err != nil {
			return
		}
		if check(c, item); c.err == nil {
			continue
		}
		inner := c.err.Field
		if inner != "" {
			inner = "." + inner
		}
		c.err.Field = name + "[" + strconv.Itoa(i) + "]" + inner
	}
}
