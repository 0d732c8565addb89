package wire

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/nimroom/nimroom/internal/nearest"
)

// Fields is a received form. Of a field sent twice the first value counts.
type Fields struct {
	pairs      []Pair
	known      []bool         // of each pair, whether something has been bound to it
	index      map[string]int // of each name in pairs, once they are many
	duplicates []string
	err        *FieldError
}

// fewFields is up to how many names looking at each is faster than an index.
const fewFields = 16

// Pair is one field of a form.
type Pair struct{ Name, Value string }

// ParseForm reads a form-encoded body. The error is a *FieldError that names
// the field whose escapes are broken.
func ParseForm(body string) (*Fields, error) {
	f := &Fields{pairs: make([]Pair, 0, min(fewFields, strings.Count(body, "&")+1))}
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
		if f.position(name) >= 0 {
			f.duplicates = append(f.duplicates, name)
			continue
		}
		f.add(Pair{name, value})
	}
	f.known = make([]bool, len(f.pairs))
	slices.Sort(f.duplicates)
	f.duplicates = slices.Compact(f.duplicates)
	return f, nil
}

func (f *Fields) add(p Pair) {
	f.pairs = append(f.pairs, p)
	switch n := len(f.pairs); {
	case n == fewFields+1:
		f.index = make(map[string]int, 4*fewFields)
		for i, p := range f.pairs {
			f.index[p.Name] = i
		}
	case n > fewFields:
		f.index[p.Name] = n - 1
	}
}

// position is where in pairs a name is, or -1.
func (f *Fields) position(name string) int {
	if f.index == nil {
		return slices.IndexFunc(f.pairs, func(p Pair) bool { return p.Name == name })
	}
	if i, ok := f.index[name]; ok {
		return i
	}
	return -1
}

// Pairs returns the fields in the order they came, each once.
func (f *Fields) Pairs() []Pair { return f.pairs }

// Get returns a field's value, and whether it was sent.
func (f *Fields) Get(name string) (string, bool) {
	i := f.position(name)
	if i < 0 {
		return "", false
	}
	return f.pairs[i].Value, true
}

// Duplicates names the fields that were sent more than once.
func (f *Fields) Duplicates() []string { return f.duplicates }

// Unknown names the fields that nothing has been bound to.
func (f *Fields) Unknown() []string {
	var names []string
	for i, p := range f.pairs {
		if !f.known[i] {
			names = append(names, p.Name)
		}
	}
	return names
}

// Misspelt returns the name of an unknown field that was probably meant for the missing field of
// err: it has the same letters and digits but for their case, or differs by a letter. The name is
// quoted if it has characters that do not show.
func (f *Fields) Misspelt(err error) (sent, meant string, found bool) {
	var missing *FieldError
	if !errors.As(err, &missing) || missing.Problem != Missing {
		return "", "", false
	}
	for _, name := range f.Unknown() {
		if nearest.Distance(letters(name), letters(missing.Field)) <= 1 {
			if strings.ContainsFunc(name, func(r rune) bool { return !strconv.IsPrint(r) }) {
				name = strconv.QuoteToGraphic(name)
			}
			return name, missing.Field, true
		}
	}
	return "", "", false
}

// letters returns the letters and digits of a name, in lower case.
func letters(name string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
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
		i := f.position(name)
		if i < 0 {
			continue
		}
		f.known[i] = true
		if !sent {
			p, sent = f.pairs[i], true
		}
	}
	return p, sent
}
