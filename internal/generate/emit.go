package main

import (
	_ "embed"
	"strconv"
	"strings"
)

// packageDoc is the documentation of package gen.
const packageDoc = `// Package gen is generated from spec/openapi.yaml. It has the form and the response of
// every operation, a raw client, and an Endpoint for each operation, which holds the
// functions of the operation.
//
// A program can call the API with package gen alone, without package wrapper: fill a form,
// Validate it, send the bytes of AppendForm with Endpoint.Send and a signing editor, and
// read the response with Endpoint.Decode.
//
// Room ids, times and durations have types of their own. Enums are open: they keep
// values that the spec does not know.
//
// The package encoding/json writes forms, responses and the objects in them as they are on
// the wire, and reads them as leniently as Decode does. Times and durations are whole
// numbers of the spec's units, and Extra holds members that the spec does not know. A form
// becomes an object of its fields. A struct that embeds one of these types inherits its
// methods, so encoding/json treats it as that type; use a field of the type instead.
`

//go:embed types.txt
var operationTypes string

// genFiles returns the files of package gen. Most belong to one service, which keeps them
// small enough to read.
func genFiles(a *api) map[string]func(p *printer) {
	list := map[string]func(p *printer){
		"codes.gen.go":     func(p *printer) { emitCodes(p, a) },
		"ids.gen.go":       func(p *printer) { emitIDs(p, a) },
		"enums.gen.go":     func(p *printer) { emitEnums(p, a) },
		"endpoints.gen.go": func(p *printer) { emitEndpoints(p, a) },
		"types.gen.go":     emitTypes,
		"callbacks.gen.go": func(p *printer) { emitCallbacks(p, a) },
	}
	for _, service := range a.Services {
		list["forms_"+service+suffix] = func(p *printer) { emitForms(p, a, service) }
		list["responses_"+service+suffix] = func(p *printer) { emitResponses(p, a, service) }
		list["components_"+service+suffix] = func(p *printer) { emitComponents(p, a, service) }
		list["operations_"+service+suffix] = func(p *printer) { emitOperations(p, a, service) }
	}
	return list
}

// emitTypes writes the types of the generated tables, which are written by hand.
func emitTypes(p *printer) {
	p.packageDoc = packageDoc
	for _, path := range []string{"context", "io", "net/http", "strconv", "time", wirePackage} {
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

// spelled returns a Go expression for the name of a property in the dialect d.
func spelled(p *prop) string {
	if len(p.Aliases) == 0 {
		return quote(p.Wire)
	}
	return "d.Spelling(" + quoteAll(p.Wire, p.Aliases[0]) + ")"
}
