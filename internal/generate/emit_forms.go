package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// emitForms writes encoders, validators and binders of a service's forms.
func emitForms(p *printer, a *api, service string) {
	p.use(wirePackage)
	p.use(tagexprPackage)
	for _, e := range a.Operations {
		if e.Service != service {
			continue
		}
		emitAppendForm(p, e.Form)
		emitValidate(p, e.Form)
		emitBind(p, e)
		emitRepeatable(p, e)
		emitRoom(p, e)
		emitConditional(p, e)
		emitObject(p, e.Form)
	}
}

// emitRepeatable writes the method by which a form can be sent again without harm.
func emitRepeatable(p *printer, e *endpoint) {
	d := e.Deduplication
	if d == nil {
		return
	}
	form, item, id, what := e.repeated(), "f", "id", "the form"
	if d.List != "" {
		item, id, what = "f."+e.Form.prop(d.List).Go+"[i]", `id + "-" + strconv.Itoa(i+1)`, "each element of "+d.List
	}
	flag := form.prop(d.Flag)
	p.doc(fmt.Sprintf("Identified gives %s an id as its %s, unless it has one, and %s=%s if mark is true and it does not set %s. It returns the new form and reports whether it is marked with %s=%s.", what, d.ID, d.Flag, d.Value, d.Flag, d.Flag, d.Value))
	p.p("func (f %s) Identified(id string, mark bool) (form %s, marked bool) {", e.Form.Name, e.Form.Name)
	p.p("again := %s(%s)", flag.T.Go, d.Value)
	p.p("marked = true")
	if d.List != "" {
		p.use("slices")
		p.use("strconv")
		list := e.Form.prop(d.List).Go
		p.p("f.%s = slices.Clone(f.%s)", list, list)
		p.p("for i := range f.%s {", list)
	}
	p.p("if %s.%s == \"\" {", item, form.prop(d.ID).Go)
	p.p("%s.%s = %s", item, form.prop(d.ID).Go, id)
	p.p("}")
	p.p("if mark && %s.%s == nil {", item, flag.Go)
	p.p("%s.%s = &again", item, flag.Go)
	p.p("}")
	p.p("marked = marked && %s.%s != nil && *%s.%s == again", item, flag.Go, item, flag.Go)
	if d.List != "" {
		p.p("}")
	}
	p.p("return f, marked")
	p.p("}")
	p.p("")
}

// emitRoom writes the method by which hooks and logs learn the room of a call.
func emitRoom(p *printer, e *endpoint) {
	for _, f := range e.Form.Props {
		if f.T.Go == "RoomID" && f.Required {
			p.p("// Room returns the form's %s.", f.Wire)
			p.p("func (f %s) Room() RoomID { return f.%s }", e.Form.Name, f.Go)
			p.p("")
			return
		}
	}
}

func emitAppendForm(p *printer, t *typ) {
	p.p("// AppendForm appends the form to dst, form-encoded.")
	p.p("func (f %s) AppendForm(dst []byte) []byte {", t.Name)
	for _, f := range t.Props {
		emitOptional(p, f, "f."+f.Go, func(value string) { p.p("dst = %s", formCall(f, value)) })
	}
	p.p("return dst")
	p.p("}")
	p.p("")
}

// emitOptional prints body for the field's value. If the field can be absent, a test that it
// is present surrounds the body.
func emitOptional(p *printer, f *prop, field string, body func(value string)) {
	if f.Required && !f.Pointer {
		body(field)
		return
	}
	p.p("if %s != nil {", field)
	if f.Pointer && f.T.Kind != object {
		field = "*" + field
	}
	body(field)
	p.p("}")
}

// formCall returns the Go call that appends a field of the form.
func formCall(f *prop, value string) string {
	call := func(name, value string) string {
		return fmt.Sprintf("wire.%s(dst, %s, %s)", name, quote(f.Wire), value)
	}
	switch t := f.T; {
	case t.As != nil:
		return call("FormInt", t.As.sent(value))
	case t.Kind == boolean:
		return call("FormBool", value)
	case t.integral():
		return call("FormInt", value)
	case t.Kind == number:
		return call("FormNumber", value)
	case t.Kind == expression:
		return call("FormString", methodOf(value, "String()"))
	case t.textual():
		return call("FormString", value)
	case t.Kind == raw:
		return call("FormJSON", value)
	case t.Kind == object:
		return call("FormJSON", value+".appendJSON(make([]byte, 0, 128), wire.Canonical)")
	case t.Members:
		return call("FormJSON", fmt.Sprintf("wire.AppendEntries(make([]byte, 0, 128), %s)", value))
	case t.Elem.textual():
		return call("FormStrings", value)
	case t.Elem.Quoted:
		return call("FormQuotedInts", value)
	case t.Elem.integral():
		return call("FormInts", value)
	default:
		return call("FormJSON", fmt.Sprintf("wire.AppendList(make([]byte, 0, 128), %s, wire.Canonical, %s)", value, itemWriter(*t.Elem)))
	}
}

func emitValidate(p *printer, t *typ) {
	p.p("// Validate checks the form against the limits of the spec.")
	p.p("func (f %s) Validate() error {", t.Name)
	p.p("c := new(wire.Check)")
	emitChecks(p, t, "f.")
	p.p("return c.Err()")
	p.p("}")
	p.p("")
}

// emitChecks prints the checks of an object's properties, into c.
func emitChecks(p *printer, t *typ, receiver string) {
	for _, f := range t.Props {
		lines := checks(f, receiver+f.Go)
		if f.Pointer && f.Required {
			p.p("c.Given(%s, %s%s != nil, %s)", quote(f.Wire), receiver, f.Go, quote(choice(f.T)))
		}
		if len(lines) == 0 {
			continue
		}
		if f.Pointer || !f.Required {
			p.p("if %s%s != nil {", receiver, f.Go)
			p.p("%s", strings.Join(lines, "\n"))
			p.p("}")
			continue
		}
		p.p("%s", strings.Join(lines, "\n"))
	}
}

// choice returns words for the values that a boolean or an enum can have.
func choice(t ref) string {
	if t.Kind == boolean {
		return "true or false"
	}
	return "one of " + strings.Join(wireValues(t.Named), ", ")
}

// hasChecks reports whether a nested object is checked.
func hasChecks(t *typ) bool { return t.Use == inRequest }

// checks returns the Go calls that check the limits of a property.
func checks(f *prop, field string) (lines []string) {
	value := field
	if f.Pointer && f.T.Kind != object {
		value = "*" + field
	}
	call := func(name string, args ...any) {
		format := "c.%s(" + quote(f.Wire) + strings.Repeat(", %v", len(args)) + ")"
		lines = append(lines, fmt.Sprintf(format, append([]any{name}, args...)...))
	}
	switch t := f.T; t.Kind {
	case boolean, pair: // every value of a boolean is valid, and forms have no pairs outside lists
	case text:
		if f.Required || f.MinLength > 0 {
			call("Need", value+` != ""`)
		}
		call("UTF8", value)
		if f.MinLength > 1 {
			call("MinLength", value, f.MinLength)
		}
		if f.MaxLength != nil {
			call("MaxLength", value, *f.MaxLength)
		}
		if f.Pattern == accidOnly {
			call("Accid", value)
		}
	case number:
		call("Finite", value)
	case expression:
		call("Valid", methodOf(value, "Err()"))
		call("UTF8", methodOf(value, "String()"))
		if f.MaxLength != nil {
			call("MaxLength", methodOf(value, "String()"), *f.MaxLength)
		}
	case integer:
		bound := func(name string, limit int64) {
			if t.As == nil {
				call(name, "int64("+value+")", limit)
				return
			}
			lines = append(lines, fmt.Sprintf("c.%sOf(%s, %s, %s, %d)", name, quote(t.As.Unit), quote(f.Wire), t.As.sent(value), limit))
		}
		switch {
		case f.Minimum != nil:
			bound("Min", *f.Minimum)
		case f.Format == "int32":
			bound("Min", math.MinInt32)
		}
		switch {
		case f.Maximum != nil:
			bound("Max", *f.Maximum)
		case f.Format == "int32":
			bound("Max", math.MaxInt32)
		}
	case enum:
		if f.Required && t.textual() {
			call("Need", value+` != ""`)
		}
		if f.Required && t.integral() && !f.Pointer {
			lines = append(lines, fmt.Sprintf("c.Given(%s, %s != 0, %s)", quote(f.Wire), value, quote(choice(t))))
		}
		if t.Named.Closed == nil && t.textual() {
			call("UTF8", "string("+value+")")
		}
		if t.Named.Closed == nil && t.integral() {
			call("Min", "int64("+value+")", math.MinInt32)
			call("Max", "int64("+value+")", math.MaxInt32)
		}
		if t.Named.Closed != nil {
			call("OneOf", methodOf(value, "Known()"), methodOf(value, "wireValue()"), quote(strings.Join(wireValues(t.Named), ", ")))
		}
	case raw:
		if f.Required {
			call("Need", "len("+value+") > 0")
		}
		call("JSONObject", value)
		call("UTF8", "string("+value+")")
		if f.MaxJSONLength != nil {
			call("MaxLength", "string("+value+")", *f.MaxJSONLength)
		}
	case object:
		if hasChecks(t.Named) {
			lines = append(lines, fmt.Sprintf("c.Under(%s, %s.check)", quote(f.Wire), field))
		}
		if f.MaxJSONLength != nil {
			call("MaxLength", fmt.Sprintf("string(%s.appendJSON(nil, wire.Canonical))", field), *f.MaxJSONLength)
		}
	case list:
		if f.MinItems > 0 {
			call("MinItems", "len("+value+")", f.MinItems)
		}
		if f.MaxItems != nil {
			call("MaxItems", "len("+value+")", *f.MaxItems)
		}
		if body := itemChecks(f); body != "" {
			lines = append(lines, fmt.Sprintf("wire.Items(c, %s, %s, func(c *wire.Check, item %s) { %s })", quote(f.Wire), value, t.Elem.Go, body))
		}
	}
	return lines
}

// itemChecks returns the Go check of an array's item.
func itemChecks(f *prop) string {
	items, t := f.Items, f.T.Elem
	switch {
	case t.Kind == pair:
		return entryChecks(f)
	case t.Kind == enum && t.Named.Closed != nil:
		return fmt.Sprintf(`c.OneOf("", item.Known(), item.wireValue(), %s)`, quote(strings.Join(wireValues(t.Named), ", ")))
	case t.Kind == object && hasChecks(t.Named):
		return "item.check(c)"
	case t.Kind == integer && items.Pattern == digitsOnly:
		return `c.Min("", int64(item), 0)`
	case t.Kind == integer && items.Minimum != nil:
		return fmt.Sprintf(`c.Min("", int64(item), %d)`, *items.Minimum)
	case t.Kind == text:
		body := `c.UTF8("", item)`
		if items.MinLength > 0 {
			body = `c.Need("", item != ""); ` + body
		}
		if items.MaxLength != nil {
			body += fmt.Sprintf(`; c.MaxLength("", item, %d)`, *items.MaxLength)
		}
		if items.Pattern == accidOnly {
			body += `; c.Accid("", item)`
		}
		return body
	}
	return ""
}

func methodOf(value, method string) string {
	return strings.TrimPrefix(value, "*") + "." + method
}

func wireValues(t *typ) []string {
	values := make([]string, len(t.Enum))
	for i, m := range t.Enum {
		values[i] = m.Value
	}
	return values
}

func emitBind(p *printer, e *endpoint) {
	p.p("func bind%s(in *Fields) (f %s, err error) {", e.Go, e.Form.Name)
	for _, f := range e.Form.Props {
		names := quoteAll(slices.Concat([]string{f.Wire}, f.Aliases)...)
		switch {
		case f.Pointer && f.Required:
			p.p("wire.BindRequired(in, &f.%s, %s, %s)", f.Go, reader(f.T), names)
		case f.Pointer:
			p.p("wire.BindOptional(in, &f.%s, %s, %s)", f.Go, reader(f.T), names)
		case f.Required:
			p.p("wire.Bind(in, &f.%s, %s, %s)", f.Go, reader(f.T), names)
		default:
			p.p("wire.BindAny(in, &f.%s, %s, %s)", f.Go, reader(f.T), names)
		}
		if f.MaxJSONLength != nil && f.T.Kind == object {
			// Validate measures the text that it encodes itself; this one may have more white space.
			p.p("wire.BindLength(in, %d, %s)", *f.MaxJSONLength, names)
		}
	}
	p.p("return f, in.Err()")
	p.p("}")
	p.p("")
}

// reader returns the Go function that reads a form field of type t.
func reader(t ref) string {
	switch {
	case t.As != nil:
		return fmt.Sprintf("wire.ReadConverted(%s)", t.As.from())
	case t.Kind == boolean:
		return "wire.ReadBool"
	case t.Kind == enum && t.Named.isIntEnum() && t.Named.hasEnumAliases():
		return fmt.Sprintf("wire.ReadIntOr(words%s)", t.Go)
	case t.integral():
		return "wire.ReadInt"
	case t.Kind == number:
		return "wire.ReadNumber"
	case t.Kind == text && t.Accid:
		return "wire.ReadAccid"
	case t.Kind == text:
		return "wire.ReadString"
	case t.Kind == expression:
		return "wire.ReadTagExpr"
	case t.Members:
		return "wire.ReadEntries"
	case t.Kind == enum:
		return fmt.Sprintf("wire.ReadWord(fold%s)", t.Go)
	case t.Kind == raw:
		return "wire.ReadRaw"
	case t.Kind == object:
		return fmt.Sprintf("wire.ReadObject(decode%s)", t.Go)
	default:
		return fmt.Sprintf("wire.ReadArray(%s)", itemReader(*t.Elem))
	}
}
