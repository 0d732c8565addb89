package audit

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/nimroom/nimroom/internal/audit/page"
)

// form compares the rows of the request parameters.
func (c *comparer) form(rows []page.Row) {
	if len(rows) == 0 {
		if c.missing(func(p *page.Operation) bool { return len(p.Form) > 0 }) {
			c.report(Finding{Status: Gone, Place: "form", Aspect: "table", Page: none, Spec: "a table of parameters"})
		}
		return
	}
	seen := map[string]int{}
	for _, row := range rows {
		c.item("form rows", func() {
			name, s := c.row("form", c.op.form, row, seen)
			if s == nil {
				return
			}
			spec := page.MarkNo
			if slices.Contains(c.op.form.Required, name) {
				spec = page.MarkYes
			}
			if row.Mark != spec {
				c.report(Finding{Status: Changed, Place: "form", Field: name, Aspect: "required", Line: row.Line, Page: string(row.Mark), Spec: string(spec)})
			}
			c.described("form", name, s, row)
		})
	}
	c.absent("form", c.op.form, seen)
}

// row finds the property of a row and compares its name and type.
func (c *comparer) row(place string, parent *openapi3.Schema, row page.Row, seen map[string]int) (string, *openapi3.Schema) {
	name, s := property(parent, row.Name)
	if s == nil {
		c.report(Finding{Status: New, Place: place, Field: row.Name, Aspect: "field", Line: row.Line, Page: strings.TrimSpace(row.Name + " " + row.Type), Spec: none})
		return name, nil
	}
	c.named(place, name, row.Name, row.Line)
	if seen[name] > 0 {
		c.report(Finding{Status: New, Place: place, Field: name, Aspect: "field", Line: row.Line, Page: "a second row", Spec: "one row"})
	}
	seen[name] = row.Line
	if !sameType(row.Type, s) {
		printed := normalType(row.Type)
		if printed == "" {
			printed = none
		}
		c.report(Finding{Status: Changed, Place: place, Field: name, Aspect: "type", Line: row.Line, Page: printed, Spec: typeName(s)})
	}
	return name, s
}

func (c *comparer) named(place, name, printed string, line int) {
	if last := name[strings.LastIndexByte(name, '.')+1:]; last != printed {
		c.report(Finding{Status: Changed, Place: place, Field: name, Aspect: "name", Line: line, Page: printed, Spec: last})
	}
}

// absent reports the properties without a row.
func (c *comparer) absent(place string, parent *openapi3.Schema, seen map[string]int) {
	for _, name := range slices.Sorted(maps.Keys(parent.Properties)) {
		if seen[name] == 0 {
			c.report(Finding{Status: Gone, Place: place, Field: name, Aspect: "field", Page: none, Spec: name + " " + typeName(parent.Properties[name].Value)})
		}
	}
}

// response compares the rows of a table of response fields with the object of the
// response that they describe.
func (c *comparer) response(rows []page.Row) {
	if len(rows) == 0 {
		return
	}
	target := described(c.op.success, rows)
	seen := map[string]int{}
	for _, row := range rows {
		c.item("response rows", func() {
			row.Name = row.Name[strings.LastIndexByte(row.Name, '.')+1:]
			parent := target
			if _, s := property(parent, row.Name); s == nil {
				if other := ownerOf(c.op.success, row.Name, 0); other != nil {
					parent = other
				}
			}
			counted := seen
			if parent != target {
				counted = map[string]int{}
			}
			if name, s := c.row("response", parent, row, counted); s != nil {
				c.described("response", name, s, row)
			}
		})
	}
	c.absent("response", target, seen)
}

// described finds the object that shares most names with the rows of a table.
func described(root *openapi3.Schema, rows []page.Row) *openapi3.Schema {
	best, most := root, 0
	var visit func(s *openapi3.Schema, depth int)
	visit = func(s *openapi3.Schema, depth int) {
		if depth > 8 {
			return
		}
		shared := 0
		for _, row := range rows {
			if _, found := property(s, row.Name[strings.LastIndexByte(row.Name, '.')+1:]); found != nil {
				shared++
			}
		}
		if shared > most {
			best, most = s, shared
		}
		for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
			visit(s.Properties[name].Value, depth+1)
		}
		if s.Items != nil {
			visit(s.Items.Value, depth+1)
		}
	}
	visit(root, 0)
	return best
}

// ownerOf finds an object that has a property of that name.
func ownerOf(s *openapi3.Schema, name string, depth int) *openapi3.Schema {
	if _, found := property(s, name); found != nil {
		return s
	}
	if depth > 8 {
		return nil
	}
	for _, child := range slices.Sorted(maps.Keys(s.Properties)) {
		if owner := ownerOf(s.Properties[child].Value, name, depth+1); owner != nil {
			return owner
		}
	}
	if s.Items != nil {
		return ownerOf(s.Items.Value, name, depth+1)
	}
	return nil
}

// maxText is the number of bytes of a description that are compared.
const maxText = 32 << 10

// described compares the description in a row: limits, default, values, units,
// and the JSON that it shows.
func (c *comparer) described(place, name string, s *openapi3.Schema, row page.Row) {
	text, shown := samples(row.Text[:min(len(row.Text), maxText)], kindOf(s) == "array")
	at := Finding{Place: place, Field: name, Line: row.Line}
	c.numbers(at, s, text)
	if place == "form" {
		c.defaults(at, s, text)
	}
	c.listed(at, s, text, place == "form" || len(s.Enum) > 0)
	c.members(at, s, text, shown)
	for _, value := range shown {
		c.sample(at, s, value)
	}
	c.units(at, timeUnits(text), timeUnits(s.Description))
	c.units(at, lengthUnits(text), lengthUnits(s.Description))
}

// units reports units that the spec does not name, if it names any.
func (c *comparer) units(at Finding, printed, spec []string) {
	for _, unit := range printed {
		if len(spec) > 0 && !slices.Contains(spec, unit) {
			at.Status, at.Aspect, at.Page, at.Spec = Changed, "unit", unit, strings.Join(spec, ", ")
			c.report(at)
		}
	}
}

// listed compares the values that a text lists with those of an enum of texts. If the
// text must list them, a value that it leaves out is gone.
func (c *comparer) listed(at Finding, s *openapi3.Schema, text string, must bool) {
	if kindOf(s) != "string" || len(s.Enum) == 0 {
		return
	}
	known := func(word string) bool { _, ok := enumValue(s, word); return ok }
	words := valuesIn(text, known)
	found := map[string]bool{}
	for _, v := range s.Enum {
		found[scalar(v)] = hasWord(text, scalar(v))
	}
	at.Aspect = "value"
	for _, word := range words {
		canonical, ok := enumValue(s, word)
		switch {
		case !ok:
			at.Status, at.Aspect, at.Page, at.Spec = New, "enum", word, none
			c.report(at)
		case canonical != word && !found[canonical]:
			at.Status, at.Aspect, at.Page, at.Spec = Changed, "value", word, canonical
			c.report(at)
			found[canonical] = true
		}
	}
	if !must {
		return
	}
	for _, v := range s.Enum {
		if !found[scalar(v)] {
			at.Status, at.Aspect, at.Page, at.Spec = Gone, "enum", "no "+scalar(v), scalar(v)
			c.report(at)
		}
	}
}

// numbered is an item of a list that explains a name.
var numbered = regexp.MustCompile(`(?m)^\s*\d+[.)、]\s*([A-Za-z_]\w*)\s*:`)

// members checks that a text names the members of an object and no others.
func (c *comparer) members(at Finding, s *openapi3.Schema, text string, shown []any) {
	if kindOf(s) != "object" || len(s.Properties) == 0 {
		return
	}
	named := map[string]bool{}
	for _, value := range shown {
		object, _ := value.(map[string]any)
		for name := range object {
			named[name] = true
		}
	}
	known := func(word string) bool { _, child := property(s, word); return child != nil }
	listed := valuesIn(text, known)
	for _, m := range numbered.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(listed, m[1]) {
			listed = append(listed, m[1])
		}
	}
	for _, word := range listed {
		if !known(word) {
			f := at
			f.Status, f.Field, f.Aspect, f.Page, f.Spec = New, at.Field+"."+word, "field", word, none
			c.report(f)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		if !named[name] && !hasWord(text, name) {
			f := at
			f.Status, f.Field, f.Aspect, f.Page, f.Spec = Gone, at.Field+"."+name, "field", none, name
			c.report(f)
		}
	}
}
