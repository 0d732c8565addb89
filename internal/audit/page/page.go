// Package page reads documentation pages of the API: plain text as it is copied
// from a browser, HTML, and Markdown, in English or Chinese. It turns each format
// into the same plain record of facts and sentences.
package page

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// MaxSize is the largest page that is read, in bytes. The longest of the public
// pages has 42 kB.
const MaxSize = 2 << 20

// ErrUnreadable means that a page cannot be compared with anything.
var ErrUnreadable = errors.New("unreadable page")

// Record is what a page says: its facts and sentences in order. Lines count from 1.
type Record struct {
	Title      string
	Language   string      // en or zh
	Date       string      `yaml:",omitempty"` // as 2006-01-02; empty if the page has none
	DateLine   int         `yaml:"-"`
	Intro      []Text      `yaml:",omitempty"` // what stands before the first operation
	Listed     []Text      `yaml:",omitempty"` // URLs of a table of many operations, such as a page of limits
	Operations []Operation `yaml:",omitempty"`
}

// Text is a sentence, a cell or a paragraph.
type Text struct {
	Line int
	Text string
}

// Operation is one operation as a page describes it. Parts that the page leaves out are
// empty.
type Operation struct {
	Line        int
	Heading     string    `yaml:",omitempty"`
	Method      string    `yaml:",omitempty"` // upper case
	URL         string    `yaml:",omitempty"`
	ContentType string    `yaml:"content_type,omitempty"`
	Form        *Table    `yaml:",omitempty"` // the table of request parameters
	Response    *Table    `yaml:",omitempty"` // the table of response fields
	Curl        []Curl    `yaml:",omitempty"`
	Examples    []Example `yaml:",omitempty"`
	Codes       []Code    `yaml:",omitempty"`
	Notes       []Text    `yaml:",omitempty"` // headings of sections, paragraphs and rows of other tables
}

// Table is a table of fields.
type Table struct {
	Line     int
	Marked   bool  `yaml:",omitempty"` // there is a column of required marks
	Pictures bool  `yaml:",omitempty"` // marks are pictures without a text
	Rows     []Row `yaml:",omitempty"`
}

// Row is a row of a table of fields.
type Row struct {
	Line     int
	Name     string
	Type     string `yaml:",omitempty"` // as printed
	Required string `yaml:",omitempty"` // yes, no or conditional; empty without a mark
	Text     string `yaml:",omitempty"` // the description, with other columns behind it
}

// Code is a status code that an operation lists.
type Code struct {
	Line int
	Code string
	Text string `yaml:",omitempty"` // what it means and what to do, if the page says so
}

// Curl is a cURL line.
type Curl struct {
	Line    int
	Method  string `yaml:",omitempty"`
	URL     string
	Headers []string `yaml:",omitempty"` // as Name: value
	Body    string   `yaml:",omitempty"`
	Options []string `yaml:",omitempty"` // others
}

// Example is the JSON of a response as it is printed: with comments, and perhaps below a
// header line.
type Example struct {
	Line int
	Text string
}

// Body is what an example shows.
type Body struct {
	Header string // the header line that is printed above it
	Fault  string // the reason why the rest could not be read
	Fields []Field
}

// Field is one value of an example. Path joins names with dots; [n] is an element
// of a list.
type Field struct {
	Line    int
	Path    string
	Kind    string // string, number, boolean, null, object, array
	Value   string // of a scalar, as text
	Comment string // the rest of the line after //
}

// Read reads a page. It takes the format from the file's name, or else from the
// content. known reports names of fields, which helps to cut rows whose cells run
// together; it may be nil.
func Read(file string, data []byte, known func(name string) bool) (*Record, error) {
	fail := func(format string, args ...any) (*Record, error) {
		return nil, fmt.Errorf("%s: %w: %s", file, ErrUnreadable, fmt.Sprintf(format, args...))
	}
	if len(data) > MaxSize {
		return fail("%d bytes, at most %d", len(data), MaxSize)
	}
	text, ok := decode(data)
	if !ok {
		return fail("it is not text in UTF-8, UTF-16 or GB18030, nor in an encoding that it declares")
	}
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(plain(text))
	text = strings.Join(withoutGutter(strings.Split(text, "\n")), "\n")
	if strings.TrimSpace(text) == "" {
		return fail("it is empty")
	}
	if known == nil {
		known = func(string) bool { return false }
	}
	r := assemble(readText(partsOf(file, text), known))
	if len(r.Operations) == 0 && len(r.Listed) == 0 {
		return fail("no operation found in it (a line such as POST https://.../create.action)")
	}
	return r, nil
}

// decode reads text in UTF-8, in an encoding that a byte-order mark or the text itself
// declares, or in GB18030.
func decode(data []byte) (string, bool) {
	encoding, name, declared := charset.DetermineEncoding(data, "")
	switch utf16 := strings.HasPrefix(name, "utf-16"); {
	case !utf16 && bytes.IndexByte(data, 0) >= 0:
		return "", false
	case utf8.Valid(data):
		return string(data), true
	case !declared || name == "gbk":
		encoding = simplifiedchinese.GB18030
	}
	text, err := encoding.NewDecoder().Bytes(data)
	return string(text), err == nil && !bytes.ContainsRune(text, utf8.RuneError)
}

// partsOf reads a text in the format that the name of its file or else the text tells.
func partsOf(file, text string) []block {
	head := strings.TrimSpace(text)
	document := htmlName.MatchString(file) || htmlStart.MatchString(head)
	switch {
	case markdownName.MatchString(file), !document && separatorRow.MatchString(text):
		return readHTML(markdown(text))
	case document, strings.HasPrefix(head, "<") && strings.Contains(text, "</"):
		return readHTML(withLines(text, 1))
	}
	if strings.Count(text, "\n>")*2 > strings.Count(text, "\n") { // a mail that quotes the page
		text = quotation.ReplaceAllString(text, "")
	}
	return []block{{kind: paragraph, line: 1, text: text}}
}

// quotation is what mail programs put before the lines of a message.
var quotation = regexp.MustCompile(`(?m)^(?:> ?)+`)

var (
	markdownName = regexp.MustCompile(`(?i)\.(?:md|markdown)$`)
	htmlName     = regexp.MustCompile(`(?i)\.x?html?$`)
	htmlStart    = regexp.MustCompile(`(?i)^<(?:!doctype html|html|head|body)`)
)

// separatorRow is the line below the header of a Markdown table.
var separatorRow = regexp.MustCompile(`(?m)^\s{0,3}\|?\s*:?-{1,}:?\s*\|(\s*:?-+:?\s*\|?)+\s*$`)

// Squeeze writes a text so that two copies of one sentence are equal: without
// spaces, list marks, markup and full-width forms. Numbers that do not count the lines of
// a list stay.
func Squeeze(text string) string {
	count := 0
	text = listMark.ReplaceAllStringFunc(Fold(text), func(mark string) string {
		switch number := digits.FindString(mark); {
		case number == "1", number == strconv.Itoa(count+1):
			count, _ = strconv.Atoi(number) // it is a number
		case strings.Contains(text, "\n"):
			return number
		}
		return ""
	})
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune("\\`*", r) {
			return -1
		}
		return r
	}, text)
}

var (
	// listMark is what a list or a heading begins with.
	listMark = regexp.MustCompile(`(?m)^[^\S\n]*(?:[•·*#-]+\s+|[•·]|\d+[.、)]\s*)+`)
	digits   = regexp.MustCompile(`\d+`)
)

// Pieces cuts texts into lines and sentences.
func Pieces(texts []Text) []Text {
	var list []Text
	for _, t := range texts {
		for i, line := range strings.Split(t.Text, "\n") {
			for _, sentence := range strings.Split(sentenceEnd.ReplaceAllString(line, "$1\n"), "\n") {
				if Squeeze(sentence) != "" {
					list = append(list, Text{t.Line + i, words(sentence)})
				}
			}
		}
	}
	return list
}

var sentenceEnd = regexp.MustCompile(`([.!?;]\s|[。！？；])\s*`)

// languageOf returns zh for texts with many Chinese characters, or else en.
func languageOf(texts []Text) string {
	balance := 0
	for _, t := range texts {
		for _, r := range t.Text {
			switch {
			case unicode.Is(unicode.Han, r):
				balance += 12
			case unicode.IsLetter(r):
				balance--
			}
		}
	}
	return map[bool]string{true: "zh", false: "en"}[balance > 0]
}

// Sentences returns the sentences of a record.
func (r *Record) Sentences() []Text {
	texts := append([]Text{{Text: r.Title}}, r.Intro...)
	for _, op := range r.Operations {
		texts = append(append(texts, Text{op.Line, op.Heading}), op.Notes...)
		for _, t := range []*Table{op.Form, op.Response} {
			for _, row := range t.All() {
				texts = append(texts, Text{row.Line, row.Text})
			}
		}
	}
	return Pieces(texts)
}

// All returns the rows of a table, which may be nil.
func (t *Table) All() []Row {
	if t == nil {
		return nil
	}
	return t.Rows
}

// At returns the operation at a path, which pathOf finds in a URL, or nil.
func (r *Record) At(pathOf func(url string) string, path string) *Operation {
	for i := range r.Operations {
		if pathOf(r.Operations[i].URL) == path {
			return &r.Operations[i]
		}
	}
	return nil
}
