// Package page reads documentation pages of the API: plain text as it is copied
// from a browser, HTML, and Markdown, in English or Chinese. It cuts each
// format into blocks (headings, paragraphs, tables, code) with their lines, and
// interprets the blocks in the same way for all formats.
package page

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// MaxSize is the largest page that is read, in bytes. The longest of the public
// pages has 42 kB.
const MaxSize = 2 << 20

// ErrUnreadable means that a page cannot be compared with anything.
var ErrUnreadable = errors.New("unreadable page")

// A Page holds the content of a documentation page. Lines count from 1.
type Page struct {
	File     string
	Title    string
	Language string // en or zh
	Date     Text   // as 2006-01-02; empty if the page has no date
	// Operations are the operations that the page describes, in its order.
	Operations []Operation
}

// Text is a piece of a page.
type Text struct {
	Value string
	Line  int
}

// Operation is one operation as a page describes it. Fields that the page leaves out are
// nil or empty.
type Operation struct {
	Heading     Text
	Method      string // upper case; empty if the page prints only the URL
	URL         Text
	ContentType Text
	Form        []Row // rows of the tables of request parameters
	Response    []Row // rows of the tables of response fields
	Unknown     []Row // rows of other tables; Text holds the whole row
	Curl        *Curl
	Examples    []Example
	Codes       []Text
	Prose       []Text // paragraphs that are none of the above
}

// Row is a line of a table of fields.
type Row struct {
	Line int
	Name string
	Type string // as printed
	Mark Mark
	Text string // the description, with other columns behind it
}

// Mark says whether a table marks a field as required.
type Mark string

// The possible values of the column of required marks.
const (
	MarkNone Mark = "none" // no column, or an empty cell
	MarkYes  Mark = "yes"
	MarkNo   Mark = "no"
)

// Curl is a cURL line.
type Curl struct {
	Line    int
	Method  string
	URL     string
	Headers []string // names
	Body    string
}

// Example is the JSON of a response.
type Example struct {
	Line     int
	APIError bool
	Fields   []Field
	Err      error // the reason why the rest could not be read
}

// Field is one value of an example. Path joins names with dots; [] is an element
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
func Read(file string, data []byte, known func(name string) bool) (*Page, error) {
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		return nil, fmt.Errorf("%s: %w: it is empty", file, ErrUnreadable)
	case len(data) > MaxSize:
		return nil, fmt.Errorf("%s: %w: %d bytes, at most %d", file, ErrUnreadable, len(data), MaxSize)
	case !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0:
		return nil, fmt.Errorf("%s: %w: it is not UTF-8 text", file, ErrUnreadable)
	}
	if known == nil {
		known = func(string) bool { return false }
	}
	text := plain(string(data))
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	var blocks []block
	switch formatOf(file, text) {
	case "html":
		blocks = readHTML(text, 1)
	case "markdown":
		blocks = readMarkdown(text)
	default:
		blocks = readText(text, known)
	}
	p := assemble(blocks)
	p.File = file
	if len(p.Operations) == 0 {
		return nil, fmt.Errorf("%s: %w: no operation found in it (a line such as POST https://.../create.action)", file, ErrUnreadable)
	}
	return p, nil
}

// formatOf returns html, markdown or text.
func formatOf(file, text string) string {
	switch strings.ToLower(filepath.Ext(file)) {
	case ".html", ".htm", ".xhtml":
		return "html"
	case ".md", ".markdown":
		return "markdown"
	}
	head := strings.ToLower(strings.TrimSpace(text[:min(len(text), 4096)]))
	for _, tag := range []string{"<!doctype html", "<html", "<head", "<body"} {
		if strings.HasPrefix(head, tag) {
			return "html"
		}
	}
	if separatorRow.MatchString(text) {
		return "markdown"
	}
	if strings.HasPrefix(head, "<") && strings.Contains(text, "</") {
		return "html"
	}
	return "text"
}
