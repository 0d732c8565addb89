package page

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// htmlReader cuts HTML into blocks. It reads the tokens of golang.org/x/net/html
// instead of its tree, because only tokens have lines, and one pass is enough for any
// page.
type htmlReader struct {
	blocks []block
	line   int // of the token
	open   block
	text   strings.Builder
	code   int // depth of pre
	skip   int // depth of script, style, ...
	tables []*openTable
	inCell bool
	wide   int // number of columns of the cell
	high   int // number of rows of the cell
}

// skipped are elements whose text is not part of the page.
var skipped = []atom.Atom{atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Svg, atom.Title, atom.Select}

// breaks are elements that begin and end a paragraph.
var breaks = []atom.Atom{
	atom.P, atom.Div, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Main, atom.Nav, atom.Aside, atom.Ul, atom.Ol, atom.Li,
	atom.Dl, atom.Dt, atom.Dd, atom.Blockquote, atom.Figure, atom.Form, atom.Hr, atom.Body, atom.Html, atom.Details, atom.Summary,
}

// readHTML reads HTML whose first line is line first of the page.
func readHTML(text string, first int) []block {
	r := &htmlReader{line: first}
	tokens := html.NewTokenizer(strings.NewReader(text))
	for next := first; tokens.Next() != html.ErrorToken; {
		r.line = next
		next += strings.Count(string(tokens.Raw()), "\n")
		token := tokens.Token()
		switch token.Type {
		case html.TextToken:
			r.add(plain(token.Data))
		case html.StartTagToken, html.SelfClosingTagToken:
			r.start(token)
		case html.EndTagToken:
			r.end(token)
		default:
		}
	}
	r.flush()
	for len(r.tables) > 0 {
		r.endTable()
	}
	return r.blocks
}

func headingLevel(a atom.Atom) int {
	return slices.Index([]atom.Atom{atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6}, a) + 1
}

func (r *htmlReader) start(t html.Token) {
	switch {
	case slices.Contains(skipped, t.DataAtom):
		if t.Type == html.StartTagToken {
			r.skip++
		}
	case t.DataAtom == atom.Br:
		r.add("\n")
	case t.DataAtom == atom.Table:
		if len(r.tables) > 0 { // a table in a cell comes after the table that it is in
			r.endCell()
		} else {
			r.flush()
		}
		r.tables = append(r.tables, &openTable{block: block{kind: table, line: r.line}, down: map[int]hanging{}})
		r.inCell = false
	case len(r.tables) > 0:
		r.startInTable(t)
	case headingLevel(t.DataAtom) > 0:
		r.flush()
		r.open = block{kind: heading, level: headingLevel(t.DataAtom)}
	case t.DataAtom == atom.Pre:
		r.flush()
		r.open = block{kind: code}
		r.code++
	case slices.Contains(breaks, t.DataAtom) && r.code == 0:
		r.flush()
	}
}

func (r *htmlReader) startInTable(t html.Token) {
	b := r.tables[len(r.tables)-1]
	switch t.DataAtom {
	case atom.Tr:
		r.endCell()
		b.fill()
		b.rows = append(b.rows, cells{line: r.line})
	case atom.Td, atom.Th:
		r.endCell()
		if len(b.rows) == 0 {
			b.rows = append(b.rows, cells{line: r.line})
		}
		r.inCell, r.wide, r.high = true, extent(t, "colspan"), extent(t, "rowspan")
	case atom.P, atom.Div, atom.Li, atom.Pre:
		if r.text.Len() > 0 {
			r.add("\n")
		}
	default:
	}
}

func (r *htmlReader) end(t html.Token) {
	switch {
	case slices.Contains(skipped, t.DataAtom):
		r.skip = max(r.skip-1, 0)
	case t.DataAtom == atom.Table && len(r.tables) > 0:
		r.endTable()
	case len(r.tables) > 0:
		if t.DataAtom == atom.Td || t.DataAtom == atom.Th || t.DataAtom == atom.Tr {
			r.endCell()
		}
	case headingLevel(t.DataAtom) > 0:
		r.flush()
	case t.DataAtom == atom.Pre:
		r.flush()
		r.code = max(r.code-1, 0)
	case slices.Contains(breaks, t.DataAtom) && r.code == 0:
		r.flush()
	}
}

func (r *htmlReader) add(text string) {
	if r.skip > 0 || len(r.tables) > 0 && !r.inCell {
		return
	}
	if r.code == 0 && text != "\n" {
		lead, trail := "", ""
		if strings.TrimLeft(text, " \t\r\n") != text {
			lead = " "
		}
		if strings.TrimRight(text, " \t\r\n") != text {
			trail = " "
		}
		if trimmed := strings.TrimLeft(text, " \t\r\n"); trimmed != text && r.text.Len() == 0 {
			r.line += strings.Count(text[:len(text)-len(trimmed)], "\n")
		}
		if text = words(text); text == "" {
			trail = ""
		}
		text = lead + text + trail
	}
	if r.text.Len() == 0 {
		if strings.TrimSpace(text) == "" && r.code == 0 {
			return
		}
		r.open.line = r.line
	}
	r.text.WriteString(text)
}

// flush ends a heading, a paragraph or code.
func (r *htmlReader) flush() {
	text := r.text.String()
	r.text.Reset()
	b := r.open
	r.open = block{kind: paragraph}
	if b.kind == heading && b.level == 0 {
		b.kind = paragraph
	}
	if strings.TrimSpace(text) == "" {
		return
	}
	b.text = text
	if b.kind != code {
		b.text = strings.TrimSpace(text)
		if b.kind == heading {
			b.text = words(text)
		}
	}
	r.blocks = append(r.blocks, codeIn(b))
}

// codeIn finds a request line, a cURL line or a JSON text in a
// paragraph.
func codeIn(b block) block {
	if b.kind == heading || b.kind == table {
		return b
	}
	trimmed := strings.TrimLeft(b.text, " \t\n")
	if text, ok := codeStart(trimmed, false); ok {
		b.line += strings.Count(b.text[:len(b.text)-len(trimmed)], "\n")
		b.kind, b.text = code, text
	}
	return b
}

func (r *htmlReader) endCell() {
	if !r.inCell {
		return
	}
	r.tables[len(r.tables)-1].add(strings.TrimSpace(r.text.String()), r.wide, r.high)
	r.text.Reset()
	r.inCell = false
}

// endTable adds a table. It adds the text of a nested table to its cell.
func (r *htmlReader) endTable() {
	r.endCell()
	b := r.tables[len(r.tables)-1]
	r.tables = r.tables[:len(r.tables)-1]
	b.fill()
	b.rows = slices.DeleteFunc(b.rows, func(row cells) bool { return len(row.cells) == 0 })
	if len(b.rows) > 0 {
		r.blocks = append(r.blocks, b.block)
	}
	r.open = block{kind: paragraph}
}
