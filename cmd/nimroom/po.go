package main

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// readCatalog reads a file of gettext: msgid, the English text, msgstr, the other one, and texts in quotes that
// go on with them. "#, match" marks a text of another package, which comes without its parts.
func readCatalog(file string) (*catalog, error) {
	c := &catalog{entries: map[string]entry{}}
	var e entry
	var text *string
	match := false
	end := func() error {
		switch _, twice := c.entries[e.english]; {
		case e == entry{}:
			return nil
		case e.english == "" || e.translated == "" || twice:
			return fmt.Errorf("%q: no text, no translation, or there twice", e.english)
		}
		if match {
			e.pattern = patternOf(e.english)
		}
		c.entries[e.english], c.list = e, append(c.list, e)
		e, match = entry{}, false
		return nil
	}
	for number, line := range strings.Split(file, "\n") {
		quoted := line
		switch word, rest, _ := strings.Cut(line, " "); {
		case line == "#, match":
			match = true
			continue
		case line == "" || line[0] == '#':
			if err := end(); err != nil {
				return nil, err
			}
			continue
		case word == "msgid":
			text, quoted = &e.english, rest
		case word == "msgstr":
			text, quoted = &e.translated, rest
		}
		part, err := strconv.Unquote(quoted)
		if err != nil || text == nil {
			return nil, fmt.Errorf("line %d: want msgid or msgstr and a text in quotes, or such a text", number+1)
		}
		*text += part
	}
	return c, end()
}

// verb finds the verbs of a format.
var verb = regexp.MustCompile(`%[+#0-]*\d*(?:\.\d+)?(?:\[\d+\])?([a-zA-Z%])`)

// patternOf returns an expression that matches what a format makes, with a group for each verb.
func patternOf(format string) *regexp.Regexp {
	var b strings.Builder
	end := 0
	for _, at := range verb.FindAllStringSubmatchIndex(format, -1) {
		b.WriteString(regexp.QuoteMeta(format[end:at[0]]))
		b.WriteString(cmp.Or(map[string]string{"d": `(-?\d+)`, "q": `("(?:[^"\\]|\\.)*")`, "w": "(.+)"}[format[at[2]:at[3]]], "(.*?)"))
		end = at[1]
	}
	return regexp.MustCompile("(?s)^" + b.String() + regexp.QuoteMeta(format[end:]) + "$")
}
