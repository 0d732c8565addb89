package main

// conversion is how an integer on the wire becomes another type in Go.
type conversion struct {
	Go   string // type in Go
	To   string // function of package wire that makes the wire's integer of it
	From string // and the one that goes back
	Unit string // of the integer, in words
}

// sent is the wire's integer for a value.
func (c *conversion) sent(value string) string { return "wire." + c.To + "(" + value + ")" }

// from is the function that makes a value of the wire's integer.
func (c *conversion) from() string { return "wire." + c.From }

const since1970 = " since 1970-01-01 UTC"

// times are what x-time can be, durations what x-duration can be.
var (
	times = map[string]*conversion{
		"milliseconds": {"time.Time", "Millis", "FromMillis", "milliseconds" + since1970},
		"seconds":      {"time.Time", "Unix", "FromUnix", "seconds" + since1970},
		"any":          {"time.Time", "Timestamp", "FromTimestamp", "seconds or milliseconds" + since1970},
	}
	durations = map[string]*conversion{
		"seconds": {"time.Duration", "Seconds", "FromSeconds", "seconds"},
	}
)

// integer resolves the type of an integer, which travels as such or as text.
func (b *builder) integer(where string, s *schema) ref {
	r := ref{Kind: integer, Go: s.goInt(), Quoted: s.isQuotedInteger()}
	uses := 0
	for _, x := range []struct {
		name, value string
		known       map[string]*conversion
	}{{"x-time", s.Time, times}, {"x-duration", s.Duration, durations}} {
		if x.value == "" {
			continue
		}
		uses++
		if r.As = x.known[x.value]; r.As == nil {
			b.fail(where, "%s %q is not supported", x.name, x.value)
			return r
		}
		r.Go = r.As.Go
	}
	if s.ID != "" {
		uses++
		if s.Format != "int64" {
			b.fail(where, "x-id needs format int64")
		}
		b.ids[s.ID] = true
		r.Go = idType(s.ID)
	}
	if uses > 1 {
		b.fail(where, "more than one of x-id, x-time, x-duration")
	}
	return r
}

// idType is the Go type of the id of a kind of thing.
func idType(kind string) string { return upperFirst(kind) + "ID" }

// emitIDs writes the types of ids.
func emitIDs(p *printer, a *api) {
	for _, kind := range a.IDs {
		p.use("strconv")
		p.use(wirePackage)
		name := idType(kind)
		p.p("// %s is the id of a %s.", name, kind)
		p.p("type %s int64", name)
		p.p("")
		p.p("// Parse%s reads the id of a %s from decimal text: a whole number of 1 or more that", name, kind)
		p.p("// fits into 64 bits. The error is a *FieldError.")
		p.p("func Parse%s(text string) (%s, error) { return wire.ParseID[%s](%s, text) }", name, name, name, quote(kind+" id"))
		p.p("")
		p.p("// String returns the id in decimal.")
		p.p("func (id %s) String() string { return strconv.FormatInt(int64(id), 10) }", name)
		p.p("")
	}
}
