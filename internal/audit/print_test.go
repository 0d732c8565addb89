package audit_test

import (
	"cmp"
	"fmt"
	"html"
	"slices"
	"strings"

	"github.com/nimroom/nimroom/internal/audit/page"
)

// printer writes a record as a page again, so that the tests need no page of the vendor.
// Each format has a method for each kind of part.
type printer interface {
	heading(level int, text string)
	paragraph(text string)
	code(text string)
	table(rows [][]string)
	end(headings []string) string
}

// forms are the formats of pages, by the extension of a file.
var forms = map[string]func() printer{
	".txt":  func() printer { return &textPrinter{} },
	".html": func() printer { return &htmlPrinter{} },
	".md":   func() printer { return &markdownPrinter{} },
}

// printPage writes the parts of a record in the order of their lines.
func printPage(r *page.Record, form string) string {
	p := forms[form]()
	p.heading(1, r.Title)
	if r.Date != "" {
		p.paragraph(map[string]string{"en": "Update time: ", "zh": "更新时间: "}[r.Language] + r.Date)
	}
	for _, t := range r.Intro {
		p.paragraph(t.Text)
	}
	var headings []string
	for _, op := range r.Operations {
		headings = append(headings, op.Heading)
		p.heading(2, op.Heading)
		p.code(op.Method + " " + op.URL + " HTTP/1.1\nContent-Type:" + op.ContentType)
		type part struct {
			line  int
			print func()
		}
		var parts []part
		for _, t := range op.Notes {
			parts = append(parts, part{t.Line, func() { p.paragraph(t.Text) }})
		}
		for _, t := range [][]page.Entry{op.Form, op.Response} {
			if t != nil {
				parts = append(parts, part{lineOf(t), func() { p.table(tableOf(t, r.Language)) }})
			}
		}
		for _, c := range op.Curl {
			parts = append(parts, part{c.Line, func() { p.code(c.Text) }})
		}
		for _, e := range op.Examples {
			parts = append(parts, part{e.Line, func() { p.code(e.Text) }})
		}
		if len(op.Codes) > 0 {
			parts = append(parts, part{op.Codes[0].Line, func() { printCodes(p, op.Codes) }})
		}
		slices.SortStableFunc(parts, func(a, b part) int { return cmp.Compare(a.line, b.line) })
		for _, part := range parts {
			part.print()
		}
	}
	return p.end(headings)
}

func printCodes(p printer, codes []page.Entry) {
	if codes[len(codes)-1].Text == "" {
		var list []string
		for _, c := range codes {
			list = append(list, c.Name)
		}
		p.paragraph(strings.Join(list, ", "))
		return
	}
	rows := [][]string{{"状态码", "说明"}}
	for _, c := range codes {
		rows = append(rows, []string{c.Name, c.Text})
	}
	p.table(rows)
}

// lineOf is the line of a table, 0 of an empty one.
func lineOf(rows []page.Entry) int {
	if len(rows) == 0 {
		return 0
	}
	return rows[0].Line
}

func tableOf(fields []page.Entry, language string) [][]string {
	header := map[string][]string{"en": {"Parameter", "Type", "Required", "Description"}, "zh": {"参数", "类型", "必须", "说明"}}[language]
	marks := map[string]string{"yes": "Yes", "no": "No", "conditional": "Conditional"}
	rows := [][]string{header}
	for _, row := range fields {
		rows = append(rows, []string{row.Name, row.Type, marks[row.Required], row.Text})
	}
	if !slices.ContainsFunc(fields, func(row page.Entry) bool { return row.Required != "" }) {
		for i := range rows {
			rows[i] = slices.Delete(slices.Clone(rows[i]), 2, 3)
		}
	}
	return rows
}

// textPrinter writes text as a browser copies it: the cells run together, and a list of
// contents stands at the end.
type textPrinter struct{ strings.Builder }

func (p *textPrinter) heading(_ int, text string) { p.paragraph(text) }
func (p *textPrinter) paragraph(text string)      { fmt.Fprintf(p, "%s\n\n", text) }

func (p *textPrinter) code(text string) {
	label := "json"
	for _, other := range []string{"curl", "http"} {
		if strings.HasPrefix(text, "curl") && other == "curl" || strings.HasPrefix(text, "POST") && other == "http" {
			label = other
		}
	}
	fmt.Fprintf(p, "%s%s\n\n", label, text)
}

func (p *textPrinter) table(rows [][]string) {
	for _, row := range rows {
		gap := ""
		if row[0] >= "0" && row[0] <= "9" {
			gap = " "
		}
		fmt.Fprintln(p, strings.Join(row, gap))
	}
	fmt.Fprintln(p)
}

func (p *textPrinter) end(headings []string) string {
	p.paragraph("Was this page helpful?\nYes\nNo")
	for _, h := range headings {
		fmt.Fprintf(p, "  • %s\n", h)
	}
	return p.String()
}

// htmlPrinter writes what a browser saves.
type htmlPrinter struct{ strings.Builder }

func (p *htmlPrinter) heading(level int, text string) {
	fmt.Fprintf(p, "<h%d><a class=\"anchor\" aria-hidden=\"true\">#</a>%s</h%[1]d>\n", level, html.EscapeString(text))
}

func (p *htmlPrinter) paragraph(text string) {
	fmt.Fprintf(p, "<p>%s</p>\n", strings.ReplaceAll(html.EscapeString(text), "\n", "<br>\n"))
}

func (p *htmlPrinter) code(text string) {
	fmt.Fprintf(p, "<div class=\"code\"><button>Copy</button><pre><code>%s</code></pre></div>\n", html.EscapeString(text))
}

func (p *htmlPrinter) table(rows [][]string) {
	p.WriteString("<table>\n")
	for i, row := range rows {
		tag := map[bool]string{true: "th", false: "td"}[i == 0]
		p.WriteString("<tr>")
		for _, cell := range row {
			fmt.Fprintf(p, "<%s>%s</%[1]s>", tag, strings.ReplaceAll(html.EscapeString(cell), "\n", "<br>"))
		}
		p.WriteString("</tr>\n")
	}
	p.WriteString("</table>\n")
}

func (p *htmlPrinter) end([]string) string {
	return "<!DOCTYPE html><html><head><title>Docs</title></head><body><nav>Home</nav>\n" + p.String() + "<footer>© 2027</footer></body></html>"
}

// markdownPrinter writes the Markdown of a repository.
type markdownPrinter struct{ strings.Builder }

var escapeMarkdown = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", "&lt;", "|", `\|`, "#", `\#`, "~", `\~`, "&", "&amp;").Replace

func (p *markdownPrinter) heading(level int, text string) {
	fmt.Fprintf(p, "%s %s\n\n", strings.Repeat("#", level), escapeMarkdown(text))
}

func (p *markdownPrinter) paragraph(text string) {
	fmt.Fprintf(p, "%s\n\n", strings.ReplaceAll(escapeMarkdown(text), "\n", "  \n"))
}

func (p *markdownPrinter) code(text string) { fmt.Fprintf(p, "```\n%s\n```\n\n", text) }

func (p *markdownPrinter) table(rows [][]string) {
	for i, row := range rows {
		for _, cell := range row {
			fmt.Fprintf(p, "| %s ", strings.ReplaceAll(escapeMarkdown(cell), "\n", "<br>"))
		}
		p.WriteString("|\n")
		if i == 0 {
			p.WriteString(strings.Repeat("|---", len(row)) + "|\n")
		}
	}
	p.WriteString("\n")
}

func (p *markdownPrinter) end([]string) string { return p.String() }
