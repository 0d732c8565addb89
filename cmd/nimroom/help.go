package main

import (
	"errors"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/command"
	"github.com/nimroom/nimroom/internal/message"
)

// helpCommand is another way to write --help, which asHelp turns it into.
type helpCommand struct {
	Command []string `arg:"" optional:"" help:"The command."`
}

// commandOf returns the command line up to the command of a context, or of the context of a parser's
// error, and up to the operation of call.
func commandOf(k *kong.Context, err error) string {
	var parse *kong.ParseError
	if errors.As(err, &parse) {
		k = parse.Context
	}
	if k == nil || k.Selected() == nil {
		return "nimroom"
	}
	path := []string{}
	for node := k.Selected(); node != nil; node = node.Parent {
		path = append(path, node.Name)
	}
	slices.Reverse(path)
	if operation := operationOf(k); operation != nil {
		path = append(path, operation.Action)
	}
	return strings.Join(path, " ")
}

// operationOf returns the operation that a command line of call names, or nil.
func operationOf(k *kong.Context) *gen.Operation {
	for _, part := range k.Path {
		if part.Positional != nil && part.Positional.Name == "action" {
			operation, err := findOperation(k.Value(part).String())
			if err == nil {
				return operation
			}
		}
	}
	return nil
}

// methodOf returns the command that calls a method, or nil.
func methodOf(node *kong.Node) *typedCommand {
	if node.Target.CanAddr() {
		if c, ok := node.Target.Addr().Interface().(*typedCommand); ok {
			return c
		}
	}
	return nil
}

// printHelp prints the help of the command at hand; of an operation, its fields.
func (s streams) printHelp(_ kong.HelpOptions, k *kong.Context) error {
	node := k.Selected()
	if node == nil {
		node = k.Model.Node
	}
	if c := catalogOf(s.language); c != nil {
		c.translate(k.Model.Node)
	}
	(&helpPage{s, k.Stdout}).print(k.Model.Node, node, operationOf(k))
	return nil
}

// print prints the help of a command, or of the operation that follows it.
func (p *helpPage) print(root, node *kong.Node, operation *gen.Operation) {
	h := &operationHelp{helpPage: p, operation: operation, shared: childOf(root, "call").Flags}
	if c := methodOf(node); c != nil {
		h.operation, h.method, h.node = c.method.Operation, c.method, node
	}
	if h.operation != nil {
		h.print()
		return
	}
	translateHelp(node, p.language)
	p.printCommand(node)
}

// printCommand prints the help of a command that calls no operation.
func (p *helpPage) printCommand(node *kong.Node) {
	summary := node.Summary()
	if node.Parent != nil {
		summary = " " + summary
	}
	p.usageLine(p.text("Usage: "), "nimroom"+strings.NewReplacer("[flags]", p.text("[flags]"), "<command>", p.text("<command>")).Replace(summary))
	p.paragraphs(0, node.Help)
	if node.Detail != "" {
		p.line("")
		p.paragraphs(0, node.Detail)
	}
	var arguments, flags [][2]string
	for _, v := range node.Positional {
		arguments = append(arguments, [2]string{v.Summary(), v.Help})
	}
	p.section(p.text("Arguments:"), arguments)
	groups := node.AllFlags(true)
	for _, group := range slices.Backward(groups) { // those of all commands come last
		for _, flag := range group {
			flags = append(flags, [2]string{written(flag), p.withVariables(flag)})
		}
	}
	p.section(p.text("Flags:"), flags)
	titles, commands := []string{}, map[string][][2]string{}
	for _, child := range node.Children {
		if child.Hidden {
			continue
		}
		title := p.text("Commands:")
		if child.Group != nil {
			title = child.Group.Title
		}
		if commands[title] == nil {
			titles = append(titles, title)
		}
		commands[title] = append(commands[title], [2]string{child.Name, child.Help})
	}
	for _, title := range titles {
		p.section(title, commands[title])
	}
	p.heading(p.text("Example:"))
	p.command(commandExample(node))
	if len(titles) > 0 {
		p.line("")
		p.paragraphs(0, p.text("Run \"%s <command> --help\" for more information on a command.", node.FullPath()))
	}
}

// written returns a flag as it stands on a command line.
func written(flag *kong.Flag) string {
	text := strings.ReplaceAll(flag.String(), `"`, "") // those of a default
	if flag.Tag.Negatable != "" {
		text = strings.Replace(text, "--", "--[no-]", 1)
	}
	return text
}

// withVariables returns the help of a flag with its environment variables.
func (p *helpPage) withVariables(flag *kong.Flag) string {
	if len(flag.Envs) == 0 {
		return flag.Help
	}
	var names []string
	for _, name := range flag.Envs {
		names = append(names, "$"+name)
	}
	return p.text("%s Environment: %s.", flag.Help, strings.Join(names, p.text(", ")))
}

// commandExample returns a command line for a command: the one in its tag, or for a service the one of its first method.
func commandExample(node *kong.Node) []string {
	for _, service := range command.Services {
		if node.Name == service.Name {
			return append([]string{"nimroom", service.Name, service.Methods[0].Command}, service.Methods[0].Example()...)
		}
	}
	if node.Parent == nil {
		return []string{"nimroom", "rooms", "get", "66"}
	}
	return strings.Fields(node.Tag.Get("example"))
}

// translate writes the texts of a command, and of those below it, in the language of the catalog. Those of
// services have theirs from the spec.
func (c *catalog) translate(node *kong.Node) {
	var pairs []string
	for name, value := range variables {
		pairs = append(pairs, "${"+name+"}", value)
	}
	replacer := strings.NewReplacer(pairs...)
	words := func(text string) string { return replacer.Replace(c.text(message.Text{Format: text})) }
	node.Help, node.Detail = words(node.Help), words(node.Detail)
	if node.Group != nil {
		group := *node.Group
		group.Title = words(group.Title)
		node.Group = &group
	}
	for _, v := range node.Positional {
		v.Help = words(v.OrigHelp)
	}
	for _, flag := range node.Flags {
		flag.Help = words(flag.OrigHelp)
	}
	for _, child := range node.Children {
		c.translate(child)
	}
}

// translateHelp writes the help of the services, or of one at hand and its commands, in a language.
func translateHelp(node *kong.Node, language string) {
	for _, service := range command.Services {
		if child := childOf(node, service.Name); child != nil && node.Parent == nil {
			child.Help = service.Description.In(language)
		}
		if node.Name != service.Name || node.Parent == nil || node.Depth() != 0 {
			continue
		}
		node.Help = service.Description.In(language)
		for _, method := range withExports(service.Methods) {
			childOf(node, method.Command).Help = summaryOf(method, language)
		}
	}
}

// summaryOf returns the first sentence of what a method does.
func summaryOf(m *command.Method, language string) string {
	text := strings.ReplaceAll(m.Description.In(language), "\n", " ")
	return withFlags(m, sentence(text))
}
