package audit

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/nimroom/nimroom/internal/audit/page"
)

// comparer compares one page.
type comparer struct {
	ref     *Reference
	page    *page.Page
	ledger  *ledger
	outcome Page
	// document is the document of the page, or "" if no document is like it. whole
	// means that the page is not just an excerpt from it.
	document string
	whole    bool
	findings []Finding
	drift    int

	op      *operation
	printed *page.Operation
}

// report adds a finding about the operation at hand.
func (c *comparer) report(f Finding) {
	f.File, f.Document = c.page.File, c.document
	action := ""
	if c.op != nil {
		f.Operation, action = c.op.id, c.op.action
	}
	if c.printed != nil {
		f.Heading = c.printed.Heading.Value
	}
	if f.Status != Note {
		if row := c.ledger.cover(c.document, action, f); row != "" {
			f.Status, f.Reconciliation = Covered, row
		}
	}
	if f.Drift() {
		c.drift++
	}
	c.findings = append(c.findings, f)
}

// item counts a thing of the page. The thing is unexplained if check finds drift.
func (c *comparer) item(kind string, check func()) {
	before := c.drift
	check()
	n := c.outcome.Counts[kind]
	n.Total++
	if c.drift > before {
		n.Unexplained++
	} else {
		n.Accounted++
	}
	c.outcome.Counts[kind] = n
}

func (c *comparer) compare() {
	matched := c.match()
	paths := map[string]string{}
	for i, op := range matched {
		if op != nil {
			paths[op.path] = c.page.Operations[i].Heading.Value
		}
	}
	if d, whole := c.ref.document(c.page.Title, c.page.Language, paths); d != nil {
		c.document, c.whole = d.id, whole
		c.outcome.Document, c.outcome.Excerpt = d.id, !whole
	}
	c.date()
	seen := map[*operation]int{}
	for i := range c.page.Operations {
		c.op, c.printed = matched[i], &c.page.Operations[i]
		c.item("operations", func() { c.head(seen) })
		c.body()
	}
	c.op, c.printed = nil, nil
	c.gone(seen)
}

// match finds the operation of the spec for each operation of the page: by its URL, by
// the URL of its cURL line, or by the heading that a document gives it.
func (c *comparer) match() []*operation {
	matched := make([]*operation, len(c.page.Operations))
	paths := map[string]string{} // of the URLs on the page
	for _, p := range c.page.Operations {
		paths[p.URL.Value] = c.ref.pathOf(p.URL.Value)
		if p.Curl != nil {
			paths[p.Curl.URL] = c.ref.pathOf(p.Curl.URL)
		}
	}
	taken := map[*operation]bool{}
	by := func(fits func(p *page.Operation, op *operation) bool) {
		for i := range c.page.Operations {
			for _, op := range c.ref.operations {
				if matched[i] == nil && !taken[op] && fits(&c.page.Operations[i], op) {
					matched[i], taken[op] = op, true
				}
			}
		}
	}
	by(func(p *page.Operation, op *operation) bool { return paths[p.URL.Value] == op.path })
	by(func(p *page.Operation, op *operation) bool {
		return slices.Contains(op.aliases, paths[p.URL.Value])
	})
	by(func(p *page.Operation, op *operation) bool {
		return p.Curl != nil && paths[p.Curl.URL] == op.path
	})
	by(func(p *page.Operation, op *operation) bool {
		return slices.ContainsFunc(op.sources, func(s source) bool { return p.Heading.Value != "" && s.heading == p.Heading.Value })
	})
	for i := range matched { // an operation that the page describes twice
		for _, op := range c.ref.operations {
			if matched[i] == nil && paths[c.page.Operations[i].URL.Value] == op.path {
				matched[i] = op
			}
		}
	}
	return matched
}

// pathOf returns the path of a URL as the spec writes it.
func (ref *Reference) pathOf(printed string) string {
	_, path := ref.split(printed)
	return path
}

// split cuts a printed URL into the server and the path.
func (ref *Reference) split(printed string) (server, path string) {
	for _, s := range ref.servers {
		if rest, ok := strings.CutPrefix(printed, s); ok && strings.HasPrefix(rest, "/") {
			return s, rest
		}
	}
	u, err := url.Parse(printed)
	if err != nil {
		return printed, ""
	}
	path = u.Path
	if before, after, ok := strings.Cut(path, "/nimserver/"); ok {
		prefix := before + "/nimserver"
		if u.Host == "" {
			return "", "/" + after
		}
		return u.Scheme + "://" + u.Host + prefix, "/" + after
	}
	if u.Host == "" {
		return "", path
	}
	return u.Scheme + "://" + u.Host, path
}

func (c *comparer) date() {
	d := c.ref.documentOf(c.document)
	if d == nil {
		return
	}
	recorded := d.date
	switch printed := c.page.Date.Value; {
	case printed == "" && c.whole:
		c.report(Finding{Status: Gone, Place: "page", Aspect: "date", Page: none, Spec: recorded})
	case printed != "" && printed != recorded:
		c.report(Finding{Status: Changed, Place: "page", Aspect: "date", Line: c.page.Date.Line, Page: printed, Spec: recorded})
	}
}

// head compares the parts above an operation's tables.
func (c *comparer) head(seen map[*operation]int) {
	p, op := c.printed, c.op
	if op == nil {
		c.report(Finding{Status: New, Operation: p.URL.Value, Place: "operation", Aspect: "operation", Line: p.URL.Line, Page: p.URL.Value, Spec: none})
		return
	}
	if line := seen[op]; line > 0 {
		c.report(Finding{Status: New, Place: "operation", Aspect: "operation", Line: p.URL.Line, Page: "described twice", Spec: fmt.Sprintf("described in line %d", line)})
	}
	seen[op] = p.URL.Line
	c.address("URL", p.URL.Value, p.Method, p.URL.Line)
	if p.ContentType.Value != "" && p.ContentType.Value != formType {
		c.report(Finding{Status: Changed, Place: "URL", Aspect: "header", Field: "Content-Type", Line: p.ContentType.Line, Page: p.ContentType.Value, Spec: formType})
	}
	if heading, ok := op.heading(c.document); ok && heading != p.Heading.Value {
		c.report(Finding{Status: Note, Place: "text", Aspect: "name", Line: p.Heading.Line, Page: p.Heading.Value, Spec: heading})
	}
}

// address compares a printed URL and its method.
func (c *comparer) address(place, printed, method string, line int) {
	server, path := c.ref.split(printed)
	if path != c.op.path {
		c.report(Finding{Status: Changed, Place: place, Aspect: "url", Line: line, Page: path, Spec: c.op.path})
	}
	if server != "" && !slices.Contains(c.ref.servers, server) {
		c.report(Finding{Status: Changed, Place: place, Aspect: "server", Line: line, Page: server, Spec: c.ref.servers[0]})
	}
	if method != "" && method != "POST" {
		c.report(Finding{Status: Changed, Place: place, Aspect: "method", Line: line, Page: method, Spec: "POST"})
	}
}

// body compares the parts of an operation's description.
func (c *comparer) body() {
	p := c.printed
	for _, row := range p.Unknown {
		c.item("other rows", func() {
			c.report(Finding{Status: New, Place: "text", Aspect: "table", Line: row.Line, Page: row.Text, Spec: none})
		})
	}
	if c.op == nil {
		c.unmatched()
		return
	}
	c.form(p.Form)
	c.response(p.Response)
	c.examples()
	c.curl()
	c.codes()
	c.prose()
	if c.whole && len(p.Examples) > 0 {
		c.ledger.expect(c.document, c.op.action, Finding{File: c.page.File, Document: c.document, Operation: c.op.id, Heading: p.Heading.Value, Line: p.URL.Line})
	}
}

// unmatched counts the parts of a new operation as unexplained.
func (c *comparer) unmatched() {
	p := c.printed
	counts := map[string]int{"form rows": len(p.Form), "response rows": len(p.Response), "status codes": len(p.Codes)}
	for _, e := range p.Examples {
		counts["example fields"] += len(e.Fields)
	}
	for kind, n := range counts {
		count := c.outcome.Counts[kind]
		count.Total += n
		count.Unexplained += n
		if n > 0 {
			c.outcome.Counts[kind] = count
		}
	}
}

// gone reports the operations of the document that the page lacks, unless the page is
// only an excerpt.
func (c *comparer) gone(seen map[*operation]int) {
	missing := 0
	for _, op := range c.ref.listed(c.document) {
		if _, ok := seen[op]; ok {
			continue
		}
		missing++
		if c.whole {
			c.op = op
			heading, _ := op.heading(c.document)
			c.report(Finding{Status: Gone, Place: "operation", Aspect: "operation", Page: none, Spec: op.path + " (" + heading + ")"})
			c.op = nil
		}
	}
	if missing > 0 && !c.whole {
		c.report(Finding{Status: Note, Place: "page", Aspect: "operation", Page: fmt.Sprintf("an excerpt with %d operations fewer", missing), Spec: c.document})
	}
	if c.document == "" {
		c.report(Finding{Status: Note, Place: "page", Aspect: "record", Page: "unlike any document that is on record", Spec: none})
	}
}

// missing reports whether the page has a section for its other operations that this
// operation lacks.
func (c *comparer) missing(has func(p *page.Operation) bool) bool {
	return !has(c.printed) && c.whole && slices.ContainsFunc(c.page.Operations, func(p page.Operation) bool { return has(&p) })
}
