package wire

import (
	"net/url"
	"slices"
	"strings"
)

// Fields is a received form. Of a field sent twice the first value counts.
type Fields struct {
	pairs      []Pair
	duplicates []string
	known      map[string]bool
	err        *FieldError
}

// Pair is one field of a form.
type Pair struct{ Name, Value string }

// ParseForm reads a form-encoded body. The error is a *FieldError that names
// the field whose escapes are broken.
func ParseForm(body string) (*Fields, error) {
	f := &Fields{known: map[string]bool{}}
	for part := range strings.SplitSeq(body, "&") {
		if part == "" {
			continue
		}
		rawName, rawValue, _ := strings.Cut(part, "=")
		name, err := url.QueryUnescape(rawName)
		if err != nil {
			return nil, &FieldError{Field: rawName, Problem: Malformed, Got: err.Error(), Want: "a form-encoded name"}
		}
		value, err := url.QueryUnescape(rawValue)
		if err != nil {
			return nil, &FieldError{Field: name, Problem: Malformed, Got: err.Error(), Want: "a form-encoded value"}
		}
		if _, sent := f.Get(name); sent {
			if !slices.Contains(f.duplicates, name) {
				f.duplicates = append(f.duplicates, name)
			}
			continue
		}
		f.pairs = append(f.pairs, Pair{name, value})
	}
	return f, nil
}

// Pairs returns the fields in the order they came.
func (f *Fields) Pairs() []Pair { return f.pairs }

// Get returns a field's value, and whether it was sent.
func (f *Fields) Get(name string) (string, bool) {
	for _, p := range f.pairs {
		if p.Name == name {
			return p.Value, true
		}
	}
	return "", false
}

// Duplicates names the fields that were sent more than once.
func (f *Fields) Duplicates() []string { return f.duplicates }

// Unknown names the fields that nothing has been bound to.
func (f *Fields) Unknown() []string {
	var names []string
	for _, p := range f.pairs {
		if !f.known[p.Name] {
			names = append(names, p.Name)
		}
	}
	return names
}

// Err returns the first failure of binding, a *FieldError, or nil.
func (f *Fields) Err() error {
	if f.err == nil {
		return nil
	}
	return f.err
}

// find returns the first of names that was sent, and marks all as known.
func (f *Fields) find(names []string) (p Pair, sent bool) {
	for _, name := range names {
		f.known[name] = true
		if value, ok := f.Get(name); ok && !sent {
			p, sent = Pair{name, value}, true
		}
	}
	return p, sent
}
