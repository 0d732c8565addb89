package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// page checks x-page of an operation, by which clients read all pages.
func (b *builder) page(e *endpoint) {
	g := e.Page
	wrong := func(format string, args ...any) { b.fail(e.Path, "x-page: "+format, args...) }
	moment := func(name string, of *typ) {
		if p := of.prop(name); p == nil || p.T.As != times["milliseconds"] {
			wrong("%q is no time in milliseconds in %s", name, of.Name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(g.Unknown)) {
		wrong("there is no member %s", name)
	}
	switch {
	case g.Cursor != "" && g.Window == nil:
		moment(g.Cursor, e.Form)
	case g.Cursor == "" && len(g.Window) == 2 && g.Order != "":
		moment(g.Window[0], e.Form)
		moment(g.Window[1], e.Form)
	default:
		wrong("want either a cursor, or an order and a window of two fields, the earlier end first")
	}
	if g.Start != 0 {
		wrong("start is %d, want 0, which stands for no time", g.Start)
	}
	if p := e.Form.prop(g.Limit); p == nil || p.T.Go != "int" || p.Maximum == nil || *p.Maximum != int64(g.Maximum) {
		wrong("limit %q is no number up to %d in %s", g.Limit, g.Maximum, e.Form.Name)
	}
	if order := e.Form.prop(g.Order); g.Order != "" || g.OldestFirst != "" {
		if order == nil || order.T.Kind != enum {
			wrong("order %q is no enum in %s", g.Order, e.Form.Name)
		} else if _, ok := order.literal(g.OldestFirst); !ok {
			wrong("oldestFirst %q is no value of %s", g.OldestFirst, g.Order)
		} else if order.Default != nil && *order.Default == g.OldestFirst {
			wrong("oldestFirst %s is the default of %s; by default the newest must come first", g.OldestFirst, g.Order)
		}
	}
	item := e.item()
	if item == nil {
		wrong("items %q is no list of objects in %s", g.Items, e.Success.Name)
		return
	}
	if moment(g.From, item); len(g.Key) == 0 {
		wrong("no key, which lists the members that distinguish an item from all others")
	}
	for _, name := range g.Key {
		if p := item.prop(name); p == nil || p.Pointer || !slices.Contains([]kind{text, boolean, integer, enum}, p.T.Kind) {
			wrong("key %q is no text or number that every %s has", name, item.Name)
		}
	}
	for _, p := range item.identity() {
		if !slices.Contains(g.Key, p.Wire) {
			wrong("the key lacks %s, which is in x-identity of %s", p.Wire, item.Name)
		}
	}
}

// pager checks the method that reads all pages of a method.
func (b *builder) pager(where string, m *method) {
	g := m.Operation.Page
	if m.Result != g.Items {
		b.fail(where, "all needs the result %s, the items of x-page", g.Items)
	}
	for _, name := range append([]string{g.Cursor, g.Order, g.Limit}, g.Window...) {
		if p := m.Operation.Form.prop(name); p != nil && m.sets(p) {
			b.fail(where, "all needs a request with %s, which x-page names", name)
		}
	}
}

// item returns the type of the items of pages, or nil.
func (e *endpoint) item() *typ {
	if _, list := e.Success.member(e.Page.Items); list != nil && list.Elem != nil && list.Elem.Kind == object {
		return list.Elem.Named
	}
	return nil
}

// pageLiteral returns the Go expression of x-page.
func pageLiteral(e *endpoint) string {
	g, item := e.Page, e.item()
	parts := []string{"Items: " + quote(g.Items)}
	if g.Cursor != "" {
		parts = append(parts, "Cursor: "+quote(g.Cursor))
	}
	parts = append(parts, "From: "+quote(g.From))
	if len(g.Window) > 0 {
		parts = append(parts, "Window: []string{"+quoteAll(g.Window...)+"}")
	}
	if g.Order != "" {
		parts = append(parts, "Order: "+quote(g.Order), "OldestFirst: "+quote(g.OldestFirst))
	}
	parts = append(parts, "Limit: "+quote(g.Limit), fmt.Sprintf("Maximum: %d", g.Maximum))
	parts = append(parts, "Key: []string{"+quoteAll(g.Key...)+"}")
	if len(item.Identity) > 0 {
		parts = append(parts, "Identity: []string{"+quoteAll(item.Identity...)+"}")
	}
	var spellings []string
	for _, p := range item.Props {
		if p.Wire == g.From || slices.Contains(g.Key, p.Wire) {
			for _, other := range p.Aliases {
				spellings = append(spellings, quote(other)+": "+quote(p.Wire))
			}
		}
	}
	if len(spellings) > 0 {
		parts = append(parts, "Spellings: map[string]string{"+strings.Join(spellings, ", ")+"}")
	}
	return "&Page{" + strings.Join(parts, ", ") + "}"
}

// emitPager writes the method that reads all pages of a method.
func emitPager(p *printer, a *api, m *method) {
	e, g, item := m.Operation, m.Operation.Page, m.Operation.item()
	p.use("iter")
	p.p("")
	p.doc(a.pagerDoc(m))
	p.p("func (s *%s) %s(ctx context.Context, request %s, options ...CallOption) iter.Seq2[%s, error] {", serviceType(e.Service), m.All, m.request(), item.Name)
	p.p("type key struct {")
	var key []string
	for _, name := range g.Key {
		member := item.prop(name)
		if member.T.Go == "time.Time" {
			p.p("%s int64 // in milliseconds", member.Go)
			key = append(key, "item."+member.Go+".UnixMilli()")
			continue
		}
		p.p("%s %s", member.Go, member.T.Go)
		key = append(key, "item."+member.Go)
	}
	p.p("}")
	cursor, limit := e.Form.prop(g.Cursor), e.Form.prop(g.Limit)
	var first *prop // where the list starts if the oldest items come first
	if g.Window != nil {
		first, cursor = e.Form.prop(g.Window[0]), e.Form.prop(g.Window[1])
	}
	p.p("p := pager[%s, key]{", item.Name)
	p.p("operation: gen.%sEndpoint.Operation,", e.Go)
	p.p("start: %s,", cursor.plain())
	p.p("limit: %s,", limit.plain())
	if g.Order != "" {
		p.p("oldestFirst: %s,", e.Form.prop(g.Order).is(g.OldestFirst))
	}
	p.p("at: func(item *%s) time.Time { return item.%s },", item.Name, item.prop(g.From).Go)
	p.p("key: func(item *%s) key { return key{%s} },", item.Name, strings.Join(key, ", "))
	p.p("}")
	if first != nil {
		p.p("if p.oldestFirst {")
		p.p("p.start = %s", first.plain())
		p.p("}")
	}
	p.p("p.fetch = func(ctx context.Context, cursor time.Time, limit int) ([]%s, error) {", item.Name)
	p.p("page := request")
	p.p("page.%s = %slimit", limit.Go, limit.address())
	if first != nil {
		p.p("switch {")
		p.p("case cursor.IsZero(): // the caller left this end open")
		p.p("case p.oldestFirst:")
		p.p("page.%s = %scursor", first.Go, first.address())
		p.p("default:")
	}
	p.p("page.%s = %scursor", cursor.Go, cursor.address())
	if first != nil {
		p.p("}")
	}
	p.p("return s.%s(ctx, page, options...)", m.Name)
	p.p("}")
	p.p("return p.all(ctx)")
	p.p("}")
}

// plain returns the Go expression of a request's field without its pointer.
func (p *prop) plain() string {
	if p.Pointer {
		return "valueOf(request." + p.Go + ")"
	}
	return "request." + p.Go
}

// address returns what stands before a variable that is assigned to a request's field.
func (p *prop) address() string {
	if p.Pointer {
		return "&"
	}
	return ""
}

// is returns the Go expression that a request's field has a value.
func (p *prop) is(value string) string {
	literal, _ := p.literal(value)
	if p.Pointer {
		return fmt.Sprintf("request.%s != nil && *request.%s == %s", p.Go, p.Go, literal)
	}
	return fmt.Sprintf("request.%s == %s", p.Go, literal)
}

// pagerDoc returns the documentation of the method that reads all pages of a method.
func (a *api) pagerDoc(m *method) string {
	e, g := m.Operation, m.Operation.Page
	field := func(name string) string { return e.Form.prop(name).Go }
	order, added := "", ""
	if g.Order != "" {
		order = " unless " + strings.Replace(e.Form.prop(g.Order).being(g.OldestFirst), " ", " is ", 1)
		added = " If the oldest come first, " + m.All + " also yields what is added meanwhile."
	}
	var start string
	switch {
	case g.Window != nil:
		start = and([]string{field(g.Window[0]), field(g.Window[1])}) + " bound the list; nil or the zero time leaves that end open."
	case g.Order != "":
		start = "The list starts at " + field(g.Cursor) + ". If that is zero, it starts at its end: now, or at the oldest."
	default:
		start = "The list starts at " + field(g.Cursor) + ", or now if that is zero."
	}
	repeated := "" // what items of their own may share, such as the logins of an account
	if same := e.item().identity(); len(g.Key) > len(same) {
		names := make([]string, len(same))
		for i, p := range same {
			names[i] = p.Go
		}
		repeated = ", also where several have the same " + and(names)
	}
	paragraphs := []string{
		fmt.Sprintf("%s reads all pages of %s and yields each [%s], newest first%s.", m.All, m.Link(), e.item().Name, order),
		fmt.Sprintf("%s %s is the size of a page, at most %d and by default %d.%s", start, field(g.Limit), g.Maximum, g.Maximum, added),
		m.All + " yields each item of the list once" + repeated + ", and reads larger pages where more items than a page holds have the same millisecond. Each range starts again and does not change the request, and no request follows once the loop ends. The list ends with a page that has nothing new, so there is one more request than there are pages. [WithRawResponse] stores the last page.",
		a.needs(m),
		fmt.Sprintf("Errors: an *[Error] as the last pair, with a zero item: the errors of %s, and [ErrStuckCursor].", m.Link()),
		sourceLine(e),
	}
	return strings.Join(slices.DeleteFunc(paragraphs, func(text string) bool { return text == "" }), "\n\n")
}
