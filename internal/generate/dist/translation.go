package dist

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
)

// The keys that a translation changes: texts and maps of texts. It leaves the values of
// frozenKeys alone although such keys occur in them.
var (
	textKeys    = []string{"summary", "description", "success", "x-absent", "x-not-emulated", "meaning", "advice"}
	textMapKeys = []string{"x-property-absent", "x-enumDescriptions"}
	frozenKeys  = []string{"license", "example", "value"}
)

var (
	numbers = regexp.MustCompile(`-?[0-9]+(?:\.[0-9]+)?`)
	// Identifiers and values are set as code; a translation keeps them.
	codeSpans = regexp.MustCompile("`[^`]+`")
	// The ends of sentences. The numbers have to be equal: a translation that joined two
	// sentences could hide one that it adds.
	englishEnd = regexp.MustCompile(`[\pL\pN)\]*"'%-][.!?]\**(\s|$)`)
	chineseEnd = regexp.MustCompile(`[。！？]`)
)

// compare holds a translation to its source: every text must be translated, with the
// same numbers, code spans and number of sentences, and nothing else may differ. The error has every
// difference; one is in the file spec where something is not translated, else in the
// file overlay.
func compare(source, translated *yaml.Node, spec, overlay string) error {
	c := comparison{spec: spec, overlay: overlay}
	c.compare("$", "", source.Content[0], translated.Content[0])
	return errors.Join(c.errs...)
}

type comparison struct {
	spec, overlay string
	errs          []error
}

// differs notes a difference: the path of the node, and its line in a file.
func (c *comparison) differs(file string, line int, path, format string, args ...any) {
	c.errs = append(c.errs, fmt.Errorf("%s:%d: %s: %s", file, line, path, fmt.Sprintf(format, args...)))
}

// compare compares the values of key, which are at path.
func (c *comparison) compare(path, key string, source, translated *yaml.Node) {
	if source.Kind != translated.Kind || source.Kind == yaml.SequenceNode && len(source.Content) != len(translated.Content) {
		c.differs(c.overlay, translated.Line, path, "is of another kind or length")
		return
	}
	switch source.Kind {
	case yaml.MappingNode:
		for i := 0; i < len(source.Content); i += 2 { // an overlay adds members at the end
			c.member(path, key, source.Content[i:i+2], translated.Content[i:i+2])
		}
		for i := len(source.Content); i < len(translated.Content); i += 2 {
			c.differs(c.overlay, translated.Content[i+1].Line, path+"."+translated.Content[i].Value, "is not in the spec")
		}
	case yaml.SequenceNode:
		for i := range source.Content {
			c.compare(fmt.Sprintf("%s[%d]", path, i), "", source.Content[i], translated.Content[i])
		}
	default:
		if !same(source, translated) {
			c.differs(c.overlay, translated.Line, path, "%q became %q, and is no text to translate", source.Value, translated.Value)
		}
	}
}

// member compares a key and its value in the mapping that is the value of parent.
func (c *comparison) member(path, parent string, source, translated []*yaml.Node) {
	key, from, to := source[0].Value, source[1], translated[1]
	at := path + "." + key
	switch {
	case parent == "properties": // key is a property's name
		c.compare(at, "", from, to)
	case slices.Contains(frozenKeys, key):
		if !same(from, to) {
			c.differs(c.overlay, to.Line, at, "differs, and is no text to translate")
		}
	case slices.Contains(textMapKeys, parent) || isText(path, key, from):
		c.text(at, from, to)
	default:
		c.compare(at, key, from, to)
	}
}

// text compares a text with its translation.
func (c *comparison) text(path string, source, translated *yaml.Node) {
	if translated.Value == source.Value || !strings.ContainsFunc(translated.Value, isHan) {
		c.differs(c.spec, source.Line, path, "has no Chinese text in %s", c.overlay)
		return
	}
	for _, difference := range Differences(source.Value, translated.Value) {
		c.differs(c.overlay, translated.Line, path, "%s", difference)
	}
}

// Differences compares the numbers, the code spans and the number of sentences of a
// Chinese text with those of the English one.
func Differences(english, chinese string) []string {
	var found []string
	differs := func(format string, args ...any) { found = append(found, fmt.Sprintf(format, args...)) }
	have := numbers.FindAllString(chinese, -1)
	for _, number := range numbers.FindAllString(english, -1) {
		if !slices.Contains(have, number) {
			differs("the number %s is missing", number)
		}
	}
	sentences := func(end *regexp.Regexp, text string) int {
		return max(1, len(end.FindAllString(codeSpans.ReplaceAllString(text, "x"), -1)))
	}
	if from, to := sentences(englishEnd, english), sentences(chineseEnd, chinese); from != to {
		differs("has %d sentences, and the English text has %d: end a sentence where the English text ends one", to, from)
	}
	want, got := codeSpans.FindAllString(english, -1), codeSpans.FindAllString(chinese, -1)
	for _, span := range want {
		if !slices.Contains(got, span) {
			differs("%s is missing", span)
		}
	}
	for _, span := range got {
		if !slices.Contains(want, span) {
			differs("%s is not in the English text", span)
		}
	}
	return found
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// isText reports whether a key holds a text to translate.
func isText(path, key string, value *yaml.Node) bool {
	if path == "$.info" && key == "title" {
		return true
	}
	return value.Kind == yaml.ScalarNode && slices.Contains(textKeys, key)
}

// same compares two trees without regard to their layout.
func same(a, b *yaml.Node) bool {
	return a.Kind == b.Kind && a.ShortTag() == b.ShortTag() && a.Value == b.Value &&
		slices.EqualFunc(a.Content, b.Content, same)
}
