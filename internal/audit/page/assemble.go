package page

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
)

var (
	// dateLine is a label and the three parts of a date.
	dateLine = regexp.MustCompile(`(?i)(?:updat(?:e|ed)(?: time| date| on| at)?|last (?:updated|modified)(?: on| at)?|更新时间|更新日期|更新于|最后更新|修改时间)[\s:]*` +
		`(\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}|[a-z]+\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{1,2} [a-z]+\.?,? \d{4})`)
	// abbreviated finds the endings of ordinals and of the names of months.
	abbreviated = regexp.MustCompile(`(?i)(\d|\b[a-z]{3})[a-z]+`)
	apart       = regexp.MustCompile(`[^0-9A-Za-z]+`)
	// codeList is a paragraph that lists status codes.
	codeList   = regexp.MustCompile(`^\W*\d{3,9}(?:\s*[、,;/|\s]\s*\d{3,9})*\W*$`)
	statusCode = regexp.MustCompile(`\b\d{3,9}\b`)
	// bareURL is a line with a URL and little else: a method before it, or a label
	// such as "Request URL:".
	bareURL = regexp.MustCompile(`^(?:[\p{L} ]{1,30}:\s*)?(?:(GET|POST|PUT|PATCH|DELETE)\s*:?\s+)?(https?://\S+\.action\b\S*|/[^/\s]\S*\.action\b\S*)$`)
	// inlineURL is a method and a URL in the middle of a line.
	inlineURL = regexp.MustCompile(`\b(GET|POST|PUT|PATCH|DELETE)\s+(https?://\S+?\.action\b|/[^/\s]\S*?\.action\b)`)
	anyURL    = regexp.MustCompile(`https?://[^\s"'<>)]+?\.action\b|/?(?:[a-z]+/)+[A-Za-z]+\.action\b`)
	method    = regexp.MustCompile(`^(?:GET|POST|PUT|PATCH|DELETE)$`)
)

// assemble finds the operations in the blocks of a page.
func assemble(blocks []block) *Record {
	r := &Record{}
	heads := operationHeads(blocks, requestOf)
	if len(heads) == 0 { // a page that has cURL lines alone
		heads = operationHeads(blocks, curlOf)
	}
	heads = append(heads, len(blocks))
	r.top(blocks[:heads[0]], blocks)
	for i, from := range heads[:len(heads)-1] {
		a := assembler{op: &Operation{Line: blocks[from].line}}
		if blocks[from].kind == heading {
			a.op.Heading = words(blocks[from].text)
		}
		for _, b := range blocks[from:heads[i+1]] {
			a.block(b)
		}
		r.Operations = append(r.Operations, *a.op)
	}
	for _, b := range blocks {
		if urls := listing(b); len(urls) > 1 || len(heads) == 1 {
			r.Listed = append(r.Listed, urls...)
		}
	}
	r.Intro = slices.DeleteFunc(r.Intro, func(t Entry) bool { return slices.Contains(r.Listed, t) })
	r.Language = languageOf(append(r.Sentences(), r.Listed...))
	return r
}

// lines returns the lines of a paragraph or a heading, and the rows of a table.
func (b block) lines() []Entry {
	var list []Entry
	if b.kind == code {
		return nil
	}
	for i, line := range strings.Split(b.text, "\n") {
		list = append(list, Entry{Line: b.line + i, Text: words(line)})
	}
	for _, row := range b.rows {
		list = append(list, Entry{Line: row.line, Text: words(strings.Join(row.cells, " "))})
	}
	return slices.DeleteFunc(list, func(t Entry) bool { return t.Text == "" })
}

// listing returns the lines or rows of a block that have a URL.
func listing(b block) []Entry {
	return slices.DeleteFunc(b.lines(), func(t Entry) bool { return b.kind == heading || !anyURL.MatchString(t.Text) })
}

// URL returns the URL in a line of Listed.
func (t Entry) URL() string { return anyURL.FindString(t.Text) }

// top reads the title, the date and what else stands before the first operation. The
// title is the first heading of the highest level, in plain text the line before the
// date. What stands above the title belongs to the site unless it is a sentence, and what is a
// heading below is a list of contents.
func (r *Record) top(intro, blocks []block) {
	var lines []Entry
	level, title := certain+1, 0
	for _, b := range intro {
		if b.kind == heading && b.level > 0 && b.level < level {
			level, title = b.level, len(lines)
		}
		for _, t := range b.lines() {
			date := dateOf(t.Text)
			if date == "" || r.Date != "" {
				lines = append(lines, t)
				continue
			}
			r.Date, r.DateLine = date, t.Line
			if level > certain {
				title = max(len(lines)-1, 0)
			}
		}
	}
	if title < len(lines) {
		above := slices.DeleteFunc(slices.Clone(lines[:title]), func(t Entry) bool { return !sentence.MatchString(t.Text) })
		r.Title, lines = lines[title].Text, append(above, lines[title+1:]...)
	}
	for _, b := range blocks {
		lines = slices.DeleteFunc(lines, func(t Entry) bool { return b.kind == heading && Squeeze(b.text) == Squeeze(t.Text) })
	}
	r.Intro = append(r.Intro, lines...)
}

var sentence = regexp.MustCompile(`(?:\S+\s+){3}.*[.!]$|[。！]$`)

// dateOf returns the date of a page that a line tells, or "".
func dateOf(line string) string {
	m := dateLine.FindStringSubmatch(Fold(line))
	if m == nil {
		return ""
	}
	parts := apart.ReplaceAllString(abbreviated.ReplaceAllString(m[1], "$1"), " ")
	for _, layout := range []string{"2006 1 2", "Jan 2 2006", "2 Jan 2006"} {
		if t, err := time.Parse(layout, parts); err == nil {
			return t.Format(time.DateOnly)
		}
	}
	return ""
}

// operationHeads finds the blocks where operations begin, by their request lines: at the
// nearest heading above that does not announce a section.
func operationHeads(blocks []block, requestOf func(block) (verb, address string)) []int {
	var heads []int
	after := 0 // the block behind the request line before
	for i, b := range blocks {
		if _, address := requestOf(b); address != "" {
			heads = append(heads, headingOf(blocks, after, i))
			after = i + 1
		}
	}
	return heads
}

// headingOf finds the heading of the operation whose request line is block i, or that block itself
// without one. A certain heading goes before a guessed one; of guessed ones in a row the first
// counts, since plain text does not tell a heading from a short sentence below it.
func headingOf(blocks []block, after, i int) int {
	guessed := i
	for j := i - 1; j >= after && blocks[j].kind != code && blocks[j].kind != table; j-- {
		switch {
		case blocks[j].kind != heading || sectionOf(blocks[j].text) != sectionNone:
		case blocks[j].level > 0:
			return j
		case guessed == i || guessed == j+1:
			guessed = j
		}
	}
	return guessed
}

// requestOf finds the method and the URL of an operation in a paragraph, in code, or in a
// small table that says nothing else.
func requestOf(b block) (verb, address string) {
	wide := func(row cells) bool { return len(row.cells) > 2 }
	if b.kind == heading || b.kind == table && (len(b.rows) > 6 || len(listing(b)) != 1 || slices.ContainsFunc(b.rows[1:], wide) || columnsOf(b)[roleType] > 0) {
		return "", ""
	}
	lines := strings.Split(b.text, "\n")
	for _, row := range b.rows {
		lines = append(lines, row.cells...)
	}
	for _, line := range lines {
		line = strings.Trim(strings.TrimSpace(Fold(line)), "`")
		if curlStart.MatchString(line) || strings.HasPrefix(line, "{") {
			break
		}
		if method.MatchString(line) {
			verb = line
		}
		for _, form := range []*regexp.Regexp{requestLine, bareURL, inlineURL} {
			if m := form.FindStringSubmatch(line); m != nil && address == "" {
				verb, address = cmp.Or(m[1], verb), m[2]
			}
		}
	}
	return verb, address
}

// curlOf takes a cURL line for a request line.
func curlOf(b block) (verb, address string) {
	if c := ReadCurl(b.text); b.kind == code && curlStart.MatchString(b.text) && anyURL.MatchString(c.URL) {
		return c.Method, c.URL
	}
	return "", ""
}

// assembler fills an operation from its blocks.
type assembler struct {
	op      *Operation
	section section
	footer  bool // the operation's words are over, those of the site's footer follow
}

// footerWords are what the words below the last operation begin with: the question
// whether the page helped, and who owns it since when.
var footerWords = regexp.MustCompile(`(?i)^(?:was|is) this (?:page|article|document|section) helpful|^(?:此|本|该|这篇)(?:文档|页面|文章)是否(?:对[你您])?有(?:帮助|用)|^(?:copyright|©|\(c\) ?\d{4})|all rights reserved|版权所有|ICP[备证]|网安备`)

func (a *assembler) block(b block) {
	if b.kind == heading {
		a.footer = a.footer && (b.level == 0 || b.level == certain)
		own := b.line == a.op.Line && words(b.text) == a.op.Heading
		if s := sectionOf(b.text); s != sectionNone || !own {
			a.section = s
		}
		if !own && !a.footer {
			a.note(b.line, b.text)
		}
		return
	}
	if verb, address := requestOf(b); address != "" && a.op.URL == "" {
		a.op.Method, a.op.URL = cmp.Or(verb, "POST"), address
		if m := contentType.FindStringSubmatch(b.text); m != nil {
			a.op.ContentType = strings.ToLower(m[1])
		}
		a.note(b.line, requestWords.ReplaceAllString(strings.Replace(b.text, address, "", 1), ""))
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

var contentType = regexp.MustCompile(`(?i)content-type\s*:\s*([a-z0-9.+/-]+(?:;\s*charset=[a-z0-9-]+)?)`)

// requestWords are what else a request has than its URL.
var requestWords = regexp.MustCompile(`\b(?:GET|POST|PUT|PATCH|DELETE)\b|HTTP/1\.1|` + contentType.String())

func (a *assembler) note(line int, text string) {
	if text = tidy(text); text != "" {
		a.op.Notes = append(a.op.Notes, Entry{Line: line, Text: text})
	}
}

func (a *assembler) code(b block) {
	text := strings.TrimLeft(b.text, " \t\n")
	switch {
	case a.footer:
	case strings.HasPrefix(text, "curl"):
		a.op.Curl = append(a.op.Curl, Entry{Line: b.line, Text: secret.ReplaceAllString(text, "$1***")})
		if a.op.URL == "" {
			a.op.Method, a.op.URL = curlOf(b)
		}
	case jsonStart.MatchString(text) && strings.ContainsAny(text, "{["):
		text = lineEnd.ReplaceAllString(strings.ReplaceAll(text, "\t", "  "), "")
		a.op.Examples = append(a.op.Examples, Entry{Line: b.line, Text: text})
	default:
		a.paragraph(b)
	}
}

var lineEnd = regexp.MustCompile(`(?m) +$`)

func (a *assembler) paragraph(b block) {
	for i, line := range strings.Split(b.text, "\n") {
		text := strings.TrimSpace(Fold(strings.Trim(line, "`*- •\t")))
		if a.footer = a.footer || footerWords.MatchString(text); a.footer {
			return
		}
		header := contentType.FindStringSubmatch(text)
		switch {
		case a.op.ContentType == "" && header != nil && header[0] == text:
			a.op.ContentType = strings.ToLower(header[1])
		case !a.codes(text, b.line+i):
			a.note(b.line+i, line)
		}
	}
}

// codes reads a line that lists nothing but codes, or one code with its meaning.
func (a *assembler) codes(text string, line int) bool {
	label, list, labelled := strings.Cut(text, ":")
	if labelled = labelled && sectionOf(label) == sectionCodes; !labelled {
		list = text
	}
	codes, explained := statusCode.FindAllString(list, -1), ""
	switch one := codeRow.FindStringSubmatch(text); {
	case codeList.MatchString(list) && (len(codes) > 1 || labelled || a.section == sectionCodes):
	case one != nil && a.section == sectionCodes:
		codes, explained = one[1:2], one[2]
	default:
		return false
	}
	a.addCodes(codes, explained, line)
	return true
}

// addCodes adds codes, and what the page says about them.
func (a *assembler) addCodes(codes []string, explained string, line int) {
	for _, code := range codes {
		a.op.Codes = append(a.op.Codes, Entry{Line: line, Name: code, Text: strings.Trim(words(explained), "-,/、`* ")})
	}
}

// table sorts the rows of a table by what its header says, and where that is
// silent, by the section it stands in.
func (a *assembler) table(b block) {
	if a.footer {
		return
	}
	columns := columnsOf(b)
	unmarked := columns[roleRequired]+columns[roleOptional] == 0
	switch {
	case columns[roleName] == 0 || columns[roleCode] > 0 || len(columns) < 2:
	case unmarked && (a.section == sectionResponse || a.op.Form != nil && (a.section != sectionRequest || slices.ContainsFunc(a.op.Form, func(row Entry) bool { return row.Required != "" }))):
		a.op.Response = append(a.op.Response, rowsOf(b, columns)...)
		return
	default:
		a.op.Form = append(a.op.Form, rowsOf(b, columns)...)
		return
	}
	at := columns[roleCode]
	for i, row := range b.rows {
		codes := statusCode.FindAllString(cell(row, at), -1)
		switch {
		case at > 0 && i == 0:
		case codes != nil:
			row.cells[at-1] = statusCode.ReplaceAllString(row.cells[at-1], "")
			if index := columns[roleIndex]; 0 < index && index <= len(row.cells) {
				row.cells[index-1] = ""
			}
			a.addCodes(codes, strings.Join(row.cells, " "), row.line)
		default:
			a.note(row.line, strings.Join(row.cells, " "))
		}
	}
}

// rowsOf reads the rows of a table of fields. Pictures and dashes say nothing.
func rowsOf(b block, columns map[role]int) []Entry {
	rows, marks := b.rows[1:], columns[roleRequired]+columns[roleOptional]
	hasStar := func(row cells) bool { return star.MatchString(cell(row, columns[roleName])) }
	starred := slices.ContainsFunc(rows, hasStar) && !slices.ContainsFunc(rows, func(row cells) bool { return isMark(cell(row, marks)) })
	var list []Entry
	for _, row := range rows {
		name, rest := fieldName(cell(row, columns[roleName]))
		required, condition := markOf(cell(row, marks))
		switch {
		case cell(row, marks) == picture:
			required = "unknown"
		case starred:
			required = map[bool]string{true: "yes", false: "no"}[hasStar(row)]
		case columns[roleOptional] > 0:
			required = map[string]string{"yes": "no", "no": "yes", "conditional": "conditional"}[required]
		}
		text := []string{cell(row, columns[roleText]), rest}
		for i := range row.cells {
			if other := words(cell(row, i+1)); !taken(columns, i+1) && !slices.Contains([]string{"", "-", "/", picture}, other) {
				text = append(text, strings.TrimPrefix(cell(b.rows[0], i+1)+": ", ": ")+other)
			}
		}
		list = append(list, Entry{
			Line: row.line, Name: name, Type: words(strings.Trim(Fold(cell(row, columns[roleType])), "`*")),
			Required: required, Text: tidy(strings.Join(append(text, condition), "\n")),
		})
	}
	// Marks, Y and N, may run into the descriptions. Only a whole table of them is clear, because descriptions begin
	// with these letters too.
	if marks > 0 && !slices.ContainsFunc(list, func(row Entry) bool { return row.Required != "" || !letterMark.MatchString(row.Text) }) {
		for i, row := range list {
			list[i].Required, list[i].Text = map[byte]string{'Y': "yes", 'N': "no"}[row.Text[0]], row.Text[1:]
		}
	}
	return list
}

func isMark(cell string) bool {
	mark, _ := markOf(cell)
	return mark != ""
}

var (
	// star marks a required field at its name.
	star       = regexp.MustCompile(`^\s*\*\s*\w|\w\s*\*\s*$`)
	letterMark = regexp.MustCompile(`^[YN]`)
)

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
		if r := headerRole(header); r != roleUnknown && r != roleOther && columns[r] == 0 {
			columns[r] = i + 1
		}
	}
	guess := func(r role, last int, fits func(string) bool) {
		for i := 1; i <= last && columns[r] == 0; i++ {
			good := 0
			for _, row := range b.rows[1:] {
				good += weight(fits(cell(row, i)), 1)
			}
			if !taken(columns, i) && good > 0 && good*5 >= (len(b.rows)-1)*4 {
				columns[r] = i
			}
		}
	}
	all := len(b.rows[0].cells)
	guess(roleIndex, 1, rowNumber.MatchString)
	if columns[roleName] == 0 {
		guess(roleCode, all, codeList.MatchString)
	}
	if columns[roleCode] > 0 {
		return columns
	}
	guess(roleType, all, func(s string) bool { return s != "" && typeWords.FindString(Fold(s)) == Fold(s) })
	if columns[roleOptional] == 0 && columns[roleName]+columns[roleType] > 0 {
		guess(roleRequired, all, isMark)
	}
	if columns[roleType] > 0 || columns[roleRequired] > 0 {
		guess(roleName, all, func(s string) bool { s, _ = fieldName(s); return s != "" && nameStart.FindString(s) == s })
		guess(roleText, all, func(string) bool { return true })
	}
	return columns
}

func taken(columns map[role]int, n int) bool {
	return slices.Contains(slices.Collect(maps.Values(columns)), n)
}

// fieldName drops what decorates a name in a cell. The rest is what stands in brackets behind it.
func fieldName(s string) (name, rest string) {
	s = strings.TrimLeft(words(strings.Trim(Fold(s), "`*_ \t\n")), "└├─│>•·+- `*\"")
	if m := nameAndMore.FindStringSubmatch(s); m != nil {
		s, rest = m[1], m[2]
	}
	return strings.Trim(strings.TrimSpace(s), "`*\""), rest
}

var nameAndMore = regexp.MustCompile(`^([^(]*[^( ]) ?(\(.*)$`)
