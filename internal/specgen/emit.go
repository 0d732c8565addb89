package main

import (
	_ "embed"
	"strconv"
	"strings"
)

//go:embed types.txt
var operationTypes string

// files names the generated files and how each is made. They are cut by
// service, so that a person can open them.
func files(a *api) map[string]func() ([]byte, error) {
	list := map[string]func() ([]byte, error){
		"codes.gen.go":      func() ([]byte, error) { return emitCodes(a) },
		"enums.gen.go":      func() ([]byte, error) { return emitEnums(a) },
		"components.gen.go": func() ([]byte, error) { return emitComponents(a) },
		"endpoints.gen.go":  func() ([]byte, error) { return emitEndpoints(a) },
		"types.gen.go":      func() ([]byte, error) { return emitTypes() },
	}
	for _, service := range a.Services {
		list["forms_"+service+".gen.go"] = func() ([]byte, error) { return emitForms(a, service) }
		list["answers_"+service+".gen.go"] = func() ([]byte, error) { return emitAnswers(a, service) }
		list["operations_"+service+".gen.go"] = func() ([]byte, error) { return emitOperations(a, service) }
	}
	return list
}

// emitTypes writes the hand-written types that the generated tables are made of.
func emitTypes() ([]byte, error) {
	var p printer
	for _, path := range []string{"context", "io", "net/http", wirePackage} {
		p.use(path)
	}
	p.body.WriteString(operationTypes)
	return p.source()
}

func quote(s string) string { return strconv.Quote(s) }

// quoteAll quotes each string and joins them with commas.
func quoteAll(list ...string) string {
	quoted := make([]string, len(list))
	for i, s := range list {
		quoted[i] = quote(s)
	}
	return strings.Join(quoted, ", ")
}

// spelled is the name of a property in the dialect d, as a Go expression.
func spelled(p *prop) string {
	if len(p.Aliases) == 0 {
		return quote(p.Wire)
	}
	return "d.Spelling(" + quoteAll(p.Wire, p.Aliases[0]) + ")"
}
