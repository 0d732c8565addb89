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

// Summary writes the names, kinds and values of an example on one line.
func (b Body) Summary() string {
	list := []string{b.Fault}
	for _, f := range b.Fields {
		list = append(list, f.Path+" "+f.Kind+" "+f.Value)
	}
	return strings.Join(list, ", ")
}

// Body reads the example. If it cannot read some, Fault says why, and the fields are
// those before that.
func (e Example) Body() Body {
	lines := strings.Split(e.Text, "\n")
	comments := map[int]string{}
	for i, line := range lines {
		lines[i], comments[i] = withoutComment(line)
	}
	body := strings.Join(lines, "\n")
	read := Body{}
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
	read.add("", root.Content[0], comments, e.Line)
	return read
}

// jsonKinds are the JSON types of what the parser tells apart.
var jsonKinds = map[string]string{
	"!!null": "null", "!!bool": "boolean", "!!int": "number", "!!float": "number", "!!str": "string", "!!timestamp": "string",
	"!!map": "object", "!!seq": "array",
}

// add adds the values inside a value.
func (b *Body) add(path string, n *yaml.Node, comments map[int]string, first int) {
	for i, child := range n.Content {
		inner := fmt.Sprintf("%s[%d]", path, i)
		if n.Kind == yaml.MappingNode {
			if i%2 == 0 {
				continue
			}
			inner = strings.TrimPrefix(path+"."+n.Content[i-1].Value, ".")
		}
		f := Field{Line: first + child.Line - 1, Path: inner, Kind: jsonKinds[child.Tag], Value: child.Value, Comment: comments[child.Line-1]}
		if f.Kind == "null" {
			f.Value = ""
		}
		b.Fields = append(b.Fields, f)
		b.add(inner, child, comments, first)
	}
}

var printedHeader = regexp.MustCompile(`^\s*"Content-Type"[^\n{]*`)
