// Readme writes the derived parts of the READMEs: the programs of examples, the
// table of operations, the table of the clients in other languages, and the code
// blocks of the Chinese editions.
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/nimroom/nimroom/internal/swap"
)

func main() {
	if err := run("."); err != nil {
		fmt.Fprintln(os.Stderr, "readme:", err)
		os.Exit(1)
	}
}

// run brings the READMEs below dir up to date.
func run(dir string) error {
	texts := map[string][]byte{}
	for _, file := range []struct {
		name   string
		update func(text []byte, dir string) ([]byte, error)
	}{
		{"README.md", update}, {"README.zh-CN.md", updateChinese},
		{"spec/dist/README.md", updateDist}, {"spec/dist/README.zh-CN.md", updateChineseDist},
		{"cassettes/README.md", updateCassettes}, {"emulator/README.md", updateEmulator},
	} {
		text, err := os.ReadFile(filepath.Join(dir, file.name))
		if err != nil {
			return err
		}
		if texts[file.name], err = file.update(text, dir); err != nil {
			return fmt.Errorf("%s: %w", file.name, err)
		}
	}
	return swap.Files(dir, texts)
}

// update replaces the text between the markers of README.md.
func update(text []byte, dir string) ([]byte, error) {
	program, err := example(filepath.Join(dir, "examples/quickstart/quickstart_test.go"))
	if err != nil {
		return nil, err
	}
	if text, err = replace(text, "quickstart", program); err != nil {
		return nil, err
	}
	return updateTables(text, dir, english)
}

// updateTables replaces the tables of a README by those in a language.
func updateTables(text []byte, dir string, in language) ([]byte, error) {
	operations, err := in.operations()
	if err != nil {
		return nil, err
	}
	if text, err = replace(text, "operations", operations); err != nil {
		return nil, err
	}
	clients, err := readPlayed(filepath.Join(dir, "interop/results.json"))
	if err != nil {
		return nil, err
	}
	return replace(text, "interop", in.clients(clients))
}

// replace puts content between <!-- name --> and <!-- /name -->.
func replace(text []byte, name, content string) ([]byte, error) {
	before, rest, ok := bytes.Cut(text, []byte("<!-- "+name+" -->\n"))
	_, after, ok2 := bytes.Cut(rest, []byte("<!-- /"+name+" -->\n"))
	if !ok || !ok2 {
		return nil, fmt.Errorf("no markers for %s", name)
	}
	return fmt.Appendf(nil, "%s<!-- %s -->\n%s<!-- /%s -->\n%s", before, name, content, name, after), nil
}

// updateCassettes replaces the example of cassettes/README.md.
func updateCassettes(text []byte, dir string) ([]byte, error) {
	program, err := example(filepath.Join(dir, "examples/cassettes/show_test.go"))
	if err != nil {
		return nil, err
	}
	return replace(text, "example", program)
}

// example returns a program without its package clause.
func example(file string) (string, error) {
	source, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	_, program, _ := strings.Cut(string(source), "\n\n")
	return "```go\n" + program + "```\n", nil
}
