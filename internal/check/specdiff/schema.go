package specdiff

import (
	"maps"
	"slices"
)

// Keywords whose change breaks a form only in one direction: a limit may be
// loosened, not tightened.
var (
	upper = []string{"maxLength", "maxItems", "maximum", "x-max-json-length"}
	lower = []string{"minLength", "minItems", "minimum"}
)

// fixed keywords may not change at all: types, and keywords from which clients take
// names or behaviour. From x-go-type and x-id, which 1.0.0 has, only this repository takes
// something.
var fixed = []string{
	"type", "format", "oneOf", "allOf", "anyOf", "not", "discriminator", "default", "pattern",
	"x-text-property", "x-omit-zero", "x-time", "x-duration",
}

// schema compares a schema that is used in forms, in responses, or in both.
func (d *differ) schema(at string, old, now node, form, response bool) {
	d.same(at+".$ref", old["$ref"], now["$ref"])
	written := (old["$ref"] == nil) != (now["$ref"] == nil)
	if written { // one is written out where the other refers to it
		old, now = named(d.old, old), named(d.now, now)
	}
	for _, key := range fixed {
		d.same(at+"."+key, old[key], now[key])
	}
	d.same(at+" has x-absent:", old["x-absent"] != nil, now["x-absent"] != nil)
	d.lost(at+".enum", values(old), values(now))
	if !written { // another schema, another type
		d.varnames(at, old, now)
	}
	d.lost(at+".x-aliases", words(old["x-aliases"]), words(now["x-aliases"]))
	for _, key := range []string{"x-property-aliases", "x-enum-aliases"} {
		for name, aliases := range mapping(old[key]) {
			d.lost(at+"."+key+"."+name, words(aliases), words(mapping(now[key])[name]))
		}
	}
	if form {
		for _, key := range upper {
			if limit, ok := number(now[key]); ok && tighter(old[key], limit, func(a, b float64) bool { return b < a }) {
				d.same(at+"."+key, old[key], now[key])
			}
		}
		for _, key := range lower {
			if limit, ok := number(now[key]); ok && tighter(old[key], limit, func(a, b float64) bool { return b > a }) {
				d.same(at+"."+key, old[key], now[key])
			}
		}
		if now["enum"] != nil && old["x-known-values"] != nil {
			d.report(at, "takes no other values any more")
		}
		d.lostRequired(at, "must be sent now", now, old)
		if now["additionalProperties"] == false && old["additionalProperties"] != false {
			d.report(at, "takes no other fields any more")
		}
		if old["nullable"] == true && now["nullable"] != true {
			d.report(at, "may not be null any more")
		}
	}
	if response {
		if old["enum"] != nil {
			d.gained(at+".enum", values(old), values(now))
			if now["enum"] == nil {
				d.report(at, "may have other values now")
			}
		}
		d.lostRequired(at, "may be missing now", old, now)
		if old["nullable"] != true && now["nullable"] == true {
			d.report(at, "may be null now")
		}
	}
	properties := mapping(now["properties"])
	for name, property := range mapping(old["properties"]) {
		if properties[name] == nil {
			d.report(at+"."+name, "is gone")
			continue
		}
		absent, still := mapping(old["x-property-absent"])[name], mapping(now["x-property-absent"])[name]
		d.same(at+"."+name+" has x-property-absent:", absent != nil, still != nil)
		d.schema(at+"."+name, mapping(property), mapping(properties[name]), form, response)
	}
	d.same(at+" has x-json-text:", old["x-json-text"] != nil, now["x-json-text"] != nil)
	if inner := mapping(old["x-json-text"]); inner != nil {
		d.schema(at+" as JSON", inner, mapping(now["x-json-text"]), form, response)
	}
	if items := mapping(old["items"]); items != nil {
		d.schema(at+"[]", items, mapping(now["items"]), form, response)
	}
}

// gained reports values that a response may hold now and could not before.
func (d *differ) gained(at string, old, now []string) {
	for _, value := range now {
		if !slices.Contains(old, value) {
			d.report(at, "may be %s now", value)
		}
	}
}

// values returns the values of a closed or an open enum.
func values(schema node) []string {
	return append(words(schema["enum"]), words(schema["x-known-values"])...)
}

// names returns the keys of a mapping, in order.
func names(value any) []string { return slices.Sorted(maps.Keys(mapping(value))) }

// varnames checks that each enum value keeps its name, which is a constant in generated code.
func (d *differ) varnames(at string, old, now node) {
	is, names := values(now), words(now["x-enum-varnames"])
	if old["x-enum-varnames"] != nil && len(names) == 0 {
		d.report(at, "no longer names its values")
		return
	}
	for i, name := range words(old["x-enum-varnames"]) {
		if i >= len(values(old)) {
			break
		}
		value := values(old)[i]
		if j := slices.Index(is, value); j >= 0 && (j >= len(names) || names[j] != name) {
			d.report(at, "no longer calls %s %s", value, name)
		}
	}
}

// lostRequired reports the fields that are required in have but not in lacks.
func (d *differ) lostRequired(at, what string, have, lacks node) {
	for _, name := range words(have["required"]) {
		if !slices.Contains(words(lacks["required"]), name) {
			d.report(at+"."+name, "%s", what)
		}
	}
}

// tighter reports whether a limit excludes values that the old limit, if any, allowed.
func tighter(old any, limit float64, excludes func(old, now float64) bool) bool {
	before, ok := number(old)
	return !ok || excludes(before, limit)
}

func number(value any) (float64, bool) {
	switch n := value.(type) {
	case int:
		return float64(n), true
	case float64:
		return n, true
	}
	return 0, false
}
