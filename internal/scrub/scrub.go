// Package scrub replaces secrets in texts that are shown or kept, such as recordings and what a command
// writes of its requests.
package scrub

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/nimroom/nimroom/sign"
)

// Redacted stands for a secret.
const Redacted = "REDACTED"

// Scrubber replaces secrets in texts. It finds them by their names, by their shapes, and
// known ones wherever they stand, in every encoding that it can take off.
type Scrubber struct {
	known *regexp.Regexp // nil for none
	apps  []sign.Credentials

	mu    sync.Mutex
	clean map[passage]bool // what was searched and stayed as it was, most of which comes again
}

// passage is a text that stands inside of depth encodings.
type passage struct {
	text  string
	depth int
}

// deepest is how many encodings around each other are taken off. What is encoded more
// often is replaced as a whole.
const deepest = 16

// New returns a scrubber that also knows the given secrets, and those of apps.
func New(secrets []string, apps ...sign.Credentials) *Scrubber {
	s := &Scrubber{apps: apps, clean: map[passage]bool{}}
	var quoted []string
	for _, secret := range secrets {
		if secret != "" {
			quoted = append(quoted, regexp.QuoteMeta(secret))
		}
	}
	if len(quoted) > 0 {
		s.known = regexp.MustCompile(`(?i)` + strings.Join(quoted, "|"))
	}
	return s
}

// Text scrubs a text, which may be JSON. It changes nothing else.
func (s *Scrubber) Text(text string) string { return settled(text, s.pass) }

// Form scrubs a form, or a body that is none. Fields without secrets stay byte for byte
// as they are.
func (s *Scrubber) Form(form string) string { return settled(form, s.formPass) }

// settled repeats a pass until it changes nothing, so that scrubbing twice is scrubbing
// once. A text that does not come to rest is replaced.
func settled(text string, pass func(string, int) string) string {
	for range deepest {
		next := pass(text, 0)
		if next == text {
			return text
		}
		text = next
	}
	return Redacted
}

// pass scrubs a text that stands inside of depth encodings.
func (s *Scrubber) pass(text string, depth int) string {
	const most = 4096
	if text == "" || text == Redacted {
		return text
	}
	if depth > deepest {
		return Redacted
	}
	s.mu.Lock()
	clean := s.clean[passage{text, depth}]
	s.mu.Unlock()
	if clean {
		return text
	}
	scrubbed := s.search(text, depth)
	if scrubbed == text {
		s.mu.Lock()
		if len(s.clean) >= most {
			clear(s.clean)
		}
		s.clean[passage{text, depth}] = true
		s.mu.Unlock()
	}
	return scrubbed
}

// search scrubs a text that is not known to be clean.
func (s *Scrubber) search(text string, depth int) string {
	if isJSON(text) {
		return (&jsonScrubber{s, depth}).value(text)
	}
	text = s.knownIn(text)
	for _, shape := range shapes {
		if len(text) >= shape.shortest && (shape.oneOf == "" || strings.ContainsAny(text, shape.oneOf)) {
			text = shape.pattern.ReplaceAllString(text, shape.by)
		}
	}
	return s.encodings(markup(assignments(s.embedded(text, depth))), depth)
}

// embedded scrubs the first objects and lists of JSON within another text.
func (s *Scrubber) embedded(text string, depth int) string {
	const most = 64
	var b strings.Builder
	for range most {
		at := strings.IndexAny(text, "{[")
		if at < 0 {
			break
		}
		b.WriteString(text[:at])
		text = text[at:]
		var value json.RawMessage
		if d := json.NewDecoder(strings.NewReader(text)); d.Decode(&value) == nil {
			b.WriteString((&jsonScrubber{s, depth}).value(string(value)))
			text = text[d.InputOffset():]
		} else {
			b.WriteByte(text[0])
			text = text[1:]
		}
	}
	return b.String() + text
}

// formPass scrubs a form. A value ends at the next & alone. One field may hold the name
// of a secret and another its value.
func (s *Scrubber) formPass(form string, depth int) string {
	if isJSON(form) {
		return s.pass(form, depth)
	}
	form = s.knownIn(form)
	if strings.ContainsAny(form, "\r\n<") { // it is none
		form = s.pass(form, depth)
	}
	parts := strings.Split(form, "&")
	paired := slices.ContainsFunc(parts, func(part string) bool {
		name, value, _ := strings.Cut(part, "=")
		return nameMember.MatchString(Field(name)) && secretName(Field(value))
	})
	for i, part := range parts {
		name, value, there := strings.Cut(part, "=")
		plainName, plain := decodedWhole(name, Field), Field(value)
		if !there || !fieldName.MatchString(plainName) {
			parts[i] = s.pass(part, depth)
			continue
		}
		if scrubbed := s.pass(Field(name), depth+1); scrubbed != Field(name) {
			name = url.QueryEscape(scrubbed)
			parts[i] = name + "=" + value
		}
		switch scrubbed := s.pass(plain, depth+1); {
		case (secretName(plainName) || paired && valueMember.MatchString(plainName)) && !notSecret(plain):
			parts[i] = name + "=" + Redacted
		case scrubbed != plain:
			parts[i] = name + "=" + url.QueryEscape(scrubbed)
		}
	}
	return strings.Join(parts, "&")
}

// fieldName is what can be the name of a field. Other texts before an equals sign are a
// part of something that is no form.
var fieldName = regexp.MustCompile(`^[^{}"<>\r\n]{1,64}$`)

// notSecret reports whether a value says nothing: a switch, or no value at all.
func notSecret(value string) bool {
	switch strings.ToLower(strings.TrimSpace(value)) {
	case "", "true", "false", "null", "nil", "none", "undefined", `""`, "''", "[]", "{}", strings.ToLower(Redacted), `"Redacted"`:
		return true
	}
	return false
}

func (s *Scrubber) knownIn(text string) string {
	if s.known != nil {
		text = s.known.ReplaceAllString(text, Redacted)
	}
	for _, app := range s.apps {
		text = app.Redact(text)
	}
	return text
}

// shapes are what secrets look like without a name. A text that is shorter, or has none
// of the characters of which a match has one, is not searched: most texts are short words.
var shapes = []struct {
	shortest int
	oneOf    string // characters; empty for any
	pattern  *regexp.Regexp
	by       string
}{
	{40, "", checkSum, Redacted},
	{27, "-", regexp.MustCompile(`(?s)(-----BEGIN [A-Z ]*PRIVATE KEY-----).*?(-----END|$)`), "${1}" + Redacted + "${2}"},
	{11, ".", regexp.MustCompile(`\beyJ[\w-]{6,}\.[\w-]+(?:\.[\w-]*)*`), Redacted}, // JSON Web Token
	{15, "", regexp.MustCompile(`\b(?:(?:AKIA|ASIA)[0-9A-Z]{16}|AIza[\w-]{30,}|gh[opsur]_\w{30,}|github_pat_\w{30,}|glpat-[\w-]{16,}|xox[a-z]-[\w-]{10,}|[sr]k_(?:live|test)_\w{16,})`), Redacted},
	{6, " \t+", regexp.MustCompile(`(\b(?i:bearer|negotiate|ntlm)[ \t+]+)[^\s+"'\\<>,;&:=%][^\s+"'\\<>,;&]*`), "${1}" + Redacted},
	{7, " \t+", regexp.MustCompile(`(\b(?i:basic)[ \t+]+)[\w.~+/=-]*[A-Z0-9=][\w.~+/=-]*`), "${1}" + Redacted},
	// The user of a URL, and of the name of a data source.
	{5, "@", regexp.MustCompile(`(://)[^/?#\s"'<>\\]+@`), "${1}" + Redacted + "@"},
	{6, "@", regexp.MustCompile(`[\w.-]+:[^\s@/"'\\]+(@\w+\()`), Redacted + "${1}"},
}

var checkSum = regexp.MustCompile(`\b[0-9a-fA-F]{40}\b`)

// encodings takes the encodings off that parts of a text have, and scrubs what was
// inside. Percent encoding is put on again; other parts that hold a secret are replaced.
func (s *Scrubber) encodings(text string, depth int) string {
	inside := func(encoded, plain string) (string, bool) {
		if plain == encoded {
			return encoded, false
		}
		scrubbed := s.pass(plain, depth+1)
		return scrubbed, scrubbed != plain
	}
	percent := func(part string) string {
		for _, off := range []func(string) string{Field, decoded} { // a plus is a space, or a plus
			if scrubbed, changed := inside(part, decodedWhole(part, off)); changed {
				part = url.QueryEscape(scrubbed)
			}
		}
		return part
	}
	if strings.Contains(text, "%") {
		text = percent(percentRun.ReplaceAllStringFunc(text, percent))
	}
	if entity.MatchString(text) {
		if scrubbed, changed := inside(text, entity.ReplaceAllStringFunc(text, html.UnescapeString)); changed {
			text = html.EscapeString(scrubbed)
		}
	}
	if scrubbed, changed := inside(text, escape.ReplaceAllStringFunc(text, unescape)); changed {
		text = scrubbed
	}
	if strings.Contains(text, "\x00") { // as in UTF-16
		if _, changed := inside(text, strings.ReplaceAll(text, "\x00", "")); changed {
			return Redacted
		}
	}
	return digits.ReplaceAllStringFunc(text, func(run string) string {
		for _, plain := range bytesOf(run) {
			if s.knownIn(plain) != plain {
				return Redacted
			}
			if readable(plain) {
				if _, changed := inside(run, plain); changed {
					return Redacted
				}
			}
		}
		return run
	})
}

var (
	percentRun = regexp.MustCompile(`[^\s"'<>&=?#;,/:@(){}\[\]|\\^` + "`" + `]*%[0-9a-fA-F]{2}[^\s"'<>&=?#;,/:@(){}\[\]|\\^` + "`" + `]*`)
	entity     = regexp.MustCompile(`(?i)&(?:#\d{1,7}|#x[0-9a-f]{1,6}|quot|apos|amp|lt|gt);`)
	escape     = regexp.MustCompile(`\\+(?:u00[2-7]|x[2-7])[0-9a-fA-F]`)
	digits     = regexp.MustCompile(`[A-Za-z0-9+/_-]{10,}={0,2}`)
)

// unescape returns the character of \u0041 or \x41.
func unescape(escape string) string {
	code, err := strconv.ParseUint(escape[len(escape)-2:], 16, 8)
	if err != nil {
		return escape
	}
	return string(rune(code))
}

// decoded takes a percent encoding off a text, broken escapes excepted.
func decoded(text string) string {
	if !strings.Contains(text, "%") {
		return text
	}
	plain, err := url.PathUnescape(brokenPercent.ReplaceAllString(text, "%25${1}"))
	if err != nil {
		return text
	}
	return plain
}

// decodedWhole takes all of them off, each with a function.
func decodedWhole(text string, off func(string) string) string {
	for {
		next := off(text)
		if next == text {
			return text
		}
		text = next
	}
}

// Field is the text of a name or a value of a form.
func Field(text string) string { return decoded(strings.ReplaceAll(text, "+", " ")) }

var brokenPercent = regexp.MustCompile(`%([^0-9a-fA-F]|[0-9a-fA-F][^0-9a-fA-F]|[0-9a-fA-F]?$)`)

// bytesOf are what digits may stand for: hexadecimal ones, and those of base 64 wherever
// in a longer run they begin.
func bytesOf(run string) []string {
	var all []string
	if plain, err := hex.DecodeString(run[:len(run)&^1]); err == nil {
		all = append(all, string(plain))
	}
	run = strings.TrimRight(strings.NewReplacer("-", "+", "_", "/").Replace(run), "=")
	for skip := range 4 {
		part := run[skip:]
		if len(part)%4 == 1 {
			part = part[:len(part)-1]
		}
		if plain, err := base64.RawStdEncoding.DecodeString(part); err == nil {
			all = append(all, string(plain))
		}
	}
	return all
}

// readable reports whether bytes are a text and not some bytes.
func readable(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) })
}

func isJSON(text string) bool {
	trimmed := strings.TrimSpace(text)
	return trimmed != "" && strings.ContainsRune(`{["`, rune(trimmed[0])) && json.Valid([]byte(text))
}
