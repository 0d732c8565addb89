// Package audit compares documentation pages with what they said when they were read last. A page
// on record is compared with its record: facts that differ are drift, sentences that differ are to
// review. A page that is not on record is compared with the spec.
package audit

import (
	"cmp"
	"slices"

	"github.com/nimroom/nimroom/internal/audit/page"
)

// Status is the meaning of a finding.
type Status string

// The statuses of findings. All but review and note are drift.
const (
	New     Status = "new"     // only on the page
	Gone    Status = "gone"    // no longer on the page
	Changed Status = "changed" // another fact than before
	Moved   Status = "moved"   // the operation is on another page now
	Review  Status = "review"  // another sentence than before: does it say the same?
	Note    Status = "note"    // worth knowing, but nothing to do
)

// A Finding is one point where a page differs from its record or from the spec.
type Finding struct {
	Status    Status `json:"status"`
	File      string `json:"file"`
	Line      int    `json:"line,omitempty"`      // from 1; 0 if the page lacks something
	Operation string `json:"operation,omitempty"` // the operationId; the path of an operation that the spec lacks
	Heading   string `json:"heading,omitempty"`   // as the page prints it
	// Place is the part of the page: page, row (of a table of operations), operation, form, response, example,
	// cURL, codes or text. Later examples and cURL lines of an operation have their number behind it, as example 2.
	Place string `json:"place"`
	Field string `json:"field,omitempty"` // as printed; a dotted path in an example
	// Aspect is what differs: date, record, operation, method, server, URL, content type, options, table, list, field,
	// type, required, header, JSON, value, kind, code, text, or number and name, which are those in a sentence.
	Aspect string `json:"aspect"`
	Page   string `json:"page,omitempty"`   // what the page says; empty if it says nothing
	Record string `json:"record,omitempty"` // what the page said before
	Spec   string `json:"spec,omitempty"`   // what the spec says, if the page is not on record

	path string
}

// Drift reports whether the finding is a fact that differs.
func (f Finding) Drift() bool { return f.Status != Review && f.Status != Note }

// Page is the result for one page.
type Page struct {
	File      string `json:"file"`
	Record    string `json:"record,omitempty"` // id of its record; empty if it is not on record
	Title     string `json:"title,omitempty"`
	Language  string `json:"language"`
	Date      string `json:"date,omitempty"`
	Excerpt   bool   `json:"excerpt"`   // it has less than half of the operations on record
	Facts     int    `json:"facts"`     // number of facts that were compared
	Sentences int    `json:"sentences"` // number of sentences that were compared

	read *page.Record
}

// Report is the result of an audit.
type Report struct {
	Version  int       `json:"version"` // of this format, 2
	Drift    bool      `json:"drift"`   // facts differ
	Review   bool      `json:"review"`  // sentences differ
	Pages    []Page    `json:"pages"`
	Findings []Finding `json:"findings"`
}

// File is a page that was read from a file.
type File struct {
	Name   string
	Record *page.Record
}

// Compare compares pages with their records, or with the spec.
func Compare(ref *Reference, files []File) *Report {
	report, order := &Report{Version: 2, Findings: []Finding{}}, map[string]int{}
	for i, file := range files {
		c := &comparer{ref: ref, page: file.Record, headings: map[string]string{}, result: Page{
			File: file.Name, Title: file.Record.Title, Language: file.Record.Language, Date: file.Record.Date, read: file.Record,
		}}
		c.compare()
		order[file.Name] = i
		report.Pages = append(report.Pages, c.result)
		report.Findings = append(report.Findings, c.findings...)
	}
	report.moved(ref)
	slices.SortStableFunc(report.Findings, func(a, b Finding) int { // notes last, those about the page first
		rank := func(f Finding) int { return map[Status]int{Note: 2}[f.Status] + min(len(f.path), 1) }
		return cmp.Or(cmp.Compare(order[a.File], order[b.File]), cmp.Compare(rank(a), rank(b)))
	})
	for _, f := range report.Findings {
		report.Drift = report.Drift || f.Drift()
		report.Review = report.Review || f.Status == Review
	}
	return report
}

// moved makes one finding of an operation that is gone from one page and new on another.
func (r *Report) moved(ref *Reference) {
	for _, gone := range slices.Clone(r.Findings) {
		if gone.Status != Gone || gone.Aspect != "operation" || gone.path == "" {
			continue
		}
		for _, p := range r.Pages {
			op := p.read.At(ref.PathOf, gone.path)
			if old := ref.Records[p.Record]; op == nil || p.File == gone.File || old != nil && old.At(ref.PathOf, gone.path) != nil {
				continue
			}
			r.Findings = slices.DeleteFunc(r.Findings, func(f Finding) bool {
				return f.Aspect == "operation" && f.path == gone.path && (f.Status == Gone && f.File == gone.File || f.Status == New && f.File == p.File)
			})
			gone.Status, gone.File, gone.Line, gone.Page, gone.Record = Moved, p.File, op.Line, op.Heading, "on "+gone.File
			r.Findings = append(r.Findings, gone)
			break
		}
	}
}
