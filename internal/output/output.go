// Package output prints responses for people and for programs: as a table, JSON, lines of JSON, CSV
// or YAML.
package output

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/itchyny/gojq"
	"github.com/rivo/uniseg"

	"github.com/nimroom/nimroom/internal/described"
	"github.com/nimroom/nimroom/internal/message"
)

// Formats are the names of the formats.
const (
	Table  = "table"
	JSON   = "json"
	NDJSON = "ndjson" // one row a line
	CSV    = "csv"
	YAML   = "yaml"
)

// Printer prints responses.
type Printer struct {
	Out, Err io.Writer
	Format   string
	// Terminal says that Out is a terminal, so that nothing printed controls it, and Width how wide
	// it is; 0 is any width.
	Terminal bool
	Width    int
	// Bold makes a line bold; nil leaves it as it is.
	Bold func(line string) string
	// Columns are the names of the columns to print, or none for all.
	Columns []string
	// Filter is a program of jq that makes something else of the response. It is empty for none.
	Filter string
	// Translate says a text in the language of the user; nil says it in English.
	Translate func(message.Text) string

	filter *gojq.Code
}

// Prepare reports what is wrong with the settings before a call is made: a mistake must not come to light
// once something has changed. A column is one that the schema of the response has, if it has any.
func (p *Printer) Prepare(s *described.Schema, path string) error {
	if p.Filter != "" {
		query, err := gojq.Parse(p.Filter)
		if err == nil {
			p.filter, err = gojq.Compile(query) // without the environment, which has secrets
		}
		if err != nil {
			return p.wrongFilter(err)
		}
		if len(p.Columns) > 0 {
			return message.Errorf("--columns and --jq are both given; let the filter choose, such as {a, b}")
		}
	}
	for _, name := range p.Columns {
		if slices.Contains(strings.Split(name, "."), "") {
			return message.Errorf("--columns: %q has an empty name; write the names with one comma between them", strings.Join(p.Columns, ","))
		}
	}
	l := listOf(s, path)
	if len(l.columns()) == 0 {
		return nil
	}
	_, err := l.choose(p.Columns)
	return err
}

// wrongFilter returns the error of a filter, with the place if there is one.
func (p *Printer) wrongFilter(err error) error {
	var parse *gojq.ParseError
	if !errors.As(err, &parse) || parse.Offset > len(p.Filter) {
		return message.Errorf("--jq: %w", err)
	}
	if err.Error() == "unexpected EOF" {
		err = message.Errorf("the filter is incomplete")
	}
	before := p.Filter[:max(0, parse.Offset-len(parse.Token))]
	return message.Errorf("--jq: %w at character %d:\n  %s\n  %s^", err, utf8.RuneCountInString(before)+1, Visible(p.Filter), strings.Repeat(" ", uniseg.StringWidth(before)))
}

// Row returns the schema of the rows that a response has at a path.
func Row(s *described.Schema, path string) *described.Schema {
	_, row := at(nil, s, steps(path))
	if row != nil && row.Items != nil {
		return row.Items
	}
	return row
}

// Print prints a response. What matters in it is at the path. The error says what is wrong with the
// columns or the filter, or is that of the output.
func (p *Printer) Print(ctx context.Context, body json.RawMessage, s *described.Schema, path string) error {
	body = bytes.TrimPrefix(body, []byte("\uFEFF"))
	switch {
	case p.filter != nil:
		return p.filtered(ctx, body)
	case p.Format == Table && len(p.Columns) == 0 && s != nil && s.Items == nil && path == "": // nothing in it matters
		return p.say("The call has succeeded.")
	case len(p.Columns) > 0 || p.Format == Table || p.Format == CSV || p.Format == NDJSON:
		return p.List(Find(body, s, path))
	}
	return p.value(body)
}

// say prints what is no response.
func (p *Printer) say(format string, args ...any) error {
	text := message.Of(format, args...)
	line := text.String()
	if p.Translate != nil {
		line = p.Translate(text)
	}
	_, err := fmt.Fprintln(p.Err, line)
	return err
}

// Failure prints the body of an API error where programs read the output as JSON.
func (p *Printer) Failure(body json.RawMessage) error {
	if p.Format != JSON && p.Format != NDJSON {
		return nil
	}
	return p.value(body)
}

// List prints rows.
func (p *Printer) List(l List) error {
	chosen := len(p.Columns) > 0
	var columns []column
	var err error
	switch {
	case chosen:
		columns, err = l.choose(p.Columns)
	case p.Format == Table || p.Format == CSV:
		columns = l.columns()
	}
	if err != nil {
		return err
	}
	switch p.Format {
	case Table:
		return p.table(l, columns, chosen)
	case CSV:
		return p.csv(l, columns)
	}
	rows := l.Rows
	if chosen {
		rows = l.project(columns)
	}
	if l.single {
		for row := range rows {
			return p.value(row)
		}
	}
	return p.values(rows)
}
