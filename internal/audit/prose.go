package audit

import (
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/nimroom/nimroom/internal/audit/page"
)

// codes compares the list of status codes.
func (c *comparer) codes() {
	p := c.printed
	if len(p.Codes) == 0 {
		if c.missing(func(p *page.Operation) bool { return len(p.Codes) > 0 }) {
			c.report(Finding{Status: Gone, Place: "codes", Aspect: "codes", Page: none, Spec: strings.Join(c.op.codes, " ")})
		}
		return
	}
	listed := map[string]bool{}
	for _, code := range p.Codes {
		c.item("status codes", func() {
			listed[code.Value] = true
			if !slices.Contains(c.op.codes, code.Value) {
				c.report(Finding{Status: New, Place: "codes", Aspect: "codes", Line: code.Line, Page: code.Value, Spec: none})
			}
		})
	}
	for _, code := range c.op.codes {
		if !listed[code] {
			c.report(Finding{Status: Gone, Place: "codes", Aspect: "codes", Line: p.Codes[0].Line, Page: "no " + code, Spec: code})
		}
	}
}

// prose compares the numbers and the lists of values in paragraphs. It never compares
// words alone.
func (c *comparer) prose() {
	var enums []*openapi3.Schema
	var fields []string
	var visit func(name string, s *openapi3.Schema, depth int)
	visit = func(name string, s *openapi3.Schema, depth int) {
		if kindOf(s) == "string" && len(s.Enum) > 2 && !slices.Contains(enums, s) {
			enums, fields = append(enums, s), append(fields, name)
		}
		if depth > 8 {
			return
		}
		for _, child := range slices.Sorted(maps.Keys(s.Properties)) {
			visit(strings.TrimPrefix(name+"."+child, "."), s.Properties[child].Value, depth+1)
		}
		if s.Items != nil {
			visit(name+"[]", s.Items.Value, depth+1)
		}
	}
	visit("", c.op.success, 0)
	for i, s := range enums {
		c.enumLines(fields[i], s)
	}

	known := func(n string) bool {
		return n == "0" || n == "1" || c.op.numbers[n] || c.ref.numbers[c.op.form][n] || c.ref.numbers[c.op.success][n] || slices.Contains(c.op.codes, n)
	}
	for _, text := range c.printed.Prose {
		for _, q := range quantities(text.Value) {
			if !q.weak && !known(q.value) && (q.unit || q.bound != boundNone) {
				c.report(Finding{Status: New, Place: "text", Aspect: "number", Line: text.Line, Page: q.text, Spec: none})
			}
		}
	}
}

// enumLines compares lines that begin with values of an enum.
func (c *comparer) enumLines(field string, s *openapi3.Schema) {
	first, last, known := -1, -1, 0
	word := func(text string) string {
		if m := firstWord.FindStringSubmatch(text); m != nil {
			return m[1]
		}
		return ""
	}
	for i, text := range c.printed.Prose {
		if _, ok := enumValue(s, word(text.Value)); ok {
			if first < 0 {
				first = i
			}
			last = i
			known++
		}
	}
	if known < 2 {
		return
	}
	// The list may begin or end with a value that is not known.
	for first > 0 && value(c.printed.Prose[first-1], c.printed.Prose[first]) {
		first--
	}
	for last+1 < len(c.printed.Prose) && value(c.printed.Prose[last+1], c.printed.Prose[last]) {
		last++
	}
	var lines []string
	for _, text := range c.printed.Prose[first : last+1] {
		lines = append(lines, text.Value)
	}
	c.listed(Finding{Place: "text", Field: field, Line: c.printed.Prose[first].Line}, s, strings.Join(lines, "\n"), true)
}

// value reports whether a line next to a line of a list belongs to the list as well.
func value(text, neighbour page.Text) bool {
	distance := text.Line - neighbour.Line
	return distance*distance == 1 && firstWord.MatchString(text.Value) && (strings.Contains(text.Value, "//") || strings.Contains(text.Value, "("))
}
