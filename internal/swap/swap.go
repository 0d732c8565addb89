// Package swap replaces many files of a folder as one step: either all of them
// are as wanted afterwards, or all of them are as they were before. Programs that
// derive files from others use it, so that a failure leaves no half of their work.
package swap

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
)

// aside is the folder that holds the new and the old files while they change
// places. It lies in the folder that is changed, hence on the same file system.
const aside = ".swap"

// plan is the file that says of each changed path, in JSON, whether there was a
// file before. While it exists, the files below root may be partly old and partly new.
const plan = "plan"

// Files makes the files below root what files says: a path, with slashes, and the
// content that the file shall have; nil removes the file. A file that has its
// content already is not touched. Folders are made as needed.
//
// On an error every file is as it was before. A process that dies on the way
// leaves a folder named .swap in root, from which the next call of Files or
// Recover restores what was there before.
func Files(root string, files map[string][]byte) error {
	if err := Recover(root); err != nil {
		return err
	}
	paths, err := changed(root, files)
	if err != nil || len(paths) == 0 {
		return err
	}
	if err := prepare(root, files, paths); err != nil {
		return errors.Join(err, os.RemoveAll(filepath.Join(root, aside)))
	}
	// The renames take some milliseconds; an interrupt must not cut them short.
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(interrupts)
	for _, path := range paths {
		if err := replace(root, path, files[path] == nil); err != nil {
			return errors.Join(err, Recover(root))
		}
	}
	return finish(root)
}

// Recover restores the files that a process was about to replace when it died.
// It does nothing where no process did.
func Recover(root string) error {
	dir := filepath.Join(root, aside)
	text, err := os.ReadFile(filepath.Join(dir, plan))
	if errors.Is(err, fs.ErrNotExist) {
		return os.RemoveAll(dir)
	}
	if err != nil {
		return err
	}
	var existed map[string]bool
	if err := json.Unmarshal(text, &existed); err != nil {
		return fmt.Errorf("%s: %w", filepath.Join(dir, plan), err)
	}
	for path, before := range existed {
		if err := restore(root, path, before); err != nil {
			return err
		}
	}
	return finish(root)
}

// changed lists the paths whose files are not as wanted, in order.
func changed(root string, files map[string][]byte) ([]string, error) {
	var paths []string
	for _, path := range slices.Sorted(maps.Keys(files)) {
		if !filepath.IsLocal(filepath.FromSlash(path)) {
			return nil, fmt.Errorf("%s is no path below %s", path, root)
		}
		old, err := os.ReadFile(filepath.Join(root, path))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			if files[path] != nil {
				paths = append(paths, path)
			}
		case err != nil:
			return nil, err
		case files[path] == nil || !bytes.Equal(old, files[path]):
			paths = append(paths, path)
		}
	}
	return paths, nil
}

// prepare writes the new files and copies of the old ones aside, and the plan last.
func prepare(root string, files map[string][]byte, paths []string) error {
	existed := map[string]bool{}
	for _, path := range paths {
		if content := files[path]; content != nil {
			if err := write(inside(root, "new", path), content, 0o644); err != nil {
				return err
			}
		}
		old, err := os.ReadFile(filepath.Join(root, path))
		if existed[path] = !errors.Is(err, fs.ErrNotExist); !existed[path] {
			continue
		}
		if err != nil {
			return err
		}
		info, err := os.Stat(filepath.Join(root, path))
		if err != nil {
			return err
		}
		if err := write(inside(root, "old", path), old, info.Mode().Perm()); err != nil {
			return err
		}
	}
	text, err := json.Marshal(existed)
	if err != nil {
		return err
	}
	unnamed := filepath.Join(root, aside, plan+".new")
	if err := write(unnamed, text, 0o644); err != nil {
		return err
	}
	return os.Rename(unnamed, filepath.Join(root, aside, plan))
}

// replace puts the new file in the place of the old one, or removes that.
func replace(root, path string, remove bool) error {
	target := filepath.Join(root, path)
	if remove {
		return os.Remove(target)
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return err
	}
	return os.Rename(inside(root, "new", path), target)
}

// restore puts the old file back, or removes the one for which there was none. It
// can be called again for a path that has been restored.
func restore(root, path string, existed bool) error {
	target := filepath.Join(root, path)
	var err error
	if existed {
		err = os.Rename(inside(root, "old", path), target)
	} else {
		err = os.Remove(target)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// finish removes the plan first: without it there is nothing to restore.
func finish(root string) error {
	dir := filepath.Join(root, aside)
	return errors.Join(os.Remove(filepath.Join(dir, plan)), os.RemoveAll(dir))
}

func inside(root, which, path string) string { return filepath.Join(root, aside, which, path) }

func write(name string, content []byte, mode fs.FileMode) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, content, mode)
}
