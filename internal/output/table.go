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
	ranks  []int  // columns of a low rank are left out first
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
		g.ranks = append(g.ranks, rank(c.schema))
	}
	if chosen || !slices.ContainsFunc(columns, func(c column) bool { return c.schema != nil && c.schema.TextProperty != "" }) {
		clear(g.ranks)
	}
	for i := range g.rows {
		g.rows[i] = keep(g.rows[i], filled)
	}
	g.header, g.whole, g.ranks = keep(g.header, filled), keep(g.whole, filled), keep(g.ranks, filled)
	return p.print(g, p.Width)
}

// rank says how much people read a column of messages: the text, the accounts and the times most, and an id least.
func rank(s *described.Schema) int {
	switch {
	case s == nil:
		return 0
	case s.TextProperty != "" || s.Format == "accid" || s.Time != "":
		return 2
	case s.Numeric() || len(s.Names) > 0:
		return 1
	}
	return 0
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
	var shown, left []int
	for i := range widths {
		shown = append(shown, i)
	}
	if width > 0 {
		shown = g.fit(widths, width)
	}
	for i := range g.header {
		if !slices.Contains(shown, i) {
			left = append(left, i)
		}
	}
	w := bufio.NewWriter(p.Out)
	for n, texts := range lines {
		var b strings.Builder
		for _, i := range shown {
			b.WriteString(pad(cut(texts[i], widths[i]), widths[i]+gap))
		}
		line := strings.TrimRight(b.String(), " ")
		if n == 0 && g.header != nil && p.Bold != nil {
			line = p.Bold(line)
		}
		fmt.Fprintln(w, line)
	}
	err := w.Flush()
	if len(left) > 0 {
		names := make([]string, len(left))
		for i, column := range left {
			names[i] = g.header[column]
		}
		return cmp.Or(err, p.say("The terminal is too narrow for %v; choose columns with --columns.", message.List(names)))
	}
	return err
}

// fit returns the columns that fit. It narrows the widest columns of texts or, if that is not enough, leaves out a
// column: the one on the right, or of messages one that people read less.
func (g grid) fit(widths []int, width int) (shown []int) {
	for i := range widths {
		shown = append(shown, i)
	}
	for full := slices.Clone(widths); ; {
		copy(widths, full)
		for most := slices.Max(append(full, 0)); ; most-- {
			sum := -gap
			for _, i := range shown {
				if !g.whole[i] {
					widths[i] = min(widths[i], most)
				}
				sum += widths[i] + gap
			}
			switch {
			case sum <= width:
				return shown
			case most > narrowest:
				continue
			case len(shown) == 1:
				widths[shown[0]] = max(1, width)
				return shown
			}
			break
		}
		drop := 0
		for at, i := range shown {
			if g.ranks[i] <= g.ranks[shown[drop]] {
				drop = at
			}
		}
		shown = slices.Delete(shown, drop, drop+1)
	}
}
