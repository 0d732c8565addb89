package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// updateChinese writes the derived parts of README.zh-CN.md.
func updateChinese(text []byte, dir string) ([]byte, error) {
	source, err := os.ReadFile(filepath.Join(dir, "README.md"))
	if err != nil {
		return nil, err
	}
	if source, err = update(source, dir); err != nil {
		return nil, err
	}
	if text, err = copyBlocks(text, source); err != nil {
		return nil, err
	}
	return updateTables(text, dir, chinese)
}

// updateChineseDist puts the blocks of spec/dist/README.md, which CI runs, into the Chinese edition, and its vector.
func updateChineseDist(text []byte, dir string) ([]byte, error) {
	source, err := os.ReadFile(filepath.Join(dir, "spec/dist/README.md"))
	if err != nil {
		return nil, err
	}
	if source, err = updateDist(source, dir); err != nil {
		return nil, err
	}
	if text, err = copyBlocks(text, source); err != nil {
		return nil, err
	}
	_, vector, _ := strings.Cut(string(source), "<!-- vector -->\n")
	vector, _, _ = strings.Cut(vector, "<!-- /vector -->\n")
	return replace(text, "vector", vector)
}

// block finds the fenced blocks of a page, each with the line that names its file.
var block = regexp.MustCompile("(?ms)^(?:`[^`\n]+`[^\n]*:\n\n)?```.*?^```\n")

// copyBlocks replaces the blocks of a Chinese edition by those of the English one, but leaves comments in Chinese.
func copyBlocks(text, source []byte) ([]byte, error) {
	blocks, own := block.FindAll(source, -1), block.FindAll(text, -1)
	if len(blocks) != len(own) {
		return nil, fmt.Errorf("%d blocks, but the English edition has %d", len(own), len(blocks))
	}
	i := 0
	return block.ReplaceAllFunc(text, func(old []byte) []byte {
		i++
		return []byte(keepComments(string(blocks[i-1]), string(old)))
	}), nil
}

// comment is the rest of a line of Go, TypeScript, Java, Kotlin, PHP, Rust, a shell, Python or Ruby.
var comment = regexp.MustCompile(`(^|\s)(//|#) .*`)

// keepComments returns a block with the Chinese comments that an old one has on the same code, in its order.
func keepComments(block, old string) string {
	code := func(line string) string { return comment.ReplaceAllString(line, "$1$2") }
	translated := slices.DeleteFunc(strings.SplitAfter(old, "\n"), func(line string) bool {
		return !strings.ContainsFunc(comment.FindString(line), func(r rune) bool { return unicode.Is(unicode.Han, r) })
	})
	lines := strings.SplitAfter(block, "\n")
	for i, line := range lines {
		if at := slices.IndexFunc(translated, func(t string) bool { return code(t) == code(line) }); at >= 0 {
			lines[i], translated = translated[at], translated[at+1:]
		}
	}
	return strings.Join(lines, "")
}
