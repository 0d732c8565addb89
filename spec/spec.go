// Package spec holds the OpenAPI description of the chat room API in all its
// published variants. The hand-written source is openapi.yaml; dist is derived
// from it by `go generate ./...`.
package spec

import (
	"embed"
	"fmt"
)

//go:embed dist/openapi*
var dist embed.FS

// A Variant names one published file. The zero value is the canonical profile,
// in English, as YAML.
type Variant struct {
	// Profile is canonical (the default: typed JSON fields, success and refusal
	// as a union) or sdk (for client generators: JSON fields as text, responses
	// 200 and default).
	Profile string
	// Lang is en (the default) or zh.
	Lang string
	// Format is yaml (the default) or json.
	Format string
}

// Read returns the file of a variant. An unknown profile, language or format is
// an error that names the known ones.
func Read(v Variant) ([]byte, error) {
	name := "openapi"
	for _, part := range []struct {
		field, value string
		suffixes     map[string]string
		known        string
	}{
		{"profile", v.Profile, map[string]string{"": "", "canonical": "", "sdk": ".sdk"}, "canonical or sdk"},
		{"lang", v.Lang, map[string]string{"": "", "en": "", "zh": ".zh-CN"}, "en or zh"},
		{"format", v.Format, map[string]string{"": ".yaml", "yaml": ".yaml", "json": ".json"}, "yaml or json"},
	} {
		suffix, ok := part.suffixes[part.value]
		if !ok {
			return nil, fmt.Errorf("spec: %s %q is not %s", part.field, part.value, part.known)
		}
		name += suffix
	}
	return dist.ReadFile("dist/" + name)
}
