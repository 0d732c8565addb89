package page

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

var (
	// nesting matches a line that nests quotations or lists deeper than any page does. The
	// parser needs quadratic time for such a line.
	nesting = regexp.MustCompile(`(?m)^([>*+\t -]{200})[>*+\t -]+`)
	// underline is a dash or two that somebody left below a line. CommonMark makes a
	// heading of that line.
	underline = regexp.MustCompile(`(?m)^( {0,3})(-{1,2}|=)[ \t]*$`)
)

// markdown writes Markdown as HTML whose tags have their lines. The parser is
// github.com/yuin/goldmark: it follows CommonMark, supports GitHub's tables, is
// maintained, and has no dependencies. Code, and paragraphs that hold code without a fence,
// become pre: markup in code is none.
func markdown(source string) string {
	source = underline.ReplaceAllString(nesting.ReplaceAllString(source, "$1"), "")
	m := markdownText{source: []byte(source)}
	for i := range len(source) {
		if source[i] == '\n' {
			m.breaks = append(m.breaks, i)
		}
	}
	writer := goldmark.New(goldmark.WithExtensions(extension.Table), goldmark.WithRendererOptions(html.WithUnsafe(), html.WithHardWraps()))
	root := writer.Parser().Parse(text.NewReader(m.source))
	written := map[ast.Node]string{}
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // the walker never fails
		if !entering || n.Type() != ast.TypeBlock {
			return ast.WalkContinue, nil
		}
		line, raw := m.line(n), string(n.Lines().Value(m.source))
		switch block, markup := n.(*ast.HTMLBlock); {
		case markup && block.HasClosure():
			written[n] = withLines(raw+string(block.ClosureLine.Value(m.source)), line)
		case markup:
			written[n] = withLines(raw, line)
		case n.Kind() == ast.KindFencedCodeBlock || n.Kind() == ast.KindCodeBlock || slices.ContainsFunc(strings.Split(raw, "\n"), startsCode):
			written[n] = fmt.Sprintf("<pre %s=\"%d\">\n%s</pre>\n", lineAttribute, line, util.EscapeHTML([]byte(raw)))
		case line > 0:
			n.SetAttributeString(lineAttribute, strconv.Itoa(line))
		}
		return ast.WalkContinue, nil
	})
	for n, text := range written {
		raw := ast.NewString([]byte(text))
		raw.SetCode(true) // it is written as it is
		n.Parent().ReplaceChild(n.Parent(), n, raw)
	}
	var b bytes.Buffer
	_ = writer.Renderer().Render(&b, m.source, root) // a buffer never fails
	return b.String()
}

// markdownText is the text of a page.
type markdownText struct {
	source []byte
	breaks []int // offsets of the ends of lines
}

func startsCode(line string) bool {
	_, ok := codeStart(line, false)
	return ok
}

// line returns the first line of a node, or 0 without one.
func (m markdownText) line(n ast.Node) int {
	if t, ok := n.(*ast.Text); ok {
		return 1 + sort.SearchInts(m.breaks, t.Segment.Start)
	}
	if n.Type() != ast.TypeInline && n.Lines().Len() > 0 {
		return 1 + sort.SearchInts(m.breaks, n.Lines().At(0).Start)
	}
	for child := n.FirstChild(); child != nil; child = child.NextSibling() {
		if line := m.line(child); line > 0 {
			return line
		}
	}
	return 0
}
