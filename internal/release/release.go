// Package release copies the published files of the spec into a folder of their version,
// which nobody edits again: spec/released. An index lists the versions with the digest of
// the checksums in each folder.
package release

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/nimroom/nimroom/internal/check/specdiff"
	"github.com/nimroom/nimroom/internal/swap"
)

// Names of files in the folder spec/released and in the folders of the versions.
const (
	Index    = "index.json"
	Breaking = "breaking.txt"
	Sums     = "SHA256SUMS"
	Changes  = "changes.json"
	Upgrade  = "UPGRADE.md"
)

// Profiles are the files that hold the profiles of a version. A breaking change of any of
// them needs a new major version.
var Profiles = []string{"openapi.yaml", "openapi.sdk.yaml", "openapi.validator.yaml"}

// Version is an entry of the index.
type Version struct {
	Version string `json:"version"`
	Date    string `json:"date"`
	// SHA256 is the digest of the version's SHA256SUMS.
	SHA256 string `json:"sha256"`
}

// Diff is what changed in a profile: the lines of [specdiff.Breaking] and [specdiff.Added].
type Diff struct {
	Breaking []string `json:"breaking"`
	Added    []string `json:"added"`
}

// Read returns the versions in the index of a folder of releases, the oldest first.
func Read(releases fs.FS) ([]Version, error) {
	text, err := fs.ReadFile(releases, Index)
	if err != nil {
		return nil, err
	}
	var versions []Version
	if err := json.Unmarshal(text, &versions); err != nil {
		return nil, fmt.Errorf("%s: %w", Index, err)
	}
	if len(versions) == 0 {
		return nil, fmt.Errorf("%s: no version", Index)
	}
	return versions, nil
}

// Verify compares every file of every version with its checksum, and the checksums with the
// index. The error names each file that was edited, added or removed.
func Verify(releases fs.FS) error {
	versions, err := Read(releases)
	if err != nil {
		return err
	}
	known := map[string]bool{Index: true, Breaking: true}
	var errs []error
	for _, v := range versions {
		sums, err := fs.ReadFile(releases, v.Version+"/"+Sums)
		if err != nil {
			return err
		}
		if digest(sums) != v.SHA256 {
			errs = append(errs, fmt.Errorf("%s/%s is not what %s says: a release is never edited", v.Version, Sums, Index))
		}
		known[v.Version+"/"+Sums] = true
		for line := range strings.Lines(string(sums)) {
			sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
			known[v.Version+"/"+name] = true
			if text, err := fs.ReadFile(releases, v.Version+"/"+name); err != nil {
				errs = append(errs, err)
			} else if digest(text) != sum {
				errs = append(errs, fmt.Errorf("%s/%s was edited: a release is never edited; make a new one", v.Version, name))
			}
		}
	}
	errs = append(errs, fs.WalkDir(releases, ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && !known[name] {
			errs = append(errs, fmt.Errorf("%s does not belong to a release", name))
		}
		return err
	}))
	return errors.Join(errs...)
}

// Compare compares the profiles of the last release with other files of the same names. A
// profile that the release lacks is new. The lines of Breaking in a diff begin with the name
// of the file.
func Compare(releases fs.FS, files map[string][]byte) (map[string]Diff, error) {
	versions, err := Read(releases)
	if err != nil {
		return nil, err
	}
	diffs := map[string]Diff{}
	for _, name := range Profiles {
		old, err := fs.ReadFile(releases, versions[len(versions)-1].Version+"/"+name)
		if errors.Is(err, fs.ErrNotExist) {
			diffs[name] = Diff{Breaking: []string{}, Added: []string{"the profile"}}
			continue
		}
		if err != nil {
			return nil, err
		}
		breaking, errBreaking := specdiff.Breaking(old, files[name])
		added, errAdded := specdiff.Added(old, files[name])
		if err := errors.Join(errBreaking, errAdded); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		diffs[name] = Diff{Breaking: append([]string{}, breaking...), Added: added}
	}
	return diffs, nil
}

// Lines lists the breaking changes of all profiles, as breaking.txt has them.
func Lines(diffs map[string]Diff) []string {
	var lines []string
	for _, name := range Profiles {
		for _, line := range diffs[name].Breaking {
			lines = append(lines, name+": "+line)
		}
	}
	return lines
}

// Check returns an error if a profile breaks clients of the last release in a way that is not
// meant: anything without a major step of info.version, and with one what intended, the lines
// of breaking.txt, does not list.
func Check(releases fs.FS, files map[string][]byte, intended []string) error {
	versions, err := Read(releases)
	if err != nil {
		return err
	}
	var errs []error
	for _, name := range Profiles {
		var lines []string
		for _, line := range intended {
			if line, ok := strings.CutPrefix(line, name+": "); ok {
				lines = append(lines, line)
			}
		}
		old, err := fs.ReadFile(releases, versions[len(versions)-1].Version+"/"+name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err := errors.Join(err, specdiff.Check(old, files[name], lines)); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", name, err))
		}
	}
	return errors.Join(errs...)
}

var version = regexp.MustCompile(`(?m)^  version: (\S+)$`)

// Make releases the published files of the module in the folder root as a version: it
// writes the folder of the version and the index, and empties breaking.txt. On an error
// nothing has changed.
func Make(root, release string, now time.Time) error {
	spec := filepath.Join(root, "spec")
	releases := os.DirFS(filepath.Join(spec, "released"))
	if err := Verify(releases); err != nil {
		return err
	}
	versions, err := Read(releases)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(versions, func(v Version) bool { return v.Version == release }) {
		return fmt.Errorf("version %s is released already, and a release is never edited: choose the next version", release)
	}
	files, err := published(filepath.Join(spec, "dist"))
	if err != nil {
		return err
	}
	if found := version.FindSubmatch(files["openapi.yaml"]); found == nil || string(found[1]) != release {
		return fmt.Errorf("info.version of spec/dist/openapi.yaml is not %s: write it into spec/openapi.yaml, run go generate ./... and try again", release)
	}
	changelog, err := os.ReadFile(filepath.Join(spec, "CHANGELOG.md"))
	if err != nil {
		return err
	}
	_, section, found := strings.Cut(string(changelog), "\n## "+release+"\n")
	section, _, _ = strings.Cut(section, "\n## ")
	if section = strings.TrimSpace(section); !found || section == "" {
		return fmt.Errorf("spec/CHANGELOG.md has no section ## %s: describe what changes for clients", release)
	}
	intended, err := fs.ReadFile(releases, Breaking)
	if err != nil {
		return err
	}
	if err := Check(releases, files, strings.Split(string(intended), "\n")); err != nil {
		return err
	}
	diffs, err := Compare(releases, files)
	if err != nil {
		return err
	}
	from := versions[len(versions)-1].Version
	if files[Changes], err = encode(map[string]any{"from": from, "to": release, "files": diffs}); err != nil {
		return err
	}
	files[Upgrade] = upgrade(from, release, section, diffs)
	files[Sums] = sums(files)
	versions = append(versions, Version{Version: release, Date: now.UTC().Format(time.DateOnly), SHA256: digest(files[Sums])})
	index, err := encode(versions)
	if err != nil {
		return err
	}
	all := map[string][]byte{"spec/released/" + Index: index, "spec/released/" + Breaking: []byte("\n")}
	for name, text := range files {
		all["spec/released/"+release+"/"+name] = text
	}
	return swap.Files(root, all)
}

// published reads the published files of a folder, without its README.
func published(folder string) (map[string][]byte, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, entry := range entries {
		if filepath.Ext(entry.Name()) == ".md" {
			continue
		}
		if files[entry.Name()], err = os.ReadFile(filepath.Join(folder, entry.Name())); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// upgrade is the note for people who use the version before.
func upgrade(from, to, section string, diffs map[string]Diff) []byte {
	var b strings.Builder
	section = strings.ReplaceAll("\n"+section, "\n### ", "\n## ") // its heading in the changelog is of the second level
	fmt.Fprintf(&b, "# From %s to %s\n%s\n\n## What breaks\n", from, to, section)
	if len(Lines(diffs)) == 0 {
		b.WriteString("\nNothing: clients of the version before go on working.\n")
	}
	for _, name := range Profiles {
		if lines := diffs[name].Breaking; len(lines) > 0 { // a pattern is no Markdown
			fmt.Fprintf(&b, "\n### %s\n\n- `%s`\n", name, strings.Join(lines, "`\n- `"))
		}
	}
	return []byte(b.String())
}

// sums lists the digests of files in the form of sha256sum.
func sums(files map[string][]byte) []byte {
	var lines []string
	for name, text := range files {
		lines = append(lines, digest(text)+"  "+name+"\n")
	}
	slices.SortFunc(lines, func(a, b string) int { return strings.Compare(a[64:], b[64:]) })
	return []byte(strings.Join(lines, ""))
}

func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

func encode(v any) ([]byte, error) {
	text, err := json.MarshalIndent(v, "", "  ")
	return append(text, '\n'), err
}
