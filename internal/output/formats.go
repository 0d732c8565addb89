package output

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/itchyny/gojq"
	"go.yaml.in/yaml/v3"

	"github.com/nimroom/nimroom/internal/message"
)

// write writes a text of whole lines.
func (p *Printer) write(text string) error {
	if p.Terminal {
		text = VisibleLines(text)
	}
	_, err := io.WriteString(p.Out, text)
	return err
}

// csv prints rows with a header. Texts that a spreadsheet would take for a formula begin with an
// apostrophe, which spreadsheets hide, because anybody can choose a nickname and operators open such
// files; programs read the exact texts in the other formats.
func (p *Printer) csv(l List, columns []column) error {
	w := csv.NewWriter(p.Out)
	record := make([]string, len(columns))
	write := func(cell func(c column) string) error {
		for i, c := range columns {
			if record[i] = cell(c); p.Terminal {
				record[i] = VisibleLines(record[i])
			}
		}
		return w.Write(record)
	}
	err := write(func(c column) string { return harmless(c.name) })
	for row := range l.Rows {
		list := l.members(row)
		if err != nil {
			break
		}
		err = write(func(c column) string {
			value := l.cell(list, c)
			if !isNull(value) && value[0] == '"' {
				return harmless(text(value))
			}
			return text(value) // a negative number is none
		})
	}
	w.Flush()
	return cmp.Or(err, w.Error())
}

// harmless returns a text that a spreadsheet does not take for a formula.
func harmless(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r\n", rune(text[0])) {
		return "'" + text
	}
	return text
}

// json prints a value as JSON between two texts, in one line if the indentation is empty.
func (p *Printer) json(before string, value json.RawMessage, prefix, indent, after string) error {
	var b bytes.Buffer
	b.WriteString(before)
	err := json.Compact(&b, value)
	if indent != "" && err == nil {
		b.Truncate(len(before))
		err = json.Indent(&b, value, prefix, indent)
	}
	if err != nil {
		return message.Errorf("the response is not JSON: %w", err)
	}
	b.WriteString(after)
	return p.write(b.String())
}

// value prints a value as JSON or YAML.
func (p *Printer) value(value json.RawMessage) error {
	switch p.Format {
	case YAML:
		return p.yaml(value)
	case NDJSON:
		return p.json("", value, "", "", "\n")
	}
	return p.json("", value, "", "  ", "\n")
}

// values prints a list of values.
func (p *Printer) values(rows iter.Seq[json.RawMessage]) error {
	before, empty := "[\n  ", true
	for row := range rows {
		var err error
		switch p.Format {
		case JSON:
			err = p.json(before, row, "  ", "  ", "")
		case YAML:
			err = p.yaml(slices.Concat([]byte{'['}, row, []byte{']'}))
		default:
			err = p.value(row)
		}
		if err != nil {
			return err
		}
		before, empty = ",\n  ", false
	}
	switch {
	case p.Format == NDJSON:
		return nil
	case empty:
		return p.write("[]\n")
	case p.Format == JSON:
		return p.write("\n]\n")
	}
	return nil
}

// project returns the rows as objects of the columns.
func (l List) project(columns []column) iter.Seq[json.RawMessage] {
	return func(yield func(json.RawMessage) bool) {
		for row := range l.Rows {
			list, b := l.members(row), []byte{'{'}
			for i, c := range columns {
				if i > 0 {
					b = append(b, ',')
				}
				name, _ := json.Marshal(c.name) // a text always is JSON
				value := l.cell(list, c)
				if value == nil {
					value = json.RawMessage("null")
				}
				b = append(append(append(b, name...), ':'), value...)
			}
			if !yield(append(b, '}')) {
				return
			}
		}
	}
}

// yaml prints a value as YAML, with the order and the digits that it has.
func (p *Printer) yaml(value json.RawMessage) error {
	d := json.NewDecoder(bytes.NewReader(value))
	d.UseNumber()
	node, err := yamlNode(d)
	if err != nil {
		return message.Errorf("the response is not JSON: %w", err)
	}
	var b strings.Builder
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(node); err != nil {
		return err
	}
	return p.write(b.String())
}

// yamlNode reads the next value of a document.
func yamlNode(d *json.Decoder) (*yaml.Node, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	node := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int"}
	switch t := token.(type) {
	case json.Delim:
		node.Tag = ""
		if node.Kind = yaml.SequenceNode; t == '{' {
			node.Kind = yaml.MappingNode
		}
		for d.More() {
			inner, err := yamlNode(d)
			if err != nil {
				return nil, err
			}
			node.Content = append(node.Content, inner)
		}
		_, err = d.Token()
		return node, err
	case json.Number:
		if node.Value = t.String(); strings.ContainsAny(node.Value, ".eE") {
			node.Tag = "!!float"
		}
		return node, nil
	}
	return node, node.Encode(token)
}

// filtered prints what the filter makes of a response. Without a format, or with JSON, a text is
// printed as it is, as jq --raw-output does.
func (p *Printer) filtered(ctx context.Context, body json.RawMessage) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var input any
	if err := d.Decode(&input); err != nil {
		return message.Errorf("the response is not JSON: %w", err)
	}
	var results []json.RawMessage
	for found := p.filter.RunWithContext(ctx, input); ; {
		result, ok := found.Next()
		if !ok {
			break
		}
		if err, failed := result.(error); failed {
			return message.Errorf("--jq: %w", err)
		}
		if line, isText := result.(string); isText && p.Format == JSON {
			if err := p.write(line + "\n"); err != nil {
				return err
			}
			continue
		}
		value, err := gojq.Marshal(result)
		if err != nil {
			return message.Errorf("--jq: %w", err)
		}
		if p.Format == Table || p.Format == CSV {
			results = append(results, value)
			continue
		}
		if err := p.value(value); err != nil {
			return err
		}
	}
	if p.Format != Table && p.Format != CSV {
		return nil
	}
	if len(results) == 1 {
		return p.List(Find(results[0], nil, ""))
	}
	return p.List(List{Rows: slices.Values(results)})
}
