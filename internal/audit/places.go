package audit

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Places finds where the spec repeats what a page says.
type Places struct {
	folder string
	files  map[string]*yaml.Node // by name; nil for one that cannot be read
}

// NewPlaces looks into the folder of the spec.
func NewPlaces(folder string) *Places { return &Places{folder: folder, files: map[string]*yaml.Node{}} }

// Of lists the places, as file:line and what stands there, that repeat the part of a
// page that a finding is about.
func (p *Places) Of(record string, f Finding) []string {
	if f.path == "" || record == "" {
		return nil
	}
	var list []string
	add := func(file, what string, n *yaml.Node) {
		if n != nil {
			list = append(list, fmt.Sprintf("%s:%d  %s", filepath.Join(p.folder, filepath.FromSlash(file)), n.Line, what))
		}
	}
	root := p.file("openapi.yaml")
	post := get(root, "paths", f.path, "post")
	for _, source := range content(get(post, "x-source")) {
		if id := get(source, "evidence"); id != nil && id.Value == record {
			add("openapi.yaml", "x-source of "+f.Operation, source)
		}
	}
	name, _, _ := strings.Cut(f.Field, " ")
	for _, media := range content(get(post, "requestBody", "content")) {
		reference := get(media, "schema", "$ref")
		if f.Place == "form" && reference != nil {
			_, schema, _ := strings.Cut(reference.Value, "schemas/")
			add("openapi.yaml", "form field "+name, get(root, "components", "schemas", schema, "properties", name))
		}
	}
	transcript := "evidence/pages/" + record + ".yaml"
	entry := get(p.file(transcript), "operations", f.path)
	rows := slices.Concat(content(get(entry, "request")), content(get(entry, "response")))
	at := slices.IndexFunc(rows, func(n *yaml.Node) bool { return name != "" && get(n, "name") != nil && get(n, "name").Value == name })
	if at >= 0 {
		add(transcript, "row "+name, rows[at])
	} else {
		add(transcript, "transcript of "+f.Operation, entry)
	}
	for _, section := range content(get(p.file("reconciliation.yaml"), "sections")) {
		for _, row := range content(get(section, "rows")) {
			if names(row, record, f) {
				add("reconciliation.yaml", "row "+get(row, "id").Value, row)
			}
		}
	}
	return list
}

// names reports whether a row of the reconciliation is about the page's operation, and
// about the field if it names some.
func names(row *yaml.Node, record string, f Finding) bool {
	for _, d := range content(get(row, "pages")) {
		document, action := get(d, "document"), strings.TrimSuffix(f.path[strings.LastIndexByte(f.path, '/')+1:], ".action")
		has := func(key, value string) bool {
			return slices.ContainsFunc(content(get(d, key)), func(n *yaml.Node) bool { return n.Value == value })
		}
		if document != nil && strings.HasPrefix(record, document.Value) && has("operations", action) && (get(d, "fields") == nil || has("fields", f.Field)) {
			return true
		}
	}
	return false
}

func (p *Places) file(name string) *yaml.Node {
	if n, ok := p.files[name]; ok {
		return n
	}
	p.files[name] = nil
	if text, err := os.ReadFile(filepath.Join(p.folder, filepath.FromSlash(name))); err == nil {
		var document yaml.Node
		if yaml.Unmarshal(text, &document) == nil && len(document.Content) > 0 {
			p.files[name] = document.Content[0]
		}
	}
	return p.files[name]
}

// get follows keys into mappings. It returns nil where one is missing.
func get(n *yaml.Node, keys ...string) *yaml.Node {
	for _, key := range keys {
		if n == nil || n.Kind != yaml.MappingNode {
			return nil
		}
		at := -1
		for i := 0; i < len(n.Content); i += 2 {
			if n.Content[i].Value == key {
				at = i + 1
			}
		}
		if at < 0 {
			return nil
		}
		n = n.Content[at]
	}
	return n
}

// content lists the elements of a sequence or the values of a mapping.
func content(n *yaml.Node) []*yaml.Node {
	switch {
	case n == nil:
		return nil
	case n.Kind == yaml.SequenceNode:
		return n.Content
	}
	var values []*yaml.Node
	for i := 1; i < len(n.Content); i += 2 {
		values = append(values, n.Content[i])
	}
	return values
}
