package console

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/described"
)

// limits says in words what a field takes.
func (v *view) limits(s *described.Schema) string {
	var list []string
	for _, limit := range []struct {
		name string
		is   *int64
	}{
		{"limit.length", s.MaxLength}, {"limit.json", s.MaxJSON}, {"limit.minItems", s.MinItems}, {"limit.maxItems", s.MaxItems},
		{"limit.minimum", s.Minimum}, {"limit.maximum", s.Maximum},
	} {
		if limit.is != nil {
			list = append(list, v.T(limit.name, *limit.is))
		}
	}
	if s.Pattern != "" {
		list = append(list, v.T("limit.pattern", s.Pattern))
	}
	if unit := s.Duration + s.Time; unit != "" {
		list = append(list, v.T("limit.unit."+unit))
	}
	if s.Default != nil {
		list = append(list, v.T("limit.default", s.Default))
	}
	return strings.Join(list, v.T("limit.and"))
}

// option is a value of a field that the spec describes.
type option struct {
	Value, Meaning string
	Is             bool
}

// options lists the values of a field, none for any. Others can be sent, too.
func options(s *described.Schema, value string) (list []option) {
	for _, one := range s.Values() {
		text := fmt.Sprint(one)
		list = append(list, option{text, s.Meanings[text], text == value})
	}
	return list
}

// part is a part of a description: words, or code.
type part struct {
	Text string
	Code bool
}

// Parts splits a description at its code marks.
func (v *view) Parts(description string) (parts []part) {
	for i, text := range strings.Split(strings.ReplaceAll(description, "**", ""), "`") {
		if text != "" {
			parts = append(parts, part{text, i%2 == 1})
		}
	}
	return parts
}

// groups lists the operations by subject, in the order of the spec.
func (v *view) groups(query string) (list []group) {
	d := described.In(v.Lang)
	for _, tag := range d.Tags {
		g := group{Name: tag.Name, Description: tag.Description}
		for _, o := range gen.Operations {
			is := d.Operation(o)
			if o.Service == tag.Name && contains(query, o.ID, o.Action, o.Path, is.Summary, strings.Join(slices.Collect(maps.Keys(d.Fields(is))), " ")) {
				g.Operations = append(g.Operations, summary{o.ID, o.Path, is.Summary})
			}
		}
		if len(g.Operations) > 0 {
			list = append(list, g)
		}
	}
	return list
}

type group struct {
	Name, Description string
	Operations        []summary
}

type summary struct{ ID, Path, Summary string }
