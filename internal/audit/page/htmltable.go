package page

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Limits of spans, so that the cost of a strange page stays proportional to its size.
const (
	maxExtent  = 50
	maxHanging = 500 // bytes of text
)

// table reads a table: its rows, or its parts one after the other if the table only
// places them on the page. A cell that spans several rows is repeated in each of them, and a
// cell that spans several columns is followed by empty cells, so that the cells of each row
// are under their headers.
func (r *htmlReader) table(n *html.Node) {
	b := block{kind: table}
	var parts []block
	type hanging struct {
		text string
		rows int
	}
	above := map[int]hanging{} // cells that reach into later rows, by column
	for _, row := range within(n, atom.Tr) {
		line := cells{}
		add := func(text string, rows int) {
			if rows > 0 && len(text) <= maxHanging {
				above[len(line.cells)] = hanging{text, rows}
			} else {
				delete(above, len(line.cells))
			}
			line.cells = append(line.cells, text)
		}
		fill := func() {
			for h, ok := above[len(line.cells)]; ok; h, ok = above[len(line.cells)] {
				add(h.text, h.rows-1)
			}
		}
		for _, cell := range within(row, atom.Td, atom.Th) {
			fill()
			inner := readNode(cell, r.line)
			parts = append(parts, inner.blocks...)
			r.line = inner.line
			text := tidy(inner.all.String())
			r.all.WriteString(text + "\n")
			if len(inner.blocks) > 0 {
				line.line = cmp.Or(line.line, inner.blocks[0].line)
			}
			if text == "" && inner.pictured {
				text = picture
			}
			high := extent(cell, "rowspan")
			for range extent(cell, "colspan") {
				add(text, high-1)
				text = ""
			}
		}
		line.line = cmp.Or(line.line, r.line)
		if fill(); len(line.cells) > 0 {
			b.rows = append(b.rows, line)
		}
	}
	if len(b.rows) == 0 {
		return
	}
	b.line = b.rows[0].line
	switch numbered := withoutLineNumbers(b.rows); {
	case numbered != "":
		r.blocks = append(r.blocks, block{kind: code, line: b.line, text: numbered})
	case layout(b, parts):
		r.blocks = append(r.blocks, parts...)
	default:
		r.blocks = append(r.blocks, b)
	}
}

// extent returns the number of columns or rows of a cell.
func extent(n *html.Node, name string) int {
	extent, _ := strconv.Atoi(strings.TrimSpace(attributes(n)[name])) // 0 if it is no number
	return max(1, min(extent, maxExtent))
}

// within returns the elements in a table or a row that are not in a nested table.
func within(n *html.Node, kinds ...atom.Atom) []*html.Node {
	var list []*html.Node
	for child := range n.ChildNodes() {
		switch {
		case hidden(child):
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
func layout(b block, parts []block) bool {
	single := len(b.rows) == 1 && len(b.rows[0].cells) == 1
	return len(columnsOf(b)) < 2 && (single || slices.ContainsFunc(parts, func(part block) bool { return part.kind != paragraph }))
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
