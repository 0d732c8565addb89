package main

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed callbacks.txt
var callbackTypes string

// emitCallbacks writes the decoder of callbacks, and those of the objects in them.
func emitCallbacks(p *printer, a *api) {
	if len(a.Callbacks) == 0 {
		return
	}
	for _, path := range []string{"encoding/json", "time", wirePackage} {
		p.use(path)
	}
	p.body.WriteString(callbackTypes)
	p.p("// typed returns a callback of a type, and the function that reads it; nil for unknown types.")
	p.p("func typed(t %s) (Callback, func(*wire.Decoder)) {", eventTypes)
	p.p("switch t {")
	for _, c := range a.Callbacks {
		p.p("case %d:", c.EventType)
		p.p("v := new(%s)", c.Body.Name)
		p.p("return v, func(d *wire.Decoder) { decode%s(d, v) }", c.Body.Name)
	}
	p.p("}")
	p.p("return nil, nil")
	p.p("}")
	p.p("")
	for _, c := range a.Callbacks {
		p.p("// Type returns the eventType.")
		p.p("func (v *%s) Type() %s { return v.EventType }", c.Body.Name, eventTypes)
		p.p("")
		if f := c.Body.prop(c.Body.EventTime); f != nil {
			p.p("// Time returns %s.", f.Go)
			p.p("func (v *%s) Time() time.Time { return v.%s }", c.Body.Name, f.Go)
		} else {
			p.p("// Time returns the zero time: such a callback has none.")
			p.p("func (v *%s) Time() time.Time { return time.Time{} }", c.Body.Name)
		}
		p.p("")
	}
	emitComponents(p, a, callbackService)
}

// callbackFiles returns the generated files of package callback.
func callbackFiles(a *api) map[string]func(p *printer) {
	return map[string]func(p *printer){"handlers" + suffix: func(p *printer) { emitHandlers(p, a) }}
}

// emitHandlers writes the functions of a program that get callbacks, and which gets which.
func emitHandlers(p *printer, a *api) {
	if len(a.Callbacks) == 0 {
		return
	}
	p.use("context")
	p.use(genPackage)
	p.p("// Handlers are the functions that get callbacks. Each is optional: OnUnknown gets the callbacks")
	p.p("// whose function is nil. If OnUnknown is nil too, they are acknowledged and dropped.")
	p.p("//")
	p.p("// A function is called by several goroutines at once. Its context ends when it is too late to")
	p.p("// respond; see [WithTimeout]. After an error the service delivers the callback again.")
	p.p("type Handlers struct {")
	for _, c := range a.Callbacks {
		p.doc(fmt.Sprintf("On%s gets callbacks of eventType %d. The service %s", c.Go, c.EventType, lowerFirst(plain(c.Description))))
		p.p("On%s func(ctx context.Context, c *gen.%s) %s", c.Go, c.Body.Name, c.results())
	}
	p.doc("OnUnknown gets callbacks of other types, and those whose members cannot be read.")
	p.p("OnUnknown func(ctx context.Context, c gen.Callback) error")
	p.p("}")
	p.p("")
	p.p("// dispatch calls the function for a callback. It returns what the app responds, nil for nothing.")
	p.p("func (h *Handlers) dispatch(ctx context.Context, c gen.Callback) (decision any, err error) {")
	p.p("switch c := c.(type) {")
	for _, c := range a.Callbacks {
		p.p("case *gen.%s:", c.Body.Name)
		p.p("if h.On%s != nil {", c.Go)
		if c.Decision != nil {
			p.p("return h.On%s(ctx, c)", c.Go)
		} else {
			p.p("return nil, h.On%s(ctx, c)", c.Go)
		}
		p.p("}")
	}
	p.p("}")
	p.p("if h.OnUnknown != nil {")
	p.p("return nil, h.OnUnknown(ctx, c)")
	p.p("}")
	p.p("return nil, nil")
	p.p("}")
	p.p("")
	p.p("// isQuestion reports whether the app decides something by its response.")
	p.p("func isQuestion(c gen.Callback) bool {")
	p.p("switch c.(type) {")
	for _, c := range a.Callbacks {
		if c.Decision != nil {
			p.p("case *gen.%s:", c.Body.Name)
			p.p("return true")
		}
	}
	p.p("}")
	p.p("return false")
	p.p("}")
}

// results returns the results of the function for a callback.
func (c *callback) results() string {
	if c.Decision != nil {
		return "(gen." + c.Decision.Name + ", error)"
	}
	return "error"
}

// plain takes the marks of code out of a text.
func plain(text string) string { return strings.ReplaceAll(text, "`", "") }
