package main

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/command"
	"github.com/nimroom/nimroom/internal/described"
	"github.com/nimroom/nimroom/internal/message"
	"github.com/nimroom/nimroom/internal/wire"
)

// typedCommand calls an operation through a method of the SDK, whose fields are flags.
type typedCommand struct {
	call   *callFlags
	method *command.Method
	values []*flagValue
	export exportFlags // if the method is one of an export
	flag   string      // that names the file of the export
}

// flagValue is what the command line gives for a field: texts, as people write them.
type flagValue struct {
	*command.Flag
	field gen.Field
	label string // how a message names it
	texts texts
}

// texts has a name so that the parser leaves it to the mapper.
type texts []string

// addServices adds a command for each method of each service to those that the parser has. All of them
// share the flags of call. It adds them to a parser that is complete, because the parser would look for
// variables in thousands of texts that have none.
func addServices(k *kong.Kong, call *callFlags) {
	shared := childOf(k.Model.Node, "call").Flags
	services, commands := &kong.Group{Key: "services", Title: "Calls, by subject:"}, &kong.Group{Key: "commands", Title: "Commands:"}
	for _, service := range command.Services {
		node := childOf(k.Model.Node, service.Name)
		if node == nil {
			node = newNode(k.Model.Node, service.Name, reflect.ValueOf(&struct{}{}))
		}
		node.Help, node.Group = service.Description.In("en"), services
		for _, method := range withExports(service.Methods) {
			c := &typedCommand{call: call, method: method}
			child := newNode(node, method.Command, reflect.ValueOf(c))
			child.Help, child.Group = summaryOf(method, "en"), commands
			c.addFlags(child)
			if method.Exports() {
				child.Flags = append(child.Flags, c.export.flags()...)
			}
			for _, flag := range shared {
				if flag.Name != "output" || !method.Exports() { // exports have their own
					child.Flags = append(child.Flags, flag)
				}
			}
		}
	}
}

// childOf returns the command of this name below a node, or nil.
func childOf(node *kong.Node, name string) *kong.Node {
	i := slices.IndexFunc(node.Children, func(child *kong.Node) bool { return child.Name == name })
	if i < 0 {
		return nil
	}
	return node.Children[i]
}

// newNode adds a command below a node.
func newNode(parent *kong.Node, name string, target reflect.Value) *kong.Node {
	node := &kong.Node{Type: kong.CommandNode, Parent: parent, Name: name, Target: target.Elem(), Tag: &kong.Tag{}}
	parent.Children = append(parent.Children, node)
	return node
}

// addFlags adds the argument of the command, and a flag for each field. A flag has the field's names on
// the wire, too.
func (c *typedCommand) addFlags(node *kong.Node) {
	fields := map[string]gen.Field{}
	for _, field := range c.method.Operation.Fields {
		fields[field.Name] = field
	}
	for i := range c.method.Flags {
		flag := &c.method.Flags[i]
		field := fields[flag.Field]
		v := &flagValue{Flag: flag, field: field, label: "--" + flag.Name}
		c.values = append(c.values, v)
		value := v.value(c.method)
		value.Flag = &kong.Flag{Value: value, Aliases: v.aliases()}
		node.Flags = append(node.Flags, value.Flag)
		if field.Name == c.method.Argument {
			argument := &flagValue{Flag: flag, field: field, label: strings.ToUpper(flag.Name)}
			c.values = append(c.values, argument)
			node.Positional = append(node.Positional, argument.value(c.method))
		}
	}
}

// aliases returns the names of the field on the wire, if they are other names for the flag.
func (v *flagValue) aliases() []string {
	if len(v.Set) > 0 {
		return nil
	}
	return slices.DeleteFunc(append([]string{v.field.Name}, v.field.Aliases...), func(name string) bool { return name == v.Name })
}

// value returns the value of the parser that reads v.
func (v *flagValue) value(method *command.Method) *kong.Value {
	help := withFlags(method, v.field.Description)
	value := &kong.Value{Name: v.Name, Help: help, OrigHelp: help, Mapper: v, Target: reflect.ValueOf(&v.texts).Elem(), Tag: &kong.Tag{Optional: true}}
	if v.IsBool() {
		value.Tag.Negatable = "_" // the parser's sign for --no-NAME
	}
	return value
}

// negative finds values that begin with a hyphen and are no flags.
var negative = regexp.MustCompile(`^-\d`)

// IsBool reports whether the flag stands without a value.
func (v *flagValue) IsBool() bool { return v.field.Kind == gen.BooleanField }

// Decode reads a value for the parser. An argument that is a list has all arguments.
func (v *flagValue) Decode(k *kong.DecodeContext, target reflect.Value) error {
	given := target.Addr().Interface().(*texts)
	if next := k.Scan.Peek(); v.IsBool() && next.Type != kong.FlagValueToken {
		*given = append(*given, "true")
		return nil
	}
	for {
		token := k.Scan.Pop()
		if text := token.String(); !token.IsValue() && !negative.MatchString(text) {
			return message.Errorf("a value is missing; one that begins with a hyphen is written --%s=VALUE", v.Name)
		}
		*given = append(*given, token.String())
		if k.Value.Flag != nil || v.field.Kind != gen.ArrayField || !k.Scan.Peek().IsValue() {
			return nil
		}
	}
}

// Run calls the operation and prints the result.
func (c *typedCommand) Run(ctx context.Context, s streams, k *kong.Context) error {
	if err := c.read(s, k); err != nil {
		return err
	}
	if c.method.Exports() {
		return c.runExport(ctx, s, k)
	}
	form, err := c.form(k)
	if err != nil {
		return err
	}
	return c.call.do(ctx, s, k, c.request(form))
}

// request returns the call with a form.
func (c *typedCommand) request(form url.Values) apiCall {
	return apiCall{c.method.Operation, c.method, form, c.method.Result}
}

// read puts what @FILE and @- stand for in the place of them. The standard input can be read only once, and an export
// makes several forms of the values.
func (c *typedCommand) read(s streams, k *kong.Context) error {
	for _, v := range c.values {
		for i, text := range v.texts {
			value, err := fieldValue(s, v.labelIn(k.Args), text)
			if err != nil {
				return message.Errorf("%s: %w", c.request(nil).name(), err)
			}
			v.texts[i] = value
		}
	}
	return nil
}

// form returns the form of the operation, checked against the spec. Its errors name the fields as the
// command line does.
func (c *typedCommand) form(k *kong.Context) (url.Values, error) {
	called := c.request(nil).name()
	fields, labels, err := c.fields(k)
	if err != nil {
		return nil, message.Errorf("%s: %w", called, err)
	}
	fields = c.method.Complete(fields)
	if err := c.missing(fields); err != nil {
		return nil, usage("%s: %w", called, err)
	}
	form, err := command.Read(c.method.Operation, fields)
	if err == nil {
		err = c.method.Check(form)
	}
	var wrong *gen.FieldError
	if errors.As(err, &wrong) {
		named := *wrong
		name := named.Field[:strings.IndexAny(named.Field+".", ".[")]
		if strings.HasPrefix(named.Want, "at least 0") && slices.Contains(c.method.Require, name) {
			named.Want = c.method.Least(name) // the operation takes 0, but this method does not
		}
		named.Field = cmp.Or(labels[name], name) + strings.TrimPrefix(named.Field, name)
		var value *command.ValueError
		if errors.As(err, &value) {
			err = &command.ValueError{FieldError: named, Reason: value.Reason}
		} else {
			err = &named
		}
		err = message.Errorf("%s: %w", called, err)
	}
	if err != nil {
		return nil, usage("%w", err)
	}
	return form, nil
}

// fields returns the fields that the command line gives, and how messages name all fields.
func (c *typedCommand) fields(k *kong.Context) (fields []wire.Pair, labels map[string]string, err error) {
	labels, given := map[string]string{}, map[string]string{}
	give := func(label, name, value string, several bool) error {
		switch other := given[name]; {
		case other == label && !several:
			return usage("%s is given twice", label)
		case other != "" && other != label:
			return usage("%s and %s do not go together; leave one of them out", other, label)
		}
		given[name], labels[name] = label, label
		fields = append(fields, wire.Pair{Name: name, Value: value})
		return nil
	}
	for _, v := range c.values {
		if labels[v.Field] == "" {
			labels[v.Field] = v.label
		}
		label := v.labelIn(k.Args)
		for _, value := range v.texts {
			var err error
			if len(v.Set) > 0 && v.field.Kind == gen.TextField && strings.TrimSpace(value) == "" {
				err = c.blank(v)
			}
			if err == nil {
				err = give(label, v.Field, value, v.field.Kind == gen.ArrayField)
			}
			if err != nil {
				return nil, nil, err
			}
		}
		if v.texts == nil {
			continue
		}
		for _, set := range v.Set {
			if err := give(label, set.Name, set.Value, false); err != nil {
				return nil, nil, err
			}
		}
	}
	return fields, labels, nil
}

// blank returns the error of a text without anything to read, such as that of a variable that is not set.
func (c *typedCommand) blank(v *flagValue) error {
	d := described.In("en")
	fields := d.Fields(d.Operation(c.method.Operation))
	sets := make([]string, len(v.Set))
	for i, set := range v.Set {
		sets[i] = "--" + c.method.Find(set.Name).Name + "=" + command.Written(fields[set.Name], set.Value)
	}
	return usage("%s is empty or blank; to send nothing on purpose, give --%s '' with %s", v.label, c.method.Find(v.Field).Name, strings.Join(sets, " "))
}

// named returns the fields that a command line names by flags, and the argument, without their values.
func (c *typedCommand) named(args []string) (fields []wire.Pair) {
	fields = append(fields, wire.Pair{Name: c.method.Argument})
	for _, v := range c.values {
		for _, name := range append(v.aliases(), v.Name) {
			if slices.ContainsFunc(args, func(arg string) bool { return arg == "--"+name || strings.HasPrefix(arg, "--"+name+"=") }) {
				fields = append(append(fields, wire.Pair{Name: v.Field}), v.Set...)
			}
		}
	}
	return fields
}

// labelIn returns the name of the flag that is on the command line.
func (v *flagValue) labelIn(args []string) string {
	for _, alias := range v.aliases() {
		if slices.ContainsFunc(args, func(arg string) bool { return arg == "--"+alias || strings.HasPrefix(arg, "--"+alias+"=") }) {
			return "--" + alias
		}
	}
	return v.label
}

// missing returns an error that lists the flags that must be given and are not.
func (c *typedCommand) missing(fields []wire.Pair) error {
	var list []message.Text
	for _, field := range c.method.Operation.Fields {
		if slices.ContainsFunc(fields, func(f wire.Pair) bool { return f.Name == field.Name }) || !c.method.Needs(field) {
			continue
		}
		if field.Name == c.method.Argument {
			list = append(list, message.Of("%s", strings.ToUpper(c.method.Find(field.Name).Name)))
			continue
		}
		var flags []string
		for _, flag := range c.method.Giving(field.Name) {
			flags = append(flags, "--"+flag.Name)
		}
		list = append(list, message.Or(flags))
	}
	switch len(list) {
	case 0:
		return nil
	case 1:
		return message.Errorf("%v is missing", list[0])
	}
	all := list[0]
	for _, one := range list[1 : len(list)-1] {
		all = message.Of("%v, %v", all, one)
	}
	return message.Errorf("%v and %v are missing", all, list[len(list)-1])
}
