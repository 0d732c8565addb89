package wire

import (
	"net/url"
	"slices"
	"strings"
)

// Fields is a received form. Of a field sent twice the first value counts.
type Fields struct {
	pairs      []Pair
	index      map[string]int // of each name in pairs
	duplicates []string
	known      map[string]bool // names that something has been bound to
	err        *FieldError
}

// Pair is one field of a form.
type Pair struct{ Name, Value string }

// ParseForm reads a form-encoded body. The error is a *FieldError that names
// the field whose escapes are broken.
func ParseForm(body string) (*Fields, error) {
	f := &Fields{index: map[string]int{}, known: map[string]bool{}}
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
		if _, sent := f.index[name]; sent {
			f.duplicates = append(f.duplicates, name)
			continue
		}
		f.index[name] = len(f.pairs)
		f.pairs = append(f.pairs, Pair{name, value})
	}
	slices.Sort(f.duplicates)
	f.duplicates = slices.Compact(f.duplicates)
	return f, nil
}

// Pairs returns the fields in the order they came, each once.
func (f *Fields) Pairs() []Pair { return f.pairs }

// Get returns a field's value, and whether it was sent.
func (f *Fields) Get(name string) (string, bool) {
	i, ok := f.index[name]
	if !ok {
		return "", false
	}
	return f.pairs[i].Value, true
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
