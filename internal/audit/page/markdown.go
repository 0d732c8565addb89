package page

import (
	"bytes"
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
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

// markdown writes Markdown as HTML whose texts have their lines. The parser is
// github.com/yuin/goldmark: it follows CommonMark, supports GitHub's tables, is
// maintained, and has no dependencies. Code, and paragraphs that hold code without a fence,
// become pre: markup in code is none.
func markdown(page string) string {
	source := []byte(underline.ReplaceAllString(nesting.ReplaceAllString(page, "$1"), ""))
	line, counted := 1, 0
	lineOf := func(offset int) int {
		line += bytes.Count(source[counted:max(counted, offset)], []byte("\n"))
		counted = max(counted, offset)
		return line
	}
	writer := goldmark.New(goldmark.WithExtensions(extension.Table), goldmark.WithParserOptions(parser.WithAttribute()), goldmark.WithRendererOptions(html.WithUnsafe(), html.WithHardWraps()))
	root := writer.Parser().Parse(text.NewReader(source))
	written := map[ast.Node]string{}                                             // in place of blocks, and before inline nodes
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // the walker never fails
		if t, ok := n.(*ast.Text); ok && entering {
			if n.Parent().Kind() == ast.KindCodeSpan {
				n = n.Parent() // it holds nothing but text
			}
			written[n] = cmp.Or(written[n], lineMark(lineOf(t.Segment.Start)))
			return ast.WalkContinue, nil
		}
		if !entering || n.Type() != ast.TypeBlock || n.Lines().Len() == 0 {
			return ast.WalkContinue, nil
		}
		at, raw := lineOf(n.Lines().At(0).Start), string(n.Lines().Value(source))
		switch block, markup := n.(*ast.HTMLBlock); {
		case markup && block.HasClosure():
			written[n] = withLines(raw+string(block.ClosureLine.Value(source)), at)
		case markup:
			written[n] = withLines(raw, at)
		case n.Kind() == ast.KindFencedCodeBlock || n.Kind() == ast.KindCodeBlock || slices.ContainsFunc(strings.Split(raw, "\n"), startsCode):
			written[n] = withLines("<pre>"+string(util.EscapeHTML([]byte(raw)))+"</pre>\n", at)
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
	for n, text := range written {
		raw := ast.NewString([]byte(text))
		raw.SetCode(true) // it is written as it is
		if n.Parent().InsertBefore(n.Parent(), n, raw); n.Type() == ast.TypeBlock {
			n.Parent().RemoveChild(n.Parent(), n)
		}
	}
	var b bytes.Buffer
	_ = writer.Renderer().Render(&b, source, root) // a buffer never fails
	return b.String()
}

func startsCode(line string) bool {
	_, ok := codeStart(line, false)
	return ok
}
