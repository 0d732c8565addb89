package audit

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/nimroom/nimroom/internal/reconciliation"
)

// Places finds where the spec repeats what a page says.
type Places struct {
	folder string
	files  map[string]map[string]*yaml.Node
}

// NewPlaces looks into the folder of the spec.
func NewPlaces(folder string) *Places {
	return &Places{folder: folder, files: map[string]map[string]*yaml.Node{}}
}

// Of lists the places, as file:line and what stands there, that repeat the part of a
// page that a finding is about.
func (p *Places) Of(record string, f Finding) []string {
	if f.path == "" || record == "" {
		return nil
	}
	var list []string
	add := func(file, what string, keys ...string) bool {
		n := p.nodes(file)[strings.Join(keys, "\x00")]
		if n != nil {
			list = append(list, fmt.Sprintf("%s:%d  %s", filepath.Join(p.folder, filepath.FromSlash(file)), n.Line, what))
		}
		return n != nil
	}
	add("openapi.yaml", "x-source of "+f.Operation, "paths", f.path, "post", "x-source", record)
	name, _, _ := strings.Cut(f.Field, " ")
	form := p.nodes("openapi.yaml")[strings.Join([]string{"paths", f.path, "post", "requestBody", "content", formType, "schema", "$ref"}, "\x00")]
	if f.Place == "form" && form != nil {
		add("openapi.yaml", "form field "+name, "components", "schemas", filepath.Base(form.Value), "properties", name)
	}
	transcript := "evidence/pages/" + record + ".yaml"
	row := slices.ContainsFunc([]string{"request", "response"}, func(table string) bool {
		return name != "" && add(transcript, "row "+name, "operations", f.path, table, name)
	})
	if !row {
		add(transcript, "transcript of "+f.Operation, "operations", f.path)
	}
	text, err := os.ReadFile(filepath.Join(p.folder, "reconciliation.yaml"))
	settled, wrong := reconciliation.Parse(text)
	if err != nil || wrong != nil {
		return list
	}
	action := strings.TrimSuffix(f.path[strings.LastIndexByte(f.path, '/')+1:], ".action")
	for _, section := range settled.Sections {
		for _, row := range section.Rows {
			if slices.ContainsFunc(row.Pages, func(d reconciliation.Deviation) bool {
				return strings.HasPrefix(record, d.Document) && slices.Contains(d.Operations, action) && (d.Fields == nil || slices.Contains(d.Fields, f.Field))
			}) {
				add("reconciliation.yaml", "row "+row.ID, "sections", section.Title, "rows", row.ID)
			}
		}
	}
	return list
}

// nodes returns the nodes of a file by the keys that lead to them. The key of an element
// of a list is its evidence, name, id or title, or else its number.
func (p *Places) nodes(name string) map[string]*yaml.Node {
	if p.files[name] == nil {
		p.files[name] = map[string]*yaml.Node{}
		var document yaml.Node
		if text, err := os.ReadFile(filepath.Join(p.folder, filepath.FromSlash(name))); err == nil && yaml.Unmarshal(text, &document) == nil {
			index(p.files[name], "", &document)
		}
	}
	return p.files[name]
}

func index(nodes map[string]*yaml.Node, at string, n *yaml.Node) {
	nodes[strings.TrimPrefix(at, "\x00")] = n
	for i, child := range n.Content {
		switch {
		case n.Kind == yaml.DocumentNode:
			index(nodes, at, child)
		case n.Kind == yaml.SequenceNode:
			key := strconv.Itoa(i)
			for j := 0; j+1 < len(child.Content) && child.Kind == yaml.MappingNode; j += 2 {
				if slices.Contains([]string{"evidence", "name", "id", "title"}, child.Content[j].Value) {
					key = child.Content[j+1].Value
					break
				}
			}
			index(nodes, at+"\x00"+key, child)
		case i%2 == 1:
			index(nodes, at+"\x00"+n.Content[i-1].Value, child)
		}
	}
}
