package rules

import (
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/nimroom/nimroom/internal/check/evidence"
)

// sources checks what an operation cites. If a page describes the operation, it links to
// a page; if only a guess supports it, it says so.
func (c *checker) sources(path string, op *openapi3.Operation) {
	kinds := c.cited(path, op.Extensions)
	pages := c.pages(op.Extensions)
	docs := op.ExternalDocs
	if len(pages) > 0 && docs == nil {
		c.errorf("%s: a page describes it, and externalDocs does not link to one", path)
	}
	if docs != nil && !slices.Contains(pages, docs.URL) {
		c.errorf("%s: externalDocs links to %s, which is not the address of a page that x-source cites", path, docs.URL)
	}
	if strings.Contains(op.Description, "(observed)") && !slices.Contains(kinds, evidence.Live) && !slices.Contains(kinds, evidence.SDK) {
		c.errorf("%s: the description calls something observed, and x-source cites neither live responses nor tests of an SDK", path)
	}
	if guessed := len(kinds) > 0 && !slices.ContainsFunc(kinds, func(k evidence.Kind) bool { return k != evidence.Guess }); guessed && op.Extensions["x-guess"] == nil {
		c.errorf("%s: nothing but a guess supports it, and it has no x-guess", path)
	}
	c.guess(path, op.Extensions, op.Description)
}

// pages returns the addresses of the pages that x-source cites, as far as they are known. The
// records of the pages hold the cited headings.
func (c *checker) pages(extensions map[string]any) []string {
	list, _ := extensions["x-source"].([]any)
	var addresses []string
	for _, item := range list {
		cited, _ := item.(map[string]any)
		id, _ := cited["evidence"].(string)
		if source := c.Evidence.Source(id); source != nil && source.Kind == evidence.Page && source.URL != "" {
			addresses = append(addresses, source.URL)
		}
	}
	return addresses
}

// cited checks the citations in x-source and returns the kinds of the evidence.
func (c *checker) cited(at string, extensions map[string]any) []evidence.Kind {
	list, _ := extensions["x-source"].([]any)
	var kinds []evidence.Kind
	for _, item := range list {
		cited, _ := item.(map[string]any)
		id, _ := cited["evidence"].(string)
		place, _ := cited["at"].(string)
		source := c.Evidence.Source(id)
		if source == nil {
			c.errorf("%s: x-source cites evidence %q, which spec/evidence/evidence.yaml does not list", at, id)
			continue
		}
		if err := source.CheckPlace(place); err != nil {
			c.errorf("%s: x-source, evidence %s: %v", at, id, err)
		}
		if source.Kind == evidence.Guess && c.Reconciliation.Row(strings.TrimPrefix(place, "row ")) == nil {
			c.errorf("%s: x-source, evidence %s: there is no %s in reconciliation.yaml", at, id, place)
		}
		kinds = append(kinds, source.Kind)
	}
	if len(list) == 0 {
		c.errorf("%s: x-source is missing", at)
	}
	return kinds
}

// guess checks the mark of points without evidence. The mark names the row of
// reconciliation.yaml that gives the reason, and the description says that the point is
// unproven. A description that says so has the mark.
func (c *checker) guess(at string, extensions map[string]any, description string) {
	mark, marked := extensions["x-guess"]
	if marked != strings.Contains(description, "unproven") {
		c.errorf("%s: x-guess goes with a description that says what is unproven", at)
	}
	if !marked {
		return
	}
	row, _ := mark.(string)
	number, form := strings.CutPrefix(row, "row ")
	if found := c.Reconciliation.Row(number); !form || found == nil || !found.Ours() {
		c.errorf("%s: x-guess %v is not the row of reconciliation.yaml that decides it", at, mark)
	}
}
