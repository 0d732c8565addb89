package audit

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/url"

	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/nimroom/nimroom/internal/audit/page"
)

// Reference holds what pages are compared with: their records, and the spec for pages
// that have none.
type Reference struct {
	Records    map[string]*page.Record // by id
	servers    []string
	operations []*operation // by path
	names      map[string]bool
	sentences  map[string]map[string]bool // of each record, squeezed
}

// operation is one operation of the spec.
type operation struct {
	id, path          string
	aliases           []string // other paths
	form              *openapi3.Schema
	success, apiError *openapi3.Schema
	codes             []string
}

// NewReference reads the canonical spec, and the records in a folder, one <id>.yaml for
// each page on record.
func NewReference(spec []byte, records fs.FS) (*Reference, error) {
	doc, err := openapi3.NewLoader().LoadFromData(spec)
	if err != nil {
		return nil, fmt.Errorf("audit: the spec: %w", err)
	}
	ref := &Reference{Records: map[string]*page.Record{}, names: map[string]bool{}, sentences: map[string]map[string]bool{}}
	for _, s := range doc.Servers {
		ref.servers = append(ref.servers, s.URL)
	}
	for _, p := range slices.Sorted(maps.Keys(doc.Paths.Map())) {
		op, err := readOperation(p, doc.Paths.Value(p).Post)
		if err != nil {
			return nil, fmt.Errorf("audit: %s: %w", p, err)
		}
		ref.operations = append(ref.operations, op)
		for _, s := range []*openapi3.Schema{op.form, op.success, op.apiError} {
			ref.collect(s, 0)
		}
	}
	files, err := fs.Glob(records, "*.yaml")
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		text, err := fs.ReadFile(records, file)
		if err != nil {
			return nil, err
		}
		record, err := page.Decode(bytes.NewReader(text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		id := strings.TrimSuffix(file, ".yaml")
		ref.Records[id], ref.sentences[id] = record, map[string]bool{}
		for _, t := range record.Sentences() {
			ref.sentences[id][page.Squeeze(t.Text)] = true
		}
	}
	return ref, nil
}

const formType = "application/x-www-form-urlencoded"

func readOperation(p string, post *openapi3.Operation) (*operation, error) {
	if post == nil || post.RequestBody == nil || post.RequestBody.Value.Content[formType] == nil {
		return nil, errors.New("no POST with a form")
	}
	response := post.Responses.Status(200)
	if response == nil || response.Value.Content["application/json"] == nil {
		return nil, errors.New("no JSON response")
	}
	op := &operation{
		id: post.OperationID, path: p, form: post.RequestBody.Value.Content[formType].Schema.Value,
		aliases: texts(post.Extensions["x-path-aliases"]), codes: texts(post.Extensions["x-status-codes"]),
	}
	for _, alternative := range response.Value.Content["application/json"].Schema.Value.OneOf {
		if strings.HasSuffix(alternative.Ref, "/Error") {
			op.apiError = alternative.Value
		} else {
			op.success = alternative.Value
		}
	}
	if op.success == nil || op.apiError == nil {
		return nil, errors.New("no success or no error")
	}
	return op, nil
}

// texts reads a list of scalars.
func texts(list any) []string {
	items, _ := list.([]any)
	var all []string
	for _, item := range items {
		all = append(all, fmt.Sprint(item))
	}
	return all
}

func (ref *Reference) collect(s *openapi3.Schema, depth int) {
	if s == nil || depth > 8 {
		return
	}
	for name, child := range s.Properties {
		ref.names[name] = true
		for _, alias := range aliasesOf(s, name) {
			ref.names[alias] = true
		}
		ref.collect(child.Value, depth+1)
	}
	if s.Items != nil {
		ref.collect(s.Items.Value, depth+1)
	}
}

// Known reports whether a name is a field of the spec. page.Read uses it.
func (ref *Reference) Known(name string) bool { return ref.names[name] }

// aliasesOf returns the other spellings of a property.
func aliasesOf(parent *openapi3.Schema, name string) []string {
	outer, _ := parent.Extensions["x-property-aliases"].(map[string]any)
	return slices.Concat(texts(parent.Properties[name].Value.Extensions["x-aliases"]), texts(outer[name]))
}

// property finds a property by its name or another spelling.
func property(parent *openapi3.Schema, name string) (string, *openapi3.Schema) {
	if child := parent.Properties[name]; child != nil {
		return name, child.Value
	}
	for canonical, child := range parent.Properties {
		if slices.Contains(aliasesOf(parent, canonical), name) {
			return canonical, child.Value
		}
	}
	return name, nil
}

// split cuts a printed URL into the server and the path.
func (ref *Reference) split(printed string) (server, path string) {
	u, err := url.Parse(printed)
	if err != nil {
		return printed, ""
	}
	if u.Host != "" {
		server = u.Scheme + "://" + u.Host
	}
	if before, after, ok := strings.Cut(u.Path, "/nimserver/"); ok {
		if server != "" {
			server += before + "/nimserver"
		}
		return server, "/" + after
	}
	return server, "/" + strings.TrimPrefix(u.Path, "/")
}

// find returns the operation of the spec at a printed URL, or nil.
func (ref *Reference) find(printed string) *operation {
	_, p := ref.split(printed)
	for _, op := range ref.operations {
		if op.path == p || slices.Contains(op.aliases, p) {
			return op
		}
	}
	return nil
}

// PathOf returns the path of a printed URL, as the spec writes it if it has the operation.
func (ref *Reference) PathOf(printed string) string {
	if op := ref.find(printed); op != nil {
		return op.path
	}
	_, p := ref.split(printed)
	return p
}

// nameOf returns the operationId at a path, or else the path.
func (ref *Reference) nameOf(p string) string {
	for _, op := range ref.operations {
		if op.path == p {
			return op.id
		}
	}
	return p
}

// recordOf finds the record of a page: the one in its language that has its title, its
// headings, or most of its sentences. whole means that the page is not just an excerpt.
func (ref *Reference) recordOf(p *page.Record) (id string, whole bool) {
	best, sentences := 0.0, p.Sentences()
	for _, candidate := range slices.Sorted(maps.Keys(ref.Records)) {
		record := ref.Records[candidate]
		shared, headings := 0, 0
		for _, op := range p.Operations {
			if old := record.At(ref.PathOf, ref.PathOf(op.URL)); old != nil {
				shared++
				if page.Squeeze(old.Heading) == page.Squeeze(op.Heading) {
					headings++
				}
			}
		}
		score := resemblance(sentences, ref.sentences[candidate])
		switch {
		case record.Language != p.Language:
			continue
		case page.Squeeze(record.Title) == page.Squeeze(p.Title) && (shared > 0 || len(p.Listed) > 0):
			score += 2
		case headings*2 > len(p.Operations):
			score++
		case score < 0.5:
			continue
		}
		if score > best {
			best, id, whole = score, candidate, shared*2 >= len(record.Operations)
		}
	}
	return id, whole
}

// resemblance is the part of a page's sentences that a record has.
func resemblance(sentences []page.Text, known map[string]bool) float64 {
	shared, all := 0, 0
	for _, t := range sentences {
		all++
		if known[page.Squeeze(t.Text)] {
			shared++
		}
	}
	return float64(shared) / float64(max(all, 1))
}
