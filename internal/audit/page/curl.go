package page

import (
	"regexp"
	"strings"
)

// readCurl reads a cURL line.
func readCurl(text string, line int) Curl {
	c := Curl{Line: line}
	args := shellWords(text)
	for i := 0; i < len(args); i++ {
		arg := args[i]
		next := func() string {
			if i+1 < len(args) {
				i++
				return args[i]
			}
			return ""
		}
		switch arg {
		case "curl":
		case "-X", "--request":
			c.Method = strings.ToUpper(next())
		case "-H", "--header":
			c.Headers = append(c.Headers, header(next()))
		case "-d", "--data", "--data-raw", "--data-binary", "--data-urlencode", "--data-ascii":
			if c.Body != "" {
				c.Body += "&"
			}
			c.Body += next()
		case "--url":
			c.URL = next()
		default:
			if strings.HasPrefix(arg, "http://") || strings.HasPrefix(arg, "https://") {
				c.URL = arg
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
	switch strings.ToLower(name) {
	case "appkey":
		value = "(a key)"
	case "checksum":
		value = "(a digest)"
		if digest.MatchString(text) {
			value = "(a SHA-1 digest)"
		}
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
