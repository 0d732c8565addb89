package audit

import (
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"github.com/nimroom/nimroom/internal/audit/page"
)

// item is one fact or sentence of an operation.
type item struct {
	place, field, aspect string
	within               string // key of the table, the list or the row that it belongs to
	value                string
	line                 int
	texts                []page.Text // of a sentence
}

func (i item) key() string { return i.place + "\x00" + i.field + "\x00" + i.aspect }

// items are all facts and sentences of an operation.
type items struct {
	list []item
	seen map[string]int
}

// add adds a fact and returns its key. Equal names are numbered.
func (l *items) add(i item) string {
	key := i.key()
	if l.seen[key]++; l.seen[key] > 1 && i.within != "" {
		i.field += " (" + strconv.Itoa(l.seen[key]) + ")"
	}
	l.list = append(l.list, i)
	return i.key()
}

func (l *items) sentence(i item) {
	i.aspect = "text"
	for _, t := range i.texts {
		if i.line == 0 {
			i.line = t.Line
		}
	}
	l.list = append(l.list, i)
}

// itemsOf lists what a page says about an operation.
func itemsOf(op *page.Operation, ref *Reference) []item {
	l := &items{seen: map[string]int{}}
	server, path := ref.split(op.URL)
	l.add(item{place: "operation", aspect: "method", value: op.Method, line: op.Line})
	l.add(item{place: "operation", aspect: "server", value: server, line: op.Line})
	l.add(item{place: "operation", aspect: "URL", value: path, line: op.Line})
	l.add(item{place: "operation", aspect: "content type", value: strings.ReplaceAll(op.ContentType, " ", ""), line: op.Line})
	l.sentence(item{place: "operation", field: "heading", texts: []page.Text{{Line: op.Line, Text: op.Heading}}})
	l.table("form", op.Form)
	l.table("response", op.Response)
	for n, curl := range op.Curl {
		l.curl(numbered("cURL", n), curl, ref)
	}
	for n, e := range op.Examples {
		l.example(numbered("example", n), e)
	}
	if len(op.Codes) > 0 {
		list := l.add(item{place: "codes", aspect: "list", value: "a list of status codes", line: op.Codes[0].Line})
		for _, code := range op.Codes {
			row := l.add(item{place: "codes", field: code.Code, aspect: "code", within: list, value: code.Code, line: code.Line})
			l.sentence(item{place: "codes", field: strings.Split(row, "\x00")[1], within: row, texts: []page.Text{{Line: code.Line, Text: code.Text}}})
		}
	}
	l.sentence(item{place: "text", texts: op.Notes})
	return l.list
}

// numbered names later cURL lines and examples.
func numbered(place string, n int) string {
	if n == 0 {
		return place
	}
	return place + " " + strconv.Itoa(n+1)
}

func (l *items) table(place string, t *page.Table) {
	if t == nil || len(t.Rows) == 0 {
		return
	}
	table := l.add(item{place: place, aspect: "table", value: map[string]string{"form": "a table of parameters", "response": "a table of fields"}[place], line: t.Line})
	for _, row := range t.Rows {
		i := item{place: place, field: row.Name, aspect: "field", within: table, value: row.Name, line: row.Line}
		key := l.add(i)
		i.field, i.within = strings.Split(key, "\x00")[1], key
		i.aspect, i.value = "type", strings.ToLower(strings.ReplaceAll(row.Type, " ", ""))
		l.add(i)
		i.aspect, i.value = "required", row.Required
		l.add(i)
		i.texts = []page.Text{{Line: row.Line, Text: row.Text}}
		l.sentence(i)
	}
}

func (l *items) curl(place string, c page.Curl, ref *Reference) {
	line := l.add(item{place: place, aspect: "list", value: "a cURL line", line: c.Line})
	server, path := ref.split(c.URL)
	add := func(field, aspect, value string) {
		l.add(item{place: place, field: field, aspect: aspect, within: line, value: value, line: c.Line})
	}
	add("", "method", c.Method)
	add("", "server", server)
	add("", "URL", path)
	for _, header := range c.Headers {
		name, value, _ := strings.Cut(header, ": ")
		add(strings.ToLower(name), "header", value)
	}
	for pair := range strings.SplitSeq(c.Body, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(value); err == nil {
			value = plain
		}
		if name != "" {
			add(name, "value", value)
		}
	}
}

func (l *items) example(place string, e page.Example) {
	example := l.add(item{place: place, aspect: "list", value: "an example of a response", line: e.Line})
	body := e.Body()
	l.add(item{place: place, aspect: "header", within: example, value: body.Header, line: e.Line})
	l.add(item{place: place, aspect: "JSON", within: example, value: body.Fault, line: e.Line})
	for _, f := range body.Fields {
		i := item{place: place, field: f.Path, aspect: "field", within: example, value: f.Path, line: f.Line}
		if last := strings.LastIndexAny(f.Path, ".["); last > 0 {
			i.within = item{place: place, field: f.Path[:last], aspect: "field"}.key()
		}
		i.within = l.add(i)
		i.aspect, i.value = "kind", f.Kind
		l.add(i)
		i.aspect, i.value = "value", f.Value
		l.add(i)
		i.texts = []page.Text{{Line: f.Line, Text: f.Comment}}
		l.sentence(i)
	}
}

// prose reports whether a value of an example is words, such as the explanation of an
// API error.
func prose(value string) bool {
	letters := 0
	for _, r := range value {
		if unicode.Is(unicode.Han, r) {
			return true
		}
		if r == ' ' && letters > 1 {
			return !strings.ContainsAny(value, "{[")
		}
		if unicode.IsLetter(r) {
			letters++
		}
	}
	return false
}
