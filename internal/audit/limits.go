package audit

import (
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// numbers compares the numbers in a field's description: each limit and each value
// of an enum must be among them, and the spec must know each of them. So
// other words for the same numbers are not a difference.
func (c *comparer) numbers(at Finding, s *openapi3.Schema, text string) {
	limits := limitsOf(s)
	for _, v := range integerEnums(s) {
		limits = append(limits, limit{"enum", []string{v}})
	}
	allowed := c.ref.numbers[s]
	found := map[string]bool{}
	var strange []quantity
	for _, q := range quantities(text) {
		if q.beyond(s) {
			q.text = map[bound]string{boundMax: "below ", boundMin: "above "}[q.bound] + q.text
			strange = append(strange, q)
			continue
		}
		for _, value := range []string{q.value, q.next} {
			if value != "" && allowed[value] {
				found[value] = true
			}
		}
		switch {
		case q.next != "" && allowed[q.next]:
		case allowed[q.value]:
			c.opposite(at, s, limits, q)
		case q.weak, q.code && slices.Contains(c.op.codes, q.value):
		default:
			strange = append(strange, q)
		}
	}
	for _, l := range limits {
		if slices.ContainsFunc(l.values, func(v string) bool { return found[v] }) {
			continue
		}
		f := at
		f.Status, f.Aspect, f.Page, f.Spec = Gone, l.aspect, none, l.values[0]
		if l.aspect == "enum" {
			f.Page = "no " + l.values[0]
		}
		if i := slices.IndexFunc(strange, func(q quantity) bool { return fits(q, l, len(limits)) }); i >= 0 {
			f.Status, f.Page = Changed, strange[i].text
			strange = slices.Delete(strange, i, i+1)
		}
		c.report(f)
	}
	for _, q := range strange {
		f := at
		f.Status, f.Aspect, f.Page, f.Spec = New, newAspect(s, q), q.text, none
		c.report(f)
	}
}

// opposite reports a number that is an upper limit on the page and only a lower limit
// in the spec, or the other way round.
func (c *comparer) opposite(at Finding, s *openapi3.Schema, limits []limit, q quantity) {
	upper, lower := false, s.Min != nil && scalar(*s.Min) == q.value
	var aspect string
	for _, l := range limits {
		if l.aspect == "enum" || !slices.Contains(l.values, q.value) {
			continue
		}
		aspect = l.aspect
		if l.isMax() {
			upper = true
		} else {
			lower = true
		}
	}
	f := at
	f.Status, f.Aspect, f.Spec = Changed, aspect, q.value
	switch {
	case aspect == "":
	case q.bound == boundMin && upper && !lower:
		f.Page = "at least " + q.text
		c.report(f)
	case q.bound == boundMin && aspect == "min" && !upper && q.next == "" && s.Min != nil && q.value != scalar(*s.Min):
		f.Page, f.Spec = "at least "+q.text, scalar(*s.Min)
		c.report(f)
	case q.bound == boundMax && lower && !upper && q.value != "0" && q.value != "1":
		f.Page = "at most " + q.text
		c.report(f)
	}
}

// beyond reports whether a page excludes a limit that the spec includes, as "less
// than 100" does if 100 is the maximum.
func (q quantity) beyond(s *openapi3.Schema) bool {
	if q.next == "" {
		return false // no "less than" or "more than"
	}
	for _, l := range limitsOf(s) {
		if l.isMax() && q.bound == boundMax && l.values[0] == q.value {
			return true
		}
	}
	return q.bound == boundMin && s.Min != nil && *s.Min > 0 && scalar(*s.Min) == q.value
}

// fits reports whether a number that the spec does not know may be the page's version
// of a limit.
func fits(q quantity, l limit, limits int) bool {
	switch {
	case limits == 1:
		return true
	case l.aspect == "enum":
		return q.bound == boundNone
	case l.isMax():
		return q.bound != boundMin
	}
	return q.bound == boundMin
}

// newAspect returns the aspect of a number that the spec does not have.
func newAspect(s *openapi3.Schema, q quantity) string {
	switch q.bound {
	case boundNone:
		return "number"
	case boundMin:
		return "min"
	case boundMax:
	}
	switch kindOf(s) {
	case "integer":
		return "max"
	case "array":
		return "maxItems"
	}
	return "maxLength"
}

// defaults compares the default that a field's description names.
func (c *comparer) defaults(at Finding, s *openapi3.Schema, text string) {
	spec := none
	if s.Default != nil {
		spec = scalar(s.Default)
	}
	printed := defaultsIn(text, func(word string) bool {
		switch kindOf(s) {
		case "boolean":
			return word == "true" || word == "false"
		case "integer":
			return word == "-" || isDigit(word[len(word)-1]) && !strings.ContainsAny(word, "abcdefghijklmnopqrstuvwxyz_")
		}
		_, ok := enumValue(s, word)
		return ok
	})
	at.Aspect, at.Spec = "default", spec
	for _, value := range printed {
		if canonical, _ := enumValue(s, value); value != spec && canonical != spec {
			at.Status, at.Page = Changed, value
			if spec == none {
				at.Status = New
			}
			c.report(at)
			return
		}
	}
	told := defaultWord.MatchString(text) && (hasWord(text, spec) || numbersIn(text)[spec])
	if len(printed) == 0 && spec != none && !told {
		at.Status, at.Page = Gone, none
		c.report(at)
	}
}
