package browsertest

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/chromedp/chromedp"
)

// form holds the values of an operation's fields: strings, or lists of strings. A test
// empties the fields that the form does not name, except for the ids of rooms, which the
// page fills in.
type form map[string]any

var roomFields = []string{"roomid", "roomId", "roomids"}

// operation is the part of the page that shows one operation.
type operation struct {
	*page
	selector string
}

// operation expands an operation and clicks its button Try it out.
func (p *page) operation(tag, id string) operation {
	p.t.Helper()
	o := operation{p, fmt.Sprintf("#operations-%s-%s", tag, id)}
	p.click(o.selector + " .opblock-summary-control")
	p.click(o.selector + " .try-out__btn")
	p.do(chromedp.WaitVisible(chromedp.CSS(o.selector + " .execute")))
	return o
}

// fieldSelector returns the selector of a field.
func (o operation) fieldSelector(name string) string {
	return fmt.Sprintf("%s [data-property-name=%q]", o.selector, name)
}

// field is the kind and the current values of a form field.
type field struct {
	Kind   string // DIV for a list, SELECT, TEXTAREA or INPUT
	Values []string
}

// fields reads all fields of the operation's form.
func (o operation) fields() map[string]field {
	o.t.Helper()
	return eval[map[string]field](o.page, fmt.Sprintf(`Object.fromEntries([...document.querySelectorAll('%s [data-property-name]')].map(row => {
		const field = row.querySelector('.json-schema-array, select, textarea, input');
		const inputs = field.nodeName === 'DIV' ? [...field.querySelectorAll('input')] : field.multiple ? [...field.selectedOptions] : [field];
		return [row.dataset.propertyName, {Kind: field.nodeName, Values: inputs.map(input => input.value)}];
	}))`, o.selector))
}

// fill fills in the form.
func (o operation) fill(f form) {
	o.t.Helper()
	fields := o.fields()
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

// change sets the values of one field, unless it already has them.
func (o operation) change(name string, field field, values []string) {
	o.t.Helper()
	selector := o.fieldSelector(name)
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

// choose selects one or several options of a select element.
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

// putList fills in a list. It adds or removes inputs until there is one for each element.
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
		o.put(fmt.Sprintf("%s .json-schema-form-item:nth-child(%d) :is(input, textarea)", field, i+1), text)
	}
}

// execute sends the request and returns what the page says about the response.
func (o operation) execute() string {
	o.t.Helper()
	verdict := o.selector + " .verdict"
	if o.text(verdict) != "" { // the previous request's
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
