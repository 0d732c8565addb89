package cassettes

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"
	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"
)

// File is the content of a cassette's file, in go-vcr's format, version 2.
type File struct {
	Version      int                     `yaml:"version"`
	Interactions []*cassette.Interaction `yaml:"interactions"`
}

// Read reads a cassette's file.
func Read(name string) (*File, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	f, err := Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return f, nil
}

// Parse reads the contents of a cassette's file. A key that the format does not
// have is an error.
func Parse(text []byte) (*File, error) {
	f := new(File)
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(f); err != nil {
		return nil, err
	}
	if err := f.check(); err != nil {
		return nil, err
	}
	return f, nil
}

func (f *File) check() error {
	if f.Version != cassette.CassetteFormatVersion {
		return fmt.Errorf("version %d, want %d", f.Version, cassette.CassetteFormatVersion)
	}
	for n, i := range f.Interactions {
		if i == nil {
			return fmt.Errorf("interaction %d is empty", n)
		}
	}
	return nil
}

// Text is the file's text. Secrets in it are an error; see [File.Leaks].
func (f *File) Text() ([]byte, error) {
	if leaks := f.Leaks(); len(leaks) > 0 {
		return nil, fmt.Errorf("%w: %s", ErrSecret, leaks[0])
	}
	return f.encode()
}

func (f *File) encode() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("---\n")
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	err := errors.Join(e.Encode(f), e.Close())
	return b.Bytes(), err
}

// readable checks that a text of the file says what the file does.
func (f *File) readable(text []byte) error {
	read, err := Parse(text)
	if err != nil {
		return fmt.Errorf("it could not be read again: %w", err)
	}
	for n, i := range f.Interactions {
		if back := read.Interactions[n]; back.Request.Body != i.Request.Body || back.Response.Body != i.Response.Body {
			return fmt.Errorf("it could not be read again: interaction %d would have another body", n)
		}
	}
	return nil
}

// Write writes the file, whole or not at all.
func (f *File) Write(name string) error {
	text, err := f.Text()
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return disk{}.WriteFile(name, text)
}

// marshal makes the text of a recording. go-vcr calls it with its cassette, after all
// hooks.
func (c *Cassette) marshal(recorded any) ([]byte, error) {
	tape, ok := recorded.(*cassette.Cassette)
	if !ok {
		return nil, fmt.Errorf("cannot save a %T", recorded)
	}
	incomplete := c.incomplete()
	if len(tape.Interactions) == 0 && (incomplete != nil || !c.config.empty) {
		incomplete = errors.Join(ErrEmpty, incomplete)
	}
	if incomplete != nil {
		return nil, fmt.Errorf("%w: %s.yaml is left as it was", incomplete, c.name)
	}
	f := &File{Version: tape.Version}
	s := c.scrubber()
	for n, i := range tape.Interactions {
		if encoding := i.Response.Headers.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
			return nil, fmt.Errorf("%w in %s.yaml: the body of response %d has Content-Encoding %q, in which secrets are not found; "+
				"send no Accept-Encoding header", ErrSecret, c.name, n, encoding)
		}
		own := *i // the client has the original
		s.interaction(&own)
		f.Interactions = append(f.Interactions, &own)
	}
	number(f.Interactions)
	if c.config.rewrite != nil {
		if err := c.config.rewrite(f); err != nil {
			return nil, err
		}
	}
	if leaks := f.leaks(s); len(leaks) > 0 {
		return nil, fmt.Errorf("%w in %s.yaml: %s", ErrSecret, c.name, leaks[0])
	}
	if c.config.file != nil {
		*c.config.file = *f
		return nil, nil
	}
	text, err := f.encode()
	if err == nil {
		err = f.readable(text)
	}
	return bytes.TrimPrefix(text, []byte("---\n")), err // go-vcr puts them back
}

// memory stores nothing on the disk: [WithFile] has the content.
type memory struct{ file *File }

func (m memory) ReadFile(string) ([]byte, error) { return yaml.Marshal(m.file) }

func (memory) IsFileExists(string) bool { return true }

func (memory) WriteFile(string, []byte) error { return nil } // marshal has put it into the file

// temporary is the pattern of a file's name until it is whole.
const temporary = ".cassette-*"

// disk stores files on the disk, each whole or not at all.
type disk struct{}

func (disk) ReadFile(name string) ([]byte, error) { return os.ReadFile(name) }

func (disk) IsFileExists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

func (disk) WriteFile(name string, text []byte) (err error) {
	folder := filepath.Dir(name)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(folder, temporary)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	_, err = f.Write(text)
	if err := errors.Join(err, f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
