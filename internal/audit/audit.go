// Package audit compares documentation pages with the spec. It reports what is new on
// a page, what is gone and what differs, and which of these deviations are already
// recorded.
package audit

import (
	"cmp"
	"slices"

	"github.com/nimroom/nimroom/internal/audit/page"
)

// Status is the meaning of a finding.
type Status string

// The statuses of findings. All but covered and note are drift.
const (
	New     Status = "new"     // on the page, not in the spec
	Gone    Status = "gone"    // in the spec, not on the page
	Changed Status = "changed" // different from the spec
	Stale   Status = "stale"   // a recorded deviation that the page no longer has
	Covered Status = "covered" // different from the spec, and recorded
	Note    Status = "note"    // worth knowing, but not drift
)

// A Finding is one point where a page and the spec differ.
type Finding struct {
	Status    Status `json:"status"`
	File      string `json:"file"`
	Line      int    `json:"line,omitempty"` // from 1; 0 if the page lacks something
	Document  string `json:"document,omitempty"`
	Operation string `json:"operation,omitempty"` // the operationId; the URL of the page for a new operation
	Heading   string `json:"heading,omitempty"`   // as the page prints it
	// Place is page, operation, URL, form, response, example, error, cURL, codes or text.
	Place string `json:"place"`
	Field string `json:"field,omitempty"` // as the spec names it; a dotted path for a nested field
	// Aspect is what differs: name, type, required, maxLength, maxItems, min, max, default, enum, value, number,
	// unit, kind, field, url, server, method, header, codes, date, operation, table, example or record.
	Aspect string `json:"aspect"`
	Page   string `json:"page"` // what the page says, or none
	Spec   string `json:"spec"` // what the spec says, or none
	// Reconciliation is the row of spec/RECONCILIATION.md that covers the finding, or that is stale.
	Reconciliation string `json:"reconciliation,omitempty"`
}

// Drift reports whether somebody has to deal with the finding.
func (f Finding) Drift() bool { return f.Status != Covered && f.Status != Note }

// Count is the number of things of a kind on a page, and the number of those that agree
// with the spec or are covered by the record. The rest is unexplained.
type Count struct {
	Total       int `json:"total"`
	Accounted   int `json:"accounted"`
	Unexplained int `json:"unexplained"`
}

// Kinds lists the kinds of things that are counted, in the order of a report.
var Kinds = []string{"operations", "form rows", "response rows", "example fields", "cURL fields", "status codes", "other rows"}

// Page is the result for one page.
type Page struct {
	File     string           `json:"file"`
	Document string           `json:"document,omitempty"` // empty if the spec knows no such page
	Title    string           `json:"title,omitempty"`
	Language string           `json:"language"`
	Date     string           `json:"date,omitempty"`
	Excerpt  bool             `json:"excerpt"` // it has less than half of its document's operations
	Counts   map[string]Count `json:"counts"`
}

// Report is the result of an audit.
type Report struct {
	Version  int       `json:"version"` // of this format, 1
	Drift    bool      `json:"drift"`
	Pages    []Page    `json:"pages"`
	Findings []Finding `json:"findings"`
}

// Compare compares pages with the reference.
func Compare(ref *Reference, pages []*page.Page) *Report {
	report := &Report{Version: 1, Findings: []Finding{}}
	ledger := ref.record.open()
	for _, p := range pages {
		c := &comparer{ref: ref, page: p, ledger: ledger, outcome: Page{
			File: p.File, Title: p.Title, Language: p.Language, Date: p.Date.Value, Counts: map[string]Count{},
		}}
		c.compare()
		report.Pages = append(report.Pages, c.outcome)
		report.Findings = append(report.Findings, c.findings...)
	}
	report.Findings = append(report.Findings, ledger.stale()...)
	slices.SortStableFunc(report.Findings, func(a, b Finding) int { return cmp.Compare(fileIndex(pages, a), fileIndex(pages, b)) })
	for _, f := range report.Findings {
		report.Drift = report.Drift || f.Drift()
	}
	return report
}

func fileIndex(pages []*page.Page, f Finding) int {
	return slices.IndexFunc(pages, func(p *page.Page) bool { return p.File == f.File })
}
