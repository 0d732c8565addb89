package browsertest

import (
	"encoding/json"
	"fmt"
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
	p.do(chromedp.WaitVisible(chromedp.CSS(o.selector + " .execute")))
	return o
}

// field is the part of an operation for one field.
func (o operation) field(name string) string {
	return fmt.Sprintf("%s [data-property-name=%q]", o.selector, name)
}

// held is what a field holds and how it is changed.
type held struct {
	Kind   string // DIV for a list, SELECT, TEXTAREA or INPUT
	Values []string
}

// look reads all fields.
func (o operation) look() map[string]held {
	o.t.Helper()
	return eval[map[string]held](o.page, fmt.Sprintf(`Object.fromEntries([...document.querySelectorAll('%s [data-property-name]')].map(row => {
		const field = row.querySelector('.json-schema-array, select, textarea, input');
		const inputs = field.nodeName === 'DIV' ? [...field.querySelectorAll('input')] : field.multiple ? [...field.selectedOptions] : [field];
		return [row.dataset.propertyName, {Kind: field.nodeName, Values: inputs.map(input => input.value)}];
	}))`, o.selector))
}

// fill puts a form in.
func (o operation) fill(f form) {
	o.t.Helper()
	fields := o.look()
	for name, value := range f {
		field, ok := fields[name]
		if !ok {
			o.t.Fatalf("%s has no field %s", o.selector, name)
		}
		list, isList := value.([]string)
		if !isList {
			list = []string{value.(string)}
		}
		o.change(name, field, list)
		delete(fields, name)
	}
	for name, field := range fields {
		switch {
		case slices.Contains(roomFields, name):
		case field.Kind == "DIV":
			o.change(name, field, nil)
		default:
			o.change(name, field, []string{""})
		}
	}
}

// change puts values into one field, unless they are there.
func (o operation) change(name string, field held, values []string) {
	o.t.Helper()
	selector := o.field(name)
	switch {
	case slices.Equal(field.Values, values):
	case field.Kind == "DIV":
		o.putList(selector, values)
	case field.Kind == "SELECT":
		o.choose(selector+" select", values)
	case field.Kind == "TEXTAREA":
		o.put(selector+" textarea", values[0])
	default:
		o.put(selector+" input[type=text]", values[0])
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
		o.put(fmt.Sprintf("%s .json-schema-form-item:nth-child(%d) input", field, i+1), text)
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
	return o.text(o.selector+" .responses-inner") + o.text(o.selector+" .validation-errors")
}
