package main

// callback is one kind of request that the service sends to the app's own server.
type callback struct {
	*operation
	Name     string // onMessage
	Go       string // its part of generated names: Message
	Body     *typ
	Decision *typ // what the app responds; nil if a status is all
}

// callbackService stands for a service in the names of files and in typ.Service.
const callbackService = "callbacks"

// eventTypes is the enum of the kinds of callbacks.
const eventTypes = "CallbackType"

// callbacks reads the callbacks of the spec and checks that operations name no others.
func (b *builder) callbacks() []*callback {
	var list []*callback
	for _, e := range b.doc.Components.Callbacks {
		if len(e.Value) != 1 || e.Value[0].Value.Post == nil {
			b.fail(e.Name, "want one address with a post")
			continue
		}
		op := e.Value[0].Value.Post
		c := &callback{operation: op, Name: e.Name, Go: upperFirst(e.Name)[len("on"):]}
		if op.ID != e.Name || op.EventType == 0 || op.Summary == "" || op.Description == "" || len(op.Sources) == 0 {
			b.fail(e.Name, "a callback has its own name as operationId, x-event-type, summary, description and x-source")
		}
		for _, s := range op.Sources {
			b.cites(e.Name, "x-source", s)
		}
		c.Body = b.named(e.Name, op.RequestBody.Content[jsonType].Schema.Ref, c.Go+"Callback")
		c.Body.Event = true
		b.mark(c.Body, inResponse, callbackService)
		if ref := op.Responses["200"].Content[jsonType].Schema.Ref; ref != "" {
			c.Decision = b.named(e.Name, ref, c.Go+"Decision")
			b.mark(c.Decision, inResponse, callbackService)
		}
		list = append(list, c)
	}
	return list
}

// eventTimes checks that callbacks have a type and that x-event-time names a time.
func (b *builder) eventTimes(list []*callback) {
	for _, c := range list {
		if p := c.Body.prop("eventType"); p == nil || p.T.Go != eventTypes {
			b.fail(c.Body.Name, "a callback has an eventType, which is a %s", eventTypes)
		}
		if p := c.Body.prop(c.Body.EventTime); c.Body.EventTime != "" && (p == nil || p.Pointer || p.T.Go != "time.Time") {
			b.fail(c.Body.Name, "x-event-time %q names no time", c.Body.EventTime)
		}
	}
}
