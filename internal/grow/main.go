// Grow proves what one more operation costs. In a copy of the repository it adds
// an invented one, whose pieces are in testdata, as CONTRIBUTING.md says, and runs
// what a contributor runs, with Go alone. It prints the files and lines that a
// person writes for an operation, and fails when they are more than the budget.
//
// Then it leaves out one piece at a time and expects one message that names it.
//
//	go run ./internal/grow [-keep]
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"time"
)

// The budget of one operation.
const (
	maxFiles = 7
	maxLines = 150
	minData  = 100 // lines of YAML and JSON among them
)

func main() {
	keep := flag.Bool("keep", false, "keep the copy, to look at what went wrong")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, ".", *keep)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "grow:", err)
		os.Exit(1)
	}
}

// run grows a copy of the repository root.
func run(ctx context.Context, root string, keep bool) (err error) {
	pieces, err := readPieces(filepath.Join(root, "internal", "grow", "testdata"))
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "nimroom-grow-")
	if err != nil {
		return err
	}
	if keep {
		fmt.Println("the copy:", work)
	} else {
		defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	}
	c := &repository{dir: filepath.Join(work, "nimroom"), path: filepath.Join(work, "bin")}
	if err := c.copyFrom(ctx, root); err != nil {
		return err
	}
	for _, p := range pieces {
		if err := c.add(p); err != nil {
			return err
		}
	}
	for _, command := range [][]string{{"go", "generate", "./..."}, {"make", "record"}, {"make", "counts"}, {"go", "test", "./..."}} {
		began := time.Now()
		if output, err := c.run(ctx, command...); err != nil {
			return fmt.Errorf("with one more operation, %s: %w\n%s", strings.Join(command, " "), err, failures(output))
		}
		fmt.Printf("%-20s %4.0f s\n", strings.Join(command, " "), time.Since(began).Seconds())
	}
	if err := report(pieces); err != nil {
		return err
	}
	for _, o := range omissions {
		message, err := c.without(ctx, o)
		if err != nil {
			return fmt.Errorf("without %s: %w", o.what, err)
		}
		fmt.Printf("\nwithout %s, %s:\n  %s\n", o.what, strings.Join(o.command, " "), message)
	}
	return nil
}

// failures leaves out of an output the packages whose tests pass.
func failures(output string) string {
	var kept strings.Builder
	for line := range strings.Lines(output) {
		if !strings.HasPrefix(line, "ok  ") && !strings.HasPrefix(line, "?   ") {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

// report prints what a person writes, and holds it to the budget.
func report(pieces []piece) error {
	files, lines, data := 0, 0, 0
	for _, p := range pieces {
		n := strings.Count(p.text, "\n")
		fmt.Printf("%4d lines  %s\n", n, p.name)
		lines += n
		files++
		switch filepath.Ext(p.name) {
		case ".yaml", ".json":
			data += n
		}
	}
	fmt.Printf("%4d lines in %d files, %d of them YAML and JSON\n", lines, files, data)
	if files > maxFiles || lines > maxLines || data <= minData {
		return fmt.Errorf("the budget is %d files and %d lines, more than %d of them YAML and JSON", maxFiles, maxLines, minData)
	}
	return nil
}

// repository is the copy.
type repository struct {
	dir  string
	path string // holds the only programs that there are: Go and tools
}

// tools are what the targets of the Makefile use, besides Go.
var tools = []string{"make", "sh", "grep", "sort", "xargs", "dirname"}

// copyFrom copies the files of root that git knows or would take.
func (c *repository) copyFrom(ctx context.Context, root string) error {
	git := exec.CommandContext(ctx, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	git.Dir = root
	list, err := git.Output()
	if err != nil {
		return fmt.Errorf("git ls-files: %w", err)
	}
	for name := range strings.SplitSeq(strings.TrimSuffix(string(list), "\x00"), "\x00") {
		text, err := os.ReadFile(filepath.Join(root, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue // deleted, and not yet committed
		}
		if err != nil {
			return err
		}
		if err := c.write(name, text); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(c.path, 0o750); err != nil {
		return err
	}
	for _, name := range append([]string{"go"}, tools...) {
		program, err := exec.LookPath(name)
		if err != nil {
			return err
		}
		if err := os.Symlink(program, filepath.Join(c.path, name)); err != nil {
			return err
		}
	}
	return nil
}

func (c *repository) write(name string, text []byte) error {
	name = filepath.Join(c.dir, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o750); err != nil {
		return err
	}
	return os.WriteFile(name, text, 0o600)
}

// run runs a program in the copy where Go and the tools are all there is.
func (c *repository) run(ctx context.Context, command ...string) (output string, err error) {
	program := exec.CommandContext(ctx, filepath.Join(c.path, command[0]), command[1:]...)
	program.Dir = c.dir
	program.Env = append(os.Environ(), "PATH="+c.path, "CGO_ENABLED=0")
	var out bytes.Buffer
	program.Stdout, program.Stderr = &out, &out
	err = program.Run()
	return out.String(), err
}
