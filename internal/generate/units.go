package main

// conversion says how an integer on the wire becomes another type in Go.
type conversion struct {
	Go   string // the type in Go
	To   string // the function of package wire that returns the integer
	From string // the function of package wire that reads the integer
	Unit string // the unit of the integer in words
}

// sent returns a Go expression for the integer on the wire.
func (c *conversion) sent(value string) string { return "wire." + c.To + "(" + value + ")" }

// from returns the name of the function that converts the integer on the wire.
func (c *conversion) from() string { return "wire." + c.From }

const since1970 = " since 1970-01-01 UTC"

// times has the values of x-time, durations those of x-duration.
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

// integer determines the type of an integer, which travels as a number or as text.
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

// idType returns the Go type for the ids of a kind of thing.
func idType(kind string) string { return upperFirst(kind) + "ID" }

// emitIDs writes the id types.
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
