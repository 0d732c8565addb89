package command

import (
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
)

// Text is a text in English and in Chinese.
type Text [2]string

// In returns the text in a language: en or zh.
func (t Text) In(language string) string {
	if language == "zh" {
		return t[1]
	}
	return t[0]
}

// Service is a subject of the API with its methods.
type Service struct {
	Name        string // rooms
	Description Text
	Methods     []*Method
}

// Method is a way to call an operation: an entry of x-methods.
type Method struct {
	Name        string // in Go: SetRole
	Command     string // on the command line: set-role
	Operation   *gen.Operation
	Result      string // path of the result inside the success: desc.data; . for all of it, empty for none
	Description Text
	Argument    string      // the field that is the argument of the command, empty if there is none
	Set         []wire.Pair // the fields that the method sets itself; it leaves out fields that have no flag
	Require     []string    // fields that must not be zero
	Flags       []Flag      // in the order of the form
}

// Flag is a flag of a method's command.
type Flag struct {
	Name  string
	Field string      // of the form
	Set   []wire.Pair // the fields that the flag sets beside its own
}

// Result returns the path of what an operation returns: that of its only or first method.
func Result(operation *gen.Operation) string {
	for _, service := range Services {
		for _, method := range service.Methods {
			if method.Operation == operation {
				return method.Result
			}
		}
	}
	return ""
}
