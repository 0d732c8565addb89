// Package page reads documentation pages of the API: plain text as it is copied
// from a browser, HTML, and Markdown, in English or Chinese. It turns each format
// into the same plain record of facts and sentences.
package page

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// MaxSize is the largest page that is read, in bytes. The longest of the public pages has 42 kB.
const MaxSize = 2 << 20

// ErrUnreadable means that a page cannot be compared with anything.
var ErrUnreadable = errors.New("unreadable page")

// Record is what a page says: its facts and sentences in order. Lines count from 1.
type Record struct {
	Title      string
	Language   string      // en or zh
	Date       string      `yaml:",omitempty"` // as 2006-01-02; empty if the page has none
	DateLine   int         `yaml:"-"`
	Intro      []Entry     `yaml:",omitempty"` // what stands before the first operation
	Listed     []Entry     `yaml:",omitempty"` // URLs of a table of many operations, such as a page of limits
	Operations []Operation `yaml:",omitempty"`
}

// Operation is one operation as a page describes it. Parts that the page leaves out are empty.
type Operation struct {
	Line        int
	Heading     string  `yaml:",omitempty"`
	Method      string  `yaml:",omitempty"` // upper case
	URL         string  `yaml:",omitempty"`
	ContentType string  `yaml:"content_type,omitempty"`
	Form        []Entry `yaml:",omitempty"` // rows of the table of request parameters
	Response    []Entry `yaml:",omitempty"` // rows of the table of response fields
	Curl        []Entry `yaml:",omitempty"` // cURL lines without secrets, which ReadCurl reads
	Examples    []Entry `yaml:",omitempty"` // responses as they are printed, which ReadExample reads
	Codes       []Entry `yaml:",omitempty"` // status codes
	Notes       []Entry `yaml:",omitempty"` // headings of sections, paragraphs and rows of other tables
}

// Entry is what a page says in one place: a row of a table, a code of a list, a value of an
// example, a cURL line, or a sentence. What such a place does not have is empty.
type Entry struct {
	Line     int
	Name     string `yaml:",omitempty"` // of a field or a code; in an example names with dots between them, and [n] for an element of a list
	Type     string `yaml:",omitempty"` // as printed; of a value: string, number, boolean, null, object or array
	Required string `yaml:",omitempty"` // yes, no, conditional, or unknown if the mark is a picture without a text
	Value    string `yaml:",omitempty"` // a scalar as text
	Text     string `yaml:",omitempty"` // a sentence: a description with other columns behind it, a meaning, or a comment
}

// Read reads a page. It takes the format from the file's name, or else from the content. known
// reports names of fields, which helps to cut rows whose cells run together.
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
		return readHTML(text)
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

// Squeeze writes a text so that two copies of one sentence are equal: without spaces, list marks,
// markup and full-width forms. Numbers that do not count the lines of a list stay.
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
func Pieces(texts []Entry) []Entry {
	var list []Entry
	for _, t := range texts {
		for i, line := range strings.Split(t.Text, "\n") {
			for _, sentence := range strings.Split(sentenceEnd.ReplaceAllString(line, "$1\n"), "\n") {
				if Squeeze(sentence) != "" {
					list = append(list, Entry{Line: t.Line + i, Text: words(sentence)})
				}
			}
		}
	}
	return list
}

var sentenceEnd = regexp.MustCompile(`([.!?;]\s|[。！？；])\s*`)

// languageOf returns zh for texts with many Chinese characters, or else en.
func languageOf(texts []Entry) string {
	chinese := 0
	for _, t := range texts {
		for _, r := range t.Text {
			if unicode.IsLetter(r) {
				chinese += weight(unicode.Is(unicode.Han, r), 13) - 1
			}
		}
	}
	return map[bool]string{true: "zh", false: "en"}[chinese > 0]
}

// Sentences returns the sentences of a record.
func (r *Record) Sentences() []Entry {
	texts := append([]Entry{{Text: r.Title}}, r.Intro...)
	for _, op := range r.Operations {
		texts = append(texts, Entry{Line: op.Line, Text: op.Heading})
		texts = slices.Concat(texts, op.Notes, op.Form, op.Response)
	}
	return Pieces(texts)
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
