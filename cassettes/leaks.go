package cassettes

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/nimroom/nimroom/internal/scrub"
)

// Leaks lists the secrets in a file without quoting them: headers of the signature,
// cookies and headers that are not kept, whatever scrubbing would replace, and the given
// texts in any encoding.
func (f *File) Leaks(secrets ...string) []string { return f.leaks(newScrubber(secrets)) }

func (f *File) leaks(s scrubber) []string {
	var found []string
	for n, i := range f.Interactions {
		note := func(where, what string) { found = append(found, fmt.Sprintf("interaction %d, %s: %s", n, where, what)) }
		q, r := i.Request, i.Response
		s.headerLeaks(q.Headers, keptRequestHeaders, signatureHeaders, func(what string) { note("request headers", what) })
		s.headerLeaks(r.Headers, keptResponseHeaders, nil, func(what string) { note("response headers", what) })
		for name := range q.Trailer {
			note("request trailer", name)
		}
		for name := range r.Trailer {
			note("response trailer", name)
		}
		address, query, _ := strings.Cut(q.URL, "?")
		u, err := url.Parse(address)
		if err != nil || u.User != nil || u.Fragment != "" || s.path(u.Path) != u.Path || s.Form(query) != query {
			note("URL", "a secret")
		}
		for _, text := range []struct {
			where, text string
			scrub       func(string) string
		}{
			{"request host", q.Host, s.Text}, {"request body", q.Body, s.Form}, {"response status", r.Status, s.Text}, {"response body", r.Body, s.Text},
		} {
			if text.scrub(text.text) != text.text {
				note(text.where, "a secret")
			}
		}
		for _, name := range slices.Sorted(maps.Keys(q.Form)) {
			for _, value := range q.Form[name] {
				if s.Text(name) != name || s.Text(value) != value || scrub.IsSecret(name, value) {
					note("request form", "a secret")
				}
			}
		}
	}
	return found
}

func (s scrubber) headerLeaks(headers http.Header, kept, signature []string, note func(string)) {
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		canonical := http.CanonicalHeaderKey(name)
		signs := slices.ContainsFunc(signature, func(s string) bool { return http.CanonicalHeaderKey(s) == canonical })
		for _, value := range headers[name] {
			switch {
			case signs && value != scrub.Redacted:
				note(canonical + " is not " + scrub.Redacted)
			case !signs && !slices.Contains(kept, canonical):
				note(s.Text(name) + " is not a header to keep")
			case s.Text(value) != value:
				note(canonical + " holds a secret")
			}
		}
	}
}
