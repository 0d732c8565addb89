package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/nimroom/nimroom/internal/environment"
)

// bulkCommand runs the program nimroom-bulk of contrib/bulk, which is a program of its own so
// that this one does not link its engine and databases.
type bulkCommand struct {
	Args []string `arg:"" optional:"" name:"argument" complete:"file" help:"Arguments of nimroom-bulk; nimroom bulk --help lists them."`
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
