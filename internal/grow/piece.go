package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// piece is what a person writes into one file: all of a new file, or parts of one
// that is there.
type piece struct {
	name  string // of the file, from the root of the repository
	text  string // without the marks
	parts []part
}

// part goes before a line of the file, or to its end.
type part struct{ before, text string }

// before marks the part that follows: the rest of the line is the line of the file
// that it goes before, or nothing, for the end of the file.
const before = "#before"

// readPieces reads a tree of files: those that are new, and parts, whose names end
// in .part, of those that are there. What stands before the first mark of a part
// goes to the end.
func readPieces(dir string) (pieces []piece, err error) {
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		pieces = append(pieces, parse(strings.TrimSuffix(filepath.ToSlash(name), ".part"), string(text)))
		return err
	})
	return pieces, err
}

func parse(name, text string) piece {
	p := piece{name: name}
	current := part{}
	end := func() {
		if current.text != "" {
			p.parts = append(p.parts, current)
			p.text += current.text
		}
	}
	for line := range strings.Lines(text) {
		if mark, ok := strings.CutPrefix(line, before); ok {
			end()
			current = part{before: strings.TrimPrefix(strings.TrimSuffix(mark, "\n"), " ")}
			continue
		}
		current.text += line
	}
	end()
	return p
}

// into adds the piece to the text of its file, which may be empty.
func (p *piece) into(text string) (string, error) {
	for _, part := range p.parts {
		if part.before == "" {
			text += part.text
			continue
		}
		mark := "\n" + part.before + "\n"
		if !strings.Contains(text, mark) {
			return "", fmt.Errorf("%s has no line %q", p.name, part.before)
		}
		text = strings.Replace(text, mark, "\n"+part.text+mark[1:], 1)
	}
	return text, nil
}

// add adds a piece to the copy.
func (c *repository) add(p piece) error {
	text, err := os.ReadFile(filepath.Join(c.dir, p.name))
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	whole, err := p.into(string(text))
	if err != nil {
		return err
	}
	return c.write(p.name, []byte(whole))
}
