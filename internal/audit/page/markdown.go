package page

import (
	"regexp"
	"sort"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// markdownReader cuts Markdown into blocks. The parser is github.com/yuin/goldmark:
// it follows CommonMark, supports GitHub's tables, is maintained, and has no dependencies.
type markdownReader struct {
	source []byte
	starts []int // offsets of the lines
	blocks []block
}

func readMarkdown(source string) []block {
	source = nesting.ReplaceAllString(source, "$1")
	r := &markdownReader{source: []byte(source)}
	for i := range len(source) {
		if i == 0 || source[i-1] == '\n' {
			r.starts = append(r.starts, i)
		}
	}
	parser := goldmark.New(goldmark.WithExtensions(extension.Table)).Parser()
	r.children(parser.Parse(text.NewReader(r.source)))
	return r.blocks
}

// nesting matches a line that nests quotations or lists deeper than any page does. The
// parser needs quadratic time for such a line.
var nesting = regexp.MustCompile(`(?m)^([>*+\t -]{200})[>*+\t -]+`)

// line returns the line of an offset.
func (r *markdownReader) line(offset int) int {
	return sort.Search(len(r.starts), func(i int) bool { return r.starts[i] > offset })
}

func (r *markdownReader) children(parent ast.Node) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		r.node(n)
	}
}

func (r *markdownReader) node(n ast.Node) {
	switch n := n.(type) {
	case *ast.Heading:
		r.add(block{kind: heading, level: n.Level, line: r.lineOf(n), text: words(r.inline(n))})
	case *ast.FencedCodeBlock:
		r.code(n)
	case *ast.CodeBlock:
		r.code(n)
	case *ast.HTMLBlock:
		r.blocks = append(r.blocks, readHTML(r.raw(n), r.lineOf(n))...)
	case *ast.Paragraph, *ast.TextBlock:
		r.add(codeIn(block{kind: paragraph, line: r.lineOf(n), text: r.inline(n)}))
	case *extast.Table:
		r.table(n)
	default:
		r.children(n)
	}
}

func (r *markdownReader) add(b block) { r.blocks = append(r.blocks, b) }

func (r *markdownReader) code(n ast.Node) {
	if n.Lines().Len() > 0 {
		r.add(codeIn(block{kind: code, line: r.lineOf(n), text: r.raw(n)}))
	}
}

func (r *markdownReader) table(n *extast.Table) {
	b := block{kind: table}
	line := 0
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		c := cells{}
		for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
			if at := r.lineOf(cell); at > 0 {
				line = at
			}
			c.cells = append(c.cells, strings.TrimSpace(r.inline(cell)))
		}
		c.line = line
		b.rows = append(b.rows, c)
	}
	if len(b.rows) > 0 {
		b.line = b.rows[0].line
		r.add(b)
	}
}

// lineOf returns the first line of a block, or 0 without one.
func (r *markdownReader) lineOf(n ast.Node) int {
	if n.Type() != ast.TypeInline && n.Lines().Len() > 0 {
		return r.line(n.Lines().At(0).Start)
	}
	for child := n.FirstChild(); child != nil; child = child.NextSibling() {
		if t, ok := child.(*ast.Text); ok {
			return r.line(t.Segment.Start)
		}
		if line := r.lineOf(child); line > 0 {
			return line
		}
	}
	return 0
}

func (r *markdownReader) raw(n ast.Node) string {
	var b strings.Builder
	for i := range n.Lines().Len() {
		segment := n.Lines().At(i)
		b.Write(segment.Value(r.source))
	}
	return b.String()
}

// inline returns the text of a node without its markup.
func (r *markdownReader) inline(n ast.Node) string {
	var b strings.Builder
	for child := n.FirstChild(); child != nil; child = child.NextSibling() {
		switch child := child.(type) {
		case *ast.Text:
			b.Write(util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(child.Segment.Value(r.source)))))
			if child.SoftLineBreak() || child.HardLineBreak() {
				b.WriteByte('\n')
			}
		case *ast.CodeSpan:
			for t := child.FirstChild(); t != nil; t = t.NextSibling() {
				if t, ok := t.(*ast.Text); ok {
					b.Write(t.Segment.Value(r.source))
				}
			}
		case *ast.String:
			b.Write(child.Value)
		case *ast.AutoLink:
			b.Write(child.URL(r.source))
		case *ast.RawHTML:
			if tag := strings.ToLower(string(child.Segments.Value(r.source))); strings.HasPrefix(tag, "<br") || strings.HasPrefix(tag, "</p") || strings.HasPrefix(tag, "</li") {
				b.WriteByte('\n')
			}
		default:
			b.WriteString(r.inline(child))
		}
	}
	return b.String()
}
