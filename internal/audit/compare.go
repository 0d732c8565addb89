package audit

import (
	"maps"
	"slices"

	"github.com/nimroom/nimroom/internal/audit/page"
)

// comparer compares one page.
type comparer struct {
	ref      *Reference
	page     *page.Record
	result   Page
	findings []Finding

	path string          // of the operation at hand
	op   *page.Operation // as the page describes it; nil if it does not
}

// report adds a finding about the operation at hand.
func (c *comparer) report(f Finding) {
	f.File, f.path = c.result.File, c.path
	if c.path != "" {
		f.Operation = c.ref.nameOf(c.path)
	}
	if c.op != nil {
		f.Heading = c.op.Heading
	}
	c.findings = append(c.findings, f)
}

func (c *comparer) compare() {
	id, whole := c.ref.recordOf(c.page)
	if id == "" {
		c.withSpec()
		return
	}
	record := c.ref.Records[id]
	c.result.Record, c.result.Excerpt = id, !whole
	if whole || c.page.Date != "" {
		c.fact(Finding{Place: "page", Aspect: "date", Line: c.page.DateLine, Page: c.page.Date, Record: record.Date})
	}
	if whole || len(c.page.Intro) > 0 {
		title := func(r *page.Record) []page.Text { return []page.Text{{Text: r.Title}} }
		c.sentences(Finding{Place: "page", Field: "title"}, title(record), title(c.page))
		c.sentences(Finding{Place: "page"}, record.Intro, c.page.Intro)
	}
	c.listed(record)
	c.operations(record, whole)
}

// fact compares a fact.
func (c *comparer) fact(f Finding) {
	c.result.Facts++
	old := f.Record + f.Spec
	switch {
	case f.Page == old:
		return
	case old == "":
		f.Status = New
	case f.Page == "":
		f.Status, f.Line = Gone, 0
	default:
		f.Status = Changed
	}
	c.report(f)
}

// sentences compares sentences. Numbers, names and values that were replaced in them
// are facts besides.
func (c *comparer) sentences(f Finding, old, now []page.Text) {
	c.result.Sentences += max(len(old), len(now))
	lost, added := differences(old, now)
	if len(lost)+len(added) == 0 {
		return
	}
	f.Line, f.Status, f.Aspect, f.Page, f.Record = 0, Review, "text", join(added), join(lost)
	if len(added) > 0 {
		f.Line = added[0].Line
	}
	c.report(f)
	if c.known(now) {
		return
	}
	for _, l := range literals(join(old), join(now), f.Place != "text" && f.Place != "page" && f.Place != "operation") {
		f.Status, f.Aspect, f.Page, f.Record = Changed, l.aspect, l.new, l.old
		c.report(f)
	}
}

// known reports whether the record has all these sentences, if in other places: they were
// exchanged or moved.
func (c *comparer) known(texts []page.Text) bool {
	return !slices.ContainsFunc(page.Pieces(texts), func(t page.Text) bool { return !c.ref.sentences[c.result.Record][page.Squeeze(t.Text)] })
}

// listed compares the rows of a table of many operations, such as a page of limits.
func (c *comparer) listed(record *page.Record) {
	rows := func(list []page.Text) map[string][]page.Text {
		byPath := map[string][]page.Text{}
		for _, t := range list {
			p := c.ref.PathOf(t.URL())
			byPath[p] = append(byPath[p], t)
		}
		return byPath
	}
	old, now := rows(record.Listed), rows(c.page.Listed)
	for _, t := range slices.Concat(c.page.Listed, record.Listed) {
		p := c.ref.PathOf(t.URL())
		if old[p] == nil && now[p] == nil {
			continue // compared already
		}
		f := Finding{Place: "row", Field: p, Aspect: "operation"}
		if len(now[p]) > 0 {
			f.Page, f.Line = now[p][0].Text, now[p][0].Line
		}
		if len(old[p]) > 0 {
			f.Record = old[p][0].Text
		}
		switch {
		case f.Page != "" && f.Record != "":
			c.result.Facts++
			c.sentences(f, old[p], now[p])
		default:
			c.fact(f)
		}
		delete(old, p)
		delete(now, p)
	}
}

// operations compares the operations of a page with those on record.
func (c *comparer) operations(record *page.Record, whole bool) {
	pairs := c.pairs(record)
	unmarked := c.unmarked(record)
	described := map[string]int{}
	for i := range c.page.Operations {
		op := &c.page.Operations[i]
		old := pairs[op]
		c.op, c.path = op, c.ref.PathOf(op.URL)
		if old == nil {
			c.fact(Finding{Place: "operation", Aspect: "operation", Line: op.Line, Page: c.path + " (" + op.Heading + ")"})
			if old = c.elsewhere(c.path); old == nil {
				continue
			}
		} else {
			c.path = c.ref.PathOf(old.URL)
		}
		if line := described[c.path]; line > 0 {
			c.fact(Finding{Place: "operation", Aspect: "operation", Line: op.Line, Page: "described a second time"})
		}
		described[c.path] = op.Line
		c.operation(old, op, unmarked)
	}
	missing := 0
	c.op = nil
	for i := range record.Operations {
		old := &record.Operations[i]
		if c.path = c.ref.PathOf(old.URL); described[c.path] > 0 {
			continue
		}
		missing++
		if whole {
			c.fact(Finding{Place: "operation", Aspect: "operation", Record: c.path + " (" + old.Heading + ")"})
		}
	}
	c.path = ""
	if missing > 0 && !whole {
		c.report(Finding{Status: Note, Place: "page", Aspect: "operation", Page: "an excerpt; the other operations of the page are not compared"})
	}
	if unmarked {
		c.report(Finding{Status: Note, Place: "page", Aspect: "required", Page: "the required marks cannot be read: the copy has none"})
	}
}

// pairs finds the operation on record for each operation of the page: by its URL, by
// its heading, or as the only one that is left between two that are found.
func (c *comparer) pairs(record *page.Record) map[*page.Operation]*page.Operation {
	pairs, taken := map[*page.Operation]*page.Operation{}, map[*page.Operation]bool{}
	by := func(same func(op, old *page.Operation) bool, again bool) {
		for i := range c.page.Operations {
			for j := range record.Operations {
				op, old := &c.page.Operations[i], &record.Operations[j]
				if pairs[op] == nil && (again || !taken[old]) && same(op, old) {
					pairs[op], taken[old] = old, true
				}
			}
		}
	}
	path := func(op, old *page.Operation) bool { return c.ref.PathOf(op.URL) == c.ref.PathOf(old.URL) }
	by(path, false)
	by(func(op, old *page.Operation) bool {
		return page.Squeeze(op.Heading) == page.Squeeze(old.Heading) && !c.onRecord(op)
	}, false)
	by(path, true)
	return pairs
}

// onRecord reports whether any page on record describes the operation.
func (c *comparer) onRecord(op *page.Operation) bool {
	return c.elsewhere(c.ref.PathOf(op.URL)) != nil
}

// elsewhere finds an operation on any page on record in the language of the page.
func (c *comparer) elsewhere(path string) *page.Operation {
	for _, id := range slices.Sorted(maps.Keys(c.ref.Records)) {
		if record := c.ref.Records[id]; record.Language == c.page.Language {
			if op := record.At(c.ref.PathOf, path); op != nil {
				return op
			}
		}
	}
	return nil
}

// unmarked reports whether the page has no required mark at all, while its record has
// some: the copy lost them.
func (c *comparer) unmarked(record *page.Record) bool {
	marked := func(r *page.Record) bool {
		return slices.ContainsFunc(r.Operations, func(op page.Operation) bool {
			return op.Form != nil && slices.ContainsFunc(op.Form.Rows, func(row page.Row) bool { return row.Required != "" })
		})
	}
	rows := 0
	for _, op := range c.page.Operations {
		if op.Form != nil {
			rows += len(op.Form.Rows)
		}
	}
	return rows > 2 && !marked(c.page) && marked(record)
}

// operation compares the facts and sentences of one operation. What belongs to a row or a
// table that only one of them has is not reported again.
func (c *comparer) operation(before, now *page.Operation, unmarked bool) {
	if now.Form != nil && now.Form.Pictures {
		c.report(Finding{Status: Note, Place: "form", Aspect: "required", Line: now.Form.Line, Page: "the required marks cannot be read: they are pictures"})
		unmarked = true
	} else if unmarked && c.result.Record == "" && len(now.Form.Rows) > 0 {
		c.report(Finding{Status: Note, Place: "form", Aspect: "required", Line: now.Form.Line, Page: "the required marks cannot be read: there are none"})
	}
	was, is := byKey(itemsOf(before, c.ref)), byKey(itemsOf(now, c.ref))
	for _, i := range itemsOf(now, c.ref) {
		old, found := was[i.key()]
		if i.place == "form" && i.aspect == "required" && unmarked || i.orphan(was) {
			continue
		}
		f := Finding{Place: i.place, Field: i.field, Aspect: i.aspect, Line: i.line, Page: i.value, Record: old.value}
		switch {
		case i.aspect == "text":
			c.sentences(f, old.texts, i.texts)
		case found && i.aspect == "value" && (prose(old.value) || prose(i.value)):
			c.sentences(f, []page.Text{{Text: old.value}}, []page.Text{{Line: i.line, Text: i.value}})
		default:
			c.fact(f)
		}
	}
	for _, i := range itemsOf(before, c.ref) {
		if _, found := is[i.key()]; found || i.orphan(is) {
			continue
		}
		f := Finding{Place: i.place, Field: i.field, Aspect: i.aspect, Record: i.value}
		if i.aspect == "text" {
			c.sentences(f, i.texts, nil)
		} else {
			c.fact(f)
		}
	}
}

func byKey(list []item) map[string]item {
	known := map[string]item{}
	for _, i := range list {
		known[i.key()] = i
	}
	return known
}

// orphan reports whether the other side lacks what an item belongs to.
func (i item) orphan(other map[string]item) bool {
	_, found := other[i.within]
	return i.within != "" && !found
}
