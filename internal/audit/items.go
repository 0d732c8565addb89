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
	line                 int
	texts                []page.Entry // of sentences
}

func (i item) key() string { return strings.Join([]string{i.path, i.place, i.field, i.aspect}, "\x00") }

// items are facts and sentences in order.
type items struct {
	ref  *Reference
	list []item
	seen map[string]int // the number of the next item with a key
}

// add adds a fact and returns its key. Equal names in a table or a list are numbered.
func (l *items) add(i item) string {
	first := i.key()
	for name := i.field; l.seen[i.key()] > 0; l.seen[first]++ {
		i.field = name + " (" + strconv.Itoa(l.seen[first]) + ")"
	}
	l.seen[i.key()] = max(l.seen[i.key()], 2)
	l.list = append(l.list, i)
	return i.key()
}

// fact adds a fact of one part.
func (l *items) fact(i item, aspect, value string) {
	i.aspect, i.value = aspect, value
	l.add(i)
}

func (l *items) sentences(i item, texts ...page.Entry) {
	if len(texts) > 0 {
		i.line = texts[0].Line
	}
	i.aspect, i.texts = "text", texts
	l.list = append(l.list, i)
}

// entries adds rows of a table, codes of a list or values of an example: whether each is
// there, its facts, and its sentences. What has a name that goes on behind another belongs to that.
func (l *items) entries(i item, aspect, kind string, list []page.Entry) {
	keys := map[string]string{"": i.within}
	for _, e := range list {
		i.field, i.aspect, i.value, i.line = e.Name, aspect, e.Name, e.Line
		i.within = keys[e.Name[:max(0, strings.LastIndexAny(e.Name, ".["))]]
		i.within = l.add(i)
		keys[e.Name] = i.within
		i.field = strings.Split(i.within, "\x00")[2]
		l.fact(i, kind, strings.ToLower(strings.ReplaceAll(e.Type, " ", "")))
		l.fact(i, "required", e.Required)
		l.fact(i, "value", e.Value)
		l.sentences(i, e)
	}
}

// pageItems lists what a page says outside its operations.
func pageItems(r *page.Record, ref *Reference) []item {
	l := &items{ref, nil, map[string]int{}}
	l.add(item{place: "page", aspect: "date", value: r.Date, line: r.DateLine})
	l.sentences(item{place: "page", field: "title"}, page.Entry{Text: r.Title})
	l.sentences(item{place: "page"}, r.Intro...)
	for _, t := range r.Listed {
		t.Name = ref.PathOf(t.URL())
		l.entries(item{place: "row"}, "operation", "", []page.Entry{t})
	}
	return l.list
}

// itemsOf lists what a page says about an operation. The first item is the operation.
func itemsOf(op *page.Operation, path string, ref *Reference) []item {
	l := &items{ref, nil, map[string]int{}}
	i := item{path: path, place: "operation", aspect: "operation", value: path, line: op.Line}
	i.within = l.add(i)
	l.request(i, op.Method, op.URL)
	l.fact(i, "content type", strings.ReplaceAll(op.ContentType, " ", ""))
	l.sentences(item{path: path, place: "operation", field: "heading", within: i.within}, page.Entry{Line: op.Line, Text: op.Heading})
	part := func(place, aspect, value string, n, line int) item { // part n of its kind, from 0
		part := item{path: path, place: place, aspect: aspect, value: value, line: line, within: i.within}
		if n > 0 {
			part.place += " " + strconv.Itoa(n+1)
		}
		part.within = l.add(part)
		return part
	}
	if len(op.Form) > 0 {
		l.entries(part("form", "table", "a table of parameters", 0, op.Form[0].Line), "field", "type", op.Form)
	}
	if len(op.Response) > 0 {
		l.entries(part("response", "table", "a table of fields", 0, op.Response[0].Line), "field", "type", op.Response)
	}
	for n, e := range op.Curl {
		l.curl(part("cURL", "list", "a cURL line", n, e.Line), page.ReadCurl(e.Text))
	}
	for n, e := range op.Examples {
		at, example := part("example", "list", "an example of a response", n, e.Line), page.ReadExample(e)
		l.fact(at, "header", example.Header)
		l.fact(at, "JSON", example.Fault)
		l.entries(at, "field", "kind", example.Values)
	}
	if len(op.Codes) > 0 {
		l.entries(part("codes", "list", "a list of status codes", 0, op.Codes[0].Line), "code", "", op.Codes)
	}
	l.sentences(item{path: path, place: "text", within: l.list[0].key()}, op.Notes...)
	return l.list
}

func (l *items) request(i item, method, address string) {
	server, path := split(address)
	l.fact(i, "method", method)
	l.fact(i, "server", server)
	l.fact(i, "URL", path)
}

func (l *items) curl(i item, c page.Curl) {
	l.request(i, c.Method, c.URL)
	l.fact(i, "options", strings.Join(c.Options, " "))
	for _, header := range c.Headers {
		name, value, _ := strings.Cut(header, ":")
		i.field = strings.ToLower(strings.TrimSpace(name))
		l.fact(i, "header", strings.TrimSpace(value))
	}
	for pair := range strings.SplitSeq(c.Body, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(value); err == nil {
			value = plain
		}
		if i.field = name; name != "" {
			l.fact(i, "value", value)
		}
	}
}

// prose reports whether a value of an example is words, such as the explanation of an API error.
func prose(value string) bool {
	first, _, spaced := strings.Cut(strings.TrimSpace(value), " ")
	return strings.ContainsFunc(value, func(r rune) bool { return unicode.Is(unicode.Han, r) }) ||
		spaced && len(first) > 1 && strings.ContainsFunc(first, unicode.IsLetter) && !strings.ContainsAny(value, "{[")
}
