package page

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

type kind int

const (
	heading kind = iota
	paragraph
	code
	table
)

// block is a part of a page.
type block struct {
	kind  kind
	line  int
	level int    // of a heading: 1 to 6 by its markup, certain by its words, 0 if it is a guess
	text  string // of all but tables
	rows  []cells
}

// certain is the level of a heading that has no markup but a heading's words.
const certain = 7

// cells is a row of a table; the first row of a table is its header.
type cells struct {
	line  int
	cells []string
}

// picture stands for a picture in a cell that has no text.
const picture = "\uFFFC"

// plain writes odd spaces, such as no-break ones, as plain ones and quotation marks of a word processor
// as straight ones, and drops what has no width.
func plain(s string) string {
	return straight.Replace(strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Zs, r):
			return ' '
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, s))
}

var straight = strings.NewReplacer("\u2212", "-", "“", `"`, "”", `"`, "‘", "'", "’", "'")

// Fold is plain, with full-width letters, digits and punctuation as ASCII.
func Fold(s string) string { return width.Fold.String(plain(s)) }

// words is s with single spaces.
func words(s string) string { return strings.Join(strings.Fields(s), " ") }

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
