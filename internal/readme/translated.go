package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// editions are the pages that exist in English (.md) and in Chinese (.zh-CN.md).
var editions = []string{"README", "docs/README", "docs/scaling", "spec/dist/README"}

// translatedFile has a line for each unit of the editions: the checksums of its English and its Chinese text when somebody
// last made them say the same. A unit is a heading, a paragraph, an item of a list, an image or a row of a table.
const translatedFile = "internal/readme/translated.txt"

// updateTranslated returns the lines of today. A unit that has changed in one language alone is an error: its text in the
// other one is recorded with another translation.
func updateTranslated(old []byte, dir string) ([]byte, error) {
	pairs, known := map[string]bool{}, [2]map[string]bool{{}, {}}
	for pair := range strings.Lines(string(old)) {
		english, chinese, _ := strings.Cut(strings.TrimSpace(pair), " ")
		pairs[pair], known[0][english], known[1][chinese] = true, true, true
	}
	var b strings.Builder
	for _, name := range editions {
		pages := [2]string{name + ".md", name + ".zh-CN.md"}
		var texts [2][]part
		for i, page := range pages {
			content, err := os.ReadFile(filepath.Join(dir, page))
			if err != nil {
				return nil, err
			}
			texts[i] = units(string(content))
		}
		if len(texts[0]) != len(texts[1]) {
			return nil, fmt.Errorf("%s has %d headings, paragraphs, items and rows, but %s has %d", pages[1], len(texts[1]), pages[0], len(texts[0]))
		}
		for n, english := range texts[0] {
			var sums, places [2]string
			for i := range pages {
				sums[i] = checksum(texts[i][n].text)
				places[i] = fmt.Sprintf("%s:%d", pages[i], texts[i][n].line)
			}
			pair := sums[0] + " " + sums[1] + "\n"
			b.WriteString(pair)
			var difference string
			switch inEnglish, inChinese := known[0][sums[0]], known[1][sums[1]]; {
			case pairs[pair], !inEnglish && !inChinese:
				continue
			case inEnglish && inChinese:
				difference = fmt.Sprintf("%s and %s are recorded with other translations", places[0], places[1])
			case inEnglish:
				difference = fmt.Sprintf("%s has changed, but not %s", places[1], places[0])
			default:
				difference = fmt.Sprintf("%s has changed, but not %s", places[0], places[1])
			}
			return nil, fmt.Errorf("%s: translate the change, and run make record; if it needs no translation, run: go run ./internal/readme -same (%.60q)", difference, english.text)
		}
	}
	return []byte(b.String()), nil
}

// units returns the parts of a page with the cells of a row as one, without blocks of code, which are copied.
func units(text string) []part {
	var found []part
	for _, p := range split(text) {
		last := len(found) - 1
		switch {
		case p.kind == "block of code":
		case strings.HasPrefix(p.kind, "cell") && last >= 0 && found[last].line == p.line:
			found[last].text += "|" + p.text
		default:
			found = append(found, p)
		}
	}
	return found
}

// A part is a heading, a paragraph, an item of a list, a cell of a table, an image, or a block of code.
type part struct {
	line       int
	kind, text string
}

// split returns the parts of a Markdown page.
func split(text string) []part {
	var parts []part
	fence, open := false, false // in a block of code; in a paragraph or an item
	add := func(line int, kind, text string) { parts = append(parts, part{line, kind, text}) }
	for i, line := range strings.Split(text, "\n") {
		item := itemMark.FindString(line)
		switch {
		case strings.HasPrefix(line, "```"):
			if fence = !fence; fence {
				add(i+1, "block of code", "")
			}
			parts[len(parts)-1].text += line + "\n"
			open = false
		case fence:
			parts[len(parts)-1].text += comment.ReplaceAllString(line, "$1$2") + "\n"
		case line == "", strings.HasPrefix(line, "<!--"):
			open = false
		case strings.HasPrefix(line, "#"):
			add(i+1, "heading "+line[:strings.IndexByte(line, ' ')], line)
			open = false
		case strings.HasPrefix(line, "|"):
			cells := tableCell.FindAllString(line, -1)
			for j, cell := range cells {
				add(i+1, fmt.Sprintf("cell %d of %d", j+1, len(cells)), cell)
			}
			open = false
		case strings.HasPrefix(line, "!["):
			add(i+1, "image", line)
			open = false
		case item != "":
			add(i+1, "item "+strings.TrimSpace(item), strings.TrimPrefix(line, item))
			open = true
		case open:
			parts[len(parts)-1].text += "\n" + line
		default:
			add(i+1, "paragraph", line)
			open = true
		}
	}
	return parts
}

var (
	itemMark  = regexp.MustCompile(`^ *(-|\d+\.) `)
	tableCell = regexp.MustCompile(`(?:[^|\\]|\\.)+`)
)

// checksum returns eight digits for the words of a text, however its lines are broken.
func checksum(text string) string {
	sum := sha256.Sum256([]byte(strings.Join(strings.Fields(text), " ")))
	return hex.EncodeToString(sum[:4])
}
