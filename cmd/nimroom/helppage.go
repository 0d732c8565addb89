package main

import (
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"github.com/nimroom/nimroom/internal/described"
)

// helpPage prints help, as wide as the terminal is.
type helpPage struct {
	streams
	w io.Writer
}

const (
	usualWidth  = 80  // where the width is unknown
	widest      = 120 // longer lines are hard to read
	termIndent  = 2
	textIndent  = 6 // of what explains a term
	usageIndent = 4
)

func (p *helpPage) columns() int {
	if p.width <= 0 {
		return usualWidth
	}
	return min(p.width, widest)
}

// paragraphs prints a text behind an indent: paragraphs with empty lines between them, in which lines that begin
// with four blanks stay as they are.
func (p *helpPage) paragraphs(indent int, text string) {
	for i, paragraph := range strings.Split(strings.TrimSpace(text), "\n\n") {
		if i > 0 {
			p.line("")
		}
		if strings.HasPrefix(paragraph, "    ") {
			p.line(paragraph)
			continue
		}
		p.wrapped(strings.Repeat(" ", indent), indent, joined(paragraph))
	}
}

// wrapped prints a text behind its beginning, and its further lines behind an indent.
func (p *helpPage) wrapped(beginning string, indent int, text string) {
	for i, line := range wrap(text, p.columns()-uniseg.StringWidth(beginning), p.columns()-indent) {
		if i > 0 {
			beginning = strings.Repeat(" ", indent)
		}
		p.line(beginning + line)
	}
}

func (p *helpPage) line(text string) { fmt.Fprintln(p.w, strings.TrimRight(text, " ")) }

// usageLine prints the command line in short, and an empty line.
func (p *helpPage) usageLine(beginning, text string) {
	p.wrapped(beginning, usageIndent, text)
	p.line("")
}

// section prints terms under a heading, if there are any.
func (p *helpPage) section(heading string, list [][2]string) {
	if len(list) > 0 {
		p.heading(heading)
		p.terms(list)
	}
}

// heading prints a heading with an empty line before it.
func (p *helpPage) heading(text string) { p.line("\n" + text) }

// terms prints terms with what they mean: beside them, or below them if they are long.
func (p *helpPage) terms(list [][2]string) {
	width := 0
	for _, term := range list {
		width = max(width, uniseg.StringWidth(term[0]))
	}
	for _, term := range list {
		if width > p.columns()*2/5 {
			p.term(term[0])
			p.paragraphs(textIndent, term[1])
			continue
		}
		before := strings.Repeat(" ", termIndent) + term[0] + strings.Repeat(" ", width-uniseg.StringWidth(term[0])+2)
		p.wrapped(before, termIndent+width+2, joined(term[1]))
	}
}

// term prints a term that its meaning follows.
func (p *helpPage) term(text string) { p.wrapped(strings.Repeat(" ", termIndent), textIndent, text) }

// command prints a command line, which a POSIX shell takes as it stands.
func (p *helpPage) command(words []string) {
	line, used := strings.Repeat(" ", termIndent), termIndent
	for i, word := range words {
		word = described.Quote(word)
		width := uniseg.StringWidth(word)
		if i > 0 && used+1+width+2 > p.columns() {
			p.line(line + ` \`)
			line, used = strings.Repeat(" ", textIndent), textIndent
		} else if i > 0 {
			line, used = line+" ", used+1
		}
		line, used = line+word, used+width
	}
	p.line(line)
}

// joined returns the lines of a paragraph as one. Chinese has no blank between them.
func joined(text string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		if b.Len() > 0 && line != "" && !breaksAround(b.String(), line) {
			b.WriteByte(' ')
		}
		b.WriteString(line)
	}
	return b.String()
}

// breaksAround reports whether a Chinese character stands before or after a place, so that a line may end there
// without a blank.
func breaksAround(before, after string) bool {
	last, _ := utf8.DecodeLastRuneInString(before)
	first, _ := utf8.DecodeRuneInString(after)
	return uniseg.StringWidth(string(last)) == 2 || uniseg.StringWidth(string(first)) == 2
}

// wrap cuts a text into lines of a width: the first one of its own. Lines end at blanks, at Chinese characters and
// behind the |, but not where Chinese punctuation would begin a line.
func wrap(text string, first, further int) (lines []string) {
	var line strings.Builder
	width, used := first, 0
	for i, word := range breakable(text) {
		if bare := uniseg.StringWidth(strings.TrimRight(word, " ")); used+bare > width && (used > 0 || i == 0 && further > first) {
			lines = append(lines, strings.TrimRight(line.String(), " "))
			line.Reset()
			width, used = further, 0
		}
		line.WriteString(word)
		used += uniseg.StringWidth(word)
	}
	return append(lines, strings.TrimRight(line.String(), " "))
}

// beforeFlag finds Chinese punctuation before a flag, where a line may end although a hyphen follows.
var beforeFlag = regexp.MustCompile(`([、，。；：）])-`)

// breakable returns the parts of a text between which a line may end.
func breakable(text string) (parts []string) {
	state, joins := -1, false
	for text = beforeFlag.ReplaceAllString(text, "$1\u200b-"); text != ""; {
		var part string
		part, text, _, state = uniseg.FirstLineSegmentInString(text, state)
		if n := len(parts); joins && !breaksAround(parts[n-1], part) {
			parts[n-1] += part
		} else {
			parts = append(parts, part)
		}
		joins = !strings.HasSuffix(part, " ") && !strings.HasSuffix(part, "|") && !strings.HasSuffix(part, "\u200b")
	}
	for i := range parts {
		parts[i] = strings.ReplaceAll(parts[i], "\u200b", "")
	}
	return parts
}
