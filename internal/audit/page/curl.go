package page

import (
	"regexp"
	"strings"
)

// Curl is a cURL line.
type Curl struct {
	Method, URL string
	Headers     []string // as Name: value
	Body        string
	Options     []string // others
}

// ReadCurl reads a cURL line.
func ReadCurl(text string) Curl {
	c := Curl{}
	args := append(shellWords(text), "")
	for i := 0; i+1 < len(args); i++ {
		switch arg, value := args[i], args[i+1]; arg {
		case "-X", "--request":
			c.Method, i = strings.ToUpper(value), i+1
		case "-H", "--header":
			c.Headers, i = append(c.Headers, value), i+1
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

// secret is a header whose value a record does not keep.
var secret = regexp.MustCompile(`(?i)(\b(?:appkey|checksum)\s*:\s*)[^\s'"]+`)

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
