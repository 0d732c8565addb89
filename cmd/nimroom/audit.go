package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nimroom/nimroom/internal/audit"
	"github.com/nimroom/nimroom/internal/audit/page"
	"github.com/nimroom/nimroom/spec"
)

// auditCommand compares documentation pages with what they said before.
type auditCommand struct {
	Format string   `enum:"text,json" default:"text" help:"Format of the report: text or json."`
	Accept bool     `help:"Write the new records after you have reviewed the report, and list the places of the spec that repeat what changed."`
	Spec   string   `default:"spec" type:"path" placeholder:"FOLDER" help:"Folder of the spec, whose evidence/records holds what the pages said; the default is spec. Without that folder the records of this program are used."`
	Files  []string `arg:"" name:"file" complete:"file" help:"Pages to compare: text that was copied from a browser, HTML, or Markdown; - reads standard input."`
}

// Run compares the pages that it can read. It names the others afterwards and returns
// an error for them.
func (c *auditCommand) Run(s streams) error {
	folder := filepath.Join(c.Spec, "evidence", "records")
	records := spec.Records()
	if info, err := os.Stat(folder); err == nil && info.IsDir() {
		records = os.DirFS(folder)
	} else if c.Accept {
		return exitError{fmt.Errorf("--accept writes to %s, which is no folder: run it in the repository, or name the folder of the spec with --spec", folder), exitUsage}
	}
	ref, err := newReference(records)
	if err != nil {
		return err
	}
	var pages []audit.File
	var unreadable []error
	for _, file := range c.Files {
		p, err := readPage(file, ref.Known)
		if err != nil {
			unreadable = append(unreadable, err)
			continue
		}
		pages = append(pages, audit.File{Name: file, Record: p})
	}
	report := audit.Compare(ref, pages)
	if err := c.write(s, report); err != nil {
		return err
	}
	if c.Accept {
		for i, p := range report.Pages {
			if err := c.accept(s, report, p, pages[i].Record, folder); err != nil {
				unreadable = append(unreadable, err)
			}
		}
	}
	switch {
	case len(unreadable) > 0:
		return exitError{errors.Join(unreadable...), exitUsage}
	case c.Accept:
		return nil
	case report.Drift:
		return exitError{errors.New("facts differ"), exitFailed}
	case report.Review:
		return exitError{errors.New("no fact differs, but there are sentences to review"), exitReview}
	}
	return nil
}

// newReference returns what pages are compared with.
func newReference(records fs.FS) (*audit.Reference, error) {
	text, err := spec.Read(spec.Variant{})
	if err != nil {
		return nil, err
	}
	return audit.NewReference(text, records)
}

func (c *auditCommand) write(s streams, report *audit.Report) error {
	if c.Format == "json" {
		return report.WriteJSON(s.out)
	}
	if len(report.Pages) > 0 {
		report.WriteText(s.out, painter(s))
	}
	return nil
}

// accept writes the record of a page, and names the places of the spec that repeat what
// changed.
func (c *auditCommand) accept(s streams, report *audit.Report, p audit.Page, record *page.Record, folder string) error {
	id := p.Record
	if p.Excerpt {
		return fmt.Errorf("%s: not accepted, because it is an excerpt of %s: audit the whole page", p.File, id)
	}
	if id == "" {
		id = strings.TrimSuffix(filepath.Base(p.File), filepath.Ext(p.File))
	}
	text, err := record.Encode(recordHead(id))
	if err != nil {
		return err
	}
	file := filepath.Join(folder, id+".yaml")
	if err := os.WriteFile(file, text, 0o644); err != nil { //nolint:gosec // a source file of the repository
		return err
	}
	fmt.Fprintf(s.err, "wrote %s\n", file)
	if p.Record == "" {
		fmt.Fprintf(s.err, "list the page in spec/evidence/evidence.yaml and transcribe it into spec/evidence/pages/%s.yaml\n", id)
	}
	places, printed := audit.Places{Folder: c.Spec}, []string{}
	for _, f := range report.Findings {
		if f.File != p.File || f.Status == audit.Note {
			continue
		}
		for _, place := range places.Of(p.Record, f) {
			if !slices.Contains(printed, place) {
				printed = append(printed, place)
				fmt.Fprintf(s.err, "cites what changed: %s\n", place)
			}
		}
	}
	return nil
}

// recordHead says what the file of a record is.
func recordHead(id string) string {
	return "What the page " + id + " said when it was read last: its facts and its sentences, in order and with their lines.\n" +
		"The sentences are the vendor's; ../evidence.yaml says where they were published. They are kept only so that\n" +
		"`nimroom audit` can show them beside those of a newer copy.\n" +
		"Written by `nimroom audit --accept`. DO NOT EDIT: accept a newer copy of the page instead."
}

func readPage(file string, known func(string) bool) (*page.Record, error) {
	var data []byte
	var err error
	if file == "-" {
		data, err = io.ReadAll(io.LimitReader(os.Stdin, page.MaxSize+1))
	} else {
		data, err = readFile(file)
	}
	if err != nil {
		return nil, err
	}
	return page.Read(file, data, known)
}

func readFile(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // the file was only read
	data, err := io.ReadAll(io.LimitReader(f, page.MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return data, nil
}

// painter returns a function that colours the statuses of a report on a terminal.
func painter(s streams) func(audit.Status, string) string {
	t := table{streams: s}
	return func(status audit.Status, text string) string {
		switch status {
		case audit.Note:
			return t.paint(green, text)
		default:
			return t.paint(red, text)
		}
	}
}
