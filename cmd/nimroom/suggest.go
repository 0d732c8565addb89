package main

import (
	"errors"
	"regexp"
	"slices"
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
	missingWord        = "expected "
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

// placeholders finds the arguments that an error of the parser says are missing.
var placeholders = regexp.MustCompile(`<([^>]+)>`)

// missingValue finds the flag that an error of the parser says has no value.
var missingValue = regexp.MustCompile(`^(--[\w-]+): expected .* value but got "[^"]*" \((?:<EOL>|long flag|short flag)\)`)

// suggest returns a better error for one of the parser about a command or a flag that does not exist or is
// missing: it has those that were probably meant, or else all commands.
func suggest(err error, args []string) error {
	if err == nil {
		return nil
	}
	text, _, _ := strings.Cut(err.Error(), ", did you mean ")
	node := parsed(err)
	if flag, rest, ok := strings.Cut(text, unknownValue); ok {
		list, value, _ := strings.Cut(rest, " but got ")
		value = strings.Trim(value, `"`)
		values := strings.Split(strings.ReplaceAll(list, `"`, ""), ",")
		if meant := nearest.Of(value, values); meant != "" {
			return usage("%s: %q, want one of %v; did you mean %s?", flag, value, message.List(values), meant)
		}
		return usage("%s: %q, want one of %v", flag, value, message.List(values))
	}
	if found := missingValue.FindStringSubmatch(text); found != nil {
		return usage("%s: a value is missing; one that begins with a hyphen is written %s=VALUE", found[1], found[1])
	}
	if word, ok := strings.CutPrefix(text, unknownFlag); ok {
		if word == "-o" {
			return usage("unknown flag -o: %s has one format", node.FullPath())
		}
		name, _, _ := strings.Cut(word, "=")
		if format := strings.TrimPrefix(name, "--"); slices.Contains(formats, format) && slices.Contains(flagNamesOf(node), "--output") {
			return usage("unknown flag %s; did you mean --output=%s?", word, format)
		}
		if c := methodOf(node); c != nil && c.method.Exports() && c.method.Operation.Page != nil {
			if limit := command.MethodOf(c.method.Operation).Find(c.method.Operation.Page.Limit); limit != nil && name == "--"+limit.Name {
				return usage("unknown flag %s: an export reads everything; \"nimroom %s %s\" reads one page", word, c.method.Operation.Service, command.MethodOf(c.method.Operation).Command)
			}
		}
		if meant := nearest.Of(word, flagNamesOf(node)); meant != "" {
			return usage("unknown flag %s; did you mean %s?", word, meant)
		}
		return usage("unknown flag %s", word)
	}
	all := message.List(childNames(node))
	if word, ok := strings.CutPrefix(text, unexpectedArgument); ok && !node.Leaf() {
		what := strings.TrimSpace(node.Path() + " " + word)
		if meant := commandsMeant(node, word, args); len(meant) > 0 {
			return usage("unknown command %s; did you mean %v?", what, message.Or(meant))
		}
		return usage("unknown command %s; want one of %v", what, all)
	}
	if found := placeholders.FindStringSubmatch(text); found != nil && strings.HasPrefix(text, missingWord) && node.Leaf() {
		return usage("%v is missing", strings.ToUpper(found[1]))
	}
	if strings.HasPrefix(text, missingWord) && !node.Leaf() {
		return usage("a command is missing; want one of %v", all)
	}
	return err
}

// behindCommand returns a command line on which the flags that all calls share stand behind the command, as the parser
// wants them, when they stand before it or inside. If no command is complete, it leaves these flags out, so that what
// is wrong with the command is seen.
func behindCommand(root *kong.Node, args []string) []string {
	shared := &line{node: &kong.Node{Flags: childOf(root, "call").Flags}}
	var words, moved []string
	for node, i := root, 0; i < len(args); i++ {
		name, _, given := strings.Cut(args[i], "=")
		flag := shared.flag(name)
		switch child := childOf(node, name); {
		case flag != nil:
			moved = append(moved, args[i])
			if !given && !flag.IsBool() && !flag.IsCounter() && i+1 < len(args) {
				i++
				moved = append(moved, args[i])
			}
			continue
		case child != nil && child.Leaf():
			rest := slices.Clone(args[i:])
			end := slices.Index(rest, "--")
			if end < 0 {
				end = len(rest)
			}
			return append(words, slices.Insert(rest, end, moved...)...)
		case child != nil:
			node = child
		case name == "--lang" && !given && i+1 < len(args):
			words = append(words, args[i])
			i++
		case !strings.HasPrefix(name, "-"):
			return append(words, args[i:]...)
		}
		words = append(words, args[i])
	}
	return words
}

// flagNamesOf returns the flags that a command takes.
func flagNamesOf(node *kong.Node) (names []string) {
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
	return names
}

// commandsMeant returns the commands that a word below a node was probably meant to be: those that have another
// name for it (of the SDK, of the API, or that of the command alone), or else the nearest.
func commandsMeant(node *kong.Node, word string, args []string) []string {
	before, next := node.Path(), ""
	if i := slices.Index(args, word); i >= 0 && i+1 < len(args) {
		next = args[i+1]
	}
	if word == "help" {
		return []string{strings.TrimSpace(before + " --help")}
	}
	here := ""
	if meant := nearest.Of(word, childNames(node)); meant != "" {
		here = strings.TrimSpace(before + " " + meant)
		if service := childOf(node, meant); childOf(service, next) != nil {
			return []string{here + " " + next}
		}
	}
	var others, keys []string
	meaning := map[string]string{} // the command by each of its other names
	exact := map[string]bool{simple(word): true, simple(word + next): true, simple(before + word): true}
	for _, service := range command.Services {
		for _, m := range withExports(service.Methods) {
			line := service.Name + " " + m.Command
			names := []string{m.Command, line, strings.TrimSuffix(service.Name, "s") + m.Command}
			if !m.Exports() {
				names = append(names, m.Name, service.Name+m.Name, m.Operation.Action, m.Operation.ID, m.Operation.Path, strings.TrimSuffix(m.Operation.Path, ".action"))
			}
			for _, key := range names {
				key = simple(key)
				if keys = append(keys, key); meaning[key] == "" {
					meaning[key] = line
				}
				if exact[key] && line != here && !slices.Contains(others, line) {
					others = append(others, line)
				}
			}
		}
	}
	if here != "" {
		others = slices.Insert(others, 0, here)
	}
	if len(others) == 0 {
		near := nearest.All(simple(word), keys)
		for _, key := range near {
			if line := meaning[key]; !slices.Contains(others, line) && nearest.Distance(simple(word), key) <= nearest.Distance(simple(word), near[0])+1 {
				others = append(others, line)
			}
		}
	}
	return others[:min(len(others), nearest.Most)]
}

func childNames(node *kong.Node) (names []string) {
	for _, child := range node.Children {
		if !child.Hidden {
			names = append(names, child.Name)
		}
	}
	return names
}

// simple returns a name without what differs between Go, the command line and the wire.
func simple(name string) string {
	return strings.NewReplacer("-", "", "_", "", ".", "", "/", "", " ", "").Replace(strings.ToLower(name))
}

// asHelp returns a command line that begins with help as one that asks for the help of a command.
func asHelp(args []string) []string {
	for i := 0; i < len(args); i++ {
		switch {
		case args[i] == "--lang":
			i++
		case args[i] == "help":
			return append(slices.Delete(slices.Clone(args), i, i+1), "--help")
		case !strings.HasPrefix(args[i], "-"):
			return args
		}
	}
	return args
}

// surplus says which arguments a command takes, and which flags are missing, one of which may be meant.
func surplus(node *kong.Node, args []string) message.Text {
	var names []string
	for _, v := range node.Positional {
		name := strings.ToUpper(v.Name)
		if severalTimes(v) {
			name += " ..."
		}
		names = append(names, name)
	}
	if len(names) == 0 {
		return message.Of("%s takes none", node.FullPath())
	}
	takes := message.Of("%s takes %s", node.FullPath(), strings.Join(names, " "))
	if c := methodOf(node); c != nil {
		if missing := c.missing(c.method.Complete(c.named(args))); missing != nil {
			return message.Of("%v; %v", takes, missing)
		}
	}
	return takes
}
