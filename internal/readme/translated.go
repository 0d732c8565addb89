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

// translatedFile has a line for each section of the editions: its English heading, and the checksums of the English and
// the Chinese text when somebody last made them say the same.
const translatedFile = "internal/readme/translated.txt"

var headingLine = regexp.MustCompile(`(?m)^#+ (.*)$`)

// updateTranslated returns the lines of today. A section that has changed in one language alone is an error.
func updateTranslated(old []byte, dir string) ([]byte, error) {
	before := map[string][2]string{}
	for line := range strings.Lines(string(old)) {
		if f := strings.SplitN(strings.TrimSpace(line), " ", 3); len(f) == 3 {
			before[f[2]] = [2]string{f[0], f[1]}
		}
	}
	var b strings.Builder
	for _, name := range editions {
		english, err := sections(dir, name+".md")
		if err != nil {
			return nil, err
		}
		chinese, err := sections(dir, name+".zh-CN.md")
		if err != nil {
			return nil, err
		}
		if len(english) != len(chinese) {
			return nil, fmt.Errorf("%s.zh-CN.md has %d sections, but %[1]s.md has %[3]d", name, len(chinese), len(english))
		}
		for i, section := range english {
			heading := name + ".md: " + headingLine.FindStringSubmatch(section)[1]
			now := [2]string{checksum(section), checksum(chinese[i])}
			then, known := before[heading]
			if known && (then[0] == now[0]) != (then[1] == now[1]) {
				changed, other := ".md", ".zh-CN.md"
				if then[0] == now[0] {
					changed, other = other, changed
				}
				return nil, fmt.Errorf("%q: %s%s has changed, but not %[2]s%[4]s: translate the change, and run make record; if it needs no translation, run: go run ./internal/readme -same",
					heading, name, changed, other)
			}
			fmt.Fprintf(&b, "%s %s %s\n", now[0], now[1], heading)
		}
	}
	return []byte(b.String()), nil
}

// sections returns the sections of a page, each with its heading, without blocks of code, which are copied.
func sections(dir, name string) ([]string, error) {
	content, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return nil, err
	}
	text := block.ReplaceAllString(string(content), "")
	var found []string
	starts := headingLine.FindAllStringIndex(text, -1)
	for i, start := range starts {
		end := len(text)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		found = append(found, text[start[0]:end])
	}
	return found, nil
}

// checksum returns eight digits for the words of a text, however its lines are broken.
func checksum(text string) string {
	sum := sha256.Sum256([]byte(strings.Join(strings.Fields(text), " ")))
	return hex.EncodeToString(sum[:4])
}
