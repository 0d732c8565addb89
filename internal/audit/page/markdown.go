package page

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
)

var (
	// nesting matches a line that nests quotations or lists deeper than any page does. The
	// parser needs quadratic time for such a line.
	nesting = regexp.MustCompile(`(?m)^([>*+\t -]{200})[>*+\t -]+`)
	// underline is a dash or two that somebody left below a line. CommonMark makes a
	// heading of that line.
	underline = regexp.MustCompile(`(?m)^( {0,3})(-{1,2}|=)[ \t]*$`)
)

// markdown writes Markdown as HTML with a mark of the line before each block. The parser is
// github.com/yuin/goldmark: it follows CommonMark, supports GitHub's tables, is
// maintained, and has no dependencies. Paragraphs that hold code without a fence become
// code: markup in code is none. A line of code below a table, which CommonMark takes for a
// row, leaves the table, as the HTML parser moves what is not in a cell.
func markdown(page string) string {
	source := []byte(underline.ReplaceAllString(nesting.ReplaceAllString(page, "$1"), ""))
	writer := goldmark.New(goldmark.WithExtensions(extension.Table), goldmark.WithParserOptions(parser.WithAttribute()), goldmark.WithRendererOptions(html.WithUnsafe(), html.WithHardWraps()))
	root := writer.Parser().Parse(text.NewReader(source))
	startsCode := func(line string) bool { _, starts := codeStart(line, false); return starts }
	line, counted := 1, 0
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // the walker never fails
		if entering && n.Type() == ast.TypeBlock && n.Lines().Len() > 0 {
			start := max(counted, n.Lines().At(0).Start)
			line += bytes.Count(source[counted:start], []byte("\n"))
			counted = start
			mark := ast.NewString(fmt.Appendf(nil, "<!--"+lineMark+"-->", line))
			mark.SetCode(true) // it is written as it is
			n.Parent().InsertBefore(n.Parent(), n, mark)
			if n.HasChildren() && slices.ContainsFunc(strings.Split(string(n.Lines().Value(source)), "\n"), startsCode) {
				code := ast.NewCodeBlock()
				code.SetLines(n.Lines())
				n.Parent().InsertBefore(n.Parent(), n, code)
				n.RemoveChildren(n)
			}
		}
		return ast.WalkContinue, nil
	})
	var b bytes.Buffer
	_ = writer.Renderer().Render(&b, source, root) // a buffer never fails
	return b.String()
}
