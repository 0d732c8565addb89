package page

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// maxDepth bounds how deep an example nests.
const maxDepth = 64

// jsonDepth follows the brackets of a JSON text with // comments, line by line.
type jsonDepth struct {
	depth  int
	opened bool
}

func (d *jsonDepth) line(text string) {
	scanJSON(text, func(r byte) {
		switch r {
		case '{', '[':
			d.depth++
			d.opened = true
		case '}', ']':
			d.depth--
		}
	})
}

func (d *jsonDepth) done() bool { return d.opened && d.depth <= 0 }

// scanJSON calls visit for each byte of a line outside of strings and returns
// where a comment begins, or len(text) without one.
func scanJSON(text string, visit func(byte)) (comment int) {
	inString := false
	for i := 0; i < len(text); i++ {
		switch {
		case inString && text[i] == '\\':
			i++
		case text[i] == '"':
			inString = !inString
		case inString:
		case text[i] == '/' && i+1 < len(text) && text[i+1] == '/':
			return i
		default:
			visit(text[i])
		}
	}
	return len(text)
}

// ReadExample reads the JSON of a response that may have comments.
func ReadExample(text string) Example { return readExample(text, 1) }

// readExample reads the JSON of a response with its comments. text begins in line
// first of the page. If it returns an error, it also returns what it read before that.
func readExample(text string, first int) Example {
	lines := strings.Split(strings.ReplaceAll(text, "\u00a0", " "), "\n")
	comments := map[int]string{}
	bare := make([]string, len(lines))
	for i, line := range lines {
		at := scanJSON(line, func(byte) {})
		bare[i] = line[:at]
		if at < len(line) {
			comments[i] = strings.TrimSpace(line[at+2:])
		}
	}
	body := strings.Join(bare, "\n")
	start := strings.IndexAny(body, "{[")
	e := Example{Line: first}
	if start < 0 {
		e.Err = errors.New("no JSON")
		return e
	}
	e.Line += strings.Count(body[:start], "\n")
	r := exampleReader{
		decoder: json.NewDecoder(strings.NewReader(body[start:])),
		at:      newLines(body, start, first), comments: comments, first: first,
	}
	r.decoder.UseNumber()
	err := r.value("", 0)
	if err == nil {
		if rest := strings.TrimSpace(body[start+int(r.decoder.InputOffset()):]); rest != "" && !strings.HasPrefix(rest, ",") {
			err = fmt.Errorf("unexpected %.40q after the JSON", rest)
		}
	}
	e.Fields, e.Err = r.fields, err
	return e
}

// newLines returns a function that returns the line of an offset from start, for
// increasing offsets.
func newLines(text string, start, first int) func(int64) int {
	line := first + strings.Count(text[:start], "\n")
	text = text[start:]
	done := 0
	return func(offset int64) int {
		if n := int(offset); n > done {
			line += strings.Count(text[done:n], "\n")
			done = n
		}
		return line
	}
}

type exampleReader struct {
	decoder  *json.Decoder
	at       func(int64) int
	comments map[int]string
	first    int
	fields   []Field
}

// value reads one value and the values inside it.
func (r *exampleReader) value(path string, depth int) error {
	token, err := r.decoder.Token()
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return err
	}
	if depth > maxDepth {
		return fmt.Errorf("it nests deeper than %d", maxDepth)
	}
	f := Field{Line: r.at(r.decoder.InputOffset()), Path: path}
	f.Comment = r.comments[f.Line-r.first]
	switch v := token.(type) {
	case nil:
		f.Kind = "null"
	case bool:
		f.Kind, f.Value = "boolean", strconv.FormatBool(v)
	case json.Number:
		f.Kind, f.Value = "number", v.String()
	case string:
		f.Kind, f.Value = "string", v
	case json.Delim:
		f.Kind = "object"
		if v == '[' {
			f.Kind = "array"
		}
	}
	if path != "" {
		r.fields = append(r.fields, f)
	}
	switch f.Kind {
	case "object":
		return r.members(path, depth)
	case "array":
		return r.elements(path, depth)
	}
	return nil
}

func (r *exampleReader) members(path string, depth int) error {
	for r.decoder.More() {
		token, err := r.decoder.Token()
		if err != nil {
			return err
		}
		name, _ := token.(string)
		if path != "" {
			name = path + "." + name
		}
		if err := r.value(name, depth+1); err != nil {
			return err
		}
	}
	_, err := r.decoder.Token()
	return ended(err)
}

func (r *exampleReader) elements(path string, depth int) error {
	for r.decoder.More() {
		if err := r.value(path+"[]", depth+1); err != nil {
			return err
		}
	}
	_, err := r.decoder.Token()
	return ended(err)
}

// ended returns a special error for a text that ends in the middle of a value.
func ended(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
