// Command generate derives all generated code and the published files from the spec:
// gen/ (with the models and the raw client, which stock oapi-codegen makes), the
// generated files of other packages, spec/dist/, and the copies that docs/reference
// shows. It works on the module around the current folder.
//
// Afterwards either every file is up to date, or no file has changed and the command reports
// all errors, each with its place. It needs no code that people write for an operation, and
// none of the packages that it writes.
package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/nimroom/nimroom/internal/swap"
)

func main() {
	if err := run("."); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run generates the files of the module in the folder root.
func run(root string) error {
	if err := swap.Recover(root); err != nil {
		return err
	}
	in, err := readSources(root)
	if err != nil {
		return err
	}
	files, err := in.derive()
	if err != nil {
		return err
	}
	if err := removeOthers(root, files); err != nil {
		return err
	}
	if err := compile(root, files); err != nil {
		return err
	}
	return swap.Files(root, files)
}

// goFiles returns the Go files.
func goFiles(a *api) (map[string][]byte, error) {
	files := map[string][]byte{}
	var errs []error
	for _, out := range outputs {
		list := out.files(a)
		for _, name := range slices.Sorted(maps.Keys(list)) {
			p := &printer{pkg: out.pkg}
			list[name](p)
			source, err := p.source()
			if err != nil {
				errs = append(errs, fmt.Errorf("%s/%s: %w", out.dir, name, err))
			}
			if source != nil {
				files[out.dir+"/"+name] = source
			}
		}
	}
	models, client, err := stock(a)
	files["gen/models.gen.go"], files["gen/client.gen.go"] = models, client
	return files, errors.Join(append(errs, err)...)
}

// removeOthers marks old generated files for removal.
func removeOthers(root string, files map[string][]byte) error {
	for _, out := range outputs {
		for _, pattern := range []string{"*" + suffix, "*" + testSuffix} {
			names, err := filepath.Glob(filepath.Join(root, out.dir, pattern))
			if err != nil {
				return err
			}
			for _, name := range names {
				path := out.dir + "/" + filepath.Base(name)
				if _, made := files[path]; !made {
					files[path] = nil
				}
			}
		}
	}
	return nil
}
