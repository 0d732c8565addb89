package audit

import (
	"cmp"
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
	if f.Operation = c.path; c.ref.find(c.path) != nil {
		f.Operation = c.ref.find(c.path).id
	}
	if c.op != nil {
		f.Heading = c.op.Heading
	}
	if c.result.Record == "" && f.Aspect != "text" {
		f.Record, f.Spec = "", f.Record
	}
	c.findings = append(c.findings, f)
}

func (c *comparer) note(place, aspect, text string, line int) {
	c.report(Finding{Status: Note, Place: place, Aspect: aspect, Page: text, Line: line})
}

// compare compares the page with its record, or with the spec.
func (c *comparer) compare() {
	id, whole := c.ref.recordOf(c.page)
	record := cmp.Or(c.ref.Records[id], &page.Record{})
	c.result.Record, c.result.Excerpt = id, id != "" && !whole
	old, now := pageItems(record, c.ref), pageItems(c.page, c.ref)
	if id == "" {
		c.note("page", "record", "it is not on record: its facts are compared with the spec, its sentences are new", 0)
		old = slices.DeleteFunc(slices.Clone(now), func(i item) bool { return i.place == "row" && c.ref.find(i.field) == nil })
	}
	left := func(i item) bool { // an excerpt may lack what stands above its operations
		return i.place == "page" && !whole && (i.aspect == "date" && c.page.Date == "" || i.aspect == "text" && len(c.page.Intro) == 0)
	}
	old, now = slices.DeleteFunc(old, left), slices.DeleteFunc(now, left)
	c.items(old, now)
	c.operations(record)
}

// fact compares a fact.
func (c *comparer) fact(f Finding) {
	c.result.Facts++
	switch {
	case f.Page == f.Record:
		return
	case f.Record == "":
		f.Status = New
	case f.Page == "":
		f.Status, f.Line = Gone, 0
	default:
		f.Status = Changed
	}
	c.report(f)
}

// sentences compares sentences. Numbers, names and values that were replaced in them
// are facts besides. Nobody reviewed the sentences of a page that is not on record.
func (c *comparer) sentences(f Finding, old, now []page.Text) {
	lost, added := differences(old, now)
	f.Line, f.Status, f.Aspect, f.Page, f.Record = 0, Review, "text", join(added), join(lost)
	if len(added) > 0 {
		f.Line = added[0].Line
	}
	if c.result.Record == "" {
		if f.Status = Note; f.Place == "text" {
			f.Record = "" // of other sections
		}
		if len(added) > 0 {
			c.report(f)
		}
		return
	}
	c.result.Sentences += max(len(old), len(now))
	if len(lost)+len(added) == 0 {
		return
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

// items compares facts and sentences. What belongs to a row or a table that only one side
// has is not reported again.
func (c *comparer) items(before, now []item) {
	was, is := byKey(before), byKey(now)
	for _, i := range now {
		if !i.orphan(was) {
			c.item(was[i.key()], i)
		}
	}
	for _, i := range before {
		if _, found := is[i.key()]; !found && !i.orphan(is) {
			c.item(i, item{place: i.place, field: i.field, aspect: i.aspect})
		}
	}
}

func (c *comparer) item(old, now item) {
	f := Finding{Place: now.place, Field: now.field, Aspect: now.aspect, Line: now.line, Page: now.value, Record: old.value}
	switch {
	case now.aspect == "text":
		c.sentences(f, old.texts, now.texts)
	case now.aspect == "value" && now.within == old.within && (prose(old.value) || prose(now.value)):
		c.sentences(f, []page.Text{{Text: old.value}}, []page.Text{{Line: now.line, Text: now.value}})
	default:
		c.fact(f)
	}
}

// orphan reports whether the other side lacks what an item belongs to.
func (i item) orphan(other map[string]item) bool {
	_, found := other[i.within]
	return i.within != "" && !found
}

func byKey(list []item) map[string]item {
	known := map[string]item{}
	for _, i := range list {
		known[i.key()] = i
	}
	return known
}

// operations compares the operations of the page with those on record, and those that are
// not on record with the spec.
func (c *comparer) operations(record *page.Record) {
	described := map[string]bool{}
	unmarked := c.unmarked(record)
	for i := range c.page.Operations {
		op := &c.page.Operations[i]
		old := c.counterpart(record, op)
		c.op, c.path = op, c.ref.PathOf(cmp.Or(old, op).URL)
		if old == nil && (c.result.Record != "" || c.ref.find(c.path) == nil) {
			c.fact(Finding{Place: "operation", Aspect: "operation", Line: op.Line, Page: c.path + " (" + op.Heading + ")"})
			old = c.elsewhere(c.path)
		}
		if described[c.path] {
			c.fact(Finding{Place: "operation", Aspect: "operation", Line: op.Line, Page: "described a second time"})
		}
		described[c.path] = true
		c.operation(old, op, unmarked)
	}
	missing := slices.DeleteFunc(slices.Clone(record.Operations), func(op page.Operation) bool { return described[c.ref.PathOf(op.URL)] })
	for _, old := range missing {
		if c.op, c.path = nil, c.ref.PathOf(old.URL); !c.result.Excerpt {
			c.fact(Finding{Place: "operation", Aspect: "operation", Record: c.path + " (" + old.Heading + ")"})
		}
	}
	c.op, c.path = nil, ""
	if len(missing) > 0 && c.result.Excerpt {
		c.note("page", "operation", "an excerpt; the other operations of the page are not compared", 0)
	}
	if unmarked {
		c.note("page", "required", "the required marks cannot be read: the copy has none", 0)
	}
}

// operation compares an operation with the one on record, or with the spec.
func (c *comparer) operation(old, op *page.Operation, unmarked bool) {
	now := itemsOf(op, c.ref)
	var before []item
	known := c.ref.find(c.path)
	switch {
	case c.result.Record != "" && old != nil:
		before = itemsOf(old, c.ref)
	case c.result.Record == "" && known != nil:
		before = c.expected(known, now)
		if unmarked = len(op.Form.All()) > 0 && !marked(op.Form); unmarked && !op.Form.Pictures {
			c.note("form", "required", "the required marks cannot be read: there are none", op.Form.Line)
		}
	default:
		return
	}
	if op.Form != nil && op.Form.Pictures {
		c.note("form", "required", "the required marks cannot be read: they are pictures", op.Form.Line)
		unmarked = true
	}
	if unmarked {
		mark := func(i item) bool { return i.place == "form" && i.aspect == "required" }
		before, now = slices.DeleteFunc(before, mark), slices.DeleteFunc(now, mark)
	}
	c.items(before, now)
}

// counterpart finds the operation on record for an operation of the page: by its URL, or
// by its heading if its URL is new and that on record is not on the page any more.
func (c *comparer) counterpart(record *page.Record, op *page.Operation) *page.Operation {
	old := record.At(c.ref.PathOf, c.ref.PathOf(op.URL))
	if old != nil || c.elsewhere(c.ref.PathOf(op.URL)) != nil {
		return old
	}
	for i := range record.Operations {
		old = &record.Operations[i]
		if page.Squeeze(op.Heading) == page.Squeeze(old.Heading) && c.page.At(c.ref.PathOf, c.ref.PathOf(old.URL)) == nil {
			return old
		}
	}
	return nil
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
	rows := 0
	for _, op := range c.page.Operations {
		if rows += len(op.Form.All()); marked(op.Form) {
			return false
		}
	}
	return rows > 2 && slices.ContainsFunc(record.Operations, func(op page.Operation) bool { return marked(op.Form) })
}

// marked reports whether a table has required marks.
func marked(t *page.Table) bool {
	return slices.ContainsFunc(t.All(), func(row page.Row) bool { return row.Required != "" })
}
