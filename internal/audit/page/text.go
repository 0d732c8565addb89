package page

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// textReader finds headings, tables and code in lines of text. It recognizes a heading
// by its wording, by the list of contents at the end of the page, or because the line
// stands alone.
type textReader struct {
	lines    []block         // lines of text, and the headings and tables that the format marks as such
	contents map[string]bool // headings that the list of contents names
	plain    map[string]bool // all lines, list entries with their bullets
	cutter   cutter
	blocks   []block
	open     *block // the last block if lines are added to it: a paragraph or a table
	added    int    // number of lines added to its last part
	gap      bool   // the previous line is blank
}

// readText reads the paragraphs and the code of a page as text, because people paste
// tables, requests and examples there without any markup.
func readText(parts []block, known func(string) bool) []block {
	r := &textReader{contents: map[string]bool{}, plain: map[string]bool{}, cutter: cutter{known: known}}
	for _, b := range parts {
		if b.kind == heading || b.kind == table {
			r.lines = append(r.lines, b)
			r.plain[words(b.text)] = true
			continue
		}
		for i, line := range withoutFrames(withoutGutter(strings.Split(b.text, "\n"))) {
			r.lines = append(r.lines, block{kind: paragraph, text: line, line: b.line + i})
			if entry, ok := bullet(line); ok {
				r.contents[entry] = true
			}
			r.plain[words(line)] = true
		}
		r.lines = append(r.lines, block{kind: paragraph})
	}
	for i := 0; i < len(r.lines); i++ {
		i = r.read(i)
	}
	return r.blocks
}

var (
	gutter    = regexp.MustCompile(`^\s*(\d{1,4})(?:\t|\s*\|\s|\s{1,4}|$)(.*)$`)
	frameRow  = regexp.MustCompile(`^\s*[|│](.*)[|│]\s*$`)
	frameLine = regexp.MustCompile(`^\s*[+┌├└][-=+─┬┼┴┐┤┘]+\s*$`)
)

// withoutGutter drops the numbers before the lines of code, or before all lines.
func withoutGutter(lines []string) []string {
	for from := 0; from < len(lines); {
		var bare []string
		code := false
		for _, line := range lines[from:] {
			m := gutter.FindStringSubmatch(line)
			if m == nil || m[1] != strconv.Itoa(len(bare)+1) {
				break
			}
			bare = append(bare, m[2])
			_, starts := codeStart(m[2], false)
			code = code || starts || m[2] == "" && len(bare) > 2
		}
		if code || len(bare) == len(lines) {
			copy(lines[from:], bare)
		}
		from += max(1, len(bare))
	}
	return lines
}

// withoutFrames writes the rows of tables that are drawn with lines as cells with tabs
// between them. A row without a first cell continues the row above.
func withoutFrames(lines []string) []string {
	var row []string
	at := 0
	for i, line := range lines {
		m := frameRow.FindStringSubmatch(line)
		if lines[i] = frameLine.ReplaceAllString(line, ""); m == nil {
			row = nil
			continue
		}
		parts := strings.Split(strings.ReplaceAll(m[1], "│", "|"), "|")
		if len(row) != len(parts) || strings.TrimSpace(parts[0]) != "" {
			row, at = make([]string, len(parts)), i
		}
		lines[i] = ""
		for n, part := range parts {
			row[n] = words(row[n] + " " + part)
		}
		lines[at] = strings.Join(row, "\t")
	}
	return lines
}

// bullet reads an entry of a list.
func bullet(line string) (string, bool) {
	entry, ok := strings.CutPrefix(strings.TrimSpace(line), "•")
	return words(entry), ok
}

// add adds a block, which is not open.
func (r *textReader) add(b block) *block {
	r.blocks, r.open, r.added = append(r.blocks, b), nil, 0
	return &r.blocks[len(r.blocks)-1]
}

func (r *textReader) inTable() bool { return r.open != nil && r.open.kind == table }

// read reads the line with index i and returns the index of the last line that it read.
func (r *textReader) read(i int) int {
	b, next := r.lines[i], r.lines[min(i+1, len(r.lines)-1)]
	line, gap := strings.TrimRight(b.text, " \t"), r.gap
	r.gap = b.kind != paragraph || line == ""
	if footerWords.MatchString(strings.TrimSpace(Fold(line))) {
		r.open = nil
	}
	text, starts := codeStart(line, r.inTable())
	columns := readHeader(line)
	entry, listed := bullet(line)
	if !r.gap && !r.inTable() && r.bareRow(line) && r.bareRow(next.text) {
		r.table(bare, b.line)
	}
	var row []string
	if r.inTable() {
		row = r.cutter.cut(line)
	}
	level, stands := r.headingLevel(line, gap, next)
	switch {
	case b.kind != paragraph:
		r.add(b)
	case r.gap && r.inTable():
	case r.gap, listed && (r.plain[entry] || sectionOf(entry) != sectionNone): // the list of contents
		r.open = nil
	case starts:
		return r.code(i, text)
	case codeLabel.FindString(line) == line: // a label alone says nothing
	case columns != nil:
		r.table(columns, b.line)
	case listed:
		r.open = r.add(b)
	case row != nil:
		r.open.rows = append(r.open.rows, cells{b.line, row})
		r.added = 0
	case stands:
		r.add(block{kind: heading, level: level, line: b.line, text: words(strings.TrimLeft(line, "# "))})
	default:
		r.continueWith(line, b.line)
	}
	return i
}

// table begins a table.
func (r *textReader) table(columns []column, at int) {
	r.cutter.columns = columns
	header := cells{line: at}
	for _, c := range columns {
		header.cells = append(header.cells, c.name)
	}
	r.open = r.add(block{kind: table, line: at, rows: []cells{header}})
}

// bare are the columns of a table whose header was not copied.
var bare = []column{{roleName, "name"}, {roleType, "type"}, {roleText, "description"}}

// bareRow reports whether a line is a row without a header above it: a known
// field and its type.
func (r *textReader) bareRow(line string) bool {
	return r.cutter.known(cutter{bare, r.cutter.known}.field(Fold(line))[roleName])
}

// maxLines is the maximum number of lines of a row, a paragraph or an example.
const maxLines = 1000

// continueWith adds a line to the row or the paragraph that is open.
func (r *textReader) continueWith(line string, at int) {
	switch r.added++; {
	case r.added <= maxLines && r.inTable() && len(r.open.rows) > 1:
		row := r.open.rows[len(r.open.rows)-1].cells
		last := slices.IndexFunc(r.cutter.columns, func(c column) bool { return c.role == roleText })
		if last < 0 || last >= len(row) {
			last = len(row) - 1
		}
		row[last] += "\n" + Fold(line)
	case r.added <= maxLines && r.open != nil && r.open.kind == paragraph:
		r.open.text += "\n" + line
	default:
		r.open = r.add(block{kind: paragraph, line: at, text: line})
	}
}

var (
	requestLine = regexp.MustCompile(`^(GET|POST|PUT|PATCH|DELETE)\s+(https?://\S+|/\S+\.action\b\S*)`)
	// codeLabel is what a viewer writes above code: its language, and a button that copies it.
	codeLabel  = regexp.MustCompile(`^\s*(?:http|curl|json|bash|shell|javascript|js|text|plaintext|(?i:copy code|copied!?|copy)|复制代码|复制成功|复制)\s*`)
	curlStart  = regexp.MustCompile(`^curl\s+(?:-|'|"|https?://|\\$)`)
	httpHeader = regexp.MustCompile(`^\s*HTTP/\d|^\s*[A-Za-z][A-Za-z-]*:\s*[^\s/]\S*/\S`)
	jsonStart  = regexp.MustCompile(`^(?:"Content-Type"|\{|\[\s*\{)`)
)

// codeStart reports whether a line begins code, and returns the line without the name of
// the language, which may run into it. In a table a bare JSON text is part of a row.
func codeStart(line string, inTable bool) (string, bool) {
	line = strings.TrimLeft(line, " \t")
	text := line
	if !curlStart.MatchString(line) {
		text = codeLabel.ReplaceAllString(line, "")
	}
	return text, requestLine.MatchString(text) || curlStart.MatchString(text) || strings.HasPrefix(text, `"Content-Type"`) ||
		jsonStart.MatchString(text) && (!inTable || text != line)
}

// code takes a block of code that begins in line i.
func (r *textReader) code(i int, text string) int {
	b := block{kind: code, line: r.lines[i].line, text: text}
	curl, request := strings.HasPrefix(text, "curl"), requestLine.MatchString(text)
	end, depth := i, balance(text)
	for ; end+1 < len(r.lines) && end-i < maxLines && r.lines[end+1].kind == paragraph; end++ {
		line := r.lines[end+1].text
		next := strings.TrimSpace(line)
		over := next != "" && next[0] != '{' && next[0] != '['
		switch {
		case curl: // it goes on behind a backslash and inside quotes
			over = next == "" || !strings.HasSuffix(strings.TrimRight(b.text, " \t"), "\\") && strings.Count(b.text, "'")%2 == 0
		case request:
			over = !httpHeader.MatchString(line)
		case strings.ContainsAny(b.text, "{["): // an example that was cut off ends where something else begins
			over = depth <= 0 || requestLine.MatchString(next) || strings.HasPrefix(next, `"Content-Type":`) || sectionOf(next) != sectionNone || r.contents[words(next)]
		}
		if over {
			break
		}
		b.text += "\n" + line
		depth += balance(line)
	}
	r.add(b)
	return end
}

// headingForm is the form of a heading that stands alone.
var headingForm = regexp.MustCompile(`^\p{L}(?:[^{}"=<>,]{0,78}[^{}"=<>,.;:!?)。、》])?$`)

// headingLevel distinguishes headings from prose.
func (r *textReader) headingLevel(line string, gap bool, next block) (int, bool) {
	text := words(Fold(line))
	switch explains := r.inTable() && strings.Contains(text, ":"); { // a value of the row
	case explains && strings.HasSuffix(text, ":"):
	case r.contents[words(line)], sectionOf(text) != sectionNone && utf8.RuneCountInString(text) < 50:
		return certain, true
	case gap && !explains && next.kind != table && (next.kind != paragraph || strings.TrimSpace(next.text) == ""):
		return 0, headingForm.MatchString(text) && !dateLine.MatchString(text) && !anyURL.MatchString(text) && !codeList.MatchString(text)
	}
	return 0, false
}
