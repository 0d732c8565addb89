package main

import (
	"github.com/alecthomas/kong"

	"github.com/nimroom/nimroom/spec"
)

// specCommand prints one variant of the published spec.
type specCommand struct {
	Profile string `enum:"canonical,sdk,validator" default:"canonical" help:"canonical (typed JSON fields, responses as unions), sdk (for client generators) or validator (for validators and proxies such as Prism)."`
	Format  string `enum:"yaml,json" default:"yaml" help:"Format: yaml or json."`
}

// Run prints the spec: in English unless --lang says otherwise, so that a program reads the same everywhere.
func (c *specCommand) Run(s streams, k *kong.Context) error {
	language := "en"
	if onCommandLine(k, "lang") {
		language = s.language
	}
	text, err := spec.Read(spec.Variant{Profile: c.Profile, Lang: language, Format: c.Format})
	if err != nil {
		return err
	}
	_, err = s.out.Write(text)
	return err
}
