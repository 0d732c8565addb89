package main

import (
	"fmt"
	"slices"
	"strings"
)

// emitResponses writes decoders and writers of a service's responses.
func emitResponses(p *printer, a *api, service string) {
	p.use(wirePackage)
	for _, e := range a.Operations {
		if e.Service != service {
			continue
		}
		p.doc(fmt.Sprintf("Decode%s reads a response of %s. The error is a *APIError if the code is not 200, and a *DecodeError if the response is broken or lacks the data of a success.", e.Go, e.ID))
		p.p("func Decode%s(body []byte) (*%s, error) { return read%s(wire.NewDecoder(body)) }", e.Go, e.Success.Name, e.Go)
		p.p("")
		p.p("func read%s(d *wire.Decoder) (*%s, error) {", e.Go, e.Success.Name)
		p.p("v := new(%s)", e.Success.Name)
		p.p("decode%s(d, v)", e.Success.Name)
		args := ""
		if len(e.Payload) > 0 {
			args = ", " + quoteAll(e.Payload...)
		}
		p.p("if err := d.Response(v.Code%s); err != nil {", args)
		p.p("return nil, err")
		p.p("}")
		p.p("return v, nil")
		p.p("}")
		p.p("")
		emitDecode(p, e.Success)
		p.p("// AppendJSON appends the response, with code 200, in the given dialect.")
		p.p("func (v *%s) AppendJSON(dst []byte, d Dialect) []byte {", e.Success.Name)
		emitWrite(p, e.Success)
		p.p("// MarshalJSON returns the response as the service writes it, with code 200.")
		p.p("func (v %s) MarshalJSON() ([]byte, error) { return v.AppendJSON(nil, wire.Canonical), nil }", e.Success.Name)
		p.p("")
		p.p("// UnmarshalJSON reads the response as Decode%s does.", e.Go)
		p.p("func (v *%s) UnmarshalJSON(data []byte) error { return wire.UnmarshalJSON(data, v, Decode%s) }", e.Success.Name, e.Go)
		p.p("")
	}
}

// emitComponents writes decoders and writers of the objects inside a service's forms and
// responses.
func emitComponents(p *printer, a *api, service string) {
	p.use(wirePackage)
	for _, t := range a.Types {
		if t.isEnum() || t.Form || t.Success || t.Service != service {
			continue
		}
		emitObject(p, t)
		if hasChecks(t) {
			p.p("func (v %s) check(c *wire.Check) {", t.Name)
			emitChecks(p, t, "v.")
			if t.keepsUnknown() {
				p.p("c.Unknown(v.Extra)")
			}
			p.p("}")
			p.p("")
		}
	}
}

// emitObject writes the functions that read and write an object as JSON.
func emitObject(p *printer, t *typ) {
	emitDecode(p, t)
	p.p("func (v %s) appendJSON(dst []byte, d Dialect) []byte {", t.Name)
	emitWrite(p, t)
	p.p("// MarshalJSON returns the JSON of the wire.")
	p.p("func (v %s) MarshalJSON() ([]byte, error) { return v.appendJSON(nil, wire.Canonical), nil }", t.Name)
	p.p("")
	p.p("// UnmarshalJSON reads the JSON of the wire leniently. The error is a *DecodeError.")
	p.p("func (v *%s) UnmarshalJSON(data []byte) error { return wire.UnmarshalJSON(data, v, wire.Whole(decode%s)) }", t.Name, t.Name)
	p.p("")
}

// emitDecode writes the function that reads an object.
func emitDecode(p *printer, t *typ) {
	p.p("func decode%s(d *wire.Decoder, v *%s) {", t.Name, t.Name)
	identity := t.identity()
	if len(identity) > 0 {
		p.p("at := d.Start()")
	}
	if t.TextProperty != "" {
		p.p("if !d.ObjectOr(&v.%s) {", t.prop(t.TextProperty).Go)
	} else {
		p.p("if !d.Object() {")
	}
	if len(identity) > 0 {
		p.p("d.Identify(at, %s, false)", quote(identity[0].Wire))
	}
	p.p("return")
	p.p("}")
	if !t.Success {
		p.p("*v = %s{} // if a member is repeated, the last one counts", t.Name)
	}
	for _, f := range identity {
		if test, noted := f.identified(); noted {
			p.p("%s := false", test)
		}
	}
	p.p("for {")
	p.p("name, ok := d.Member()")
	p.p("if !ok {")
	for _, f := range identity {
		test, _ := f.identified()
		p.p("d.Identify(at, %s, %s)", quote(f.Wire), test)
	}
	p.p("return")
	p.p("}")
	fold := func(s string) string { return s }
	if t.Event {
		fold = strings.ToLower
		p.p("switch wire.Lower(name) {")
	} else {
		p.p("switch string(name) {")
	}
	for _, f := range t.Props {
		p.p("case %s:", fold(quoteAll(append([]string{f.Wire}, f.Aliases...)...)))
		note := ""
		if test, noted := f.identified(); noted && slices.Contains(identity, f) {
			note = test + " = "
		}
		switch {
		case t.isCode(f):
			p.p("d.Code(&v.Code)")
		case f.Pointer && f.T.Kind == object:
			p.p("if v.%s = nil; !d.Null() {", f.Go)
			p.p("v.%s = new(%s)", f.Go, f.T.Go)
			p.p("decode%s(d, v.%s)", f.T.Go, f.Go)
			p.p("}")
		case f.T.As != nil:
			emitConverted(p, f, note)
		case f.Pointer:
			p.p("if x := new(%s); %s {", f.T.Go, readCall(f.T, "x"))
			p.p("v.%s = x", f.Go)
			p.p("}")
		default:
			if note != "" && f.T.Kind == list {
				p.p("%strue // null is an empty list", note)
				note = ""
			}
			p.p("%s%s", note, readCall(f.T, "&v."+f.Go))
		}
	}
	if names := t.copiedNames(); len(names) > 0 {
		p.p("case %s: // copies", quoteAll(names...))
		p.p("d.Skip()")
	}
	p.p("default:")
	if t.keepsUnknown() {
		p.p("v.Extra = d.Extra(v.Extra, name)")
	} else {
		p.p("d.Skip()")
	}
	p.p("}")
	p.p("}")
	p.p("}")
	p.p("")
}

// emitConverted writes the code that reads an integer with another type in Go. note is an
// assignment to the variable that notes it, or empty.
func emitConverted(p *printer, f *prop, note string) {
	p.p("if n, ok := d.Nearest(); ok {")
	if note != "" {
		p.p("%strue", note)
	}
	if f.Pointer {
		p.p("x := %s(n)", f.T.As.from())
		p.p("v.%s = &x", f.Go)
	} else {
		p.p("v.%s = %s(n)", f.Go, f.T.As.from())
	}
	p.p("}")
}

// readCall returns the Go call that reads a value of type t into target.
func readCall(t ref, target string) string {
	switch {
	case t.Kind == boolean:
		return fmt.Sprintf("wire.Bool(d, %s)", target)
	case t.integral() && t.Checked:
		return fmt.Sprintf("wire.ID(d, %s)", target)
	case t.integral():
		return fmt.Sprintf("wire.Integer(d, %s)", target)
	case t.Kind == number:
		return fmt.Sprintf("wire.Number(d, %s)", target)
	case t.Kind == text && t.Accid:
		return fmt.Sprintf("wire.Accid(d, %s)", target)
	case t.Kind == text:
		return fmt.Sprintf("wire.String(d, %s)", target)
	case t.Kind == expression:
		return fmt.Sprintf("wire.TagExpr(d, %s)", target)
	case t.Kind == enum:
		return fmt.Sprintf("wire.Word(d, %s, fold%s)", target, t.Go)
	case t.Kind == raw:
		return fmt.Sprintf("wire.Raw(d, %s)", target)
	case t.Kind == object:
		return fmt.Sprintf("decode%s(d, %s)", t.Go, target)
	case t.Elem.Kind == pair:
		return fmt.Sprintf("wire.Entries(d, %s, %s)", target, itemReader(*t.Elem.Elem))
	default:
		return fmt.Sprintf("wire.List(d, %s, %s)", target, itemReader(*t.Elem))
	}
}

// itemReader is the function that reads an item of type t.
func itemReader(t ref) string {
	switch {
	case t.integral() && t.Checked:
		return fmt.Sprintf("wire.IDItem[%s]", t.Go)
	case t.integral():
		return fmt.Sprintf("wire.IntegerItem[%s]", t.Go)
	case t.Kind == text && t.Checked:
		return "wire.NameItem"
	case t.Kind == text && t.Accid:
		return "wire.AccidItem"
	case t.Kind == text:
		return "wire.StringItem"
	default:
		return "decode" + t.Go
	}
}

// emitWrite writes the body of the function that writes the object v.
func emitWrite(p *printer, t *typ) {
	p.p("dst = append(dst, '{')")
	for _, f := range t.Props {
		field := "v." + f.Go
		if t.isCode(f) {
			p.p(`dst = wire.AppendInt(wire.AppendKey(dst, "code"), 200, wire.Canonical)`)
			continue
		}
		test := ""
		value := field
		switch {
		case f.Pointer:
			test = field + " != nil"
			if f.T.Kind != object {
				value = "*" + field
			}
		case !f.Required && (t.Use == inRequest || f.OmitZero || f.T.Kind == raw || f.T.Kind == enum && f.T.textual()):
			test = present(f.T, field)
		}
		if test != "" {
			p.p("if %s {", test)
		}
		p.p("dst = wire.AppendKey(dst, %s)", spelled(f))
		switch f.NullEmpty {
		case "":
			p.p("dst = %s", writeCall(f.T, value))
		case always:
			p.p("dst = wire.AppendTextOrNull(dst, %s)", value)
		default:
			other := t.prop(f.NullEmpty)
			p.p("if %s {", present(other.T, "v."+other.Go))
			p.p("dst = %s", writeCall(f.T, value))
			p.p("} else {")
			p.p("dst = wire.AppendTextOrNull(dst, %s)", value)
			p.p("}")
		}
		if test != "" {
			p.p("}")
		}
	}
	for _, name := range t.Copied {
		p.p("copied := v.%s", t.prop(name).Go)
		p.p("copied.Extra = nil")
		p.p("dst = wire.AppendMembers(dst, copied.appendJSON(nil, d))")
	}
	if t.keepsUnknown() {
		p.p("dst = wire.AppendExtra(dst, v.Extra)")
	}
	p.p("return append(dst, '}')")
	p.p("}")
	p.p("")
}

// present is the test that an optional plain value is worth writing.
func present(t ref, field string) string {
	switch {
	case t.As != nil:
		return t.As.sent(field) + " != 0"
	case t.Kind == boolean:
		return field
	case t.integral() || t.Kind == number:
		return field + " != 0"
	case t.textual():
		return field + ` != ""`
	case t.Kind == raw || t.Kind == list:
		return field + " != nil"
	}
	return ""
}

// writeCall is the call that writes a value of type t.
func writeCall(t ref, value string) string {
	if t.As != nil {
		value = t.As.sent(value)
	}
	asText := func(call string) string {
		if t.Quoted {
			return fmt.Sprintf("wire.Quote(%s, len(dst))", call)
		}
		return fmt.Sprintf("wire.AsText(%s, len(dst), d)", call)
	}
	switch {
	case t.Kind == object:
		return asText(value + ".appendJSON(dst, d)")
	case t.Members:
		return asText(fmt.Sprintf("wire.AppendEntries(dst, %s)", value))
	case t.Kind == list:
		return asText(fmt.Sprintf("wire.AppendList(dst, %s, d, %s)", value, itemWriter(*t.Elem)))
	case t.Kind == boolean && t.Quoted:
		return fmt.Sprintf("wire.AppendQuotedBool(dst, %s)", value)
	case t.Kind == boolean:
		return fmt.Sprintf("wire.AppendBool(dst, %s)", value)
	case t.Quoted:
		return fmt.Sprintf("wire.AppendQuotedInt(dst, %s)", value)
	case t.integral() || t.As != nil:
		return fmt.Sprintf("wire.AppendInt(dst, %s, d)", value)
	case t.Kind == number:
		return fmt.Sprintf("wire.AppendNumber(dst, %s, d)", value)
	case t.Kind == enum && t.Named.hasEnumAliases():
		return fmt.Sprintf("wire.AppendJSONString(dst, %s)", methodOf(value, "spelling(d)"))
	case t.Kind == expression:
		return fmt.Sprintf("wire.AppendJSONString(dst, %s)", methodOf(value, "String()"))
	case t.textual():
		return fmt.Sprintf("wire.AppendJSONString(dst, %s)", value)
	default:
		return fmt.Sprintf("wire.AppendRaw(dst, %s, d)", value)
	}
}

// itemWriter is the function that writes an item of type t.
func itemWriter(t ref) string {
	switch {
	case t.Kind == object:
		return t.Go + ".appendJSON"
	case t.Kind == pair:
		return fmt.Sprintf("wire.EntryOut(%s)", itemWriter(*t.Elem))
	case t.Quoted:
		return fmt.Sprintf("wire.QuotedOut[%s]", t.Go)
	case t.integral():
		return fmt.Sprintf("wire.IntegerOut[%s]", t.Go)
	default:
		return fmt.Sprintf("wire.StringOut[%s]", t.Go)
	}
}
