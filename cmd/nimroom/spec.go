package main

import "github.com/nimroom/nimroom/spec"

// specCommand prints one variant of the published spec.
type specCommand struct {
	Profile string `enum:"canonical,sdk,validator" default:"canonical" help:"canonical (typed JSON fields, responses as unions), sdk (for client generators) or validator (for validators and proxies such as Prism)."`
	Lang    string `enum:"en,zh" default:"en" help:"Language: en or zh."`
	Format  string `enum:"yaml,json" default:"yaml" help:"Format: yaml or json."`
}

// Run prints the spec.
func (c *specCommand) Run(s streams) error {
	text, err := spec.Read(spec.Variant{Profile: c.Profile, Lang: c.Lang, Format: c.Format})
	if err != nil {
		return err
	}
	_, err = s.out.Write(text)
	return err
}
