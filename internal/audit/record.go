package audit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nimroom/nimroom/internal/reconciliation"
)

// record holds the known deviations, one entry for each document, operation and
// field.
type record struct{ entries []deviation }

// deviation is one recorded point. It covers only a finding that is the same in every
// field, so that a page that says something else again is drift.
type deviation struct {
	document, action, field, aspect, page string
	row                                   string
}

// newRecord expands the entries of a record. An entry that names an operation or a
// field that the spec does not have could never be used, so it is an error.
func newRecord(r *reconciliation.Record, ref *Reference) (*record, error) {
	for _, d := range r.Documents {
		if ref.documentOf(d.ID) == nil {
			return nil, fmt.Errorf("audit: reconciliation: the spec cites no page %q", d.ID)
		}
	}
	rec := &record{}
	for _, section := range r.Sections {
		for _, row := range section.Rows {
			for _, d := range row.Pages {
				for _, action := range d.Operations {
					if !slices.ContainsFunc(ref.operations, func(op *operation) bool { return op.action == action }) {
						return nil, fmt.Errorf("audit: reconciliation row %s: no operation %q", row.ID, action)
					}
					fields := d.Fields
					if len(fields) == 0 {
						fields = []string{""}
					}
					for _, field := range fields {
						if field != "" && !ref.names[field] {
							return nil, fmt.Errorf("audit: reconciliation row %s: no field %q", row.ID, field)
						}
						rec.entries = append(rec.entries, deviation{r.Document(d.Document).ID, action, field, d.Aspect, d.Page, row.ID})
					}
				}
			}
		}
	}
	return rec, nil
}

// ledger notes which entries an audit uses.
type ledger struct {
	record *record
	used   map[deviation]bool
	// seen holds the operations whose pages could have used an entry, each with a finding
	// that gives the place.
	seen map[deviation]Finding
}

func (r *record) open() *ledger {
	return &ledger{record: r, used: map[deviation]bool{}, seen: map[deviation]Finding{}}
}

// cover finds the row that covers a finding. It returns "" without one.
func (l *ledger) cover(document, action string, f Finding) string {
	field := f.Field[strings.LastIndexByte(f.Field, '.')+1:]
	for _, e := range l.record.entries {
		if e.document == document && e.action == action && (e.field == field || e.field == f.Field) && e.aspect == f.Aspect && e.page == f.Page {
			l.used[e] = true
			return e.row
		}
	}
	return ""
}

// expect notes that an operation of a document was read completely.
func (l *ledger) expect(document, action string, at Finding) {
	for _, e := range l.record.entries {
		if e.document == document && e.action == action {
			l.seen[e] = at
		}
	}
}

// stale returns the entries that no page needs any more.
func (l *ledger) stale() []Finding {
	var list []Finding
	for _, e := range l.record.entries {
		at, seen := l.seen[e]
		if !seen || l.used[e] {
			continue
		}
		at.Status, at.Place, at.Field, at.Aspect, at.Reconciliation = Stale, "page", e.field, "record", e.row
		at.Page, at.Spec = "not (any more) "+e.aspect+" "+e.page, "recorded in row "+e.row
		list = append(list, at)
	}
	return list
}

// document finds the document of which a page is a version: the one in the same
// language that shares most with it, title before operations. If two share equally
// much, it takes the one of which the page has the larger part.
func (ref *Reference) document(title, language string, paths map[string]string) (best *document, whole bool) {
	bestScore := 0.0
	for i := range ref.documents {
		d := &ref.documents[i]
		shared, headings, total := 0, 0, 0
		for _, op := range ref.operations {
			heading, listed := op.heading(d.id)
			if !listed || heading == d.title {
				continue
			}
			total++
			if printed, found := paths[op.path]; found {
				shared++
				if printed == heading {
					headings++
				}
			}
		}
		if d.language != language || shared == 0 {
			continue
		}
		score := float64(shared+headings) + float64(shared)/float64(total)
		if title == d.title {
			score += 1000
		}
		if score > bestScore {
			best, bestScore, whole = d, score, shared*2 >= total
		}
	}
	return best, whole
}

// documentOf finds a document by its id. It returns nil without one.
func (ref *Reference) documentOf(id string) *document {
	if i := slices.IndexFunc(ref.documents, func(d document) bool { return d.id == id }); i >= 0 {
		return &ref.documents[i]
	}
	return nil
}

// listed returns the operations that a document describes. Operations that it only
// mentions have its title as their heading. A document that is not known describes none.
func (ref *Reference) listed(document string) []*operation {
	d := ref.documentOf(document)
	if d == nil {
		return nil
	}
	title := d.title
	return slices.DeleteFunc(slices.Clone(ref.operations), func(op *operation) bool {
		heading, ok := op.heading(document)
		return !ok || heading == title
	})
}
