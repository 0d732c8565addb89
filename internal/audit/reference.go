package audit

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
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
	operations []*operation               // by path
	names      map[string]bool            // of all fields of the spec
	sentences  map[string]map[string]bool // of each record, squeezed
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
		ref.operations = append(ref.operations, ref.read(p, doc.Paths.Value(p).Post))
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

// Known reports whether a name is a field of the spec. page.Read uses it.
func (ref *Reference) Known(name string) bool { return ref.names[name] }

// address is a printed URL: its server, the path of the API on it, and the rest.
var address = regexp.MustCompile(`(?s)^(https?://[^/?]*)?([^?]*?/nimserver/)?/*(.*)$`)

// split cuts a printed URL into the server, and the path with the query.
func split(printed string) (server, path string) {
	m := address.FindStringSubmatch(printed)
	if m[1] != "" {
		server = m[1] + strings.TrimRight(m[2], "/")
	}
	return server, "/" + m[3]
}

// find returns the operation of the spec at a printed URL, or nil.
func (ref *Reference) find(printed string) *operation {
	_, p := split(printed)
	p, _, _ = strings.Cut(p, "?")
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
	_, p := split(printed)
	return p
}

// recordOf finds the record of a page: of those in its language that have its title, most of
// its headings or half of its sentences, the one with the most sentences. whole means that the page is
// not just an excerpt.
func (ref *Reference) recordOf(p *page.Record) (id string, whole bool) {
	most, sentences := -1, p.Sentences()
	for _, candidate := range slices.Sorted(maps.Keys(ref.Records)) {
		record := ref.Records[candidate]
		shared, headings, known := 0, 0, 0
		for _, op := range p.Operations {
			if old := record.At(ref.PathOf, ref.PathOf(op.URL)); old != nil {
				shared++
				if page.Squeeze(old.Heading) == page.Squeeze(op.Heading) {
					headings++
				}
			}
		}
		for _, t := range sentences {
			if ref.sentences[candidate][page.Squeeze(t.Text)] {
				known++
			}
		}
		titled := page.Squeeze(record.Title) == page.Squeeze(p.Title) && (shared > 0 || len(p.Listed) > 0)
		like := titled || headings*2 > len(p.Operations) || known > 0 && known*2 >= len(sentences)
		if like && record.Language == p.Language && known > most {
			most, id, whole = known, candidate, shared*2 >= len(record.Operations)
		}
	}
	return id, whole
}
