package rules

import (
	"crypto/md5"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// operationName is a verb and a noun in camel case.
var operationName = regexp.MustCompile(`^[a-z]+([A-Z][a-z]+)+$`)

var idempotencies = []string{"safe", "idempotent", "deduplicated", "unsafe"}

// signature checks the test vector of a rule for headers against the rule that it states. The
// header middle stands between the secret and the time.
func (c *checker) signature(at, middle string) {
	signature, _ := c.doc.Extensions[at].(map[string]any)
	vector, _ := signature["test"].(map[string]any)
	text := func(name string) string { s, _ := vector[name].(string); return s }
	for key, want := range map[string]string{
		"algorithm": "SHA-1", "output": "lower-case hexadecimal", "header": "CheckSum", "window": "300 seconds either way",
		"input": "[AppSecret " + middle + " CurTime]",
	} {
		if got := fmt.Sprint(signature[key]); got != want {
			c.errorf("%s: %s is %q, want %q", at, key, got, want)
		}
	}
	if s, _ := signature["description"].(string); s == "" {
		c.errorf("%s: no description", at)
	}
	if body, ok := vector["body"]; ok {
		sum := md5.Sum([]byte(fmt.Sprint(body)))
		if got := hex.EncodeToString(sum[:]); got != text(middle) {
			c.errorf("%s: the vector's %s is %q, its body gives %q", at, middle, text(middle), got)
		}
		c.cited(at, signature)
		description, _ := signature["description"].(string)
		c.guess(at, signature, description)
	}
	sum := sha1.Sum([]byte(text("AppSecret") + text(middle) + text("CurTime")))
	if got := hex.EncodeToString(sum[:]); got != text("CheckSum") {
		c.errorf("%s: the vector's CheckSum is %q, the rule gives %q", at, text("CheckSum"), got)
	}
}

// codes reads x-codes and checks that each entry is complete.
func (c *checker) codes() {
	list, _ := c.doc.Extensions["x-codes"].([]any)
	names := map[string]bool{}
	for _, e := range list {
		entry, _ := e.(map[string]any)
		code, _ := entry["code"].(float64)
		name, _ := entry["name"].(string)
		if names[name] {
			c.errorf("x-codes: two codes of the name %s", name)
		}
		names[name] = true
		want := "no"
		if code == 200 {
			want = "yes"
		} else if slices.Contains(openOutcome, int(code)) {
			want = "maybe"
		}
		if entry["executed"] != want {
			c.errorf("x-codes: %v was carried out: %v, want %s", code, entry["executed"], want)
		}
		if transient, _ := entry["transient"].(bool); transient != slices.Contains(passing, int(code)) {
			c.errorf("x-codes: %v is transient: %v, want the opposite", code, transient)
		}
		c.known = append(c.known, int(code))
		if entry["x-source"] != nil || entry["x-guess"] != nil {
			c.cited(fmt.Sprintf("x-codes: %v", code), entry)
		}
		meaning, _ := entry["meaning"].(string)
		c.guess(fmt.Sprintf("x-codes: %v", code), entry, meaning)
		for _, key := range []string{"name", "meaning", "advice", "executed"} {
			if s, _ := entry[key].(string); s == "" {
				c.errorf("x-codes: %v has no %s", code, key)
			}
		}
		if kind, _ := entry["kind"].(string); (kind == "") != (code == 200) {
			c.errorf("x-codes: %v: every code except 200 has a kind", code)
		}
	}
	for _, code := range openOutcome {
		if !slices.Contains(c.known, code) {
			c.errorf("x-codes: %d is missing", code)
		}
	}
	if !slices.IsSorted(c.known) || !slices.Contains(c.known, 200) {
		c.errorf("x-codes: the codes are not in order or lack 200")
	}
}

// features checks that each feature cites its evidence.
func (c *checker) features() {
	features, _ := c.doc.Extensions["x-features"].(map[string]any)
	for name, value := range features {
		feature, _ := value.(map[string]any)
		description, _ := feature["description"].(string)
		c.cited("x-features: "+name, feature)
		c.guess("x-features: "+name, feature, description)
	}
}

// rateLimit checks that x-rate-limit, if it is there, has its three numbers.
func (c *checker) rateLimit(at string, extensions map[string]any) {
	value, ok := extensions["x-rate-limit"]
	if !ok {
		return
	}
	limit, _ := value.(map[string]any)
	for _, key := range []string{"calls", "seconds", "block"} {
		if n, _ := limit[key].(float64); n < 1 || len(limit) != 3 {
			c.errorf("%s: x-rate-limit %v has not exactly calls, seconds and block, each 1 or more", at, value)
			return
		}
	}
}

// operation checks one path.
func (c *checker) operation(path string, item *openapi3.PathItem) {
	if len(item.Operations()) != 1 || item.Post == nil {
		c.errorf("%s: not exactly one POST", path)
		return
	}
	op := item.Post
	if !operationName.MatchString(op.OperationID) {
		c.errorf("%s: operationId %q is not two or more words in lower camel case", path, op.OperationID)
		return
	}
	if op.RequestBody == nil || op.Responses.Status(200) == nil || op.Responses.Status(200).Value.Content["application/json"] == nil {
		c.errorf("%s: no body, or no JSON response with status 200", path)
		return
	}
	if len(op.Tags) != 1 || c.doc.Tags.Get(op.Tags[0]) == nil {
		c.errorf("%s: tags %v, want one that is described", path, op.Tags)
	}
	if op.Summary == "" || op.Description == "" {
		c.errorf("%s: summary or description is missing", path)
	}
	if s, _ := op.Extensions["x-idempotency"].(string); !slices.Contains(idempotencies, s) {
		c.errorf("%s: x-idempotency %q is not one of %v", path, s, idempotencies)
	}
	ask, _ := op.Extensions["x-ask"].(string)
	if safe := op.Extensions["x-idempotency"] == "safe"; safe != (ask == "") || ask != "" && c.operations[ask] == "" {
		c.errorf("%s: x-ask %q: an operation that changes something must name one that shows whether it took effect", path, ask)
	}
	codes := ints(op.Extensions["x-status-codes"])
	if len(codes) < 2 || codes[0] != 200 || !slices.IsSorted(codes) {
		c.errorf("%s: x-status-codes %v must start with 200 and be in order", path, codes)
	}
	for _, code := range codes {
		if !slices.Contains(c.known, code) {
			c.errorf("%s: x-status-codes has %d, which x-codes lacks", path, code)
		}
	}
	c.rateLimit(path, op.Extensions)
	c.sources(path, op)
	if c.body(path, op) && c.response(path, op) {
		c.examples(path, op)
	}
}

// body checks the form: its name, encodings, examples, and the rules of pages and
// batches. It reports whether there is a form.
func (c *checker) body(path string, op *openapi3.Operation) bool {
	media := op.RequestBody.Value.Content[formType]
	if media == nil || len(op.RequestBody.Value.Content) != 1 {
		c.errorf("%s: the body is not one %s", path, formType)
		return false
	}
	want := strings.ToUpper(op.OperationID[:1]) + op.OperationID[1:] + "Form"
	if name := strings.TrimPrefix(media.Schema.Ref, "#/components/schemas/"); name != want {
		c.errorf("%s: the form is %q, want %q", path, name, want)
		return false
	}
	c.forms[want] = true
	form := media.Schema.Value
	if !op.RequestBody.Value.Required {
		c.errorf("%s: the body is optional", path)
	}
	c.behaviour(path, op, form)
	for name, property := range form.Properties {
		encoding := media.Encoding[name]
		structured := property.Value.Type.Is("array") || property.Value.Type.Is("object")
		switch {
		case structured && (encoding == nil || encoding.ContentType != "application/json"):
			c.errorf("%s: %s is a list or an object without encoding application/json", path, name)
		case !structured && encoding != nil:
			c.errorf("%s: %s is a scalar and must not be in encoding", path, name)
		case encoding != nil && (encoding.Style != "" || encoding.Explode != nil || encoding.AllowReserved):
			c.errorf("%s: the encoding of %s has a style, explode or allowReserved", path, name)
		}
	}
	for name := range media.Encoding {
		if form.Properties[name] == nil {
			c.errorf("%s: encoding names %q, which is not a field", path, name)
		}
	}
	if len(media.Examples) == 0 {
		c.errorf("%s: no named example of the request", path)
	}
	if batch, ok := op.Extensions["x-batch"].(map[string]any); ok {
		field, _ := batch["field"].(string)
		maximum, _ := batch["maximum"].(float64)
		if p := form.Properties[field]; p == nil || p.Value.MaxItems == nil || float64(*p.Value.MaxItems) != maximum {
			c.errorf("%s: x-batch %v does not agree with the form", path, batch)
		}
	}
	if page, ok := op.Extensions["x-page"].(map[string]any); ok {
		limit, _ := page["limit"].(string)
		maximum, _ := page["maximum"].(float64)
		if p := form.Properties[limit]; p == nil || p.Value.Max == nil || *p.Value.Max != maximum {
			c.errorf("%s: x-page %v does not agree with the form", path, page)
		}
	}
	return true
}

// response checks the union of success and error and notes what the success
// example shows. It reports whether there are examples of both.
func (c *checker) response(path string, op *openapi3.Operation) bool {
	response := op.Responses.Status(200)
	if op.Responses.Len() != 1 || response == nil {
		c.errorf("%s: responses other than 200", path)
		return false
	}
	media := response.Value.Content["application/json"]
	success := strings.ToUpper(op.OperationID[:1]) + op.OperationID[1:] + "Success"
	union := media.Schema.Value.OneOf
	if len(union) != 2 || union[0].Ref != "#/components/schemas/"+success || union[1].Ref != "#/components/schemas/Error" {
		c.errorf("%s: the response is not one of %s and Error", path, success)
		return false
	}
	if media.Schema.Value.Discriminator != nil {
		c.errorf("%s: a discriminator on an integer breaks generators", path)
	}
	if media.Examples["success"] == nil || media.Examples["error"] == nil {
		c.errorf("%s: no example of a success and of an error", path)
		return false
	}
	c.show(union[0], media.Examples["success"].Value.Value)
	return true
}

// show notes which properties of named schemas a success example shows.
func (c *checker) show(schema *openapi3.SchemaRef, example any) {
	switch v := example.(type) {
	case map[string]any:
		for name, property := range schema.Value.Properties {
			if child, ok := v[name]; ok {
				c.shown[schema.Ref+"/"+name] = true
				c.show(property, child)
			}
		}
	case []any:
		for _, child := range v {
			c.show(schema.Value.Items, child)
		}
	}
}
