package page

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// table reads a table: its rows, or its parts one after the other if the table only
// places them on the page.
func (r *htmlReader) table(n *html.Node) {
	b := block{kind: table, line: r.line}
	hanging := map[int]hangingCell{} // by column
	for _, row := range within(n, atom.Tr) {
		r.at(row)
		line := cells{line: r.line}
		for _, cell := range within(row, atom.Td, atom.Th) {
			line.fill(hanging)
			line.add(r.textOf(cell), extent(cell, "colspan"), extent(cell, "rowspan"), hanging)
		}
		line.fill(hanging)
		if len(line.cells) > 0 {
			b.rows = append(b.rows, line)
		}
	}
	switch numbered := withoutLineNumbers(b.rows); {
	case len(b.rows) == 0:
	case numbered != "":
		r.blocks = append(r.blocks, block{kind: code, line: b.line, text: numbered})
	case layout(n, b):
		r.children(n)
		r.flush()
	default:
		r.blocks = append(r.blocks, b)
	}
}

// within returns the elements in a table or a row that are not in a nested table.
func within(n *html.Node, kinds ...atom.Atom) []*html.Node {
	var list []*html.Node
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		switch {
		case slices.Contains(kinds, child.DataAtom):
			list = append(list, child)
		case child.DataAtom != atom.Table:
			list = append(list, within(child, kinds...)...)
		}
	}
	return list
}

// layout reports whether a table only places parts on the page: it has no columns of
// its own, and its cells hold tables, headings or code.
func layout(n *html.Node, b block) bool {
	if len(columnsOf(b)) > 1 {
		return false
	}
	if len(b.rows) == 1 && len(b.rows[0].cells) == 1 {
		return true
	}
	for _, row := range within(n, atom.Tr) {
		if len(within(row, atom.H1, atom.H2, atom.H3, atom.H4, atom.Pre)) > 0 {
			return true
		}
		for d := range row.Descendants() {
			if d.DataAtom == atom.Table {
				return true
			}
		}
	}
	return false
}

// textOf returns the text of a cell, line by line.
func (r *htmlReader) textOf(n *html.Node) string {
	inner := &htmlReader{line: r.line, cell: true}
	inner.children(n)
	return tidy(inner.text.String())
}

// withoutLineNumbers returns the code of a table whose first column numbers the lines,
// "" if the table is none.
func withoutLineNumbers(rows []cells) string {
	var numbers, lines []string
	for _, row := range rows {
		if len(row.cells) != 2 {
			return ""
		}
		numbers = append(numbers, strings.Fields(row.cells[0])...)
		lines = append(lines, row.cells[1])
	}
	for i, number := range numbers {
		if number != strconv.Itoa(i+1) {
			return ""
		}
	}
	return strings.Join(lines, "\n")
}

// hangingCell is a cell of an earlier row that reaches into later rows.
type hangingCell struct {
	text string
	rows int
}

// Limits of spans, so that the cost of a strange page stays proportional to its size.
const (
	maxExtent  = 50
	maxHanging = 500 // bytes of text
)

// extent returns the number of columns or rows of a cell.
func extent(n *html.Node, name string) int {
	if extent, err := strconv.Atoi(strings.TrimSpace(attribute(n, name))); err == nil {
		return max(1, min(extent, maxExtent))
	}
	return 1
}

// add adds a cell. A cell that spans several rows is repeated in each of them, and a
// cell that spans several columns is followed by empty cells, so that the cells of each
// row are under their headers.
func (c *cells) add(text string, wide, high int, hanging map[int]hangingCell) {
	for range wide {
		if high > 1 && len(text) <= maxHanging {
			hanging[len(c.cells)] = hangingCell{text, high - 1}
		}
		c.cells = append(c.cells, text)
		text = ""
	}
}

// fill adds the cells that reach down into the next columns.
func (c *cells) fill(hanging map[int]hangingCell) {
	for cell, ok := hanging[len(c.cells)]; ok; cell, ok = hanging[len(c.cells)] {
		if cell.rows--; cell.rows == 0 {
			delete(hanging, len(c.cells))
		} else {
			hanging[len(c.cells)] = cell
		}
		c.cells = append(c.cells, cell.text)
	}
}
