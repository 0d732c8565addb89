package main

import (
	"go/token"
	"strings"
	"unicode"
)

// initialisms are written in capitals at the end of a word.
var initialisms = map[string]string{"Id": "ID", "Ids": "IDs", "Url": "URL", "Ip": "IP", "Ttl": "TTL", "Json": "JSON"}

// goName returns the exported Go name of a member, from x-go-names or from its name on the
// wire.
func (b *builder) goName(wire string) string {
	if name := b.doc.GoNames.find(wire); name != nil {
		return *name
	}
	return camelCase(wire)
}

// goNames checks x-go-names.
func (b *builder) goNames() {
	used := map[string]bool{}
	for _, t := range b.types {
		for _, p := range t.Properties {
			used[p.Name] = true
		}
	}
	for _, e := range b.doc.GoNames {
		switch {
		case !used[e.Name]:
			b.fail("x-go-names", "%s is no property", e.Name)
		case !token.IsIdentifier(e.Value) || !token.IsExported(e.Value):
			b.fail("x-go-names", "%s: %q is no exported name of Go", e.Name, e.Value)
		case e.Value == camelCase(e.Name):
			b.fail("x-go-names", "%s is %s without an entry, too", e.Name, e.Value)
		}
	}
}

// camelCase returns the exported Go name for a name on the wire.
func camelCase(wire string) string {
	var b strings.Builder
	for _, word := range words(wire) {
		word = upperFirst(word)
		if caps, ok := initialisms[word]; ok {
			word = caps
		}
		b.WriteString(word)
	}
	return b.String()
}

// words splits a name at capitals and at characters other than letters and digits.
func words(s string) []string {
	var list []string
	start := 0
	for i, r := range s {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			list = append(list, s[start:i])
			start = i + len(string(r))
		case unicode.IsUpper(r):
			list = append(list, s[start:i])
			start = i
		}
	}
	return append(list, s[start:])
}
