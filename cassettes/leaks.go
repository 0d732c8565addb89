package cassettes

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/nimroom/nimroom/sign"
)

// Leaks lists the secrets in a file without quoting them: CheckSums, headers of the
// signature, cookies and headers that are not kept, fields and members named like
// secrets, and the given texts.
func (f *File) Leaks(secrets ...string) []string {
	var found []string
	for n, i := range f.Interactions {
		note := func(where, what string) { found = append(found, fmt.Sprintf("interaction %d, %s: %s", n, where, what)) }
		q, r := i.Request, i.Response
		headerLeaks(q.Headers, keptRequestHeaders, secrets, func(what string) { note("request headers", what) })
		headerLeaks(r.Headers, keptResponseHeaders, secrets, func(what string) { note("response headers", what) })
		for name := range q.Trailer {
			note("request trailer", name)
		}
		for name := range r.Trailer {
			note("response trailer", name)
		}
		address, query, _ := strings.Cut(q.URL, "?")
		for where, texts := range map[string][]string{
			"URL": append(formTexts(query), address), "host": {q.Host}, "request body": formTexts(q.Body), "response body": {r.Body},
			"request form": slices.Concat(slices.Collect(maps.Keys(q.Form)), slices.Concat(slices.Collect(maps.Values(q.Form))...)),
		} {
			for _, text := range texts {
				for _, what := range textLeaks(text, secrets) {
					note(where, what)
				}
			}
		}
		if scrubForm(query, nil) != query || strings.Contains(address, "@") {
			note("URL", "a field named like a secret, or a user")
		}
		if scrubForm(q.Body, nil) != q.Body {
			note("request body", "a field named like a secret")
		}
		for _, name := range slices.Sorted(maps.Keys(q.Form)) {
			if secretField.MatchString(name) && !slices.Equal(q.Form[name], []string{redacted}) && q.Form.Get(name) != "" {
				note("request form", name)
			}
		}
		if scrubText(r.Body, nil) != r.Body {
			note("response body", "a member named like a secret")
		}
	}
	return found
}

func headerLeaks(headers http.Header, kept, secrets []string, note func(string)) {
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		canonical := http.CanonicalHeaderKey(name)
		signature := slices.ContainsFunc(signatureHeaders, func(s string) bool { return http.CanonicalHeaderKey(s) == canonical })
		switch {
		case signature && !slices.Equal(headers[name], []string{redacted}):
			note(name + " is not " + redacted)
		case !signature && !slices.Contains(kept, canonical):
			note(name + " is not a header to keep")
		}
		for _, value := range headers[name] {
			for _, what := range textLeaks(value, secrets) {
				note(name + ": " + what)
			}
		}
	}
}

func textLeaks(text string, secrets []string) []string {
	var found []string
	if checkSum.MatchString(text) {
		found = append(found, "40 hex digits, like a "+sign.HeaderCheckSum)
	}
	for n, secret := range secrets {
		if secret != "" && strings.Contains(text, secret) {
			found = append(found, fmt.Sprintf("secret number %d", n+1))
		}
	}
	return found
}

// formTexts are the names and values of a form, unescaped: the digits of an escape
// would look like part of a number. What cannot be unescaped stays.
func formTexts(form string) []string {
	var texts []string
	for part := range strings.SplitSeq(form, "&") {
		name, value, _ := strings.Cut(part, "=")
		for _, text := range []string{name, value} {
			if plain, err := url.QueryUnescape(text); err == nil {
				text = plain
			}
			texts = append(texts, text)
		}
	}
	return texts
}
