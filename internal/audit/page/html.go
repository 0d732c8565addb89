package page

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// lineMark is a comment that tells the line of what follows. Comments of a page cannot begin
// so, because plain drops that rune.
const lineMark = "\u2060%d"

// htmlReader cuts HTML into blocks.
type htmlReader struct {
	blocks []block
	line   int // of the text at hand
	open   block
	text   strings.Builder
	code   bool // inside pre
	cell   bool // inside a cell, whose parts are lines
}

// readHTML reads HTML. It marks the line of each text first, because the parser does not keep
// lines.
func readHTML(text string) []block {
	var marked strings.Builder
	line := 1
	for tokens := html.NewTokenizer(strings.NewReader(text)); tokens.Next() != html.ErrorToken; {
		raw := string(tokens.Raw()) // before Token, which changes it
		switch token := tokens.Token(); token.Type {
		case html.CommentToken:
			_, _ = fmt.Sscanf(token.Data, lineMark, &line) // any other comment leaves the line
		case html.TextToken:
			fmt.Fprintf(&marked, "<!--"+lineMark+"-->", line)
		}
		marked.WriteString(raw)
		line += strings.Count(raw, "\n")
	}
	r := &htmlReader{line: 1, open: block{kind: paragraph}}
	root, err := html.Parse(strings.NewReader(marked.String()))
	if err != nil {
		return nil // it nests elements deeper than the parser takes
	}
	r.children(root)
	r.flush()
	return r.blocks
}

// skipped are elements whose text is not part of the page.
var skipped = []atom.Atom{atom.Head, atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Select, atom.Nav, atom.Footer, atom.Button, atom.Iframe}

// decoration is the class of what a viewer adds to code: line numbers and buttons.
var decoration = regexp.MustCompile(`(?i)gutter|line-?num|lineno|copy-?(?:btn|button|code)`)

// breaking are elements that begin and end a paragraph.
var breaking = []atom.Atom{
	atom.P, atom.Div, atom.Section, atom.Article, atom.Header, atom.Main, atom.Aside, atom.Ul, atom.Ol, atom.Li, atom.Dl, atom.Dt, atom.Dd,
	atom.Blockquote, atom.Figure, atom.Form, atom.Hr, atom.Body, atom.Html, atom.Details, atom.Summary, atom.Tr, atom.Td, atom.Th, atom.Caption,
}

// levelOf returns the level of a heading, 0 for any other element.
func levelOf(n *html.Node) int {
	return slices.Index([]atom.Atom{atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6}, n.DataAtom) + 1
}

// attributes returns the attributes of an element by name.
func attributes(n *html.Node) map[string]string {
	list := map[string]string{}
	for _, a := range n.Attr {
		list[a.Key] = a.Val
	}
	return list
}

var unseen = regexp.MustCompile(`display:\s*none`)

func hidden(n *html.Node, attributes map[string]string) bool {
	_, hidden := attributes["hidden"]
	return hidden || slices.Contains(skipped, n.DataAtom) || unseen.MatchString(attributes["style"]) ||
		decoration.MatchString(attributes["class"]) || attributes["aria-hidden"] == "true" && n.DataAtom == atom.A
}

func (r *htmlReader) children(n *html.Node) {
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		r.node(child)
	}
}

func (r *htmlReader) node(n *html.Node) {
	attributes, level := attributes(n), levelOf(n)
	switch breaks := slices.Contains(breaking, n.DataAtom) || level > 0; {
	case n.Type == html.CommentNode:
		_, _ = fmt.Sscanf(n.Data, lineMark, &r.line)
	case n.Type == html.TextNode:
		r.add(n.Data)
	case hidden(n, attributes):
	case n.DataAtom == atom.Br:
		r.text.WriteString("\n")
	case n.DataAtom == atom.Img || n.DataAtom == atom.Svg || n.DataAtom == atom.I && n.FirstChild == nil:
		r.add(cmp.Or(strings.TrimSpace(attributes["alt"]+attributes["title"]), picture))
	case n.DataAtom == atom.Input && attributes["type"] == "checkbox":
		_, checked := attributes["checked"]
		r.add(map[bool]string{true: "yes", false: "no"}[checked])
	case slices.Contains([]atom.Atom{atom.Del, atom.S, atom.Strike}, n.DataAtom):
		r.text.WriteString("~~") // as Markdown has it
		r.children(n)
		r.text.WriteString("~~")
	case n.DataAtom == atom.Table && !r.cell:
		r.flush()
		r.table(n)
	case n.DataAtom == atom.Pre:
		r.part(n, block{kind: code})
	case r.code && (n.DataAtom == atom.Div || n.DataAtom == atom.Li):
		r.children(n)
		r.text.WriteString("\n")
	case level > 0 && !r.code && !r.cell:
		r.part(n, block{kind: heading, level: level})
	case breaks && !r.code:
		r.part(n, block{kind: paragraph})
	default:
		r.children(n)
	}
}

// part reads an element that is a block.
func (r *htmlReader) part(n *html.Node, as block) {
	r.flush()
	r.open, r.code = as, as.kind == code
	r.children(n)
	r.code = false
	r.flush()
}

var spaces = regexp.MustCompile(`[ \t\n\f]+`)

// add adds the text of a node.
func (r *htmlReader) add(text string) {
	if r.text.Len() == 0 || !r.code && strings.TrimSpace(r.text.String()) == "" {
		r.open.line = r.line
		if trimmed := strings.TrimLeft(text, " \t\n\f"); !r.code {
			r.line += strings.Count(text[:len(text)-len(trimmed)], "\n")
			r.open.line, text = r.line, trimmed
		}
	}
	r.line += strings.Count(text, "\n")
	if !r.code {
		text = spaces.ReplaceAllString(text, " ")
	}
	r.text.WriteString(plain(text))
}

// flush ends a heading, a paragraph or code, in a cell a line.
func (r *htmlReader) flush() {
	if r.cell {
		r.text.WriteString("\n")
		return
	}
	b := r.open
	b.text = r.text.String()
	r.text.Reset()
	r.open = block{kind: paragraph}
	if b.kind != code {
		b.text = strings.ReplaceAll(tidy(b.text), picture, "")
	}
	if b.kind == heading {
		b.text = strings.Trim(words(b.text), "#¶ ")
	}
	if strings.TrimSpace(b.text) != "" {
		r.blocks = append(r.blocks, b)
	}
}

// tidy is a text whose lines have single spaces.
func tidy(text string) string {
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		if line = words(line); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}
