package main

import (
	"slices"
	"strings"
)

// signature is x-signature.
type signature struct {
	Algorithm string   `yaml:"algorithm"`
	Input     []string `yaml:"input"`
	Output    string   `yaml:"output"`
}

// mistakes is x-signature-mistakes.
type mistakes struct {
	Spaces    []string  `yaml:"spaces"`
	Seconds   int       `yaml:"seconds"`
	Made      []mistake `yaml:"made"`
	Otherwise string    `yaml:"otherwise"`
}

// mistake is what a wrong CheckSum may have been made of.
type mistake struct {
	Name      string   `yaml:"name"` // of the advice
	Algorithm string   `yaml:"algorithm"`
	Input     []string `yaml:"input"`
	Output    string   `yaml:"output"`
	detail    string   // what the advice names
}

// mistakes checks x-signature-mistakes and completes its entries.
func (b *builder) mistakes() mistakes {
	out := b.doc.Mistakes
	if len(out.Made) == 0 {
		return out
	}
	named := func(name string) *advice {
		i := slices.IndexFunc(b.doc.Advice, func(a advice) bool { return a.Name == name })
		if i < 0 {
			b.fail("x-signature-mistakes", "%q is no entry of x-advice", name)
			return &advice{}
		}
		return &b.doc.Advice[i]
	}
	named(out.Otherwise)
	for i := range out.Made {
		m := &out.Made[i]
		if m.Algorithm == "" {
			m.Algorithm = b.doc.Signature.Algorithm
		}
		if m.Input == nil {
			m.Input = b.doc.Signature.Input
		}
		for _, name := range m.Input {
			if !slices.Contains([]string{"AppKey", "AppSecret", "Nonce", "CurTime", "spaces", "time"}, name) {
				b.fail("x-signature-mistakes", "%s: input %q is none of AppKey, AppSecret, Nonce, CurTime, spaces and time", m.Name, name)
			}
		}
		switch meaning := named(m.Name).Meaning; {
		case strings.Contains(meaning, "{hash}"):
			m.detail = m.Algorithm
		case strings.Contains(meaning, "{order}"):
			m.detail = strings.Join(m.Input, ", ")
		}
	}
	return out
}

// signFiles returns the files of package sign.
func signFiles(a *api) map[string]func(p *printer) {
	return map[string]func(p *printer){"mistakes.gen.go": func(p *printer) {
		if len(a.Mistakes.Made) == 0 {
			return
		}
		p.p("const otherTimes, otherwise = %d, %s", a.Mistakes.Seconds, quote(a.Mistakes.Otherwise))
		p.p("")
		p.p("var spaces = []string{%s}", quoteAll(a.Mistakes.Spaces...))
		p.p("")
		p.p("var mistakes = []mistake{")
		for _, m := range a.Mistakes.Made {
			p.p("{%s, %s, []string{%s}, %s, %s},", quote(m.Name), quote(m.Algorithm), quoteAll(m.Input...), quote(m.Output), quote(m.detail))
		}
		p.p("}")
	}}
}
