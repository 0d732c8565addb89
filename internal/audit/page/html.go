package page

import (
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

// htmlReader cuts HTML, or one cell or table of it, into blocks.
type htmlReader struct {
	blocks  []block
	line    int   // of the text at hand
	open    block // what texts are added to
	text    strings.Builder
	all     strings.Builder // the text of all blocks, line by line
	picture string          // stands for the text if there is nothing but pictures
	rows    []cells         // of a table
	row     cells
	above   map[int]hanging // cells that reach into later rows, by column
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
	root, err := html.Parse(strings.NewReader(marked.String()))
	if err != nil {
		return nil // it nests elements deeper than the parser takes
	}
	return readNode(root, 1).blocks
}

// readNode reads what is inside a node. It begins in the line given.
func readNode(n *html.Node, line int) *htmlReader {
	r := &htmlReader{line: line, above: map[int]hanging{}}
	r.part(n, paragraph, 0)
	return r
}

var (
	// skipped are elements whose text is not part of the page.
	skipped = []atom.Atom{atom.Head, atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Select, atom.Nav, atom.Footer, atom.Button, atom.Iframe}
	// decoration is the class of what a viewer adds to code: line numbers and buttons.
	decoration = regexp.MustCompile(`(?i)gutter|line-?num|lineno|copy-?(?:btn|button|code)`)
	unseen     = regexp.MustCompile(`display:\s*none`)
)

func hidden(n *html.Node) bool {
	attributes := attributes(n)
	_, hidden := attributes["hidden"]
	return hidden || slices.Contains(skipped, n.DataAtom) || unseen.MatchString(attributes["style"]) ||
		decoration.MatchString(attributes["class"]) || attributes["aria-hidden"] == "true" && n.DataAtom == atom.A
}

// attributes returns the attributes of an element by name.
func attributes(n *html.Node) map[string]string {
	list := map[string]string{}
	for _, a := range n.Attr {
		list[a.Key] = a.Val
	}
	return list
}

// inside reads what is inside an element.
func (r *htmlReader) inside(n *html.Node) {
	for child := range n.ChildNodes() {
		switch {
		case child.Type == html.CommentNode:
			_, _ = fmt.Sscanf(child.Data, lineMark, &r.line)
		case child.Type == html.TextNode:
			r.add(child.Data)
		case !hidden(child):
			r.element(child)
		}
	}
}

func (r *htmlReader) element(n *html.Node) {
	attributes := attributes(n)
	switch n.DataAtom {
	case atom.Br:
		r.text.WriteString("\n")
	case atom.I:
		if n.FirstChild != nil {
			r.inside(n)
			break
		}
		fallthrough // it is an icon
	case atom.Img, atom.Svg:
		r.add(strings.TrimSpace(attributes["alt"] + attributes["title"]))
		r.picture = picture
	case atom.Input:
		if _, checked := attributes["checked"]; attributes["type"] == "checkbox" {
			r.add(map[bool]string{true: "yes", false: "no"}[checked])
		}
	case atom.Del, atom.S, atom.Strike:
		r.text.WriteString("~~") // as Markdown has it
		r.inside(n)
		r.text.WriteString("~~")
	case atom.Table:
		r.flush()
		r.table(n)
	case atom.Tr:
		r.tableRow(n)
	case atom.Td, atom.Th:
		r.tableCell(n)
	case atom.Pre:
		r.part(n, code, 0)
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		r.part(n, heading, int(n.Data[1]-'0'))
	case atom.P, atom.Div, atom.Section, atom.Article, atom.Header, atom.Main, atom.Aside, atom.Ul, atom.Ol, atom.Li, atom.Dl, atom.Dt, atom.Dd,
		atom.Blockquote, atom.Figure, atom.Form, atom.Hr, atom.Body, atom.Html, atom.Details, atom.Summary, atom.Caption:
		r.part(n, paragraph, 0)
	default:
		r.inside(n)
	}
}

// part reads an element that is a block, or that is inside code, perhaps as a line of it.
func (r *htmlReader) part(n *html.Node, as kind, level int) {
	if r.open.kind == code && as != code {
		r.inside(n)
		if n.DataAtom == atom.Div || n.DataAtom == atom.Li {
			r.text.WriteString("\n")
		}
		return
	}
	r.flush()
	r.open.kind, r.open.level = as, level
	r.inside(n)
	r.flush()
}

// add adds a text. A block begins in the line of its first word.
func (r *htmlReader) add(text string) {
	r.line += strings.Count(text, "\n")
	if r.open.line == 0 {
		if text = blankLines.ReplaceAllString(text, ""); strings.TrimSpace(text) != "" {
			r.open.line = r.line - strings.Count(text, "\n")
		}
	}
	if r.open.kind != code {
		text = strings.ReplaceAll(text, "\n", " ")
	}
	r.text.WriteString(plain(text))
}

var blankLines = regexp.MustCompile(`^(?:[ \t\f]*\n)+`)

// flush ends a block and begins a paragraph.
func (r *htmlReader) flush() {
	b := r.open
	b.text = r.text.String()
	r.all.WriteString(b.text + "\n")
	r.text.Reset()
	r.open = block{kind: paragraph}
	switch b.kind {
	case heading:
		b.text = strings.Trim(words(b.text), "#¶ ")
	case paragraph:
		b.text = tidy(b.text)
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
