// Package evidence reads spec/evidence: the index of the evidence for the spec, and
// what each piece of evidence says about each operation.
package evidence

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Kind is the kind of a piece of evidence.
type Kind string

// The kinds of evidence, the strongest first.
const (
	Page  Kind = "page"  // a page of the vendor's documentation
	Table Kind = "table" // a table of the vendor's documentation about many operations
	SDK   Kind = "sdk"   // code of the vendor
	Live  Kind = "live"  // what the real service sent
	Guess Kind = "guess" // a decision without evidence
)

// places holds, for each kind, the folder of its facts and the form in which it is cited.
var places = map[Kind]struct {
	folder string
	form   *regexp.Regexp
	name   string
}{
	Page:  {"pages", regexp.MustCompile(`^\S.*\S$`), "a heading of the page"},
	Table: {"tables", regexp.MustCompile(`^[a-z]+/[A-Za-z]+$`), "a row of the table, as chatroom/get"},
	SDK:   {"sdk", regexp.MustCompile(`^[A-Za-z_]\w*([.#][A-Za-z_]\w*)+$`), "a symbol, as Type.method"},
	Live:  {"live", regexp.MustCompile(`^[A-Za-z_][\w./#-]*$`), "a recording or a test"},
	Guess: {"guess", regexp.MustCompile(`^row [0-9]+[a-z]?$`), "a row of RECONCILIATION.md, as row 12"},
}

// Source is one entry of the index. The head comment of evidence.yaml explains the keys.
type Source struct {
	ID       string
	Kind     Kind
	Title    string
	Version  string
	Date     string
	Language string
	URL      string
}

// CheckPlace returns an error if at cannot be a place in evidence of the source's kind.
func (s Source) CheckPlace(at string) error {
	if place := places[s.Kind]; !place.form.MatchString(at) {
		return fmt.Errorf("%q is not %s, which %s evidence is cited by", at, place.name, s.Kind)
	}
	return nil
}

var date = regexp.MustCompile(`^\d{4}(-\d\d(-\d\d)?)?$`)

func (s Source) check() error {
	switch {
	case s.ID == "" || s.Title == "":
		return errors.New("an id or a title is missing")
	case places[s.Kind].form == nil:
		return fmt.Errorf("kind %q is not page, table, sdk, live or guess", s.Kind)
	case !date.MatchString(s.Date):
		return fmt.Errorf("date %q is not YYYY-MM-DD, YYYY-MM or YYYY", s.Date)
	case s.printed() != (s.Language != ""):
		return errors.New("a page or a table, and nothing else, has a language")
	case s.Kind == SDK && s.Version == "":
		return errors.New("an sdk has a version")
	}
	return nil
}

// printed reports whether the source is documentation, which always has a file of facts.
func (s Source) printed() bool { return s.Kind == Page || s.Kind == Table }

// Evidence is the content of spec/evidence.
type Evidence struct {
	Sources []Source // in the order of the index
	Facts   []Facts  // of the sources that have some, in the same order
}

// Source finds an entry of the index. It returns nil if there is none.
func (e *Evidence) Source(id string) *Source {
	if i := slices.IndexFunc(e.Sources, func(s Source) bool { return s.ID == id }); i >= 0 {
		return &e.Sources[i]
	}
	return nil
}

// Of returns the evidence with the facts of one kind alone.
func (e *Evidence) Of(kind Kind) *Evidence {
	return &Evidence{Sources: e.Sources, Facts: slices.DeleteFunc(slices.Clone(e.Facts), func(f Facts) bool { return f.Source.Kind != kind })}
}

// Claim is what one piece of evidence says about one operation.
type Claim struct {
	Source Source
	Path   string
	Entry
}

// Claims lists all claims by path, those of one path in the order of the index.
func (e *Evidence) Claims() []Claim {
	var list []Claim
	for _, f := range e.Facts {
		for path, entry := range f.Operations {
			list = append(list, Claim{f.Source, path, entry})
		}
	}
	order := func(c Claim) int {
		return slices.IndexFunc(e.Sources, func(s Source) bool { return s.ID == c.Source.ID })
	}
	slices.SortFunc(list, func(a, b Claim) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), cmp.Compare(order(a), order(b)))
	})
	return list
}

// Load reads and checks the folder spec/evidence.
func Load(folder string) (*Evidence, error) {
	e := &Evidence{}
	if err := decode(filepath.Join(folder, "evidence.yaml"), &e.Sources); err != nil {
		return nil, err
	}
	known := map[string]bool{"evidence.yaml": true}
	for _, s := range e.Sources {
		if err := s.check(); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", folder, s.ID, err)
		}
		name := path.Join(places[s.Kind].folder, s.ID+".yaml")
		if known[name] {
			return nil, fmt.Errorf("%s: two entries %s", folder, s.ID)
		}
		known[name] = true
		if s.Kind == Page { // what nimroom audit writes
			known[path.Join("records", s.ID+".yaml")] = true
		}
		f := Facts{Source: s}
		err := decode(filepath.Join(folder, filepath.FromSlash(name)), &f)
		if errors.Is(err, fs.ErrNotExist) && !s.printed() {
			continue
		}
		if err == nil {
			err = f.check()
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		e.Facts = append(e.Facts, f)
	}
	return e, fs.WalkDir(os.DirFS(folder), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && !known[name] {
			err = fmt.Errorf("%s: %s is not listed in evidence.yaml", folder, name)
		}
		return err
	})
}

// decode reads a YAML file. A key that the type does not have is an error.
func decode(file string, to any) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(to); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}
