package audit

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/nimroom/nimroom/internal/reconciliation"
)

// Places finds where the spec, which lies in a folder, repeats what a page says.
type Places struct {
	Folder string
	files  map[string]*yaml.Node
}

// Of lists the places, as file:line and what stands there, that repeat the part of a
// page that a finding is about.
func (p *Places) Of(record string, f Finding) []string {
	if f.path == "" || record == "" {
		return nil
	}
	var list []string
	add := func(file, what string, keys ...string) bool {
		n := p.node(file, keys...)
		if n.Line > 0 {
			list = append(list, fmt.Sprintf("%s:%d  %s", filepath.Join(p.Folder, filepath.FromSlash(file)), n.Line, what))
		}
		return n.Line > 0
	}
	const spec = "openapi.yaml"
	add(spec, "x-source of "+f.Operation, "paths", f.path, "post", "x-source", record)
	name, _, _ := strings.Cut(f.Field, " ")
	if f.Place == "form" {
		form := p.node(spec, "paths", f.path, "post", "requestBody", "content", formType, "schema", "$ref")
		add(spec, "form field "+name, "components", "schemas", path.Base(form.Value), "properties", name)
	}
	transcript := "evidence/pages/" + record + ".yaml"
	row := slices.ContainsFunc([]string{"request", "response"}, func(table string) bool {
		return name != "" && add(transcript, "row "+name, "operations", f.path, table, name)
	})
	if !row {
		add(transcript, "transcript of "+f.Operation, "operations", f.path)
	}
	const settled = "reconciliation.yaml"
	action := strings.TrimSuffix(path.Base(f.path), ".action")
	for _, section := range p.node(settled, "sections").Content {
		for _, row := range child(section, "rows").Content {
			var pages []reconciliation.Deviation
			_ = child(row, "pages").Decode(&pages) // a row without pages is about none
			if slices.ContainsFunc(pages, func(d reconciliation.Deviation) bool {
				return strings.HasPrefix(record, d.Document) && slices.Contains(d.Operations, action) && (d.Fields == nil || slices.Contains(d.Fields, f.Field))
			}) {
				id := child(row, "id").Value
				add(settled, "row "+id, "sections", child(section, "title").Value, "rows", id)
			}
		}
	}
	return list
}

// node follows keys into a file: to the value of a key, and to the element of a list that
// has a key among its values. Its line is 0 if there is none.
func (p *Places) node(file string, keys ...string) *yaml.Node {
	if p.files == nil {
		p.files = map[string]*yaml.Node{}
	}
	if p.files[file] == nil {
		document := yaml.Node{Content: []*yaml.Node{{}}}
		if text, err := os.ReadFile(filepath.Join(p.Folder, filepath.FromSlash(file))); err == nil {
			_ = yaml.Unmarshal(text, &document) // what cannot be read has no places
		}
		p.files[file] = document.Content[0]
	}
	n := p.files[file]
	for _, key := range keys {
		n = child(n, key)
	}
	return n
}

func child(n *yaml.Node, key string) *yaml.Node {
	for i, c := range n.Content {
		named := n.Kind == yaml.MappingNode && i%2 == 1 && n.Content[i-1].Value == key
		has := func(value *yaml.Node) bool { return value.Value == key }
		if named || n.Kind == yaml.SequenceNode && slices.ContainsFunc(c.Content, has) {
			return c
		}
	}
	return &yaml.Node{}
}
