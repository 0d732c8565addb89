package audit

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/nimroom/nimroom/internal/audit/page"
)

// comparer compares one page.
type comparer struct {
	ref      *Reference
	page     *page.Record
	result   Page
	findings []Finding
	headings map[string]string // of the operations of the page, by path
}

// report adds a finding about the page, or about an operation if it has a path.
func (c *comparer) report(f Finding) {
	f.File, f.Heading = c.result.File, c.headings[f.path]
	f.path, _, _ = strings.Cut(f.path, " ")
	if f.Operation = f.path; c.ref.find(f.path) != nil {
		f.Operation = c.ref.find(f.path).id
	}
	if c.result.Record == "" && f.Aspect != "text" {
		f.Record, f.Spec = "", f.Record
	}
	c.findings = append(c.findings, f)
}

func (c *comparer) note(aspect, text string) {
	c.report(Finding{Status: Note, Place: "page", Aspect: aspect, Page: text})
}

// compare compares the page with its record, or with the spec.
func (c *comparer) compare() {
	id, whole := c.ref.recordOf(c.page)
	record := cmp.Or(c.ref.Records[id], &page.Record{})
	c.result.Record, c.result.Excerpt = id, id != "" && !whole
	old, now := pageItems(record, c.ref), pageItems(c.page, c.ref)
	if id == "" {
		c.note("record", "it is not on record: its facts are compared with the spec, its sentences are new")
		old = slices.DeleteFunc(slices.Clone(now), func(i item) bool { return i.place == "row" && c.ref.find(i.field) == nil })
	}
	c.items(old, now, func(i item) bool { // an excerpt may lack what stands above its operations
		return !whole && (i.aspect == "date" && c.page.Date == "" || i.aspect == "text" && i.place == "page" && len(c.page.Intro) == 0)
	})
	lost, unread := slices.ContainsFunc(record.Operations, marked) && !slices.ContainsFunc(c.page.Operations, marked), false
	for i := range c.page.Operations {
		op := &c.page.Operations[i]
		counterpart := c.counterpart(record, op)
		path := c.ref.PathOf(cmp.Or(counterpart, op).URL)
		if _, again := c.headings[path]; again {
			path, counterpart = path+" again", nil
		}
		c.headings[path] = op.Heading
		picture := slices.ContainsFunc(op.Form, func(row page.Entry) bool { return row.Required == "unknown" })
		unmarked := picture || len(op.Form) > 0 && !marked(*op) && (lost || id == "")
		unread = unread || unmarked
		now := itemsOf(op, path, c.ref)
		c.items(c.before(counterpart, path, now), now, func(i item) bool { return unmarked && i.aspect == "required" })
	}
	for i := range record.Operations {
		op := &record.Operations[i]
		path := c.ref.PathOf(op.URL)
		if _, found := c.headings[path]; found {
			continue
		}
		if !whole {
			c.note("operation", "an excerpt; the other operations of the page are not compared")
			break
		}
		c.headings[path] = op.Heading
		c.items(itemsOf(op, path, c.ref), nil, func(item) bool { return false })
	}
	if unread {
		c.note("required", "the required marks cannot be read: the copy has pictures in their place, or none")
	}
}

// marked reports whether the form of an operation has required marks that can be read.
func marked(op page.Operation) bool {
	return slices.ContainsFunc(op.Form, func(row page.Entry) bool { return row.Required != "" && row.Required != "unknown" })
}

// before lists what was said of an operation before: by the page, or, if the operation is
// new there, by another page; by the spec if the page is not on record.
func (c *comparer) before(op *page.Operation, path string, now []item) []item {
	known, other := c.ref.find(path), c.elsewhere(path)
	switch {
	case op != nil:
		return itemsOf(op, path, c.ref)
	case c.result.Record == "" && known != nil:
		return c.expected(known, now)
	case c.result.Record != "" && other != nil:
		items := itemsOf(other, path, c.ref)
		items[0].value = ""
		return items
	}
	return nil
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

// items compares facts and sentences, in the order of the page. What belongs to a row, a
// table or an operation that only one side has is not reported again.
func (c *comparer) items(before, now []item, ignored func(item) bool) {
	was, is := byKey(before), byKey(now)
	for _, i := range before {
		if _, found := is[i.key()]; !found {
			now = append(now, item{path: i.path, place: i.place, field: i.field, aspect: i.aspect})
		}
	}
	for _, i := range now {
		old := was[i.key()]
		within := cmp.Or(i.within, old.within)
		_, had := was[within]
		if _, has := is[within]; !ignored(i) && (within == "" || had && has) {
			c.item(old, i)
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

func (c *comparer) item(old, now item) {
	f := Finding{path: now.path, Place: now.place, Field: now.field, Aspect: now.aspect, Line: now.line, Page: now.value, Record: old.value}
	switch {
	case now.aspect == "text":
		c.sentences(f, old.texts, now.texts)
	case now.aspect == "value" && now.within == old.within && (prose(old.value) || prose(now.value)):
		c.sentences(f, []page.Entry{{Text: old.value}}, []page.Entry{{Line: now.line, Text: now.value}})
	default:
		c.fact(f)
	}
}

// fact compares a fact.
func (c *comparer) fact(f Finding) {
	if f.Page != "" || f.Record != "" {
		c.result.Facts++
	}
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
func (c *comparer) sentences(f Finding, old, now []page.Entry) {
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
func (c *comparer) known(texts []page.Entry) bool {
	return !slices.ContainsFunc(page.Pieces(texts), func(t page.Entry) bool { return !c.ref.sentences[c.result.Record][page.Squeeze(t.Text)] })
}
