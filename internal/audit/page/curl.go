package page

import (
	"regexp"
	"strings"
)

// curlOption matches the options of cURL that say something about a request.
var curlOption = regexp.MustCompile(`^(?:(-X|--request)|(-H|--header)|(-d|--data(?:-raw|-binary|-urlencode|-ascii)?)|--url)$`)

// readCurl reads a cURL line.
func readCurl(text string, line int) Curl {
	c := Curl{Line: line}
	args := append(shellWords(text), "")
	for i := 0; i+1 < len(args); i++ {
		option := curlOption.FindStringSubmatch(args[i])
		if option != nil {
			i++
		}
		switch arg := args[i]; {
		case option == nil && strings.HasPrefix(arg, "-"):
			c.Options = append(c.Options, arg)
		case option == nil && !strings.HasPrefix(arg, "http://") && !strings.HasPrefix(arg, "https://"):
		case option == nil || option[1]+option[2]+option[3] == "":
			c.URL = arg
		case option[1] != "":
			c.Method = strings.ToUpper(arg)
		case option[2] != "":
			c.Headers = append(c.Headers, header(arg))
		default:
			c.Body = strings.TrimPrefix(c.Body+"&"+arg, "&")
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
