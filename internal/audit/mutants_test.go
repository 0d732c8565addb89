package audit_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/nimroom/nimroom/internal/check/mutation"
)

// mutator changes one thing at a time in a plain text page. It finds its places by
// what is known of the page without the reader.
type mutator struct {
	s       sample
	random  *rand.Rand
	lines   []string
	starts  []int // lines of the headings, and the end
	mutants []mutation.Mutant
}

func mutantsOf(s sample, seed uint64) []mutation.Mutant {
	m := &mutator{s: s, random: rand.New(rand.NewPCG(seed, 1)), lines: strings.Split(s.text, "\n")}
	from := 0
	for _, heading := range s.headings {
		for i := from; i < len(m.lines); i++ {
			if strings.TrimSpace(m.lines[i]) == heading {
				m.starts, from = append(m.starts, i), i+1
				break
			}
		}
	}
	end := slices.IndexFunc(m.lines, func(line string) bool {
		return strings.HasPrefix(line, "Was this page") || strings.HasPrefix(line, "此文档")
	})
	if end < 0 {
		end = len(m.lines)
	}
	m.starts = append(m.starts, end)
	for op := range s.headings {
		at := m.starts[op]
		for _, name := range s.form[op] {
			at = m.find(at, name)
			m.row(at, name, true)
		}
		for i, name := range s.response[op] {
			if i == 0 {
				for at = m.starts[op]; !responseHeader.MatchString(m.lines[at]); at++ {
				}
			}
			at = m.find(at, name)
			m.row(at, name, false)
		}
		m.operation(op)
	}
	m.date()
	return m.mutants
}

var responseHeader = regexp.MustCompile(`^(Parameter|Field)TypeDescription|^参数类型说明`)

// find is the next line that begins with a name.
func (m *mutator) find(from int, name string) int {
	for i := from + 1; i < len(m.lines); i++ {
		if strings.HasPrefix(m.lines[i], name) {
			return i
		}
	}
	panic("no row " + name)
}

// with adds a mutant in which the lines from i to before j are replaced.
func (m *mutator) with(kind string, i, j int, replacement ...string) {
	lines := slices.Concat(m.lines[:i], replacement, m.lines[j:])
	text := strings.Join(lines, "\n")
	if text == m.s.text {
		return
	}
	m.mutants = append(m.mutants, mutation.Mutant{
		Kind:     kind,
		Site:     fmt.Sprintf("%s:%d %q", m.s.name, i+1, strings.Join(replacement, "\n")),
		Harmless: strings.HasPrefix(kind, "reword"),
		Text:     func() []byte { return []byte(text) },
	})
}

func (m *mutator) pick(list ...string) string { return list[m.random.IntN(len(list))] }

var (
	rowShape  = regexp.MustCompile(`^([A-Za-z]+)( ?)(JSONArray|JSONObject|String|string|Integer|int|Long|long|Boolean|boolean)( ?)(Yes|No|是|否|)`)
	rowNumber = regexp.MustCompile(`[0-9]+`)
)

// rowEnd is the line behind a row and its continuation.
func (m *mutator) rowEnd(i int) int {
	for i++; i < len(m.lines) && strings.TrimSpace(m.lines[i]) != "" && !rowShape.MatchString(m.lines[i]) && !strings.HasPrefix(m.lines[i], "####"); i++ {
	}
	return i
}

func (m *mutator) row(i int, name string, form bool) {
	line := m.lines[i]
	shape := rowShape.FindStringSubmatch(line[len(name)-1:])
	if shape == nil {
		panic("no row: " + line)
	}
	rest := line[len(name):]
	typ, mark := shape[3], shape[5]
	tail := rest[len(shape[2])+len(typ)+len(shape[4]):]
	if !strings.HasPrefix(tail, mark) || !form || strings.HasPrefix(tail, "是否") {
		mark = ""
	}
	after := tail[len(mark):]
	write := func(name, typ, mark, after string) string { return name + shape[2] + typ + shape[4] + mark + after }

	m.with("rename", i, i+1, write(name+m.pick("Id", "2", "_v", "New"), typ, mark, after))
	m.with("rename", i, i+1, write(m.pick("zone", "priority", "printKey", "longitude", "X_ref"), typ, mark, after))
	other := map[string][]string{
		"string": {"Long", "int", "Boolean", "JSONArray"}, "int": {"String", "long", "Double"}, "long": {"String", "int"},
		"boolean": {"String", "int"}, "jsonarray": {"String", "int"}, "jsonobject": {"String", "long"}, "integer": {"Long", "String"},
	}[strings.ToLower(typ)]
	for _, t := range other {
		m.with("retype", i, i+1, write(name, t, mark, after))
	}
	m.with("drop a row", i, m.rowEnd(i))
	m.with("double a row", i, i+1, line, line)
	added := map[bool]string{true: m.pick("Yes", "No"), false: ""}[mark == "Yes" || mark == "No"]
	if mark == "是" || mark == "否" {
		added = m.pick("是", "否")
	}
	m.with("add a row", i, i, write(m.pick("region", "traceToken", "hintText", "sortBy"), m.pick("String", "int", "Long", "Boolean"), added, m.pick("Something new", "新增的字段")))
	if form {
		flipped := map[string][]string{"Yes": {"No"}, "No": {"Yes"}, "是": {"否"}, "否": {"是"}, "": {"是", "否"}}[mark]
		for _, f := range flipped {
			m.with("flip required", i, i+1, write(name, typ, f, after))
		}
	}
	m.numbers(i, m.rowEnd(i))
	m.words(i, m.rowEnd(i), len(line)-len(after))
}

var (
	defaultValue = regexp.MustCompile(`(the default is |default is |默认为?\s?)(true|false)|(hour|steady|0) is the default`)
	enumWords    = regexp.MustCompile(`\b(hour/day|active/join/message|steady/blink|UNSET|LIMITED|COMMON|CREATOR,|MANAGER|TEMPORARY|OPEN|SHUT|JAMMED)\b|^(owner|administrator|stuck) \(`)
	members      = regexp.MustCompile(`"(creator|manager|blacklist|mute|type|data|state|size)"\s?:`)
)

// numbers changes each number of a row that is not inside quotes, part of a word
// or the number of an item.
func (m *mutator) numbers(from, to int) {
	for i := from; i < to; i++ {
		line := m.lines[i]
		for _, span := range rowNumber.FindAllStringIndex(line, -1) {
			before, after := line[:span[0]], line[span[1]:]
			inList := strings.Count(before, "[") > strings.Count(before, "]") && !strings.Contains(line, "[0-9")
			if strings.Count(before, `"`)%2 == 1 || inList || before != "" && regexp.MustCompile(`[A-Za-z_]$`).MatchString(before) && !rowShape.MatchString(before) ||
				strings.HasPrefix(after, ". ") && before == "" || strings.HasPrefix(after, "、") {
				continue
			}
			n, _ := strconv.Atoi(line[span[0]:span[1]])
			for _, other := range []int{n + 1, n*2 + 3, n + 1 + m.random.IntN(500)} {
				m.with("change a number", i, i+1, before+strconv.Itoa(other)+after)
			}
		}
	}
}

// words changes defaults, values and members, and then what means nothing.
func (m *mutator) words(from, to, description int) {
	for i := from; i < to; i++ {
		line := m.lines[i]
		for _, span := range defaultValue.FindAllStringIndex(line, -1) {
			old := line[span[0]:span[1]]
			changed := strings.NewReplacer("true", "false", "false", "true", "hour", "day", "steady", "blink", "0 is", "1 is").Replace(old)
			m.with("change a default", i, i+1, line[:span[0]]+changed+line[span[1]:])
		}
		for _, span := range enumWords.FindAllStringIndex(line, -1) {
			old := strings.TrimRight(line[span[0]:span[1]], " (,")
			word := old
			if parts := strings.Split(old, "/"); len(parts) > 1 {
				word = parts[m.random.IntN(len(parts))]
				m.with("add an enum value", i, i+1, line[:span[0]]+old+"/week"+line[span[0]+len(old):])
			}
			changed := m.pick("other", "FROZEN", "yearly")
			if word == strings.ToUpper(word) {
				changed = m.pick("FROZEN", "ROOT", "GUEST_2")
			}
			m.with("change an enum value", i, i+1, line[:span[0]]+strings.Replace(old, word, changed, 1)+line[span[0]+len(old):])
		}
		for _, span := range members.FindAllStringSubmatchIndex(line, -1) {
			m.with("rename a member", i, i+1, line[:span[2]]+m.pick("kind", "admins", "zz")+line[span[3]:])
		}
	}
	line := m.lines[from]
	head, prose := line[:description], line[description:]
	for old, other := range synonyms {
		if strings.Contains(prose, old) {
			m.with("reword a row", from, from+1, head+strings.Replace(prose, old, other, 1))
		}
	}
	m.with("reword a row", from, from+1, line+" (see the guide)")
	m.with("reword a row", from, from+1, line+",参见说明")
	m.with("reword a row", from, from+1, line+". Mind that callers rarely need it.")
	if !strings.ContainsAny(prose, "0123456789４") && !regexp.MustCompile(`[:/"{\x{FF1A}(]|true|default|默认|seconds|milliseconds|秒`).MatchString(prose) && to == from+1 {
		m.with("reword a row", from, from+1, head+m.pick("Another description of it", "A few other words", "换一种说法"))
	}
}

// synonyms say the same in other words.
var synonyms = map[string]string{
	"with up to 128 characters": "no longer than 128 characters", "with up to 4096 characters": "max length 4,096", "with up to 1024": "at most 1024",
	"the length of which is limited to": "length must not exceed", "limited to 20 roomids": "20 room ids at most", "with no more than 64": "maximum 64",
	"up to 200 entries": "200 items or less", "100 accounts in maximum": "not more than 100 accounts", "in the range of 1~500": "between 1 and 500",
	"value must be equal to or less than 100": "maximum is 100", "Length limit is 4096": "At most 4096", "the default is": "default:", "The default is": "Defaults to",
	"default is 100": "100 by default", "hour is the default": "default: hour", "Chat room ID": "Identifier of the room", "最多100": "不超过 100", "最长30天": "最大 30 天",
	"默认true": "缺省为 true", "at most 64 characters": "length <= 64", "up to 4,096": "not more than 4096", "no more than 2 days": "172800 seconds in maximum",
	"max. 2592000 seconds (30 days)": "up to 2,592,000 seconds", "不超过 64 个字符": "最多64个字符", "最多50个": "上限 50 个", "whether": "if", "Whether": "If",
	"默认值和最大值都为 200": "最大 200，默认 200", "长度限制４０９６": "最长 4,096 个字符", "not more than 200": "maximum: 200", "聊天室": "房间", "account": "user account",
}

var (
	exampleScalar = regexp.MustCompile(`^(\s*)"([^"]+)"(\s*:\s*)("(?:[^"\\]|\\.)*"|-?\d+|true|false|null)(\s*,?)(\s*(?://.*)?)$`)
	enumValues    = regexp.MustCompile(`"(COMMON|CREATOR|MANAGER|administrator|LIMITED|HOUR|OPEN)"`)
	codeLine      = regexp.MustCompile(`^\d{3}([、,]\s?\d{3,5})+$`)
	codeTableLine = regexp.MustCompile(`^(\d{3}) (\S.*)$`)
	commentValues = regexp.MustCompile(`\b(ANONYMOUS|TEMPORARY|LIMITED|CREATOR|JAMMED|SHUT)[:：]`)
	noteValues    = regexp.MustCompile(`^\s+([A-Za-z]+),\s*//`)
)

// operation changes what is not in a table of fields.
func (m *mutator) operation(op int) {
	from, to := m.starts[op], m.starts[op+1]
	m.with("drop an operation", from, to)
	url := 0
	for i := from; i < to; i++ {
		line := strings.ReplaceAll(m.lines[i], "\u00a0", " ")
		switch {
		case strings.HasPrefix(line, "httpPOST"):
			url = i
			m.with("change a URL", i, i+1, strings.Replace(line, ".action", m.pick("V2.action", "s.action", "New.action"), 1))
			m.with("change a URL", i, i+1, strings.Replace(line, "/nimserver/", "/nimserver/v2/", 1))
			m.with("change a method", i, i+1, strings.Replace(line, "httpPOST", "httpGET", 1))
			m.with("change a server", i, i+1, strings.Replace(line, "https://", "https://old.", 1))
		case strings.HasPrefix(line, "curlcurl"):
			m.curl(i, line)
		case strings.Contains(line, "Content-Type"):
		case exampleScalar.MatchString(line):
			m.exampleLine(i, line)
		case codeLine.MatchString(strings.TrimSpace(line)):
			codes := rowNumber.FindAllString(line, -1)
			k := m.random.IntN(len(codes))
			m.with("drop a code", i, i+1, strings.Join(slices.Delete(slices.Clone(codes), k, k+1), ", "))
			m.with("change a code", i, i+1, strings.Replace(line, codes[k], m.pick("402", "499", "20000", "415"), 1))
			m.with("add a code", i, i+1, line+m.pick(", 423", "、13009"))
			m.with("drop the codes", i, i+1)
			m.with("reword codes", i, i+1, strings.Join(codes, m.pick(", ", "、", " / ")))
		case codeTableLine.MatchString(line):
			m.with("drop a code", i, i+1)
			m.with("change a code", i, i+1, strings.Replace(line, line[:3], "499", 1))
			m.with("add a code", i, i+1, line, "423 other -")
			m.with("reword codes", i, i+1, line[:4]+"换一种说法 -")
		case rowShape.MatchString(line):
		case strings.HasSuffix(line, ".") && !strings.ContainsAny(line, "0123456789{\""), strings.HasSuffix(line, "。") && !strings.ContainsAny(line, "0123456789"):
			m.with("reword prose", i, i+1, m.pick("Entirely other words, twice as many as there were before.", "完全不同的一句话。"))
		}
		for _, span := range commentValues.FindAllStringSubmatchIndex(line, -1) {
			m.with("change an enum value", i, i+1, line[:span[2]]+"FROZEN"+line[span[3]:])
		}
		if span := noteValues.FindStringSubmatchIndex(line); span != nil {
			m.with("change an enum value", i, i+1, line[:span[2]]+"FROZEN"+line[span[3]:])
			m.with("drop an enum value", i, i+1)
		}
	}
	if url > 0 {
		added := slices.Clone(m.lines[from:to])
		added[0] = "Something quite new"
		for i, line := range added {
			added[i] = strings.ReplaceAll(line, ".action", "Later.action")
		}
		m.with("add an operation", from, from, added...)
	}
	m.with("reword a heading", from, from+1, m.pick("Other words for it", "换个标题"))
}

func (m *mutator) curl(i int, line string) {
	body := line[strings.LastIndex(line, "-d '")+4:]
	for _, pair := range strings.Split(body[:strings.IndexByte(body, '\'')], "&") {
		key, value, _ := strings.Cut(pair, "=")
		m.with("rename in a cURL line", i, i+1, strings.Replace(line, pair, key+"Other="+value, 1))
		if value == "true" || value == "false" {
			m.with("retype in a cURL line", i, i+1, strings.Replace(line, pair, key+"=maybe", 1))
		}
	}
	m.with("change a URL", i, i+1, strings.Replace(line, ".action", "Other.action", 1))
}

func (m *mutator) exampleLine(i int, line string) {
	p := exampleScalar.FindStringSubmatch(line)
	indent, name, colon, value, comma, comment := p[1], p[2], p[3], p[4], p[5], p[6]
	write := func(name, value string) string { return indent + `"` + name + `"` + colon + value + comma + comment }
	m.with("rename in an example", i, i+1, write(name+m.pick("X", "_2", "Value"), value))
	other := `"text"`
	switch {
	case value[0] == '"':
		other = m.pick("17", "true", "[1]")
	case value == "null":
		other = "12"
	case name == "code":
		other = m.pick(`"200"`, "201")
	}
	m.with("retype in an example", i, i+1, write(name, other))
	m.with("add to an example", i, i+1, indent+`"`+m.pick("extra", "shard")+`": 1,`, line)
	if enumValues.MatchString(value) {
		m.with("change an enum value", i, i+1, write(name, `"FROZEN"`))
	}
	if comma != "" {
		m.with("drop from an example", i, i+1)
	}
	if strings.Contains(comment, "//") && !commentValues.MatchString(comment) && !strings.Contains(comment, "HOUR") {
		m.with("reword a comment", i, i+1, strings.Replace(line, comment, " // other words", 1))
	}
}

func (m *mutator) date() {
	for i, line := range m.lines {
		if strings.HasPrefix(line, "Update time") || strings.HasPrefix(line, "更新时间") {
			m.with("change the date", i, i+1, regexp.MustCompile(`20\d\d`).ReplaceAllString(line, "2027"))
			m.with("change the date", i, i+1, regexp.MustCompile(`(20\d\d\D)\d+`).ReplaceAllString(line, "${1}07"))
			m.with("drop the date", i, i+1)
		}
	}
}
