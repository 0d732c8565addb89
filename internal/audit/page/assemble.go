package page

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

var (
	dateWords = `(?i)(?:updat(?:e|ed)(?: time| date| on| at)?|last (?:updated|modified)(?: on| at)?|更新时间|更新日期|更新于|最后更新|修改时间)\s*:?\s*`
	dateLine  = regexp.MustCompile(dateWords + `(?:(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})|(\d{1,2}) (jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,? (\d{4}))`)
	months    = "janfebmaraprmayjunjulaugsepoctnovdec"
	// codeList is a paragraph that lists status codes.
	codeList   = regexp.MustCompile(`^\W*\d{3,9}(?:\s*[、,;/|\s]\s*\d{3,9})*\W*$`)
	statusCode = regexp.MustCompile(`\b\d{3,9}\b`)
	// bareURL is a line with a URL and little else: a method before it, or a label
	// such as "Request URL:".
	bareURL = regexp.MustCompile(`^(?:[\p{L} ]{1,30}:\s*)?(?:(GET|POST|PUT|PATCH|DELETE)\s*:?\s+)?(https?://\S+\.action\b\S*|/[^/\s]\S*\.action\b\S*)$`)
	method  = regexp.MustCompile(`^(?:GET|POST|PUT|PATCH|DELETE)$`)
)

// assemble finds the operations in the blocks of a page.
func assemble(blocks []block) *Page {
	p := &Page{}
	var letters, han int
	for _, b := range blocks {
		if b.kind != code {
			count(b.text, &letters, &han)
		}
		for _, row := range b.rows {
			count(strings.Join(row.cells, " "), &letters, &han)
		}
	}
	p.Language = "en"
	if han*12 > letters {
		p.Language = "zh"
	}
	heads := operationHeads(blocks, requestOf)
	if len(heads) == 0 { // a page that has cURL lines alone
		heads = operationHeads(blocks, curlOf)
	}
	first := len(blocks)
	if len(heads) > 0 {
		first = heads[0].from
	}
	p.top(blocks[:first], blocks)
	for i, h := range heads {
		end := len(blocks)
		if i+1 < len(heads) {
			end = heads[i+1].from
		}
		a := assembler{op: &Operation{Heading: h.heading}}
		for _, b := range blocks[h.from:end] {
			a.block(b)
		}
		p.Operations = append(p.Operations, *a.op)
	}
	return p
}

func count(text string, letters, han *int) {
	for _, r := range text {
		switch {
		case unicode.Is(unicode.Han, r):
			*han++
		case unicode.IsLetter(r):
			*letters++
		}
	}
}

// top reads the title and the date. The title is the first heading of the highest
// level, in plain text the line before the date.
func (p *Page) top(intro, all []block) {
	for i, b := range intro {
		m := dateLine.FindStringSubmatch(fold(b.text))
		if m == nil {
			continue
		}
		p.Date = Text{dateOf(m), b.line}
		if i > 0 && intro[i-1].level == 0 && intro[i-1].kind != code && intro[i-1].kind != table {
			p.Title = lastLine(intro[i-1].text)
		} else if before, _, ok := strings.Cut(b.text, "\n"); ok && !dateLine.MatchString(fold(before)) {
			p.Title = words(before)
		}
		break
	}
	if p.Date.Value == "" {
		for _, b := range all {
			if m := dateLine.FindStringSubmatch(fold(b.text)); m != nil && b.kind != code {
				p.Date = Text{dateOf(m), b.line}
				break
			}
		}
	}
	for _, b := range intro {
		if b.kind == heading && b.level == 1 {
			p.Title = words(b.text)
			break
		}
	}
	if p.Title == "" {
		for _, b := range intro {
			if b.kind == heading {
				p.Title = words(b.text)
				break
			}
		}
	}
}

func dateOf(m []string) string {
	year, month, day := m[1]+m[6]+m[9], m[2], m[3]+m[5]+m[7]
	if name := strings.ToLower(m[4] + m[8]); name != "" {
		month = strconv.Itoa(strings.Index(months, name)/3 + 1)
	}
	if len(month) == 1 {
		month = "0" + month
	}
	if len(day) == 1 {
		day = "0" + day
	}
	return year + "-" + month + "-" + day
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return words(lines[len(lines)-1])
}

// operationHead is where an operation begins.
type operationHead struct {
	from    int // index of its heading's block
	heading Text
}

// operationHeads finds the operations by their request lines: the heading of one
// is the nearest above that does not announce a section.
func operationHeads(blocks []block, requestOf func(block) (string, Text, bool)) []operationHead {
	var heads []operationHead
	after := 0 // the block behind the request line before
	for i, b := range blocks {
		if _, _, ok := requestOf(b); !ok {
			continue
		}
		h := operationHead{from: i, heading: Text{Line: b.line}}
		if j := headingOf(blocks, after, i); j >= 0 {
			h = operationHead{from: j, heading: Text{words(blocks[j].text), blocks[j].line}}
		}
		heads = append(heads, h)
		after = i + 1
	}
	return heads
}

// headingOf finds the heading of the operation whose request line is block i, -1
// without one. A certain heading goes before a guessed one; of guessed ones in a
// row the first counts, since plain text does not tell a heading from a short
// sentence below it.
func headingOf(blocks []block, after, i int) int {
	guessed := -1
	for j := i - 1; j >= after && blocks[j].kind != code && blocks[j].kind != table; j-- {
		if blocks[j].kind != heading || sectionOf(blocks[j].text) != sectionNone {
			continue
		}
		if blocks[j].level > 0 {
			return j
		}
		if guessed < 0 || guessed == j+1 {
			guessed = j
		}
	}
	return guessed
}

// requestOf reads a request line.
func requestOf(b block) (verb string, at Text, ok bool) {
	switch b.kind {
	case heading:
		return "", Text{}, false
	case table:
		return requestIn(b.rows)
	case paragraph, code:
	}
	for i, line := range strings.Split(b.text, "\n") {
		line = strings.Trim(strings.TrimSpace(fold(line)), "`")
		m := requestLine.FindStringSubmatch(line)
		if m == nil {
			m = bareURL.FindStringSubmatch(line)
		}
		if m != nil {
			return m[1], Text{m[2], b.line + i}, true
		}
		if i > 2 || curlStart.MatchString(line) || strings.HasPrefix(line, "{") {
			break
		}
	}
	return "", Text{}, false
}

// requestIn finds a URL, and a method beside it, in a table of no more than a few
// rows that has nothing else to say.
func requestIn(rows []cells) (verb string, at Text, ok bool) {
	if len(rows) > 6 || columnsOf(block{rows: rows[:1]})[roleType] > 0 {
		return "", Text{}, false
	}
	for _, row := range rows {
		for _, cell := range row.cells {
			cell = strings.Trim(words(fold(cell)), "`")
			switch m := bareURL.FindStringSubmatch(cell); {
			case method.MatchString(cell):
				verb = cell
			case m != nil && !ok:
				at, ok = Text{m[2], row.line}, true
				verb = cmp.Or(m[1], verb)
			}
		}
	}
	return verb, at, ok
}

// curlOf takes a cURL line for a request line.
func curlOf(b block) (verb string, at Text, ok bool) {
	if b.kind != code || !curlStart.MatchString(b.text) {
		return "", Text{}, false
	}
	c := readCurl(b.text, b.line)
	return c.Method, Text{c.URL, b.line}, strings.Contains(c.URL, ".action")
}

// assembler fills an operation from its blocks.
type assembler struct {
	op      *Operation
	section section
	success bool // an example of a success was seen
	footer  bool // the operation's words are over, those of the site's footer follow
}

// footerWords are what the words below the last operation begin with: the question
// whether the page helped, and who owns it since when.
var footerWords = regexp.MustCompile(`(?i)^(?:was|is) this (?:page|article|document|section) helpful|^(?:此|本|该|这篇)(?:文档|页面|文章)是否(?:对[你您])?有(?:帮助|用)|copyright|©|\(c\) ?\d{4}|all rights reserved|版权所有|ICP[备证]|网安备`)

func (a *assembler) block(b block) {
	if b.kind == heading {
		a.footer = a.footer && b.level == 0
		if s := sectionOf(b.text); s != sectionNone || b.line != a.op.Heading.Line {
			a.section = s
		}
		return
	}
	if method, url, ok := requestOf(b); ok && a.op.URL.Value == "" {
		a.op.Method, a.op.URL = method, url
		a.contentType(b)
		return
	}
	switch b.kind {
	case table:
		a.table(b)
	case code:
		a.code(b)
	default:
		a.paragraph(b)
	}
}

var contentType = regexp.MustCompile(`(?i)content-type\s*:\s*([a-z0-9.+/-]+)`)

func (a *assembler) contentType(b block) {
	for i, line := range strings.Split(b.text, "\n") {
		if m := contentType.FindStringSubmatch(line); m != nil {
			a.op.ContentType = Text{strings.ToLower(m[1]), b.line + i}
		}
	}
}

func (a *assembler) code(b block) {
	text := strings.TrimLeft(b.text, " \t\n")
	switch {
	case strings.HasPrefix(text, "curl"):
		a.op.Curl = readCurl(text, b.line)
		if a.op.URL.Value == "" {
			a.op.Method, a.op.URL = a.op.Curl.Method, Text{a.op.Curl.URL, b.line}
		}
	case strings.ContainsAny(text, "{["):
		for _, e := range readExamples(b.text, b.line) {
			e.APIError = a.section == sectionError || a.success && codeOf(e) != "200" && codeOf(e) != ""
			a.success = a.success || !e.APIError
			a.op.Examples = append(a.op.Examples, e)
		}
	default:
		a.paragraph(b)
	}
}

// readExamples reads the JSON texts of a block, each of which may stand behind a
// header line.
func readExamples(text string, line int) []Example {
	var list []Example
	lines := strings.Split(text, "\n")
	for from := 0; from < len(lines); {
		var depth jsonDepth
		to := from
		for ; to < len(lines) && !depth.done(); to++ {
			if printed := strings.TrimSpace(lines[to]); !depth.opened && !strings.HasPrefix(printed, "{") && !strings.HasPrefix(printed, "[") {
				lines[to] = ""
				continue
			}
			depth.line(lines[to])
		}
		if depth.opened {
			list = append(list, readExample(strings.Join(lines[from:to], "\n"), line+from))
		}
		from = to
	}
	return list
}

func codeOf(e Example) string {
	for _, f := range e.Fields {
		if f.Path == "code" {
			return f.Value
		}
	}
	return ""
}

func (a *assembler) paragraph(b block) {
	for i, line := range strings.Split(b.text, "\n") {
		text := strings.TrimSpace(fold(strings.Trim(line, "`*- •\t")))
		at := b.line + i
		if a.footer = a.footer || footerWords.MatchString(text); a.footer {
			return
		}
		isList := codeList.MatchString(text)
		many := len(statusCode.FindAllString(text, -1))
		if isList && (many > 1 || a.section == sectionCodes) || many > 2 && a.section == sectionCodes {
			for _, code := range statusCode.FindAllString(text, -1) {
				a.op.Codes = append(a.op.Codes, Text{code, at})
			}
			continue
		}
		if m := codeRow.FindStringSubmatch(text); m != nil && a.section == sectionCodes {
			a.op.Codes = append(a.op.Codes, Text{m[1], at})
			continue
		}
		if label, rest, ok := strings.Cut(text, ":"); ok && sectionOf(label) == sectionCodes && codeList.MatchString(rest) {
			for _, code := range statusCode.FindAllString(rest, -1) {
				a.op.Codes = append(a.op.Codes, Text{code, at})
			}
			continue
		}
		a.op.Prose = append(a.op.Prose, Text{text, at})
	}
}

// table sorts the rows of a table by what its header says, and where that is
// silent, by the section it stands in.
func (a *assembler) table(b block) {
	columns := columnsOf(b)
	switch {
	case columns[roleCode] > 0:
		for _, row := range b.rows[1:] {
			if code := statusCode.FindString(cell(row, columns[roleCode])); code != "" {
				a.op.Codes = append(a.op.Codes, Text{code, row.line})
			} else {
				a.unknown(row)
			}
		}
	case columns[roleName] > 0 && (columns[roleType] > 0 || columns[roleRequired] > 0 || columns[roleText] > 0):
		response := columns[roleRequired]+columns[roleOptional] == 0 && (a.section == sectionResponse || a.section != sectionRequest && len(a.op.Form) > 0)
		for _, row := range b.rows[1:] {
			r := rowOf(row, b.rows[0], columns)
			switch {
			case r.Name == "":
				a.unknown(row)
			case response:
				a.op.Response = append(a.op.Response, r)
			default:
				a.op.Form = append(a.op.Form, r)
			}
		}
	default:
		for _, row := range b.rows[1:] {
			a.unknown(row)
		}
	}
}

func (a *assembler) unknown(row cells) {
	text := words(strings.Join(row.cells, " "))
	if text != "" {
		a.op.Unknown = append(a.op.Unknown, Row{Line: row.line, Text: text})
	}
}

// cell is column n of a row, counted from 1; 0 is no column.
func cell(row cells, n int) string {
	if n == 0 || n > len(row.cells) {
		return ""
	}
	return strings.TrimSpace(row.cells[n-1])
}

// columnsOf numbers the columns of a table by their roles, from 1. What a header
// does not tell is guessed from the cells.
func columnsOf(b block) map[role]int {
	columns := map[role]int{}
	for i, header := range b.rows[0].cells {
		if r := headerRole(header); r != roleOther && columns[r] == 0 {
			columns[r] = i + 1
		}
	}
	if len(b.rows) < 2 {
		return columns
	}
	width := len(b.rows[0].cells)
	guess := func(r role, fits func(string) bool) {
		for i := 1; i <= width && columns[r] == 0; i++ {
			if taken(columns, i) {
				continue
			}
			good := 0
			for _, row := range b.rows[1:] {
				if fits(cell(row, i)) {
					good++
				}
			}
			if good*5 >= (len(b.rows)-1)*4 {
				columns[r] = i
			}
		}
	}
	if columns[roleName] == 0 {
		guess(roleCode, func(s string) bool { return codeList.MatchString(s) })
	}
	if columns[roleCode] > 0 {
		return columns
	}
	guess(roleType, func(s string) bool { return s != "" && typeWords.FindString(fold(s)) == fold(s) })
	if columns[roleOptional] == 0 {
		guess(roleRequired, func(s string) bool { return markOf(s) != MarkNone })
	}
	if columns[roleType] > 0 || columns[roleRequired] > 0 {
		guess(roleName, func(s string) bool { s = fieldName(s); return s != "" && nameEnd(s) == len(s) })
		guess(roleText, func(string) bool { return true })
	}
	return columns
}

func taken(columns map[role]int, n int) bool {
	for _, column := range columns {
		if column == n {
			return true
		}
	}
	return false
}

// fieldName drops what decorates a name in a cell.
func fieldName(s string) string {
	s = strings.TrimLeft(words(strings.Trim(fold(s), "`*_ \t\n")), "└├─│>•·+- `*\"")
	name, _, _ := strings.Cut(s, "(")
	return strings.Trim(cmp.Or(strings.TrimSpace(name), s), "`*\"")
}

func rowOf(row, header cells, columns map[role]int) Row {
	r := Row{
		Line: row.line, Name: fieldName(cell(row, columns[roleName])), Type: words(strings.Trim(fold(cell(row, columns[roleType])), "`*")),
		Mark: MarkNone, Text: fold(cell(row, columns[roleText])),
	}
	switch {
	case columns[roleRequired] > 0:
		r.Mark = markOf(cell(row, columns[roleRequired]))
	case columns[roleOptional] > 0:
		switch markOf(cell(row, columns[roleOptional])) {
		case MarkYes:
			r.Mark = MarkNo
		case MarkNo:
			r.Mark = MarkYes
		default:
		}
	}
	for i := range row.cells {
		extra := cell(row, i+1)
		used := columns[roleName] == i+1 || columns[roleType] == i+1 || columns[roleText] == i+1 || columns[roleRequired] == i+1 || columns[roleOptional] == i+1
		if used || columns[roleExample] == i+1 || extra == "" || extra == "-" || extra == "/" {
			continue
		}
		label := ""
		if i < len(header.cells) {
			label = header.cells[i]
		}
		r.Text += fmt.Sprintf("\n%s: %s", fold(label), fold(extra))
	}
	return r
}
