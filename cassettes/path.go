package cassettes

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/module"
)

// longestName is how many bytes a name may have. Windows allows 260 for a whole path,
// with the folder of the module in it.
const longestName = 150

// checkName reports why no file of a module, or none on another system, can have a name
// below [Folder].
func checkName(name string) error {
	bad := func(format string, args ...any) error {
		return fmt.Errorf("cassette %q: %s", name, fmt.Sprintf(format, args...))
	}
	switch path := filepath.FromSlash(name); {
	case name == "":
		return errors.New("the cassette has no name")
	case !filepath.IsLocal(path) || filepath.Clean(path) == ".":
		return bad("want a name below %s, without .yaml", Folder)
	case len(name) > longestName:
		return bad("%d bytes, at most %d; choose a shorter name", len(name), longestName)
	}
	for part := range strings.SplitSeq(name, "/") {
		lower := strings.ToLower(part)
		switch {
		case strings.HasSuffix(lower, ".yaml"):
			return bad("want a name below %s, without .yaml", Folder)
		case lower == "vendor" || lower == ".git":
			return bad("a module cannot hold files in a folder %s; choose another name", part)
		case part == ".", part == "..", part == "":
			return bad("want a name without empty parts, . and ..")
		case strings.Trim(part, " ") != part || strings.HasSuffix(part, "."):
			return bad("Windows drops spaces around a name and dots at its end; choose another name")
		}
	}
	if err := module.CheckFilePath(Folder + "/" + name + ".yaml"); err != nil {
		var invalid *module.InvalidPathError
		if errors.As(err, &invalid) {
			err = invalid.Err
		}
		return bad("modules and Windows cannot hold such a file: %v; choose another name", err)
	}
	return nil
}

// checkPlace reports why a file cannot be recorded: its folder cannot be written, or
// some file differs from it in case alone, and so is the same one on other systems.
func checkPlace(file string) error {
	folder, base := filepath.Split(file + ".yaml")
	for folder = filepath.Clean(folder); ; folder, base = filepath.Dir(folder), filepath.Base(folder) {
		entries, err := os.ReadDir(folder)
		if errors.Is(err, fs.ErrNotExist) && folder != filepath.Dir(folder) {
			continue // a recording makes the folder
		}
		if err != nil {
			return err
		}
		if n := slices.IndexFunc(entries, func(e fs.DirEntry) bool { return e.Name() != base && strings.EqualFold(e.Name(), base) }); n >= 0 {
			return fmt.Errorf("%s differs from %s in case alone, and macOS and Windows take both for one; choose another name",
				filepath.Join(folder, base), entries[n].Name())
		}
		probe, err := os.CreateTemp(folder, temporary)
		if err != nil {
			return fmt.Errorf("a recording cannot be saved there: %w", err)
		}
		return errors.Join(probe.Close(), os.Remove(probe.Name()))
	}
}
