package cassettes

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
)

// matcher finds the recorded request that a request repeats, by method, path and
// what the form says. go-vcr calls it for one request at a time.
type matcher struct {
	any   []string // fields whose values are not compared
	scrub scrubber

	mu sync.Mutex
	// made are the ids that this client made up, by the numbers that the cassette
	// has in their place.
	made map[string]string
}

func newMatcher(anyValue []string, scrub scrubber) *matcher {
	return &matcher{any: anyValue, scrub: scrub, made: map[string]string{}}
}

// matches is a go-vcr matcher. It reads the body through GetBody, so that the body
// can still be sent.
func (m *matcher) matches(r *http.Request, recorded cassette.Request) bool {
	u, err := url.Parse(recorded.URL)
	if err != nil || r.Method != recorded.Method || m.scrub.path(r.URL.Path) != u.Path {
		return false
	}
	body, err := bodyOf(r)
	if err != nil {
		return false
	}
	id, number := r.Header.Get(requestID), recorded.Headers.Get(requestID)
	madeUp := isNumbered(number) && identifies(u.Path, recorded.Body, number)
	if madeUp {
		if !identifies(u.Path, body, id) || !m.may(number, id) {
			return false
		}
		body = strings.ReplaceAll(body, id, number)
	}
	if m.meaning(u.Path, u.RawQuery) != m.meaning(u.Path, r.URL.RawQuery) || m.meaning(u.Path, recorded.Body) != m.meaning(u.Path, body) {
		return false
	}
	if madeUp {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.made[number] = id
	}
	return true
}

// may reports whether a number can stand for an id: the number stands for no other
// id, and no other number for this one.
func (m *matcher) may(number, id string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	for n, other := range m.made {
		if (n == number) != (other == id) {
			return false
		}
	}
	return true
}

// personal puts the ids that this client made up into a response.
func (m *matcher) personal(response *http.Response) error {
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	body := numbered.ReplaceAllStringFunc(string(text), func(number string) string {
		if id, ok := m.made[number]; ok {
			return id
		}
		return number
	})
	response.Body = io.NopCloser(strings.NewReader(body))
	response.ContentLength = int64(len(body))
	return nil
}

func bodyOf(r *http.Request) (string, error) {
	if r.GetBody == nil {
		return "", nil
	}
	body, err := r.GetBody()
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(body)
	return string(text), err
}

// meaning is a text that is equal for forms that say the same, in any order of
// fields. Where the spec has the operation and the form is valid, any spelling and
// shape that the spec calls equal gives the same text. Secrets are scrubbed.
func (m *matcher) meaning(path, form string) string {
	scrubbed := m.scrub.Form(form)
	fields, err := wire.ParseForm(scrubbed)
	if err != nil || len(fields.Duplicates()) > 0 {
		return scrubbed
	}
	free := make([]string, 0, len(m.any))
	kept := url.Values{}
	for _, p := range fields.Pairs() {
		if slices.Contains(m.any, p.Name) {
			free = append(free, p.Name)
			continue
		}
		kept.Set(p.Name, compact(p.Value))
	}
	slices.Sort(free)
	said := kept.Encode()
	if o, ok := gen.LookupPath(path); ok {
		if fields, err = wire.ParseForm(said); err == nil {
			if bound, err := o.Bind(fields); err == nil && bound != nil {
				unknown := url.Values{}
				for _, name := range fields.Unknown() {
					value, _ := fields.Get(name)
					unknown.Set(name, value)
				}
				said = string(bound.AppendForm(nil)) + " " + unknown.Encode()
			}
		}
	}
	return said + " " + strings.Join(free, " ")
}

// compact takes the spaces out of JSON text.
func compact(value string) string {
	if !strings.HasPrefix(value, "[") && !strings.HasPrefix(value, "{") {
		return value
	}
	var b bytes.Buffer
	if json.Compact(&b, []byte(value)) != nil {
		return value
	}
	return b.String()
}

// identifies reports whether the service recognizes a form by an id when it comes again,
// or an element of its list by an id that begins with that one.
func identifies(path, form, id string) bool {
	o, ok := gen.LookupPath(path)
	fields, err := wire.ParseForm(form)
	if !ok || o.Repeat == nil || err != nil || id == "" {
		return false
	}
	if o.Repeat.List != "" {
		list, _ := fields.Get(o.Repeat.List)
		return strings.Contains(list, `"`+id+`-`)
	}
	value, _ := fields.Get(o.Repeat.ID)
	return value == id
}
