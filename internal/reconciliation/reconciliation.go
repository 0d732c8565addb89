// Package reconciliation reads spec/reconciliation.yaml, which records every
// point where the documents contradict each other or the spec, and writes it as
// the tables of spec/RECONCILIATION.md and, in English and Chinese, of the reference
// page.
package reconciliation

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
)

// Record is the content of spec/reconciliation.yaml. The file's head comment
// explains the keys.
type Record struct {
	Documents []Document
	Intro     string
	Chinese   string `yaml:"zh"` // of Intro
	Sections  []Section
}

// Document is one of the pages that describe the API.
type Document struct {
	ID    string // as in x-source
	Short string // as the tables name it
}

// Section is one table.
type Section struct {
	Heading `yaml:",inline"`
	Chinese Heading `yaml:"zh"`
	Rows    []Row
}

// Heading has the texts above the rows of a table.
type Heading struct {
	Title   string
	Columns []string
}

// Row settles one case. Cells are Markdown, one for each column, and Chinese is the
// translation of each; {pages} in a cell stands for the entries of Pages.
type Row struct {
	ID      string
	Cells   []string
	Chinese []string `yaml:"zh"`
	Pages   []Deviation
}

// Deviation is a point where a document differs from the spec. It holds for each of
// its operations and each of its fields, and only for this wording of the page.
type Deviation struct {
	Document   string   // its short name
	Operations []string // the last part of their paths, without .action
	Fields     []string // names as the spec has them; empty if it is not about a field
	Aspect     string   // one of Aspects
	Page       string   // what the page says, or none
}

// Aspects are the points in which a page may deviate.
var Aspects = []string{
	"name", "value", "type", "required", "enum", "default", "maxLength", "maxItems", "min", "max", "number",
	"kind", "url", "codes", "field", "unit",
}

// Parse reads and checks the text of a record. A key that Record does not have is
// an error.
func Parse(text []byte) (*Record, error) {
	r := &Record{}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(r); err != nil {
		return nil, fmt.Errorf("reconciliation: %w", err)
	}
	var errs []error
	seen := map[string]bool{}
	for _, section := range r.Sections {
		if len(section.Chinese.Columns) != len(section.Columns) {
			errs = append(errs, fmt.Errorf("reconciliation: section %s: zh has %d columns for %d", section.Title, len(section.Chinese.Columns), len(section.Columns)))
		}
		for _, row := range section.Rows {
			if err := r.check(section, row); err != nil {
				errs = append(errs, fmt.Errorf("reconciliation: row %s: %w", row.ID, err))
			}
			if seen[row.ID] {
				errs = append(errs, fmt.Errorf("reconciliation: two rows %s", row.ID))
			}
			seen[row.ID] = true
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return r, nil
}

func (r *Record) check(section Section, row Row) error {
	if len(row.Cells) != len(section.Columns) {
		return fmt.Errorf("%d cells for %d columns", len(row.Cells), len(section.Columns))
	}
	if len(row.Chinese) != len(row.Cells) {
		return fmt.Errorf("zh has %d texts for %d cells", len(row.Chinese), len(row.Cells))
	}
	for i, cell := range row.Cells {
		if strings.ContainsAny(cell, "|\n") {
			return fmt.Errorf("a cell with a bar or a line break: %q", cell)
		}
		if strings.Contains(cell, pages) != strings.Contains(row.Chinese[i], pages) {
			return fmt.Errorf("%s is in one language only: %q", pages, row.Chinese[i])
		}
	}
	if strings.Contains(strings.Join(row.Cells, ""), pages) != (len(row.Pages) > 0) {
		return fmt.Errorf("pages and a cell with %s go together", pages)
	}
	for _, d := range row.Pages {
		switch {
		case r.Document(d.Document) == nil:
			return fmt.Errorf("document %q is not listed", d.Document)
		case len(d.Operations) == 0:
			return errors.New("a deviation without operations")
		case !slices.Contains(Aspects, d.Aspect):
			return fmt.Errorf("aspect %q is not one of %s", d.Aspect, strings.Join(Aspects, ", "))
		case d.Page == "none" && english.nothing[d.Aspect] == "":
			return fmt.Errorf("there are no words for a page without %s", d.Aspect)
		case d.Page == "":
			return errors.New("a deviation without what the page says; write none where it says nothing")
		}
	}
	return nil
}

// Document finds a document by its short name.
func (r *Record) Document(short string) *Document {
	for i := range r.Documents {
		if r.Documents[i].Short == short {
			return &r.Documents[i]
		}
	}
	return nil
}

// Row finds a row by its id. It returns nil without one.
func (r *Record) Row(id string) *Row {
	for _, section := range r.Sections {
		for i := range section.Rows {
			if section.Rows[i].ID == id {
				return &section.Rows[i]
			}
		}
	}
	return nil
}

// Ours reports whether the row, or a part of it, was decided without evidence.
func (row Row) Ours() bool {
	return slices.Contains(strings.FieldsFunc(row.Cells[len(row.Cells)-1], func(r rune) bool { return !unicode.IsLetter(r) }), "ours")
}

// notice is the beginning of the derived file.
const notice = "<!-- Code generated by internal/generate from reconciliation.yaml. DO NOT EDIT: change the source and run `go generate ./...`. -->\n"

const pages = "{pages}"

// Markdown writes the record as tables.
func (r *Record) Markdown() []byte {
	var b bytes.Buffer
	b.WriteString(notice)
	b.WriteString(strings.TrimRight(r.Intro, "\n") + "\n")
	for _, section := range r.Sections {
		fmt.Fprintf(&b, "\n## %s\n\n| # |", section.Title)
		for _, column := range section.Columns {
			fmt.Fprintf(&b, " %s |", column)
		}
		b.WriteString("\n|---|" + strings.Repeat("---|", len(section.Columns)) + "\n")
		for _, row := range section.Rows {
			fmt.Fprintf(&b, "| %s |", row.ID)
			for _, cell := range row.inEnglish() {
				if cell != "" {
					b.WriteString(" " + cell)
				}
				b.WriteString(" |")
			}
			b.WriteByte('\n')
		}
	}
	return b.Bytes()
}

// JSON writes the record for the reference page: the tables, with what the pages say
// filled in. All texts are Markdown.
func (r *Record) JSON() ([]byte, error) {
	return r.tables(r.Intro, func(s Section) Heading { return s.Heading }, Row.inEnglish)
}

// ChineseJSON writes what JSON writes, in Chinese.
func (r *Record) ChineseJSON() ([]byte, error) {
	return r.tables(r.Chinese, func(s Section) Heading { return s.Chinese }, Row.inChinese)
}

func (r *Record) tables(intro string, heading func(Section) Heading, cells func(Row) []string) ([]byte, error) {
	type row struct {
		ID    string   `json:"id"`
		Cells []string `json:"cells"`
	}
	type section struct {
		Title   string   `json:"title"`
		Columns []string `json:"columns"`
		Rows    []row    `json:"rows"`
	}
	record := struct {
		Intro    string    `json:"intro"`
		Sections []section `json:"sections"`
	}{Intro: intro}
	for _, s := range r.Sections {
		above := heading(s)
		table := section{Title: above.Title, Columns: above.Columns}
		for _, r := range s.Rows {
			table.Rows = append(table.Rows, row{r.ID, cells(r)})
		}
		record.Sections = append(record.Sections, table)
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	err := encoder.Encode(record)
	return b.Bytes(), err
}

// inEnglish returns the cells with what the pages say, and inChinese the same in Chinese.
func (row Row) inEnglish() []string { return filled(row.Cells, row.says(english)) }
func (row Row) inChinese() []string { return filled(row.Chinese, row.says(chinese)) }

func filled(cells []string, says string) []string {
	cells = slices.Clone(cells)
	for i, cell := range cells {
		cells[i] = strings.ReplaceAll(cell, pages, says)
	}
	return cells
}

// words are those of a language for what the pages say.
type words struct {
	and, then string
	entry     string            // of a document, operations, and what it says of them
	without   string            // before what a list of the page leaves out
	nothing   map[string]string // for a page that says nothing about an aspect
}

var (
	english = words{", ", "; ", "%s, %s: %s", "", map[string]string{"required": "without a mark", "codes": "no list", "field": "not shown"}}
	chinese = words{"、", "；", "%s 的 %s：%s", "没有 ", map[string]string{"required": "没有标记", "codes": "没有列表", "field": "未列出"}}
)

// says returns what the pages say, as Markdown.
func (row Row) says(w words) string {
	var parts []string
	for _, d := range row.Pages {
		said := "`" + d.Page + "`"
		if left, ok := strings.CutPrefix(d.Page, "no "); ok && w.without != "" {
			said = w.without + "`" + left + "`"
		}
		if d.Page == "none" {
			said = w.nothing[d.Aspect]
		}
		if len(d.Fields) > 0 && d.Aspect != "name" && d.Aspect != "value" && d.Aspect != "enum" {
			said = "`" + strings.Join(d.Fields, "`"+w.and+"`") + "` " + said
		}
		parts = append(parts, fmt.Sprintf(w.entry, d.Document, strings.Join(d.Operations, w.and), said))
	}
	return strings.Join(parts, w.then)
}
