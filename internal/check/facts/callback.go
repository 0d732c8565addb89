package facts

import (
	"maps"
	"slices"
	"strings"

	"github.com/nimroom/nimroom/internal/check/evidence"
)

// callback compares a callback of the spec with what a page says about it, which is all there
// is to say.
func (c *comparer) callback(source evidence.Source, name string, says evidence.Callback) {
	c.claim = evidence.Claim{Source: source, Path: name, Entry: evidence.Entry{At: says.At}}
	ref := c.doc.Components.Callbacks[name]
	if ref == nil {
		c.differ("callback", "a callback", "none of this name")
		return
	}
	for _, item := range ref.Value.Map() {
		c.op = item.Post
	}
	c.source()
	c.same("event type", "x-event-type", evidence.Text(says.Event), evidence.Text(c.op.Extensions["x-event-type"]), "")
	body := c.op.RequestBody.Value.Content["application/json"].Schema.Value
	c.same("required", "always there", list(append(says.Always, "eventType")), list(body.Required), "")
	c.same("fields", "members", list(slices.Concat(says.Always, says.Others, []string{"eventType"})), list(slices.Collect(maps.Keys(body.Properties))), "")
}

// list joins names in their order.
func list(names []string) string {
	return strings.Join(slices.Sorted(slices.Values(names)), " ")
}
