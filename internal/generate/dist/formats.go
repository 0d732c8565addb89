package dist

import "go.yaml.in/yaml/v3"

// limitFormats adds the limits of x-formats to the strings in forms. Readers of responses
// get none: they would reject the whole response if the service exceeded one.
func limitFormats(root *yaml.Node) {
	schemas, formats := get(get(root, "components"), "schemas"), get(root, "x-formats")
	seen := map[*yaml.Node]bool{}
	var limit func(schema *yaml.Node)
	limit = func(schema *yaml.Node) {
		if schema = resolve(schema, schemas); schema == nil || seen[schema] {
			return
		}
		seen[schema] = true
		if format := get(schema, "format"); format != nil {
			for _, key := range []string{"maxLength", "pattern"} {
				if value := get(get(formats, format.Value), key); value != nil {
					set(schema, key, value)
				}
			}
		}
		for _, inner := range subschemas(schema) {
			limit(inner)
		}
	}
	for _, item := range pairs(get(root, "paths")) {
		for _, media := range pairs(get(get(get(item, "post"), "requestBody"), "content")) {
			limit(get(media, "schema"))
		}
	}
}
