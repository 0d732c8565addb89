package record

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/nimroom/nimroom/gen"
)

const indexHead = `# The recordings

Written by ` + "`make record`" + `. The scenarios of each operation, the codes of its responses in them, and the headings of the
examples that documentation pages show of it.

| operation | scenarios | codes | examples of pages |
|---|---|---|---|
`

// Index lists recordings: a line for each operation, in the order of the spec.
func Index(recordings []*Recording) string {
	var b strings.Builder
	b.WriteString(indexHead)
	for _, o := range gen.Operations {
		var files, codes, pages []string
		scenarios := map[string][]string{} // by file
		for _, r := range recordings {
			switch {
			case r.Operation != o.ID:
				continue
			case r.Kind == Page:
				pages = add(pages, r.Page+": "+r.Heading)
				continue
			}
			file := "[" + string(r.Kind) + "](testdata/" + r.path() + ")"
			files = add(files, file)
			scenarios[file] = add(scenarios[file], r.Scenario)
			for _, i := range r.Interactions {
				if at, err := operationAt(RequestOf(i).Path); err == nil && at == o {
					codes = add(codes, codeText(i.Response.Code, i.Response.Body))
				}
			}
		}
		for n, file := range files {
			files[n] = file + ": " + strings.Join(scenarios[file], ", ")
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", o.ID, strings.Join(files, "; "), strings.Join(codes, ", "), strings.Join(pages, "; "))
	}
	return b.String()
}

// add adds a text to a list that does not have it.
func add(list []string, text string) []string {
	if slices.Contains(list, text) {
		return list
	}
	return append(list, text)
}

func codeText(status int, body string) string {
	if status != http.StatusOK {
		return "HTTP " + strconv.Itoa(status)
	}
	return strconv.Itoa(Code(body))
}
