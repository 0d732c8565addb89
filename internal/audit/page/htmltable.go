package page

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

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

// table reads a table: its rows, or its parts one after the other if the table only
// places them on the page.
func (r *htmlReader) table(n *html.Node) {
	t := readNode(n, r.line)
	r.line = t.line
	r.all.WriteString(t.all.String())
	if len(t.rows) == 0 {
		return
	}
	b := block{kind: table, line: t.rows[0].line, rows: t.rows}
	switch numbered := withoutLineNumbers(b.rows); {
	case numbered != "":
		r.blocks = append(r.blocks, block{kind: code, line: b.line, text: numbered})
	case layout(b, t.blocks):
		r.blocks = append(r.blocks, t.blocks...)
	default:
		r.blocks = append(r.blocks, b)
	}
}

// layout reports whether a table only places parts on the page: it has no columns of
// its own, and its cells hold tables, headings or code.
func layout(b block, parts []block) bool {
	single := len(b.rows) == 1 && len(b.rows[0].cells) == 1
	return len(columnsOf(b)) < 2 && (single || slices.ContainsFunc(parts, func(part block) bool { return part.kind != paragraph }))
}

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
	inner, at := readNode(n, r.line), r.line
	if len(inner.blocks) > 0 {
		at = inner.blocks[0].line
	}
	r.line, r.row.line = inner.line, cmp.Or(r.row.line, at)
	r.blocks = append(r.blocks, inner.blocks...)
	text, rows := cmp.Or(tidy(inner.all.String()), inner.picture), extent(n, "rowspan")
	r.all.WriteString(text + "\n")
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
	extent, _ := strconv.Atoi(strings.TrimSpace(attributes(n)[name])) // 0 if it is no number
	return max(1, min(extent, maxExtent))
}

// withoutLineNumbers returns the code of a table whose first column numbers the lines,
// "" if the table is none.
func withoutLineNumbers(rows []cells) string {
	var lines []string
	for i, row := range rows {
		if len(row.cells) != 2 || !lineNumbers.MatchString(row.cells[0]) || i == 0 && strings.Fields(row.cells[0])[0] != "1" {
			return ""
		}
		lines = append(lines, row.cells[1])
	}
	return strings.Join(lines, "\n")
}

var lineNumbers = regexp.MustCompile(`^\d+(?:\s+\d+)*$`)
