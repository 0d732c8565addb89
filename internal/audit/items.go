package audit

import (
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"github.com/nimroom/nimroom/internal/audit/page"
)

// item is one fact, or one place of sentences, of a page.
type item struct {
	path                 string // of the operation; empty outside of operations
	place, field, aspect string
	within               string // key of the operation, the table, the list or the row that it belongs to
	value                string // of a fact
	label                string // what a report adds to the value if there is no other
	line                 int
	texts                []page.Text // of sentences
}

func (i item) key() string { return strings.Join([]string{i.path, i.place, i.field, i.aspect}, "\x00") }

// items are facts and sentences in order.
type items struct {
	ref  *Reference
	list []item
	seen map[string]bool
}

// add adds a fact and returns its key. Equal names in a table or a list are numbered.
func (l *items) add(i item) string {
	for name, n := i.field, 2; l.seen[i.key()]; n++ {
		i.field = name + " (" + strconv.Itoa(n) + ")"
	}
	l.seen[i.key()] = true
	l.list = append(l.list, i)
	return i.key()
}

// facts adds facts of one part, by aspect.
func (l *items) facts(i item, facts ...[2]string) {
	for _, fact := range facts {
		i.aspect, i.value = fact[0], fact[1]
		l.add(i)
	}
}

func (l *items) sentences(i item, texts ...page.Text) {
	if len(texts) > 0 {
		i.line = texts[0].Line
	}
	i.aspect, i.texts = "text", texts
	l.list = append(l.list, i)
}

// row adds a row of a table or a list: whether it is there, its facts, and its sentences.
func (l *items) row(i item, text string, facts ...[2]string) string {
	i.value = i.field
	i.within = l.add(i)
	i.field = strings.Split(i.within, "\x00")[2]
	l.facts(i, facts...)
	l.sentences(i, page.Text{Line: i.line, Text: text})
	return i.within
}

// pageItems lists what a page says outside its operations.
func pageItems(r *page.Record, ref *Reference) []item {
	l := &items{ref, nil, map[string]bool{}}
	l.add(item{place: "page", aspect: "date", value: r.Date, line: r.DateLine})
	l.sentences(item{place: "page", field: "title"}, page.Text{Text: r.Title})
	l.sentences(item{place: "page"}, r.Intro...)
	for _, t := range r.Listed {
		l.row(item{place: "row", field: ref.PathOf(t.URL()), aspect: "operation", line: t.Line}, t.Text)
	}
	return l.list
}

// itemsOf lists what a page says about an operation. The first item is the operation.
func itemsOf(op *page.Operation, path string, ref *Reference) []item {
	l := &items{ref, nil, map[string]bool{}}
	i := item{path: path, place: "operation", aspect: "operation", value: path, label: " (" + op.Heading + ")", line: op.Line}
	i.within, i.label = l.add(i), ""
	l.request(i, op.Method, op.URL)
	l.facts(i, [2]string{"content type", strings.ReplaceAll(op.ContentType, " ", "")})
	l.sentences(item{path: path, place: "operation", field: "heading", within: i.within}, page.Text{Line: op.Line, Text: op.Heading})
	part := func(place, aspect, value string, n, line int) item { // part n of its kind, from 0
		part := item{path: path, place: place, aspect: aspect, value: value, line: line, within: i.within}
		if n > 0 {
			part.place += " " + strconv.Itoa(n+1)
		}
		part.within = l.add(part)
		return part
	}
	if len(op.Form.All()) > 0 {
		l.table(part("form", "table", "a table of parameters", 0, op.Form.Line), op.Form)
	}
	if len(op.Response.All()) > 0 {
		l.table(part("response", "table", "a table of fields", 0, op.Response.Line), op.Response)
	}
	for n, curl := range op.Curl {
		l.curl(part("cURL", "list", "a cURL line", n, curl.Line), curl)
	}
	for n, e := range op.Examples {
		l.example(part("example", "list", "an example of a response", n, e.Line), e)
	}
	for n, code := range op.Codes {
		if n == 0 {
			i = part("codes", "list", "a list of status codes", 0, code.Line)
		}
		i.field, i.aspect, i.line = code.Code, "code", code.Line
		l.row(i, code.Text)
	}
	l.sentences(item{path: path, place: "text", within: l.list[0].key()}, op.Notes...)
	return l.list
}

func (l *items) request(i item, method, address string) {
	server, path := l.ref.split(address)
	l.facts(i, [2]string{"method", method}, [2]string{"server", server}, [2]string{"URL", path})
}

func (l *items) table(i item, t *page.Table) {
	for _, row := range t.Rows {
		i.field, i.aspect, i.line = row.Name, "field", row.Line
		l.row(i, row.Text, [2]string{"type", strings.ToLower(strings.ReplaceAll(row.Type, " ", ""))}, [2]string{"required", row.Required})
	}
}

func (l *items) curl(i item, c page.Curl) {
	l.request(i, c.Method, c.URL)
	for _, header := range c.Headers {
		name, value, _ := strings.Cut(header, ": ")
		i.field = strings.ToLower(name)
		l.facts(i, [2]string{"header", value})
	}
	i.field = ""
	l.facts(i, [2]string{"options", strings.Join(c.Options, " ")})
	for pair := range strings.SplitSeq(c.Body, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(value); err == nil {
			value = plain
		}
		if i.field = name; name != "" {
			l.facts(i, [2]string{"value", value})
		}
	}
}

func (l *items) example(i item, e page.Example) {
	body := e.Body()
	l.facts(i, [2]string{"header", body.Header}, [2]string{"JSON", body.Fault})
	keys := map[string]string{"": i.within}
	for _, f := range body.Fields {
		i.field, i.aspect, i.line = f.Path, "field", f.Line
		i.within = keys[f.Path[:max(0, strings.LastIndexAny(f.Path, ".["))]]
		keys[f.Path] = l.row(i, f.Comment, [2]string{"kind", f.Kind}, [2]string{"value", f.Value})
	}
}

// prose reports whether a value of an example is words, such as the explanation of an
// API error.
func prose(value string) bool {
	first, _, spaced := strings.Cut(strings.TrimSpace(value), " ")
	return strings.ContainsFunc(value, func(r rune) bool { return unicode.Is(unicode.Han, r) }) ||
		spaced && len(first) > 1 && strings.ContainsFunc(first, unicode.IsLetter) && !strings.ContainsAny(value, "{[")
}
