package audit

import (
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"github.com/nimroom/nimroom/internal/audit/page"
)

// item is one fact, or one place of sentences, of a page or of an operation.
type item struct {
	place, field, aspect string
	within               string // key of the table, the list or the row that it belongs to
	value                string // of a fact
	line                 int
	texts                []page.Text // of sentences
}

func (i item) key() string { return i.place + "\x00" + i.field + "\x00" + i.aspect }

// items are all facts and sentences of a page or of an operation, in order.
type items struct {
	ref  *Reference
	list []item
	seen map[string]bool
}

// add adds a fact and returns its key. Equal names in a table or a list are numbered.
func (l *items) add(i item) string {
	for name, n := i.field, 2; i.within != "" && l.seen[i.key()]; n++ {
		i.field = name + " (" + strconv.Itoa(n) + ")"
	}
	l.seen[i.key()] = true
	l.list = append(l.list, i)
	return i.key()
}

func (l *items) sentences(i item, texts ...page.Text) {
	if len(texts) > 0 {
		i.line = texts[0].Line
	}
	i.aspect, i.texts = "text", texts
	l.list = append(l.list, i)
}

// row adds a row of a table or a list: whether it is there, its facts by aspect, and its
// sentences.
func (l *items) row(i item, text string, facts ...[2]string) string {
	i.within = l.add(i)
	i.field = strings.Split(i.within, "\x00")[1]
	for _, fact := range facts {
		i.aspect, i.value = fact[0], fact[1]
		l.add(i)
	}
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
		p := ref.PathOf(t.URL())
		l.row(item{place: "row", field: p, aspect: "operation", value: p, line: t.Line}, t.Text)
	}
	return l.list
}

// itemsOf lists what a page says about an operation.
func itemsOf(op *page.Operation, ref *Reference) []item {
	l := &items{ref, nil, map[string]bool{}}
	l.request(item{place: "operation", line: op.Line}, op.Method, op.URL)
	l.add(item{place: "operation", aspect: "content type", value: strings.ReplaceAll(op.ContentType, " ", ""), line: op.Line})
	l.sentences(item{place: "operation", field: "heading"}, page.Text{Line: op.Line, Text: op.Heading})
	l.table("form", "a table of parameters", op.Form)
	l.table("response", "a table of fields", op.Response)
	for n, curl := range op.Curl {
		l.curl(numbered("cURL", n), curl)
	}
	for n, e := range op.Examples {
		l.example(numbered("example", n), e)
	}
	if len(op.Codes) > 0 {
		list := l.add(item{place: "codes", aspect: "list", value: "a list of status codes", line: op.Codes[0].Line})
		for _, code := range op.Codes {
			l.row(item{place: "codes", field: code.Code, aspect: "code", within: list, value: code.Code, line: code.Line}, code.Text)
		}
	}
	l.sentences(item{place: "text"}, op.Notes...)
	return l.list
}

// numbered names later cURL lines and examples.
func numbered(place string, n int) string {
	if n == 0 {
		return place
	}
	return place + " " + strconv.Itoa(n+1)
}

func (l *items) request(i item, method, address string) {
	server, path := l.ref.split(address)
	for _, fact := range [][2]string{{"method", method}, {"server", server}, {"URL", path}} {
		i.aspect, i.value = fact[0], fact[1]
		l.add(i)
	}
}

func (l *items) table(place, what string, t *page.Table) {
	if len(t.All()) == 0 {
		return
	}
	table := l.add(item{place: place, aspect: "table", value: what, line: t.Line})
	for _, row := range t.Rows {
		l.row(item{place: place, field: row.Name, aspect: "field", within: table, value: row.Name, line: row.Line}, row.Text,
			[2]string{"type", strings.ToLower(strings.ReplaceAll(row.Type, " ", ""))}, [2]string{"required", row.Required})
	}
}

func (l *items) curl(place string, c page.Curl) {
	i := item{place: place, line: c.Line}
	i.within = l.add(item{place: place, aspect: "list", value: "a cURL line", line: c.Line})
	l.request(i, c.Method, c.URL)
	for _, header := range c.Headers {
		i.field, i.value, _ = strings.Cut(header, ": ")
		i.field, i.aspect = strings.ToLower(i.field), "header"
		l.add(i)
	}
	for pair := range strings.SplitSeq(c.Body, "&") {
		i.field, i.value, _ = strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(i.value); err == nil {
			i.value = plain
		}
		if i.aspect = "value"; i.field != "" {
			l.add(i)
		}
	}
}

func (l *items) example(place string, e page.Example) {
	example := l.add(item{place: place, aspect: "list", value: "an example of a response", line: e.Line})
	body := e.Body()
	l.add(item{place: place, aspect: "header", within: example, value: body.Header, line: e.Line})
	l.add(item{place: place, aspect: "JSON", within: example, value: body.Fault, line: e.Line})
	keys := map[string]string{"": example}
	for _, f := range body.Fields {
		above := f.Path[:max(0, strings.LastIndexAny(f.Path, ".["))]
		keys[f.Path] = l.row(item{place: place, field: f.Path, aspect: "field", within: keys[above], value: f.Path, line: f.Line},
			f.Comment, [2]string{"kind", f.Kind}, [2]string{"value", f.Value})
	}
}

// prose reports whether a value of an example is words, such as the explanation of an
// API error.
func prose(value string) bool {
	first, _, spaced := strings.Cut(strings.TrimSpace(value), " ")
	return strings.ContainsFunc(value, func(r rune) bool { return unicode.Is(unicode.Han, r) }) ||
		spaced && len(first) > 1 && strings.ContainsFunc(first, unicode.IsLetter) && !strings.ContainsAny(value, "{[")
}
