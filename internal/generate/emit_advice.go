package main

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// advice is an entry of x-advice.
type advice struct {
	Name string   `yaml:"name"`
	Code int      `yaml:"code"`
	Of   string   `yaml:"of"`
	Desc []string `yaml:"desc"`
	// Features stands for the texts of x-features.
	Features bool   `yaml:"features"`
	Kind     string `yaml:"kind"` // of the error in Go, unless it is that of the code
	Meaning  string `yaml:"meaning"`
	Advice   string `yaml:"advice"`
}

// explanations are the texts of codes, of advice, of services and of methods in one language.
type explanations struct {
	Codes  []code        `yaml:"x-codes"`
	Advice []advice      `yaml:"x-advice"`
	Tags   []tag         `yaml:"tags"`
	Paths  ordered[path] `yaml:"paths"`
}

// parts finds the names of parts in a text.
var parts = regexp.MustCompile(`\{\w+\}`)

// advice checks x-advice and gives each entry its code.
func (b *builder) advice() {
	codes := map[string]int{}
	for i := range b.doc.Advice {
		a := &b.doc.Advice[i]
		where := "x-advice: " + a.Name
		if a.Name == "" || a.Meaning == "" || a.Advice == "" {
			b.fail(where, "an entry needs name, meaning and advice")
		}
		if _, twice := codes[a.Name]; twice {
			b.fail(where, "the name occurs twice")
		}
		if a.Of != "" {
			code, known := codes[a.Of]
			if !known {
				b.fail(where, "of names %s, which is no entry before it", a.Of)
			}
			a.Code = code
		}
		if a.Code != 0 && !slices.ContainsFunc(b.doc.Codes, func(c code) bool { return c.Code == a.Code }) {
			b.fail(where, "code %d is not in x-codes", a.Code)
		}
		codes[a.Name] = a.Code
		if a.Features {
			for _, f := range b.doc.Features {
				a.Desc = append(a.Desc, f.Value.Desc)
			}
		}
		for _, pattern := range a.Desc {
			for _, part := range parts.FindAllString(a.Meaning+a.Advice, -1) {
				if !strings.Contains(pattern, part) {
					b.fail(where, "the text names %s, which desc %q lacks", part, pattern)
				}
			}
		}
	}
}

// translated checks that a translation of an advice has the same parts.
func translated(source, translation []advice) error {
	for i, a := range source {
		names := func(a advice) []string {
			set := map[string]bool{}
			for _, part := range parts.FindAllString(a.Meaning+a.Advice, -1) {
				set[part] = true
			}
			return slices.Sorted(maps.Keys(set))
		}
		if want, got := names(a), names(translation[i]); !slices.Equal(want, got) {
			return fmt.Errorf("x-advice: %s: the translation has the parts %v, want %v", a.Name, got, want)
		}
	}
	return nil
}

// adviceFiles returns the files of package advice.
func adviceFiles(a *api) map[string]func(p *printer) {
	return map[string]func(p *printer){"table.gen.go": func(p *printer) { emitAdvice(p, a) }}
}

// emitAdvice writes the names and the table: first the texts of errors, then the codes.
func emitAdvice(p *printer, a *api) {
	p.p("// The entries of x-advice.")
	p.p("const (")
	for _, e := range a.Advice {
		name := upperFirst(e.Name)
		p.doc(name + ": " + e.Meaning + " " + e.Advice)
		p.p("%s Name = %s", name, quote(e.Name))
	}
	p.p(")")
	p.p("")
	p.p("var table = []entry{")
	for i, e := range a.Advice {
		desc := "nil"
		if len(e.Desc) > 0 {
			desc = "[]string{" + quoteAll(e.Desc...) + "}"
		}
		zh := e
		if len(a.Chinese.Advice) > 0 {
			zh = a.Chinese.Advice[i]
		}
		p.p("{%s, %d, %s, [...]Text{{%s}, {%s}}},", upperFirst(e.Name), e.Code, desc, quoteAll(e.Meaning, e.Advice), quoteAll(zh.Meaning, zh.Advice))
	}
	for i, c := range a.Codes {
		zh := c
		if len(a.Chinese.Codes) > 0 {
			zh = a.Chinese.Codes[i]
		}
		p.p("{\"\", %d, nil, [...]Text{{%s}, {%s}}},", c.Code, quoteAll(c.Meaning, c.Advice), quoteAll(zh.Meaning, zh.Advice))
	}
	p.p("}")
}
