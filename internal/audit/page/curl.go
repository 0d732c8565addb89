package page

import (
	"strings"
)

// readCurl reads a cURL line.
func readCurl(text string, line int) *Curl {
	c := &Curl{Line: line}
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
			name, _, _ := strings.Cut(next(), ":")
			c.Headers = append(c.Headers, strings.TrimSpace(name))
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

// shellWords cuts a shell text into its words. Quotes that are never closed end
// with the text.
func shellWords(text string) []string {
	var list []string
	var word strings.Builder
	inWord, quote := false, rune(0)
	escaped := false
	for _, r := range text {
		switch {
		case escaped:
			escaped = false
			if r != '\n' {
				word.WriteRune(r)
				inWord = true
			}
		case r == '\\' && quote != '\'':
			escaped = true
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(r)
		case r == '\'' || r == '"':
			quote, inWord = r, true
		case r == ' ' || r == '\t' || r == '\n':
			if inWord {
				list = append(list, word.String())
				word.Reset()
				inWord = false
			}
		default:
			word.WriteRune(r)
			inWord = true
		}
	}
	if inWord {
		list = append(list, word.String())
	}
	return list
}
