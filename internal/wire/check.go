package wire

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Problem is the kind of a FieldError.
type Problem int

const (
	// Missing is a required field that is absent or empty.
	Missing Problem = iota + 1
	// Malformed is a value that is not a number, a boolean, or the expected JSON.
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
	// NotAllowed is a value that is not in the list of allowed values.
	NotAllowed
)

// FieldError says which form field is wrong, why, and what its limit is.
type FieldError struct {
	// Field is the wire name; roomids[3] is an item, antispamCustom.type a member.
	Field   string
	Problem Problem
	// Got describes the value: a number of characters or items, or the value itself.
	Got string
	// Want is the limit: at most 128, at most 300 seconds, one of 0, 1, a JSON array. For a
	// missing field with few possible values it lists these.
	Want string
}

// Error returns a text like "name: 129 characters, at most 128".
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

// Check compares values with limits and keeps the first failure.
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

// Valid fails if err is not nil, which describes the mistake of a value.
func (c *Check) Valid(name string, err error) {
	if err != nil {
		c.fail(name, Malformed, err.Error(), "")
	}
}

// Need fails if a required value is absent.
func (c *Check) Need(name string, there bool) {
	if !there {
		c.fail(name, Missing, "", "")
	}
}

// Given fails if a required field without a default was not set. want lists its possible values.
func (c *Check) Given(name string, set bool, want string) {
	if !set {
		c.fail(name, Missing, "", want)
	}
}

// UTF8 fails if text is not UTF-8. JSON and the service would replace its broken parts, and
// thereby name another account, for example.
func (c *Check) UTF8(name, text string) {
	if !utf8.ValidString(text) {
		c.fail(name, Malformed, strconv.QuoteToASCII(text[:min(len(text), excerptSize)]), "UTF-8")
	}
}

// Unknown fails if a member that the spec does not know is not UTF-8.
func (c *Check) Unknown(members map[string]json.RawMessage) {
	for name, value := range members {
		c.UTF8("member name", name)
		c.UTF8(name, string(value))
	}
}

// MaxLength fails if text has more than limit characters (code points).
func (c *Check) MaxLength(name, text string, limit int) {
	if len(text) <= limit {
		return
	}
	if n := utf8.RuneCountInString(text); n > limit {
		c.fail(name, TooLong, strconv.Itoa(n), "at most "+strconv.Itoa(limit))
	}
}

// MinLength fails if text has fewer than limit characters (code points).
func (c *Check) MinLength(name, text string, limit int) {
	if n := utf8.RuneCountInString(text); n < limit {
		c.fail(name, TooShort, strconv.Itoa(n), "at least "+strconv.Itoa(limit))
	}
}

// Min fails if n is below limit.
func (c *Check) Min(name string, n, limit int64) { c.MinOf("", name, n, limit) }

// Max fails if n is above limit.
func (c *Check) Max(name string, n, limit int64) { c.MaxOf("", name, n, limit) }

// MinOf is Min for a number of units, such as seconds, which the error names.
func (c *Check) MinOf(unit, name string, n, limit int64) {
	if n < limit {
		c.outOfRange(unit, name, n, "at least "+strconv.FormatInt(limit, 10))
	}
}

// MaxOf is Max for a number of units.
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

// Finite fails if n has no decimal digits: an infinity, or what is not a number.
func (c *Check) Finite(name string, n float64) {
	if math.IsInf(n, 0) || math.IsNaN(n) {
		c.fail(name, Malformed, strconv.FormatFloat(n, 'g', -1, 64), "a finite number")
	}
}

// MinItems fails if there are fewer than limit items. A list without items is missing.
func (c *Check) MinItems(name string, n, limit int) {
	switch {
	case n == 0 && limit > 0:
		c.fail(name, Missing, "", "")
	case n < limit:
		c.fail(name, TooFew, strconv.Itoa(n), "at least "+strconv.Itoa(limit))
	}
}

// MaxItems fails if there are more than limit items.
func (c *Check) MaxItems(name string, n, limit int) {
	if n > limit {
		c.fail(name, TooMany, strconv.Itoa(n), "at most "+strconv.Itoa(limit))
	}
}

// Accid fails if text has characters that no account's id has.
func (c *Check) Accid(name, text string) {
	if strings.ContainsFunc(text, func(r rune) bool { return !strings.ContainsRune(accidLetters, r) }) {
		c.fail(name, Malformed, text, "letters, digits and _ @ . -")
	}
}

const accidLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@.-"

// OneOf fails if value is not known; allowed lists the known values.
func (c *Check) OneOf(name string, known bool, value, allowed string) {
	if !known {
		c.fail(name, NotAllowed, value, "one of "+allowed)
	}
}

// JSONObject fails if text is not a JSON object.
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
