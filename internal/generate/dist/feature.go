package dist

import (
	"fmt"

	"go.yaml.in/yaml/v3"
)

// Feature is a value of x-features: a part of the service that is enabled app by app.
type Feature struct {
	Summary string
	Desc    string // the text of the error of an app without it
	Guess   string `yaml:"x-guess"`
}

// English says that an operation needs the feature, or that a field of its form does if it is
// not 0, and what happens without it.
func (f Feature) English(field string) string {
	what, unproven := "The operation needs ", ""
	if field != "" {
		what = "A `" + field + "` other than 0 needs "
	}
	if f.Guess != "" {
		unproven = ", unproven"
	}
	return fmt.Sprintf("%s%s, a feature that is enabled for the app in the vendor's console. Without it, the service returns code 403 (%q%s).",
		what, f.Summary, f.Desc, unproven)
}

func (f Feature) chinese(field string) string {
	what, unproven := "该操作", ""
	if field != "" {
		what = "`" + field + "` 不为 0 时，"
	}
	if f.Guess != "" {
		unproven = "，未经证实"
	}
	return fmt.Sprintf("%s须在官方控制台为应用开通“%s”功能；未开通时服务返回状态码 403（%q%s）。", what, f.Summary, f.Desc, unproven)
}

// needed describes the features that an operation and the fields of its form need.
func needed(root, op *yaml.Node, words phrases) ([]string, error) {
	schemas := get(get(root, "components"), "schemas")
	var sentences []string
	said := map[string]bool{}
	say := func(n *yaml.Node, field string) error {
		name := get(n, "x-feature")
		if name == nil || said[name.Value] {
			return nil
		}
		said[name.Value] = true
		var feature Feature
		if err := get(get(root, "x-features"), name.Value).Decode(&feature); err != nil {
			return fmt.Errorf("x-features.%s: %w", name.Value, err)
		}
		sentences = append(sentences, words.feature(feature, field))
		return nil
	}
	if err := say(op, ""); err != nil {
		return nil, err
	}
	for _, media := range pairs(get(get(op, "requestBody"), "content")) {
		for name, field := range pairs(get(resolve(get(media, "schema"), schemas), "properties")) {
			if err := say(resolve(field, schemas), name); err != nil {
				return nil, err
			}
		}
	}
	return sentences, nil
}
