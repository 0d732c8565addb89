package record

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/nimroom/nimroom/cassettes"
	"github.com/nimroom/nimroom/gen"
)

const indexHead = `# The cassettes

Written by ` + "`go generate ./...`" + `, after ` + "`make record`" + ` too. Documents are transcribed, not recorded.

| operation | scenario | source | code of the operation's answers |
|---|---|---|---|
`

// Index writes the list of the cassettes below a folder into its INDEX.md.
func Index(folder string) error {
	files, err := Files(folder)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "INDEX.md"), []byte(IndexOf(files)), 0o644)
}

// IndexOf is that list: each story of an operation, in the order of the spec, with the
// files that tell it.
func IndexOf(files map[string]*cassettes.File) string {
	var b strings.Builder
	b.WriteString(indexHead)
	for _, o := range gen.Operations {
		rows := map[string][]string{} // source and scenario to the names of files
		for _, name := range slices.Sorted(maps.Keys(files)) {
			if s := files[name].Source; s.Operation == o.ID {
				row := s.Kind + " " + s.Scenario
				rows[row] = append(rows[row], name)
			}
		}
		for _, row := range slices.Sorted(maps.Keys(rows)) {
			names := rows[row]
			links := make([]string, len(names))
			for i, name := range names {
				links[i] = "[" + variant(*files[name].Source) + "](" + name + ")"
			}
			first := files[names[0]].Source
			fmt.Fprintf(&b, "| %s | %s | %s: %s | %s |\n", o.ID, first.Scenario, first.Kind, strings.Join(links, ", "), codes(files[names[0]], o))
		}
	}
	return b.String()
}

// variant is what tells a story's files of one kind apart.
func variant(s cassettes.Source) string {
	switch {
	case s.Document != "":
		return s.Document
	case s.Dialect != "":
		return s.Dialect
	}
	return "recorded"
}

// codes are what an operation answers in a cassette, each once, in order.
func codes(f *cassettes.File, o *gen.Operation) string {
	var list []string
	for _, i := range f.Interactions {
		code := strconv.Itoa(Code(i.Response.Body))
		if i.Response.Code != http.StatusOK {
			code = "HTTP " + strconv.Itoa(i.Response.Code)
		}
		if strings.HasSuffix(RequestOf(i).Path, o.Path) && !slices.Contains(list, code) {
			list = append(list, code)
		}
	}
	return strings.Join(list, ", ")
}
