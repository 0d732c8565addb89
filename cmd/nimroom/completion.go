package main

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/nimroom/nimroom/internal/output"
)

// completionCommand prints a script that lets a shell complete command lines.
//
// The scripts ask the command "complete" for what may follow, and only fit it into their shell.
// They are written by hand because they are shorter than what a library needs here: Cobra's want
// the package bash-completion and cannot complete the value of name=value in bash, the libraries
// for kong have none for PowerShell, and carapace is larger than this program's parser.
type completionCommand struct {
	Shell string `arg:"" enum:"bash,zsh,fish,powershell" help:"Shell: bash, zsh, fish or powershell."`
}

// Help says how to install the script.
func (*completionCommand) Help() string {
	return `Bash: add this line to ~/.bashrc.

    source <(nimroom completion bash)

Zsh: add this line to ~/.zshrc, after compinit.

    source <(nimroom completion zsh)

Fish: run this command.

    nimroom completion fish > ~/.config/fish/completions/nimroom.fish

PowerShell: add this line to the file that $PROFILE names.

    nimroom completion powershell | Out-String | Invoke-Expression

Commands, flags, fields, values, files and profiles are completed, and rooms and accounts too if the
app key and the secret are in the environment, in a file or on the command line. Then the service is
asked, for a second at most, and what it responds is kept for 15 seconds. The keyring is not opened,
because it may ask for a password.`
}

//go:embed completion
var completions embed.FS

// Run prints the script.
func (c *completionCommand) Run(s streams) error {
	ending := c.Shell
	if ending == "powershell" {
		ending = "ps1"
	}
	script, err := fs.ReadFile(completions, "completion/nimroom."+ending)
	if err != nil {
		return err
	}
	_, err = s.out.Write(script)
	return err
}

// completeCommand prints what the last word of a command line may become: each candidate in a line,
// with a tab and its meaning behind it. Of a candidate that ends in = or / only the beginning is complete.
type completeCommand struct {
	Words []string `arg:"" optional:"" help:"The words behind nimroom. The last one is completed, and may be empty."`
}

// Run prints nothing but candidates, because nobody reads an error here.
func (c *completeCommand) Run(ctx context.Context, s streams, k *kong.Context) error { //nolint:unparam // kong wants an error
	for _, candidate := range complete(ctx, s.language, k.Model.Node, c.Words) {
		meaning, _, _ := strings.Cut(candidate.meaning, "\n")
		fmt.Fprintln(s.out, strings.TrimSuffix(output.Visible(candidate.word)+"\t"+output.Visible(meaning), "\t"))
	}
	return nil
}
