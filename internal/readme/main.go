// Readme writes the derived parts of the READMEs: the programs of examples, the
// table of operations, the table of the clients in other languages, and the code
// blocks of the Chinese editions. It refuses a text that has changed in one language
// alone, unless -same says that it needs no translation.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/nimroom/nimroom/internal/swap"
)

func main() {
	same := flag.Bool("same", false, "take the English and the Chinese pages as they are for the same text")
	flag.Parse()
	if err := run(".", *same); err != nil {
		fmt.Fprintln(os.Stderr, "readme:", err)
		os.Exit(1)
	}
}

// run brings the READMEs below dir up to date, and then what is recorded of their translations.
func run(dir string, same bool) error {
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
	if err := swap.Files(dir, texts); err != nil {
		return err
	}
	recorded, err := os.ReadFile(filepath.Join(dir, translatedFile))
	if err != nil {
		return err
	}
	if same {
		recorded = nil
	}
	if recorded, err = updateTranslated(recorded, dir); err != nil {
		return err
	}
	return swap.Files(dir, map[string][]byte{translatedFile: recorded})
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
