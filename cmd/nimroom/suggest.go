package main

import (
	"errors"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/nimroom/nimroom/internal/command"
	"github.com/nimroom/nimroom/internal/message"
	"github.com/nimroom/nimroom/internal/nearest"
)

// The parser's errors about words that it does not know, or misses, begin like this.
const (
	unexpectedArgument = "unexpected argument "
	unknownFlag        = "unknown flag "
	unknownValue       = " must be one of "
	missingCommand     = "expected "
)

// parsed returns the command up to which the parser came before an error, or the program.
func parsed(err error) *kong.Node {
	var parse *kong.ParseError
	if !errors.As(err, &parse) {
		return &kong.Node{}
	}
	if node := parse.Context.Selected(); node != nil {
		return node
	}
	return parse.Context.Model.Node
}

// suggest returns a better error for one of the parser about a command or a flag that does not exist: it
// has the nearest one, or all commands.
func suggest(err error) error {
	if err == nil {
		return nil
	}
	text, _, _ := strings.Cut(err.Error(), ", did you mean ")
	node := parsed(err)
	if flag, rest, ok := strings.Cut(text, unknownValue); ok {
		list, value, _ := strings.Cut(rest, " but got ")
		list, value = strings.ReplaceAll(list, `"`, ""), strings.Trim(value, `"`)
		return unknownWord(message.Of("%s: %q, want one of %s", flag, value, strings.ReplaceAll(list, ",", ", ")), value, strings.Split(list, ","), message.Text{})
	}
	if word, ok := strings.CutPrefix(text, unknownFlag); ok {
		if word == "-o" {
			return usage("unknown flag -o: %s has one format", node.FullPath())
		}
		var names []string
		for _, flags := range node.AllFlags(true) {
			for _, flag := range flags {
				for _, name := range append(flag.Aliases, flag.Name) {
					names = append(names, "--"+name)
				}
				if flag.Tag.Negatable != "" {
					names = append(names, "--no-"+flag.Name)
				}
			}
		}
		return unknownWord(message.Of("unknown flag %s", word), word, names, message.Text{})
	}
	var names []string
	for _, child := range node.Children {
		if !child.Hidden {
			names = append(names, child.Name)
		}
	}
	all := message.Of("; want one of %s", strings.Join(names, ", "))
	if word, ok := strings.CutPrefix(text, unexpectedArgument); ok && !node.Leaf() {
		if operation, err := command.Find(word); err == nil && node.Parent == nil {
			return usage("unknown command %s; did you mean call %s?", word, operation.Action)
		}
		return unknownWord(message.Of("unknown command %s", strings.TrimSpace(node.Path()+" "+word)), word, names, all)
	}
	if strings.HasPrefix(text, missingCommand) && !node.Leaf() {
		return usage("a command is missing%v", all)
	}
	return err
}

// unknownWord returns an error about a word with the nearest of those that there are, or else with the rest
// of the sentence.
func unknownWord(what message.Text, word string, names []string, rest message.Text) error {
	if meant := nearest.Of(word, names); meant != "" {
		rest = message.Of("; did you mean %s?", meant)
	}
	return usage("%v%v", what, rest)
}
