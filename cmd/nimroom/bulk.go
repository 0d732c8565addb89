package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/nimroom/nimroom/internal/environment"
)

// bulkCommand runs the program nimroom-bulk of contrib/bulk, which is a program of its own so
// that this one does not link its engine and databases.
type bulkCommand struct {
	Args []string `arg:"" optional:"" name:"argument" help:"Arguments of nimroom-bulk; nimroom bulk --help lists them."`
}

// Help says how to get the program.
func (*bulkCommand) Help() string {
	return `The program nimroom-bulk does this. It has the commands run, resume, status, results, work and make. Where it is not
installed, make it in a copy of the repository:

    go -C contrib/bulk install ./cmd/nimroom-bulk`
}

// Run becomes the program where the system can do that, so that signals reach it. Elsewhere it
// waits for it.
func (c *bulkCommand) Run(ctx context.Context, s streams, k *kong.Context) error {
	program, err := findBulk()
	if err != nil && (slices.Contains(c.Args, "--help") || slices.Contains(c.Args, "-h")) {
		return s.printHelp(kong.HelpOptions{}, k)
	}
	if err != nil {
		return err
	}
	arguments := slices.Insert(slices.Clone(c.Args), 0, program)
	_ = os.Setenv(environment.EnvLanguage, s.language) // so that it speaks the same, whatever --lang says
	_ = syscall.Exec(program, arguments, os.Environ()) // returns only if the system cannot do it
	child := exec.CommandContext(ctx, program, c.Args...)
	child.Stdin, child.Stdout, child.Stderr = os.Stdin, os.Stdout, os.Stderr // whatever they are, a terminal too
	child.Cancel = func() error { return nil }                               // the terminal interrupts both
	return child.Run()
}

// The lines of the program's help that name its commands and flags.
var (
	bulkCommands = regexp.MustCompile(`(?m)^  ([a-z]+(?: [a-z]+)*)(?: [<\[].*?)?  +(\S.*)$`)
	bulkFlags    = regexp.MustCompile(`(?m)^ {2,6}(?:-[a-z], )?(--[a-z-]+)(=\S+)?  +(\S.*)$`)
)

// completeBulk returns what the last of the words behind bulk may become, as the help of the program says.
func completeBulk(ctx context.Context, words []string, last string) (list []candidate) {
	program, err := findBulk()
	if err != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, lookupTime)
	defer cancel()
	command := words[:min(len(words), 1)]
	if len(words) > 1 && words[0] == "make" {
		command = words[:2]
	}
	child := exec.CommandContext(ctx, program, append(slices.Clone(command), "--help")...)
	child.Env = append(os.Environ(), "COLUMNS=10000") // so that each text is in one line
	help, err := child.Output()
	if err != nil {
		return nil
	}
	flags := bulkFlags.FindAllSubmatch(help, -1)
	for _, flag := range flags {
		if len(words) > 0 && words[len(words)-1] == string(flag[1]) && len(flag[2]) > 0 {
			return files(last) // most values are files, and of the others nothing is known
		}
		if strings.HasPrefix(last, "-") {
			list = append(list, candidate{string(flag[1]), sentence(string(flag[3]))})
		}
	}
	before := strings.Join(append(slices.Clone(command), ""), " ")
	_, commands, some := bytes.Cut(help, []byte("\nCommands:\n"))
	for _, c := range bulkCommands.FindAllSubmatch(commands, -1) {
		name, _, several := strings.Cut(strings.TrimPrefix(string(c[1]), before), " ")
		meaning := sentence(string(c[2]))
		if several {
			meaning = "" // that of one of them
		}
		if !strings.HasPrefix(last, "-") && !slices.ContainsFunc(list, func(c candidate) bool { return c.word == name }) {
			list = append(list, candidate{name, meaning})
		}
	}
	if !some && !strings.HasPrefix(last, "-") {
		return files(last)
	}
	return list
}

// findBulk finds the program beside this one, or else where the system looks for programs.
func findBulk() (string, error) {
	const name = "nimroom-bulk"
	if self, err := os.Executable(); err == nil {
		if beside, err := exec.LookPath(filepath.Join(filepath.Dir(self), name)); err == nil {
			return beside, nil
		}
	}
	program, err := exec.LookPath(name)
	if err != nil {
		return "", usage("the program nimroom-bulk is missing; make it in a copy of the repository with: go -C contrib/bulk install ./cmd/nimroom-bulk")
	}
	return program, nil
}
