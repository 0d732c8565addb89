// Package spec holds the OpenAPI description of the chat room API in all its
// published variants. The hand-written source is openapi.yaml; dist is derived
// from it by `go generate ./...`.
package spec

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

//go:embed dist/openapi*
var dist embed.FS

//go:embed reconciliation.yaml
var reconciliation []byte

//go:embed evidence/records
var records embed.FS

// Records returns what the documentation pages said when they were read last, one
// <id>.yaml for each page of the evidence.
func Records() fs.FS {
	folder, err := fs.Sub(records, "evidence/records")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return folder
}

// Reconciliation returns the text of reconciliation.yaml: the points where the
// documents contradict each other or the spec, the settled version of each, and
// the exact wording of each page. RECONCILIATION.md shows it as tables.
func Reconciliation() []byte { return bytes.Clone(reconciliation) }

// A Variant names one published file. The zero value is the canonical profile,
// in English, as YAML.
type Variant struct {
	// Profile is canonical (the default: typed JSON fields, success and API error
	// as a union), validator (for validators of HTTP messages: JSON fields as text) or
	// sdk (for client generators: JSON fields as text, responses 200 and default).
	Profile string
	// Lang is en (the default) or zh.
	Lang string
	// Format is yaml (the default) or json.
	Format string
}

// Read returns the file of a variant. An unknown profile, language or format is
// an error that names the known ones.
func Read(v Variant) ([]byte, error) {
	profile, err := suffix("profile", v.Profile, map[string]string{"": "", "canonical": "", "sdk": ".sdk", "validator": ".validator"})
	if err != nil {
		return nil, err
	}
	lang, err := suffix("lang", v.Lang, map[string]string{"": "", "en": "", "zh": ".zh-CN"})
	if err != nil {
		return nil, err
	}
	format, err := suffix("format", v.Format, map[string]string{"": ".yaml", "yaml": ".yaml", "json": ".json"})
	if err != nil {
		return nil, err
	}
	return dist.ReadFile("dist/openapi" + profile + lang + format)
}

// suffix returns the part of the file name that stands for a field of a variant.
func suffix(field, value string, suffixes map[string]string) (string, error) {
	if s, ok := suffixes[value]; ok {
		return s, nil
	}
	known := slices.Sorted(maps.Keys(suffixes))[1:] // without the empty default
	return "", fmt.Errorf("spec: %s %q is not %s", field, value, strings.Join(known, " or "))
}
