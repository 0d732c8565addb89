package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/nimroom/nimroom/internal/audit"
	"github.com/nimroom/nimroom/internal/audit/page"
	"github.com/nimroom/nimroom/spec"
)

// auditCommand compares documentation pages with the spec.
type auditCommand struct {
	Format string   `enum:"text,json" default:"text" help:"Format of the report: text or json."`
	Files  []string `arg:"" name:"file" help:"Pages to compare: text that was copied from a browser, HTML, or Markdown."`
}

// Run reads all pages before it compares them. If it cannot read some, it names all of
// those and writes no report, because the report would look complete.
func (c *auditCommand) Run(s streams) error {
	ref, err := audit.NewReference(mustCanonical())
	if err != nil {
		return err
	}
	pages := make([]*page.Page, 0, len(c.Files))
	var unreadable []error
	for _, file := range c.Files {
		p, err := readPage(file, ref.Known)
		if err != nil {
			unreadable = append(unreadable, err)
			continue
		}
		pages = append(pages, p)
	}
	if len(unreadable) > 0 {
		return exitError{errors.Join(unreadable...), exitUsage}
	}
	report := audit.Compare(ref, pages)
	if c.Format == "json" {
		if err := report.WriteJSON(s.out); err != nil {
			return err
		}
	} else {
		report.WriteText(s.out, painter(s))
	}
	if report.Drift {
		return exitError{errors.New("the pages and the spec differ"), exitFailed}
	}
	return nil
}

// mustCanonical returns the canonical spec and the recorded deviations of the pages.
func mustCanonical() (text, record []byte) {
	text, err := spec.Read(spec.Variant{})
	if err != nil {
		panic(err) // the spec is embedded in the program
	}
	return text, spec.Reconciliation()
}

func readPage(file string, known func(string) bool) (*page.Page, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // the file was only read
	data, err := io.ReadAll(io.LimitReader(f, page.MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return page.Read(file, data, known)
}

// painter returns a function that colours the statuses of a report on a terminal.
func painter(s streams) func(audit.Status, string) string {
	t := table{streams: s}
	return func(status audit.Status, text string) string {
		switch status {
		case audit.Covered, audit.Note:
			return t.paint(green, text)
		default:
			return t.paint(red, text)
		}
	}
}
