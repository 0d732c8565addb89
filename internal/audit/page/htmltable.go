package page

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// openTable is a table that is being read. A cell that spans several rows is repeated
// in each of them, and a cell that spans several columns is followed by empty cells,
// so that the cells of each row are under their headers.
type openTable struct {
	block
	down map[int]hanging // by column
}

// hanging is a cell of an earlier row that reaches into later rows.
type hanging struct {
	text string
	rows int
}

// Limits of spans, so that the cost of a strange page stays proportional to its size.
const (
	maxExtent  = 50
	maxHanging = 500 // bytes of text
)

// extent returns the number of columns or rows of a cell.
func extent(t html.Token, name string) int {
	for _, a := range t.Attr {
		if a.Key == name {
			if n, err := strconv.Atoi(strings.TrimSpace(a.Val)); err == nil {
				return max(1, min(n, maxExtent))
			}
		}
	}
	return 1
}

// add adds a cell to the last row.
func (t *openTable) add(text string, wide, high int) {
	t.fill()
	row := &t.rows[len(t.rows)-1]
	for range wide {
		if high > 1 {
			t.down[len(row.cells)] = hanging{text, high - 1}
			if len(text) > maxHanging {
				t.down[len(row.cells)] = hanging{"", high - 1}
			}
		}
		row.cells = append(row.cells, text)
		text = ""
	}
}

// fill adds the cells that reach down into the next columns of the last row.
func (t *openTable) fill() {
	if len(t.rows) == 0 {
		return
	}
	row := &t.rows[len(t.rows)-1]
	for {
		column := len(row.cells)
		cell, ok := t.down[column]
		if !ok {
			return
		}
		if cell.rows--; cell.rows == 0 {
			delete(t.down, column)
		} else {
			t.down[column] = cell
		}
		row.cells = append(row.cells, cell.text)
	}
}
