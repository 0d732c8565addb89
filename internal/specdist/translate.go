package main

import (
	"fmt"

	"github.com/speakeasy-api/openapi/overlay"
	"gopkg.in/yaml.v3"
)

// translate applies an overlay; a target that matches nothing is an error, so
// that a translation cannot outlive what it translates.
func translate(root *yaml.Node, file string) error {
	o, err := overlay.Parse(file)
	if err != nil {
		return err
	}
	if err := o.Validate(); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	warnings, err := o.ApplyToStrict(root)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	if len(warnings) > 0 {
		return fmt.Errorf("%s: %v", file, warnings)
	}
	return nil
}
