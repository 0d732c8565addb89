// Command generate generates from the spec what stock oapi-codegen cannot: the
// encoders, validators and binders of forms, the lenient decoders and the
// writers of answers, enums, answer codes and the operation table. It also
// derives the view of the spec that oapi-codegen reads for models and client.
//
//	generate clean DIR         removes the generated files in DIR
//	generate view  SPEC FILE   writes the view
//	generate code  SPEC DIR    writes the code
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 2 && args[0] == "clean" {
		return clean(args[1])
	}
	if len(args) != 3 || args[0] != "view" && args[0] != "code" {
		return errors.New("usage: generate clean DIR | view SPEC FILE | code SPEC DIR")
	}
	doc, err := readDocument(args[1])
	if err != nil {
		return fmt.Errorf("%s: %w", args[1], err)
	}
	a, err := build(doc)
	if err != nil {
		return fmt.Errorf("%s:\n%w", args[1], err)
	}
	if args[0] == "view" {
		out, err := view(a)
		if err != nil {
			return err
		}
		return os.WriteFile(args[2], out, 0o644)
	}
	return write(args[2], a)
}

// clean removes generated files, so that those of a name no longer used do not survive.
func clean(dir string) error {
	files, err := filepath.Glob(filepath.Join(dir, "*.gen.go"))
	if err != nil {
		return err
	}
	for _, file := range files {
		if err := os.Remove(file); err != nil {
			return err
		}
	}
	return os.MkdirAll(dir, 0o755)
}

// write generates every file into dir.
func write(dir string, a *api) error {
	for name, emit := range files(a) {
		out, err := emit()
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if out == nil {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, name), out, 0o644); err != nil {
			return err
		}
	}
	return nil
}
