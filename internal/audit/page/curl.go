package page

import (
	"regexp"
	"strings"
)

// readCurl reads a cURL line.
func readCurl(text string, line int) Curl {
	c := Curl{Line: line}
	args := append(shellWords(text), "")
	for i := 0; i+1 < len(args); i++ {
		switch arg, value := args[i], args[i+1]; arg {
		case "-X", "--request":
			c.Method, i = strings.ToUpper(value), i+1
		case "-H", "--header":
			c.Headers, i = append(c.Headers, header(value)), i+1
		case "-d", "--data", "--data-raw", "--data-binary", "--data-urlencode", "--data-ascii":
			c.Body, i = strings.TrimPrefix(c.Body+"&"+value, "&"), i+1
		default:
			if strings.HasPrefix(arg, "http://") || strings.HasPrefix(arg, "https://") {
				c.URL = arg
			} else if strings.HasPrefix(arg, "-") && arg != "--url" {
				c.Options = append(c.Options, arg)
			}
		}
	}
	return c
}

// header writes a header as Name: value. Of what looks like a secret it keeps only
// what it is.
func header(text string) string {
	name, value, _ := strings.Cut(text, ":")
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	switch lower := strings.ToLower(name); {
	case lower == "appkey":
		value = "(a key)"
	case lower == "checksum" && digest.MatchString(text):
		value = "(a SHA-1 digest)"
	case lower == "checksum":
		value = "(a digest)"
	}
	return name + ": " + value
}

// digest is a CheckSum of which nothing is masked.
var digest = regexp.MustCompile(`:\s*[0-9a-z]{40}\s*$`)

// shellWord is a word of a shell text, quoted or not. A quote that is never closed ends
// with the text.
var shellWord = regexp.MustCompile(`(?s)"((?:[^"\\]|\\.)*)(?:"|$)|'([^']*)(?:'|$)|((?:[^\s'"\\]|\\.)+)`)

// shellWords cuts a shell text into its words.
func shellWords(text string) []string {
	var list []string
	for _, m := range shellWord.FindAllStringSubmatch(text, -1) {
		if word := escaped.ReplaceAllString(m[1]+m[3], "$1") + m[2]; word != "\n" {
			list = append(list, word)
		}
	}
	return list
}

var escaped = regexp.MustCompile(`(?s)\\(.)`)
