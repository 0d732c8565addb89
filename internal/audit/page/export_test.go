package page

import (
	"fmt"
	"html"
	"strings"
)

// TextAsHTML writes a plain text page as HTML.
func TextAsHTML(text string, known func(string) bool) string {
	var b strings.Builder
	b.WriteString("<!DOCTYPE html>\n<html><head><title>Docs</title><style>p { color: red }</style></head>\n<body>\n<nav><a href=\"/\">Home</a></nav>\n")
	for i, block := range headed(readText(text, known)) {
		switch block.kind {
		case heading:
			level := 3
			if i == 0 || sectionOf(block.text) == sectionNone {
				level = 2
			}
			fmt.Fprintf(&b, "<h%d id=\"s%d\">%s</h%d>\n", level, i, html.EscapeString(block.text), level)
		case code:
			fmt.Fprintf(&b, "<pre><code class=\"x\">%s</code></pre>\n", html.EscapeString(block.text))
		case paragraph:
			fmt.Fprintf(&b, "<p>%s</p>\n", strings.ReplaceAll(html.EscapeString(block.text), "\n", "<br>\n"))
		case table:
			b.WriteString("<div class=\"wrap\"><table>\n<thead>")
			for j, row := range block.rows {
				tag := "td"
				if j == 0 {
					tag = "th"
				}
				b.WriteString("<tr>")
				for k, cell := range row.cells {
					cell = strings.ReplaceAll(html.EscapeString(cell), "\n", "<br/>")
					if k == 0 && j > 0 {
						cell = "<code>" + cell + "</code>"
					}
					fmt.Fprintf(&b, "<%s>%s</%s>", tag, cell, tag)
				}
				b.WriteString("</tr>\n")
				if j == 0 {
					b.WriteString("</thead><tbody>\n")
				}
			}
			b.WriteString("</tbody></table></div>\n")
		}
	}
	b.WriteString("<script>var x = '<table>';</script></body></html>\n")
	return b.String()
}

// headed makes paragraphs of guessed headings that stand below a heading.
func headed(blocks []block) []block {
	for i := range blocks {
		if i > 0 && blocks[i].kind == heading && blocks[i].level == 0 && blocks[i-1].kind == heading {
			blocks[i].kind = paragraph
		}
	}
	return blocks
}

// TextAsMarkdown writes a plain text page as Markdown.
func TextAsMarkdown(text string, known func(string) bool) string {
	var b strings.Builder
	for i, block := range headed(readText(text, known)) {
		switch block.kind {
		case heading:
			level := "###"
			if i == 0 || sectionOf(block.text) == sectionNone {
				level = "##"
			}
			fmt.Fprintf(&b, "%s %s\n\n", level, escapeMarkdown(block.text))
		case code:
			fmt.Fprintf(&b, "```json\n%s\n```\n\n", block.text)
		case paragraph:
			for line := range strings.SplitSeq(block.text, "\n") {
				fmt.Fprintf(&b, "%s  \n", escapeMarkdown(strings.TrimSpace(line)))
			}
			b.WriteString("\n")
		case table:
			for j, row := range block.rows {
				b.WriteString("|")
				for k, cell := range row.cells {
					if k == 0 && j > 0 {
						cell = "`" + cell + "`"
					} else {
						cell = escapeMarkdown(cell)
					}
					fmt.Fprintf(&b, " %s |", strings.ReplaceAll(cell, "\n", "<br>"))
				}
				b.WriteString("\n")
				if j == 0 {
					b.WriteString("|" + strings.Repeat(" --- |", len(row.cells)) + "\n")
				}
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}

func escapeMarkdown(s string) string {
	return strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", "&lt;", "|", `\|`, "#", `\#`, "~", `\~`, "&", "&amp;").Replace(s)
}
