package main

import (
	_ "embed"
	"strconv"
	"strings"
)

// packageDoc is the comment of package gen.
const packageDoc = `// Package gen is generated from spec/openapi.yaml. It has the form and the response of
// every operation, a raw client, and one Endpoint for each operation, which joins what
// belongs to it.
//
// Package gen is enough to call the API without the wrapper: fill a form, Validate it,
// send the bytes of AppendForm with Endpoint.Send and a signing editor, and read the
// response with Endpoint.Decode.
//
// Room ids, times and durations have types of their own. Enums are open: they keep
// values that the spec does not know.
//
// With encoding/json every form and response, and every object in one, is written as
// on the wire and read as leniently as Decode reads it: times and durations are whole
// numbers of the unit that the spec says, and what a response has beyond the spec goes
// through Extra. A form becomes an object of its fields. A struct that embeds one of
// these types takes over its methods, and so is written and read as that type alone;
// let it have a field of the type instead.
`

//go:embed types.txt
var operationTypes string

// genFiles are the files of package gen. They are cut by service, so that a person
// can open them.
func genFiles(a *api) map[string]func(p *printer) {
	list := map[string]func(p *printer){
		"codes.gen.go":     func(p *printer) { emitCodes(p, a) },
		"ids.gen.go":       func(p *printer) { emitIDs(p, a) },
		"enums.gen.go":     func(p *printer) { emitEnums(p, a) },
		"endpoints.gen.go": func(p *printer) { emitEndpoints(p, a) },
		"types.gen.go":     emitTypes,
	}
	for _, service := range a.Services {
		list["forms_"+service+suffix] = func(p *printer) { emitForms(p, a, service) }
		list["responses_"+service+suffix] = func(p *printer) { emitResponses(p, a, service) }
		list["components_"+service+suffix] = func(p *printer) { emitComponents(p, a, service) }
		list["operations_"+service+suffix] = func(p *printer) { emitOperations(p, a, service) }
	}
	return list
}

// emitTypes writes the hand-written types that the generated tables are made of.
func emitTypes(p *printer) {
	p.packageDoc = packageDoc
	for _, path := range []string{"context", "io", "net/http", "strconv", wirePackage} {
		p.use(path)
	}
	p.body.WriteString(operationTypes)
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
