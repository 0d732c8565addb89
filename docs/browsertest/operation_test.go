package browsertest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/chromedp/chromedp"
)

// form is what is put into the fields of an operation: text, or a list of
// texts. Fields that it does not name are emptied, but for the ids of rooms,
// which the page fills in.
type form map[string]any

var roomFields = []string{"roomid", "roomId", "roomids"}

// operation is a part of the page.
type operation struct {
	*page
	selector string
}

// operation unfolds an operation and begins to try it.
func (p *page) operation(tag, id string) operation {
	p.t.Helper()
	o := operation{p, fmt.Sprintf("#operations-%s-%s", tag, id)}
	p.click(o.selector + " .opblock-summary-control")
	p.click(o.selector + " .try-out__btn")
	p.do(chromedp.WaitVisible(chromedp.CSS(o.selector+" .execute")))
	return o
}

// field is the part of an operation for one field.
func (o operation) field(name string) string {
	return fmt.Sprintf("%s [data-property-name=%q]", o.selector, name)
}

// fields are the names of all fields.
func (o operation) fields() []string {
	o.t.Helper()
	return eval[[]string](o.page, fmt.Sprintf("[...document.querySelectorAll('%s [data-property-name]')].map(row => row.dataset.propertyName)", o.selector))
}

// fill puts a form in.
func (o operation) fill(f form) {
	o.t.Helper()
	fields := o.fields()
	for _, name := range slices.Sorted(maps.Keys(f)) {
		if !slices.Contains(fields, name) {
			o.t.Fatalf("%s has no field %s", o.selector, name)
		}
	}
	for _, name := range fields {
		value, given := f[name]
		if given || !slices.Contains(roomFields, name) {
			o.put(name, value)
		}
	}
}

// put puts a value into one field. nil empties it.
func (o operation) put(name string, value any) {
	o.t.Helper()
	field := o.field(name)
	text, _ := value.(string)
	list, _ := value.([]string)
	switch eval[string](o.page, fmt.Sprintf("document.querySelector('%s').querySelector('.json-schema-array, select, textarea, input')?.nodeName", field)) {
	case "DIV":
		o.putList(field, list)
	case "SELECT":
		o.choose(field+" select", append(list, text))
	case "TEXTAREA":
		o.page.put(field+" textarea", text)
	default:
		o.page.put(field+" input[type=text]", text)
	}
}

// choose chooses from a select, one or several.
func (o operation) choose(selector string, choices []string) {
	o.t.Helper()
	wanted, err := json.Marshal(choices)
	if err != nil {
		o.t.Fatal(err)
	}
	eval[chromedp.Void](o.page, fmt.Sprintf(`{
		const list = document.querySelector('%s');
		for (const option of list.options) option.selected = %s.includes(option.value);
		list.dispatchEvent(new Event('change', {bubbles: true}));
	}`, selector, wanted))
}

// putList makes the inputs of a list as many as its elements.
func (o operation) putList(field string, list []string) {
	o.t.Helper()
	count := func() int {
		return eval[int](o.page, fmt.Sprintf("document.querySelectorAll('%s .json-schema-form-item').length", field))
	}
	for n := count(); n != len(list); n = count() {
		button := ".json-schema-form-item-add"
		if n > len(list) {
			button = ".json-schema-form-item-remove"
		}
		o.click(field + " " + button)
		o.wait(fmt.Sprintf("document.querySelectorAll('%s .json-schema-form-item').length !== %d", field, n))
	}
	for i, text := range list {
		o.page.put(fmt.Sprintf("%s .json-schema-form-item:nth-child(%d) input", field, i+1), text)
	}
}

// execute sends the request and returns what the page says of the answer.
func (o operation) execute() string {
	o.t.Helper()
	verdict := o.selector + " .verdict"
	if o.text(verdict) != "" { // of the request before
		o.click(o.selector + " .btn-clear")
		o.wait(fmt.Sprintf("!document.querySelector('%s')", verdict))
	}
	o.press(o.selector + " .execute")
	o.wait(fmt.Sprintf("document.querySelector('%[1]s .verdict, %[1]s .live-responses-table, %[1]s .validation-errors')", o.selector))
	if said := o.text(verdict); said != "" {
		return said
	}
	return o.text(o.selector + " .responses-inner") + o.text(o.selector + " .validation-errors")
}
