package page

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// balance is the number of brackets that a line of JSON opens, less those that it closes.
func balance(line string) int {
	bare, _ := withoutComment(line)
	bare = jsonString.ReplaceAllString(bare, "")
	return strings.Count(bare, "{") + strings.Count(bare, "[") - strings.Count(bare, "}") - strings.Count(bare, "]")
}

var (
	jsonString  = regexp.MustCompile(`"(?:[^"\\]|\\.)*"?`)
	jsonComment = regexp.MustCompile(`^((?:[^"/]|"(?:[^"\\]|\\.)*"|/[^/"])*)//(.*)$`)
)

// withoutComment cuts a line of JSON before its comment.
func withoutComment(line string) (bare, comment string) {
	if m := jsonComment.FindStringSubmatch(line); m != nil {
		return m[1], strings.TrimSpace(m[2])
	}
	return line, ""
}

// Example is what the JSON of a response shows.
type Example struct {
	Header string // the header line that is printed above it
	Fault  string // the reason why the rest could not be read
	Values []Entry
}

// ReadExample reads an example that is printed with comments, and perhaps below a header
// line. If it cannot read some, Fault says why.
func ReadExample(printed Entry) Example {
	lines := strings.Split(printed.Text, "\n")
	comments := map[int]string{}
	for i, line := range lines {
		lines[i], comments[i] = withoutComment(line)
	}
	body := strings.Join(lines, "\n")
	read := Example{}
	if m := printedHeader.FindString(body); m != "" {
		read.Header = words(strings.ReplaceAll(m, `"`, ""))
		body = strings.Replace(body, m, strings.Repeat("\n", strings.Count(m, "\n")), 1)
	}
	var root yaml.Node // JSON is YAML, whose parser keeps lines
	err := json.Unmarshal([]byte(body), new(any))
	if err == nil {
		err = yaml.Unmarshal([]byte(body), &root)
	}
	if err != nil {
		read.Fault = err.Error()
		return read
	}
	read.add("", root.Content[0], comments, printed.Line)
	return read
}

// jsonKinds are the JSON types of what the parser tells apart.
var jsonKinds = map[string]string{
	"!!null": "null", "!!bool": "boolean", "!!int": "number", "!!float": "number", "!!str": "string", "!!timestamp": "string",
	"!!map": "object", "!!seq": "array",
}

// add adds the values inside a value.
func (e *Example) add(path string, n *yaml.Node, comments map[int]string, first int) {
	for i, child := range n.Content {
		inner := fmt.Sprintf("%s[%d]", path, i)
		if n.Kind == yaml.MappingNode {
			if i%2 == 0 {
				continue
			}
			inner = strings.TrimPrefix(path+"."+n.Content[i-1].Value, ".")
		}
		v := Entry{Line: first + child.Line - 1, Name: inner, Type: jsonKinds[child.Tag], Value: child.Value, Text: comments[child.Line-1]}
		if v.Type == "null" {
			v.Value = ""
		}
		e.Values = append(e.Values, v)
		e.add(inner, child, comments, first)
	}
}

var printedHeader = regexp.MustCompile(`^\s*"Content-Type"[^\n{]*`)
