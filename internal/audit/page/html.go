package page

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// lineAttribute holds the line of a tag, because the parser does not keep it.
const lineAttribute = "data-line"

// withLines adds the line of each tag to it. The text begins in the line given.
func withLines(text string, line int) string {
	var b strings.Builder
	inCode := false
	for tokens := html.NewTokenizer(strings.NewReader(text)); tokens.Next() != html.ErrorToken; {
		raw := string(tokens.Raw())
		if token := tokens.Token(); token.Type == html.StartTagToken || token.Type == html.SelfClosingTagToken {
			end := 1 + strings.IndexFunc(raw[1:]+">", func(r rune) bool { return strings.ContainsRune(" \t\n\f/>", r) })
			b.WriteString(raw[:end] + " " + lineAttribute + `="` + strconv.Itoa(line) + `"` + raw[end:])
			inCode = token.DataAtom == atom.Pre
		} else {
			if inCode && strings.HasPrefix(raw, "\n") {
				b.WriteString("\n") // the parser drops the first
			}
			inCode = false
			b.WriteString(raw)
		}
		line += strings.Count(raw, "\n")
	}
	return b.String()
}

// htmlReader cuts HTML into blocks.
type htmlReader struct {
	blocks []block
	line   int // of the node at hand
	open   block
	text   strings.Builder
	code   bool // inside pre
	cell   bool // inside a cell, whose parts are lines
}

// readHTML reads HTML whose tags have their lines.
func readHTML(text string) []block {
	r := &htmlReader{line: 1, open: block{kind: paragraph}}
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return nil // the reader of a string does not fail, and the parser takes any text
	}
	r.children(root)
	r.flush()
	return r.blocks
}

// skipped are elements whose text is not part of the page.
var skipped = []atom.Atom{atom.Head, atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Select, atom.Nav, atom.Footer, atom.Button, atom.Iframe}

// decoration is the class of what a viewer adds to code: line numbers and buttons.
var decoration = regexp.MustCompile(`(?i)gutter|line-?num|lineno|copy-?(?:btn|button|code)`)

// breaks are elements that begin and end a paragraph.
var breaks = []atom.Atom{
	atom.P, atom.Div, atom.Section, atom.Article, atom.Header, atom.Main, atom.Aside, atom.Ul, atom.Ol, atom.Li, atom.Dl, atom.Dt, atom.Dd,
	atom.Blockquote, atom.Figure, atom.Form, atom.Hr, atom.Body, atom.Html, atom.Details, atom.Summary, atom.Tr, atom.Td, atom.Th, atom.Caption,
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func hidden(n *html.Node) bool {
	return slices.Contains(skipped, n.DataAtom) || decoration.MatchString(attribute(n, "class")) || attribute(n, "aria-hidden") == "true" && n.DataAtom == atom.A ||
		slices.ContainsFunc(n.Attr, func(a html.Attribute) bool {
			return a.Key == "hidden" || a.Key == "style" && strings.Contains(strings.ReplaceAll(a.Val, " ", ""), "display:none")
		})
}

func (r *htmlReader) children(n *html.Node) {
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		r.node(child)
	}
}

func (r *htmlReader) at(n *html.Node) {
	if line, err := strconv.Atoi(attribute(n, lineAttribute)); err == nil {
		r.line = line
	}
}

func (r *htmlReader) node(n *html.Node) {
	if n.Type == html.TextNode {
		r.add(n.Data)
		return
	}
	if n.Type != html.ElementNode {
		r.children(n)
		return
	}
	if hidden(n) {
		return
	}
	r.at(n)
	level := slices.Index([]atom.Atom{atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6}, n.DataAtom) + 1
	switch {
	case n.DataAtom == atom.Br:
		r.text.WriteString("\n")
	case n.DataAtom == atom.Img || n.DataAtom == atom.Svg || n.DataAtom == atom.I && n.FirstChild == nil:
		r.picture(n)
	case n.DataAtom == atom.Input:
		r.checkbox(n)
	case n.DataAtom == atom.Table && !r.cell:
		r.flush()
		r.table(n)
	case level > 0 && !r.code && !r.cell:
		r.flush()
		r.open = block{kind: heading, level: level, marked: true}
		r.children(n)
		r.flush()
	case n.DataAtom == atom.Pre:
		r.flush()
		r.open.kind, r.code = code, true
		r.children(n)
		r.code = false
		r.flush()
	case r.code && (n.DataAtom == atom.Div || n.DataAtom == atom.Li):
		r.children(n)
		r.text.WriteString("\n")
	case slices.Contains(breaks, n.DataAtom) && !r.code || level > 0:
		r.flush()
		r.children(n)
		r.flush()
	default:
		r.children(n)
	}
}

func (r *htmlReader) picture(n *html.Node) {
	text := attribute(n, "alt") + attribute(n, "title")
	if strings.TrimSpace(text) == "" {
		text = picture
	}
	r.add(text)
}

func (r *htmlReader) checkbox(n *html.Node) {
	if attribute(n, "type") == "checkbox" {
		checked := slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "checked" })
		r.add(map[bool]string{true: "yes", false: "no"}[checked])
	}
}

var spaces = regexp.MustCompile(`[ \t\n\f]+`)

// add adds the text of a node.
func (r *htmlReader) add(text string) {
	if r.text.Len() == 0 {
		r.open.line = r.line
		if trimmed := strings.TrimLeft(text, " \t\n\f"); !r.code && !r.cell {
			r.open.line += strings.Count(text[:len(text)-len(trimmed)], "\n")
			text = trimmed
			r.line = r.open.line
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
