package page

import (
	"bytes"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer"
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
// maintained, and has no dependencies.
func markdown(source string) string {
	source = underline.ReplaceAllString(nesting.ReplaceAllString(source, "$1"), "")
	m := &markdownWriter{source: []byte(source)}
	for i := range len(source) {
		if i == 0 || source[i-1] == '\n' {
			m.starts = append(m.starts, i)
		}
	}
	writer := goldmark.New(
		goldmark.WithExtensions(extension.Table),
		goldmark.WithRendererOptions(html.WithUnsafe(), html.WithHardWraps(), renderer.WithNodeRenderers(util.Prioritized(m, 1))))
	root := writer.Parser().Parse(text.NewReader(m.source))
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // the walker never fails
		if line := m.line(n); entering && n.Type() == ast.TypeBlock && line > 0 {
			n.SetAttributeString(lineAttribute, strconv.Itoa(line))
		}
		return ast.WalkContinue, nil
	})
	var b bytes.Buffer
	_ = writer.Renderer().Render(&b, m.source, root) // a buffer never fails
	return b.String()
}

// markdownWriter writes code, and paragraphs that hold code without a fence, as pre:
// markup in code is none.
type markdownWriter struct {
	source []byte
	starts []int // offsets of the lines
}

// RegisterFuncs implements renderer.NodeRenderer.
func (m *markdownWriter) RegisterFuncs(register renderer.NodeRendererFuncRegisterer) {
	for _, kind := range []ast.NodeKind{ast.KindFencedCodeBlock, ast.KindCodeBlock, ast.KindParagraph, ast.KindTextBlock} {
		register.Register(kind, m.write)
	}
	register.Register(ast.KindHTMLBlock, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		block := n.(*ast.HTMLBlock) // nodes of a kind have its type
		raw := string(block.Lines().Value(m.source))
		if block.HasClosure() {
			raw += string(block.ClosureLine.Value(m.source))
		}
		_, err := w.WriteString(withLines(raw, m.line(n)))
		return ast.WalkContinue, err
	})
}

func (m *markdownWriter) write(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	raw := string(n.Lines().Value(m.source))
	tag := "p"
	if n.Kind() == ast.KindFencedCodeBlock || n.Kind() == ast.KindCodeBlock || holdsCode(raw) {
		tag = "pre"
	}
	var err error
	if entering {
		_, err = w.WriteString("<" + tag + " " + lineAttribute + `="` + strconv.Itoa(m.line(n)) + `">`)
	}
	if tag == "pre" && entering && err == nil {
		_, err = w.Write(util.EscapeHTML([]byte("\n" + raw)))
	}
	if entering == (tag == "pre") && err == nil {
		_, err = w.WriteString("</" + tag + ">\n")
	}
	if tag == "pre" {
		return ast.WalkSkipChildren, err
	}
	return ast.WalkContinue, err
}

// holdsCode reports whether a line of a text begins code.
func holdsCode(text string) bool {
	for line := range strings.SplitSeq(text, "\n") {
		if _, ok := codeStart(line, false); ok {
			return true
		}
	}
	return false
}

// line returns the first line of a node, or 0 without one.
func (m *markdownWriter) line(n ast.Node) int {
	at := func(offset int) int {
		return sort.Search(len(m.starts), func(i int) bool { return m.starts[i] > offset })
	}
	if t, ok := n.(*ast.Text); ok {
		return at(t.Segment.Start)
	}
	if n.Type() != ast.TypeInline && n.Lines().Len() > 0 {
		return at(n.Lines().At(0).Start)
	}
	for child := n.FirstChild(); child != nil; child = child.NextSibling() {
		if line := m.line(child); line > 0 {
			return line
		}
	}
	return 0
}
