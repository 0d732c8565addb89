package output

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/rivo/uniseg"

	"github.com/nimroom/nimroom/internal/described"
	"github.com/nimroom/nimroom/internal/message"
)

const (
	gap       = 2 // between columns
	narrowest = 8 // a column of texts is not cut below this
)

// grid are the texts of a table.
type grid struct {
	header []string // nil for none
	rows   [][]string
	whole  []bool // columns that are not cut: numbers, and with them times
}

// table prints the rows as a table, without columns that have nothing in them, unless somebody has
// chosen them. One object has a line for each of its values.
func (p *Printer) table(l List, columns []column, chosen bool) error {
	if l.single {
		return p.object(l, columns, chosen)
	}
	var g grid
	filled := make([]bool, len(columns))
	for row := range l.Rows {
		list, texts := l.members(row), make([]string, len(columns))
		for i, c := range columns {
			texts[i] = Visible(readable(l.cell(list, c), c.schema))
			filled[i] = filled[i] || chosen || texts[i] != ""
		}
		g.rows = append(g.rows, texts)
	}
	if len(g.rows) == 0 {
		return p.say("The list is empty.")
	}
	for _, c := range columns {
		g.header = append(g.header, Visible(c.name))
		g.whole = append(g.whole, c.schema.Numeric())
	}
	for i := range g.rows {
		g.rows[i] = keep(g.rows[i], filled)
	}
	g.header, g.whole = keep(g.header, filled), keep(g.whole, filled)
	return p.print(g, p.Width)
}

// object prints a line for each value of an object, and below them its lists of objects as tables.
func (p *Printer) object(l List, columns []column, chosen bool) error {
	var g grid
	type table struct {
		name string
		List
	}
	var below []table
	for row := range l.Rows {
		for _, c := range columns {
			value := l.cell(l.members(row), c)
			if c.name == "code" && c.schema != nil && text(value) == "200" && !chosen {
				continue // it says no more than that there is a response to print
			}
			if list, ok := items(value); ok && len(list) > 0 && list[0][0] == '{' {
				below = append(below, table{c.name, Find(value, c.schema, "")})
				continue
			}
			g.describe(c.name, value, c.schema, chosen)
		}
	}
	var err error
	if len(g.rows) > 0 {
		err = p.print(g, 0)
	} else if len(below) == 0 {
		err = p.say("The call has succeeded.")
	}
	for _, t := range below {
		if err == nil {
			_, err = fmt.Fprintf(p.Out, "\n%s:\n", Visible(t.name))
		}
		if err == nil {
			err = p.table(t.List, t.columns(), false)
		}
	}
	return err
}

// keep returns what belongs to the columns to keep.
func keep[T any](all []T, kept []bool) (list []T) {
	for i, one := range all {
		if kept[i] {
			list = append(list, one)
		}
	}
	return list
}

// describe adds a line for a value, or for each of those in an object.
func (g *grid) describe(name string, value json.RawMessage, s *described.Schema, chosen bool) {
	inner, ok := members(value)
	if !ok || value[0] != '{' || len(inner) == 0 {
		if chosen || !isNull(value) && string(value) != "{}" {
			g.rows = append(g.rows, []string{Visible(name), Visible(readable(value, s))})
		}
		return
	}
	for _, m := range inner {
		m.value, _ = find([]member{m}, s, m.name)
		p, _ := s.Property(m.name)
		g.describe(name+"."+m.name, m.value, p.Schema, chosen)
	}
}

// print writes the lines of a table, cut to a width unless that is 0.
func (p *Printer) print(g grid, width int) error {
	lines := g.rows
	if g.header != nil {
		lines = slices.Insert(slices.Clone(g.rows), 0, g.header)
	}
	widths := make([]int, len(lines[0]))
	for _, texts := range lines {
		for i, text := range texts {
			widths[i] = max(widths[i], uniseg.StringWidth(text))
		}
	}
	shown := len(widths)
	if width > 0 {
		shown = fit(widths, g.whole, width)
	}
	w := bufio.NewWriter(p.Out)
	for n, texts := range lines {
		var b strings.Builder
		for i, text := range texts[:shown] {
			b.WriteString(pad(cut(text, widths[i]), widths[i]+gap))
		}
		line := strings.TrimRight(b.String(), " ")
		if n == 0 && g.header != nil && p.Bold != nil {
			line = p.Bold(line)
		}
		fmt.Fprintln(w, line)
	}
	err := w.Flush()
	if shown < len(g.header) {
		return cmp.Or(err, p.say("The terminal is too narrow for %v; choose columns with --columns.", message.List(g.header[shown:])))
	}
	return err
}

// fit narrows the widest columns of texts until all columns fit, and returns how many do.
func fit(widths []int, whole []bool, width int) (shown int) {
	total := func() (sum int) {
		for _, w := range widths[:shown] {
			sum += w + gap
		}
		return sum - gap
	}
	shown = len(widths)
	for most := slices.Max(append(widths, 0)); total() > width && shown > 0; {
		if most > narrowest {
			most--
			for i := range widths {
				if !whole[i] {
					widths[i] = min(widths[i], most)
				}
			}
		} else if shown--; shown == 0 {
			widths[0], shown = max(1, width), 1
			break
		}
	}
	return shown
}
