package main

import (
	"reflect"

	"github.com/nimroom/nimroom/internal/described"
	"github.com/nimroom/nimroom/internal/output"
)

// auto is the format that depends on where the output goes.
const auto = "auto"

// formats are the values of --output.
var formats = []string{auto, output.Table, output.JSON, output.NDJSON, output.CSV, output.YAML}

// outputFlags say how a command prints what the service returns.
type outputFlags struct {
	Output  string   `short:"o" enum:"auto,table,json,ndjson,csv,yaml" default:"auto" help:"Format: table, json, ndjson (one row a line), csv or yaml; auto is a table on a terminal, and json elsewhere. json and yaml are the whole response; the others are its rows. In csv, a text that a spreadsheet would take for a formula, such as @bob, has an apostrophe before it."`
	Columns []string `placeholder:"NAME" complete:"column" help:"Columns to print, with commas between them. A dot leads into an object: nick,body.msg. A filter of jq finds what the spec does not know."`
	JQ      string   `name:"jq" placeholder:"FILTER" help:"Filter of jq to apply to the response, such as '.desc.data[].accid'. Texts are printed without quotes."`
}

// printer returns a printer for the outputs.
func (f *outputFlags) printer(s streams) *output.Printer {
	format := f.Output
	switch {
	case format != auto:
	case s.terminal && f.JQ == "":
		format = output.Table
	default:
		format = output.JSON
	}
	p := &output.Printer{Out: s.out, Err: s.err, Format: format, Terminal: s.terminal, Width: s.width, Columns: f.Columns, Filter: f.JQ, Translate: catalogOf(s.language).text}
	if s.color {
		p.Bold = func(line string) string { return s.paint(bold, line) }
	}
	return p
}

// schemaOf returns the schema of an object of the command line itself: the names of its members.
func schemaOf[T any]() *described.Schema {
	s := &described.Schema{Type: "object"}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[T]()) {
		s.Properties = append(s.Properties, described.Property{Name: field.Tag.Get("json"), Schema: &described.Schema{}})
	}
	return s
}
