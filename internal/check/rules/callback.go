package rules

import (
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// callback checks what the service sends to the app's server: the headers of
// x-callback-signature, an example of every member, and its evidence.
func (c *checker) callback(name string, item *openapi3.PathItem) {
	op := item.Post
	if op == nil || len(item.Operations()) != 1 || op.OperationID != name || !strings.HasPrefix(name, "on") {
		c.errorf("%s: not one POST of this name", name)
		return
	}
	if len(op.Tags) != 1 || c.doc.Tags.Get(op.Tags[0]) == nil {
		c.errorf("%s: tags %v, want one that is described", name, op.Tags)
	}
	if op.Summary == "" || op.Description == "" || op.Extensions["x-event-type"] == nil {
		c.errorf("%s: summary, description or x-event-type is missing", name)
	}
	if op.Security == nil || len(*op.Security) > 0 {
		c.errorf("%s: it is not signed as requests to the service are", name)
	}
	var headers []string
	for _, p := range op.Parameters {
		headers = append(headers, p.Value.Name)
	}
	if got := strings.Join(headers, " "); got != "AppKey CurTime MD5 CheckSum" {
		c.errorf("%s: the headers are %q", name, got)
	}
	c.sources(name, op)
	media := op.RequestBody.Value.Content["application/json"]
	if media == nil || len(media.Examples) == 0 || op.Responses.Status(200) == nil {
		c.errorf("%s: no JSON body with an example, or no response with status 200", name)
		return
	}
	for _, example := range media.Examples {
		c.show(media.Schema, example.Value.Value)
	}
	if decision := op.Responses.Status(200).Value.Content["application/json"]; decision != nil {
		for _, example := range decision.Examples {
			c.show(decision.Schema, example.Value.Value)
		}
	}
}
