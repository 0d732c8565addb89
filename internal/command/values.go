package command

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/described"
	"github.com/nimroom/nimroom/internal/kebab"
	"github.com/nimroom/nimroom/internal/message"
	"github.com/nimroom/nimroom/internal/nearest"
	"github.com/nimroom/nimroom/internal/wire"
)

// translate writes the fields of a form as the wire has them. People write a duration as 10m, a time as
// 2026-01-02T20:00, a value of an enum as its name, a list as several fields or with
// commas, and an object as name=value with commas. The error is a *[ValueError].
func translate(operation *gen.Operation, fields []wire.Pair) ([]wire.Pair, error) {
	var list []wire.Pair
	for _, f := range fields {
		i := slices.IndexFunc(operation.Fields, func(known gen.Field) bool {
			return known.Name == f.Name || slices.Contains(known.Aliases, f.Name)
		})
		if i < 0 {
			list = append(list, f) // the check against the spec names it
			continue
		}
		text, err := translateValue(operation, operation.Fields[i], f.Value)
		if err != nil {
			return nil, &ValueError{gen.FieldError{Field: f.Name, Problem: wire.Malformed, Got: err.Error()}, err}
		}
		same := func(other wire.Pair) bool { return other.Name == f.Name }
		if at := slices.IndexFunc(list, same); at >= 0 && operation.Fields[i].Kind == gen.ArrayField {
			list[at].Value = concatenated(list[at].Value, text)
			continue
		}
		list = append(list, wire.Pair{Name: f.Name, Value: text})
	}
	return list, nil
}

// translateValue writes the value of a field as the wire has it.
func translateValue(operation *gen.Operation, field gen.Field, text string) (string, error) {
	d := described.In("en")
	schema := d.Fields(d.Operation(operation))[field.Name]
	if field.Kind == gen.TextField {
		if schema.Items == nil && (len(field.Values) == 0 || slices.Contains(field.Values, text)) {
			return text, nil
		}
	} else {
		text = strings.TrimSpace(text)
	}
	switch {
	case field.Kind == gen.BooleanField, field.Kind == gen.NumberField, text == "",
		field.Kind == gen.ArrayField && text[0] == '[',
		field.Kind == gen.ObjectField && text[0] == '{':
		return text, nil
	}
	switch {
	case field.Kind == gen.ArrayField:
		return array(schema.Items, text)
	case field.Kind == gen.ObjectField:
		return object(schema, text)
	case schema.Items != nil:
		return listed(schema.Items, text)
	}
	return scalar(schema, text)
}

// listed writes a text that lists values with commas.
func listed(item *described.Schema, text string) (string, error) {
	list := pieces(text)
	for i, piece := range list {
		value, err := scalar(item, piece)
		if err != nil {
			return "", err
		}
		list[i] = value
	}
	return strings.Join(list, ","), nil
}

func isInteger(text string) bool {
	digits := strings.TrimPrefix(text, "-")
	return digits != "" && strings.Trim(digits, "0123456789") == ""
}

// scalar writes a value that is no list and no object.
func scalar(s *described.Schema, text string) (string, error) {
	switch {
	case s.Type == "integer" && isInteger(text) && (s.Time == "" || text == "0"):
		return text, nil
	case s.Duration != "":
		d, err := ParseDuration(text)
		if err == nil && d%time.Second != 0 {
			err = message.Errorf("%q is no whole number of seconds", text)
		}
		if err != nil {
			return "", err
		}
		return strconv.FormatInt(wire.Seconds(d), 10), nil
	case s.Time != "":
		t, err := ParseTime(text, time.Now())
		if err == nil && t.Unix() <= 0 {
			err = message.Errorf("%q, want a time after 1970-01-01", text)
		}
		if err != nil {
			return "", err
		}
		convert := map[string]func() int64{
			"milliseconds": func() int64 { return wire.Millis(t) }, "seconds": func() int64 { return wire.Unix(t) }, "any": func() int64 { return wire.Timestamp(t) },
		}
		return strconv.FormatInt(convert[s.Time](), 10), nil
	case len(s.Names) > 0:
		return named(s, text)
	}
	return text, nil
}

// Names returns the names of an enum's values, in the order of [described.Schema.Values].
func Names(s *described.Schema) []string {
	names := make([]string, len(s.Names))
	for i, name := range s.Names {
		names[i] = kebab.Case(name)
	}
	return names
}

// named returns the value of an enum by its name in full: the beginning of a name is no name, because
// somebody may have meant another thing. The service may take values that the spec does not know, but a word
// that resembles a name is a mistake.
func named(s *described.Schema, text string) (string, error) {
	names := Names(s)
	for i, name := range names {
		if strings.EqualFold(name, text) || strings.EqualFold(s.Names[i], text) {
			return fmt.Sprint(s.Values()[i]), nil
		}
	}
	for value, others := range s.EnumAliases {
		if slices.Contains(others, text) {
			return value, nil
		}
	}
	begins := slices.ContainsFunc(names, func(name string) bool { return strings.HasPrefix(name, strings.ToLower(text)) })
	meant := didYouMean(text, names)
	if meant.Format == "" && !begins && s.Type == "string" {
		return text, nil
	}
	return "", message.Errorf("%q, want %s%s", text, message.Or(names), meant)
}

// didYouMean ends an error with the word that was probably meant, if there is one.
func didYouMean(text string, words []string) message.Text {
	if meant := nearest.Of(text, words); meant != "" {
		return message.Of("; did you mean %s?", meant)
	}
	return message.Text{}
}

// pieces splits a text at commas and at the ends of lines.
func pieces(text string) []string {
	list := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == '\n' })
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
	}
	return slices.DeleteFunc(list, func(piece string) bool { return piece == "" })
}

// array writes a list: a JSON object as its one element, or elements with commas or on lines.
func array(item *described.Schema, text string) (string, error) {
	if item.Type == "object" || item.Type == "" {
		if text[0] == '{' {
			return "[" + text + "]", nil
		}
		return "", message.Errorf("%q, want a JSON array of objects, such as %s", wire.OneLine(text), asJSON([]any{item.Example}))
	}
	list := []json.RawMessage{}
	for _, piece := range pieces(text) {
		value, err := scalar(item, piece)
		if err == nil && (item.Type == "integer" || item.Format == "int64") && !isInteger(value) {
			err = message.Errorf("%q, want an integer", piece)
		}
		if err != nil {
			return "", err
		}
		list = append(list, literal(item, value))
	}
	return asJSON(list), nil
}

// concatenated returns the JSON text of two lists in one, or what is no list, which the check against the
// spec names.
func concatenated(a, b string) string {
	var first, second []json.RawMessage
	if json.Unmarshal([]byte(a), &first) != nil {
		return a
	}
	if json.Unmarshal([]byte(b), &second) != nil {
		return b
	}
	return asJSON(append(first, second...))
}

// object writes members such as creator=true with commas. The name of a member that is true or false
// stands for true.
func object(s *described.Schema, text string) (string, error) {
	members := map[string]json.RawMessage{}
	for _, piece := range pieces(text) {
		name, value, found := strings.Cut(piece, "=")
		member, known := s.Property(name)
		switch {
		case !known && len(s.Properties) > 0:
			var names []string
			for _, p := range s.Properties {
				names = append(names, p.Name)
			}
			return "", message.Errorf("%q, want %s%s", piece, message.Or(names), didYouMean(name, names))
		case !known:
			member.Schema = &described.Schema{Type: "string"}
		case !found && member.Type == "boolean":
			value, found = "true", true
		}
		if !found {
			return "", message.Errorf("%q, want name=value, or a JSON object such as %s", piece, asJSON(s.Example))
		}
		members[name] = literal(member.Schema, value)
	}
	return asJSON(members), nil
}

// literal returns the JSON of a value: a text, unless it is of another type.
func literal(s *described.Schema, value string) json.RawMessage {
	if s.Type != "string" && json.Valid([]byte(value)) {
		return json.RawMessage(value)
	}
	return json.RawMessage(asJSON(value))
}

func asJSON(value any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(value) // it holds nothing that has no JSON
	return strings.TrimSuffix(b.String(), "\n")
}

// shorter leaves out the units of a duration of which there is none.
var shorter = strings.NewReplacer("h0m0s", "h", "m0s", "m")

// Written returns a value on the wire as people write it: the inverse of what fields are translated by,
// except for times.
func Written(s *described.Schema, text string) string {
	values := s.Values()
	i := slices.IndexFunc(values, func(value any) bool { return fmt.Sprint(value) == text })
	switch n, err := strconv.ParseInt(text, 10, 64); {
	case s.Duration != "" && err == nil:
		if d := n / (24 * 60 * 60); n > 0 && d*24*60*60 == n {
			return strconv.FormatInt(d, 10) + "d"
		}
		return shorter.Replace(wire.FromSeconds(n).String())
	case i >= 0 && len(s.Names) > 0:
		return Names(s)[i]
	case s.Items == nil:
		return text
	case s.Type != "array":
		list := pieces(text)
		for i, value := range list {
			list[i] = Written(s.Items, value)
		}
		return strings.Join(list, ",")
	}
	var list []any
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return text
	}
	parts := make([]string, len(list))
	for i, value := range list {
		parts[i] = Written(s.Items, fmt.Sprint(value))
	}
	if joined := strings.Join(parts, ","); s.Items.Type != "object" && slices.Equal(pieces(joined), parts) {
		return joined
	}
	return text
}
