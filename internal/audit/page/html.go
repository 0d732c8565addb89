package page

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// lineMark is a comment that tells the line of what follows. Comments of a page cannot begin
// so, because plain drops that rune.
const lineMark = "\u2060%d"

// htmlReader cuts HTML, or one cell or table of it, into blocks.
type htmlReader struct {
	blocks  []block
	line    int   // of the text at hand
	open    block // what texts are added to
	text    strings.Builder
	all     strings.Builder // the text of all blocks, line by line
	picture string          // stands for the text if there is nothing but pictures
	rows    []cells         // of a table
	row     cells
	above   map[int]hanging // cells that reach into later rows, by column
}

// readHTML reads HTML. It marks the line of each text first, because the parser does not keep
// lines.
func readHTML(text string) []block {
	var marked strings.Builder
	line := 1
	for tokens := html.NewTokenizer(strings.NewReader(text)); tokens.Next() != html.ErrorToken; {
		raw := string(tokens.Raw()) // before Token, which changes it
		if token := tokens.Token(); token.Type == html.CommentToken {
			_, _ = fmt.Sscanf(token.Data, lineMark, &line) // any other comment leaves the line
		} else if token.Type == html.TextToken {
			fmt.Fprintf(&marked, "<!--"+lineMark+"-->", line)
		}
		marked.WriteString(raw)
		line += strings.Count(raw, "\n")
	}
	root, err := html.Parse(strings.NewReader(marked.String()))
	if err != nil { // it nests elements deeper than the parser takes
		return nil
	}
	return (&htmlReader{line: 1}).within(root).blocks
}

var (
	// unseen are the tags of elements that are not part of the page: parts of the site, and what is
	// not displayed.
	unseen = regexp.MustCompile(`^<(?:head|script|style|noscript|template|select|nav|footer|button|iframe)[ >]` +
		`|^<a .*aria-hidden="true"| hidden="| style="[^"]*display:\s*none`)
	// added are those of what a viewer adds to code, if nothing but numbers or a label is inside.
	added = regexp.MustCompile(` class="[^"]*(?i:gutter|line-?num|lineno|copy-?(?:btn|button|code))`)
)

// hidden reports whether an element is not part of the page.
func hidden(n *html.Node) bool {
	tag := html.Token{Type: html.StartTagToken, Data: n.Data, Attr: n.Attr}.String()
	if !added.MatchString(tag) {
		return unseen.MatchString(tag)
	}
	var inside strings.Builder
	for inner := range n.Descendants() {
		if inner.Type == html.TextNode {
			inside.WriteString(inner.Data)
		}
	}
	text := strings.TrimLeft(inside.String(), "0123456789 \t\n")
	return codeLabel.FindString(text) == text
}

// attributes returns the attributes of an element by name.
func attributes(n *html.Node) map[string]string {
	list := map[string]string{}
	for _, a := range n.Attr {
		list[a.Key] = a.Val
	}
	return list
}

// within reads what is inside an element by itself.
func (r *htmlReader) within(n *html.Node) *htmlReader {
	inner := &htmlReader{line: r.line, above: map[int]hanging{}}
	inner.part(n, paragraph, 0)
	r.line, r.picture = inner.line, cmp.Or(r.picture, inner.picture)
	r.all.WriteString(inner.all.String())
	return inner
}

// inside reads what is inside an element.
func (r *htmlReader) inside(n *html.Node) {
	for child := range n.ChildNodes() {
		switch {
		case child.Type == html.CommentNode:
			_, _ = fmt.Sscanf(child.Data, lineMark, &r.line)
		case child.Type == html.TextNode:
			r.add(child.Data)
		case !hidden(child):
			r.element(child)
		}
	}
}

func (r *htmlReader) element(n *html.Node) {
	name, attributes := n.Data, attributes(n)
	if name == "i" && n.FirstChild == nil {
		name = "img" // it is an icon
	}
	switch name {
	case "br":
		r.text.WriteString("\n")
	case "img", "svg":
		r.add(strings.TrimSpace(attributes["alt"] + attributes["title"]))
		r.picture = picture
	case "input":
		if _, checked := attributes["checked"]; attributes["type"] == "checkbox" {
			r.add(map[bool]string{true: "yes", false: "no"}[checked])
		}
	case "del", "s", "strike":
		r.text.WriteString("~~") // as Markdown has it
		r.inside(n)
		r.text.WriteString("~~")
	case "table":
		r.flush()
		r.table(n)
	case "tr":
		r.tableRow(n)
	case "td", "th":
		r.tableCell(n)
	case "pre":
		r.part(n, code, 0)
	case "h1", "h2", "h3", "h4", "h5", "h6":
		r.part(n, heading, int(n.Data[1]-'0'))
	case "p", "div", "section", "article", "header", "main", "aside", "ul", "ol", "li", "dl", "dt", "dd",
		"blockquote", "figure", "form", "hr", "body", "html", "details", "summary", "caption":
		r.part(n, paragraph, 0)
	default:
		r.inside(n)
	}
}

// part reads an element that is a block, or that is inside code, perhaps as a line of it.
func (r *htmlReader) part(n *html.Node, as kind, level int) {
	if r.open.kind == code && as != code {
		r.inside(n)
		if n.Data == "div" || n.Data == "li" {
			r.text.WriteString("\n")
		}
		return
	}
	r.flush()
	r.open.kind, r.open.level = as, level
	r.inside(n)
	r.flush()
}

// add adds a text. A block begins in the line of its first word.
func (r *htmlReader) add(text string) {
	r.line += strings.Count(text, "\n")
	if r.open.line == 0 {
		if text = blankLines.ReplaceAllString(text, ""); strings.TrimSpace(text) != "" {
			r.open.line = r.line - strings.Count(text, "\n")
		}
	}
	if r.open.kind != code {
		text = strings.ReplaceAll(text, "\n", " ")
	}
	r.text.WriteString(plain(text))
}

var blankLines = regexp.MustCompile(`^(?:[ \t\f]*\n)+`)

// flush ends a block and begins a paragraph.
func (r *htmlReader) flush() {
	b := r.open
	b.text = r.text.String()
	r.all.WriteString(b.text + "\n")
	r.text.Reset()
	r.open = block{kind: paragraph}
	if b.kind != code {
		b.text = tidy(b.text)
	}
	if b.kind == heading {
		b.text = strings.Trim(words(b.text), "#¶ ")
	}
	if strings.TrimSpace(b.text) != "" {
		r.blocks = append(r.blocks, b)
	}
}

// Limits of spans, so that the cost of a strange page stays proportional to its size.
const (
	maxExtent  = 50
	maxHanging = 500 // bytes of text
)

// hanging is a cell that reaches into later rows.
type hanging struct {
	text string
	rows int
}

// table reads a table: its rows, or its parts one after the other if the table only places them on
// the page, since it has no columns of its own, and tables, headings or code in its cells.
func (r *htmlReader) table(n *html.Node) {
	t := r.within(n)
	if len(t.rows) == 0 {
		return
	}
	b := block{kind: table, line: t.rows[0].line, rows: t.rows}
	var numbers, lines []string
	for _, row := range b.rows {
		numbers, lines = append(numbers, cell(row, 1)), append(lines, cell(row, 2))
	}
	wide, first := len(b.rows[0].cells), strings.TrimSpace(strings.Join(numbers, " "))
	large := slices.ContainsFunc(t.blocks, func(part block) bool { return part.kind != paragraph })
	switch {
	case wide == 2 && (lineNumbers.MatchString(first) || first == "" && !large):
		r.blocks = append(r.blocks, block{kind: code, line: b.line, text: strings.Join(lines, "\n")})
	case len(columnsOf(b)) < 2 && (wide == 1 && len(b.rows) == 1 || large):
		r.blocks = append(r.blocks, t.blocks...)
	default:
		r.blocks = append(r.blocks, b)
	}
}

// lineNumbers is the first column of a table that numbers the lines of code; a style may write them.
var lineNumbers = regexp.MustCompile(`^1(?:\s+\d+)*$`)

// tableRow reads a row. It drops an empty one below the header.
func (r *htmlReader) tableRow(n *html.Node) {
	r.row = cells{}
	r.hang()
	r.inside(n)
	r.row.line = cmp.Or(r.row.line, r.line)
	if len(r.rows) == 0 && len(r.row.cells) > 0 || strings.Join(r.row.cells, "") != "" {
		r.rows = append(r.rows, r.row)
	}
}

// tableCell reads a cell. One that spans several rows is repeated in each of them, and one that
// spans several columns is followed by empty cells, so that the cells of each row are under
// their headers.
func (r *htmlReader) tableCell(n *html.Node) {
	at := r.line
	inner := r.within(n)
	if len(inner.blocks) > 0 {
		at = inner.blocks[0].line
	}
	r.row.line = cmp.Or(r.row.line, at)
	r.blocks = append(r.blocks, inner.blocks...)
	text, rows := cmp.Or(tidy(inner.all.String()), inner.picture), extent(n, "rowspan")
	if len(text) > maxHanging {
		rows = 1
	}
	for i := range extent(n, "colspan") {
		r.above[len(r.row.cells)+i] = hanging{text, rows}
		text = ""
	}
	r.hang()
}

// hang adds the cells that reach into the row at its end.
func (r *htmlReader) hang() {
	for at := len(r.row.cells); r.above[at].rows > 0; at++ {
		text := r.above[at].text
		r.above[at] = hanging{text, r.above[at].rows - 1}
		r.row.cells = append(r.row.cells, text)
	}
}

// extent returns the number of columns or rows of a cell.
func extent(n *html.Node, name string) int {
	extent := 1
	_, _ = fmt.Sscan(attributes(n)[name], &extent) // what is no number is 1
	return max(1, min(extent, maxExtent))
}
