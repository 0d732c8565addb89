package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/nimroom/nimroom/gen"
)

// replace makes folder/kind hold the given files and no others; they are named
// from the folder on. What is as it should be is not written.
func replace(folder, kind string, files map[string][]byte) error {
	err := filepath.WalkDir(filepath.Join(folder, kind), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		if _, keep := files[filepath.ToSlash(name)]; !keep {
			return os.Remove(path)
		}
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for name, text := range files {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, text) {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// codeOf is the code of an answer, a number or its text.
func codeOf(answer string) (int, error) {
	var read struct{ Code json.Number }
	if err := json.Unmarshal([]byte(answer), &read); err != nil {
		return 0, fmt.Errorf("answer %.100q: %w", answer, err)
	}
	code, err := read.Code.Int64()
	return int(code), err
}

// operationOf finds the operation of a whole path.
func operationOf(path string) (*gen.Operation, error) {
	if o, ok := gen.LookupPath(path); ok {
		return o, nil
	}
	return nil, fmt.Errorf("no operation at %s", path)
}

// split cuts a story's name, operation/what.
func split(name string) (operation, what string, err error) {
	operation, what, ok := strings.Cut(name, "/")
	if !ok || operation == "" || what == "" || strings.ContainsAny(what, "/.") {
		return "", "", fmt.Errorf("story %q: want operation/what, for the name of a file", name)
	}
	return operation, what, nil
}

// Code is the code of an answer, 0 where there is none.
func Code(answer string) int {
	code, err := codeOf(answer)
	if err != nil {
		return 0
	}
	return code
}
