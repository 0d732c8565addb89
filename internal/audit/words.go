package audit

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// bound is the meaning that the words around a number give it.
type bound int

const (
	boundNone bound = iota
	boundMax
	boundMin
)

// quantity is a number in a text.
type quantity struct {
	value string // in seconds if a longer unit follows; without thousands separators
	text  string // as printed, with its unit
	bound bound
	next  string // for "less than 101" the value that is meant, 100
	code  bool   // the number follows the word code
	weak  bool   // the number of an item of a list
	unit  bool   // something is counted: a unit follows
}

var (
	number    = regexp.MustCompile(`-?(?:\d{1,3}(?:[,'_]\d{3})+|\d+)(?:\.\d+)?`)
	longUnit  = regexp.MustCompile(`^\s?(days?\b|hours?\b|minutes?\b|mins?\b|weeks?\b|天|日|小时|分钟|周)`)
	counted   = regexp.MustCompile(`^\s?(?:%|[A-Za-z]|个|条|秒|毫秒|次|位|字|名|项)`)
	percent   = regexp.MustCompile(`^\s?%`)
	codeWord  = regexp.MustCompile(`(?i)(codes?|状态码|错误码|返回码)\W{0,4}$`)
	shortened = regexp.MustCompile(`(?i)\b(max|min)\.`)
	isoDate   = regexp.MustCompile(`\b\d{4}-\d{2}-\d{2}\b`)

	// boundWords tell upper from lower bounds; longer wordings stand before the
	// shorter ones that they contain.
	boundWords = regexp.MustCompile(`(?i)(?P<max>no(?:t)? (?:be )?(?:more|greater|longer|larger|higher) than|(?:must |can |may |should |does |do )?not (?:to )?exceed(?:ing)?|cannot exceed` +
		`|less than or equal(?: to)?|equal to or less than|不超过|不得超过|不能超过|不可超过|不大于|不多于|不高于|小于等于|小于或等于)` +
		`|(?P<min>no(?:t)? (?:be )?(?:less|fewer|smaller|shorter|lower) than|greater than or equal(?: to)?|equal to or greater than|不少于|不小于|不低于|大于等于|大于或等于|>=|≥)` +
		`|(?P<Max>up to|at most|maximum|max\b|limit(?:ed)?\b|within\b|<=|≤|or (?:less|fewer)\b|最多|最大|最长|最高|上限|限制|至多|以内|以下)` +
		`|(?P<Min>at least|minimum|min\b|or more\b|至少|最少|最小|最短|以上|下限)` +
		`|(?P<below>less than|fewer than|below\b|小于|少于|低于|<)` +
		`|(?P<above>greater than|more than|larger than|above\b|exceeds?\b|大于|超过|高于|>)`)
)

// Units longer than a second, in seconds.
var unitSeconds = map[string]float64{
	"day": 86400, "days": 86400, "天": 86400, "日": 86400, "hour": 3600, "hours": 3600, "小时": 3600,
	"minute": 60, "minutes": 60, "min": 60, "mins": 60, "分钟": 60, "week": 604800, "weeks": 604800, "周": 604800,
}

// quantities finds the numbers in a text, except those that are part of a word.
func quantities(text string) []quantity {
	if !strings.ContainsAny(text, "0123456789") {
		return nil
	}
	text = isoDate.ReplaceAllString(text, "")
	var list []quantity
	spans := number.FindAllStringIndex(text, -1)
	for i, span := range spans {
		from, to := span[0], span[1]
		if text[from] == '-' && from > 0 && !strings.ContainsRune(" \t\n,;:(=/|、", lastRune(text[:from])) && lastRune(text[:from]) < utf8.RuneSelf {
			from++ // 0-9999, UTF-8
			if before := lastRune(text[:from-1]); before >= 'A' && before <= 'z' {
				continue
			}
		}
		if before := lastRune(text[:from]); before < utf8.RuneSelf && (isWord(before) || before == '.' && from > 1 && isDigit(text[from-2])) {
			continue
		}
		digits := strings.NewReplacer(",", "", "'", "", "_", "").Replace(text[from:to])
		q := quantity{value: trimNumber(digits), text: text[from:to], code: codeWord.MatchString(text[max(0, from-40):from])}
		value, err := strconv.ParseFloat(digits, 64)
		if err != nil {
			continue
		}
		rest := text[to:]
		if unit := longUnit.FindString(rest); unit != "" {
			q.value = strconv.FormatFloat(value*unitSeconds[strings.ToLower(strings.TrimSpace(unit))], 'f', -1, 64)
			q.text, q.unit = q.text+unit, true
		} else if p := percent.FindString(rest); p != "" {
			q.text += p
		}
		q.unit = q.unit || counted.MatchString(rest)
		line := text[max(0, from-40):from]
		lineStart := strings.TrimSpace(line[strings.LastIndexByte(line, '\n')+1:]) == ""
		q.weak = lineStart && (strings.HasPrefix(rest, ". ") || strings.HasPrefix(rest, ") ") || strings.HasPrefix(rest, "、"))
		low, high := 0, len(text)
		if i > 0 {
			low = spans[i-1][1]
		}
		if i+1 < len(spans) {
			high = spans[i+1][0]
		}
		q.setBound(text[low:from], text[to:high], value)
		list = append(list, q)
	}
	return list
}

// setBound reads the words before a number, or else those after it, as far as they
// belong to it.
func (q *quantity) setBound(before, after string, value float64) {
	before = shortened.ReplaceAllString(before, "$1")
	if i := strings.LastIndexAny(before, ".;\n。;"); i >= 0 {
		before = before[i+1:]
	}
	if i := strings.IndexAny(after, ".,;\n。;、"); i >= 0 {
		after = after[:i]
	}
	m := boundWords.FindAllStringSubmatchIndex(before, -1)
	if m == nil {
		m = boundWords.FindAllStringSubmatchIndex(after, 1)
	}
	if m == nil {
		return
	}
	last := m[len(m)-1]
	for group, name := range boundWords.SubexpNames() {
		if group == 0 || last[2*group] < 0 {
			continue
		}
		q.bound = boundMin
		if strings.EqualFold(name, "max") || name == "below" {
			q.bound = boundMax
		}
		switch name {
		case "below":
			q.next = strconv.FormatFloat(value-1, 'f', -1, 64)
		case "above":
			q.next = strconv.FormatFloat(value+1, 'f', -1, 64)
		}
	}
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

func isWord(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_'
}

func trimNumber(digits string) string {
	value, err := strconv.ParseFloat(digits, 64)
	if err != nil {
		return digits
	}
	return strconv.FormatFloat(value, 'f', -1, 64)
}

// numbersIn returns the values of the numbers in a text.
func numbersIn(text string) map[string]bool {
	set := map[string]bool{}
	for _, q := range quantities(text) {
		set[q.value] = true
	}
	return set
}

// samples returns the JSON objects in a text, and the lists if lists are possible:
// otherwise [1, 500] is a range.
func samples(text string, lists bool) (rest string, found []any) {
	text = strings.NewReplacer(`\[`, "[", `\]`, "]", `\{`, "{", `\}`, "}").Replace(text)
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '[' && lists || text[i] == '{' {
			decoder := json.NewDecoder(strings.NewReader(text[i:]))
			decoder.UseNumber()
			var value any
			if decoder.Decode(&value) == nil {
				if list, ok := value.([]any); !ok || len(list) > 0 {
					found = append(found, value)
					i += int(decoder.InputOffset()) - 1
					continue
				}
			}
		}
		b.WriteByte(text[i])
	}
	return b.String(), found
}

// defaultWords find the default in a text; the group is the value.
var defaultWords = []*regexp.Regexp{
	regexp.MustCompile(`defaults?(?: +(?:value|to|is|are|of|as|being|setting|will|be))* *[:=]? *["'\x60“(]*(-?\d[\d,]*(?:\.\d+)?|[a-z_][a-z0-9_]*)`),
	regexp.MustCompile(`(-?\d+|[a-z_][a-z0-9_]*) *[:=] *[^,;\n:]*, *(?:the +|as +)*(?:default|默认) *(?:[\n;,.)]|$)`),
	regexp.MustCompile(`["'\x60“]?(-?\d[\d,]*|[a-z_][a-z0-9_]*)["'\x60”]?\)?\s+(?:is|as|being|by)\s+(?:the\s+|a\s+)?default`),
	regexp.MustCompile(`(-?\d+|[a-z_][a-z0-9_]*)\s*[:=]\s*[^,;\n()。、]*\(\s*(?:the\s+)?(?:default|默认)(?:值)?\s*\)`),
	regexp.MustCompile(`(-?\d+|[a-z_][a-z0-9_]*)["'\x60”]?\s*\(\s*(?:the\s+)?(?:default|默认)(?:值)?\s*\)`),
	regexp.MustCompile(`(?:默认|缺省)值?[^\d\w,;。\n-]{0,10}["'\x60“]?(-?\d[\d,]*|[a-z_][a-z0-9_]*)`),
}

var defaultWord = regexp.MustCompile(`(?i)default|默认|缺省`)

// defaultsIn returns the values that a text calls the default and that fits accepts.
func defaultsIn(text string, fits func(string) bool) []string {
	if !defaultWord.MatchString(text) {
		return nil
	}
	text = strings.ToLower(text)
	var list []string
	for _, words := range defaultWords {
		for _, m := range words.FindAllStringSubmatch(text, -1) {
			value := m[1]
			if isDigit(value[len(value)-1]) {
				value = trimNumber(strings.ReplaceAll(value, ",", ""))
			}
			if fits(value) && !slices.Contains(list, value) {
				list = append(list, value)
			}
		}
	}
	return list
}

// hasWord reports whether a text contains a word exactly.
func hasWord(text, word string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return false
		}
		start, end := from+i, from+i+len(word)
		if !isWord(lastRune(text[:start])) {
			if r, _ := utf8.DecodeRuneInString(text[end:]); !isWord(r) || end == len(text) {
				return true
			}
		}
		from = start + 1
	}
}

var (
	capitals  = regexp.MustCompile(`\b[A-Z][A-Z0-9_]{2,}\b`)
	slashes   = regexp.MustCompile(`\b[A-Za-z_]\w*(?:\s?/\s?[A-Za-z_]\w*)+\b`)
	leading   = regexp.MustCompile(`(?:^|[\n;]|,\s?\n)\s*(?:\d+[.)、]\s*)?["'\x60“]?([A-Za-z_]\w*)["'\x60”]?\s*([(,]|:[ \t]*[^\s]|//|\n|$)`)
	noValues  = regexp.MustCompile(`^(?i:note|notes|tip|tips|fields?|description|example|format|values?|type|http|https|json|api|sdk|url|id|uuid|im|true|false|null)$`)
	firstWord = regexp.MustCompile(`^["'\x60“]?([A-Za-z_]\w*)["'\x60”]?\s*(?:[(:,]|//|$)`)
)

// valuesIn returns the words of a text at places of enum values: in a
// list with slashes, at the beginning of a line before a bracket or a colon, and
// in capitals if the values are in capitals. known reports the values of the enum, one
// of which must be in each list.
func valuesIn(text string, known func(string) bool) []string {
	var list []string
	add := func(words []string, enough int) {
		count := 0
		for _, word := range words {
			if known(word) {
				count++
			}
		}
		for _, word := range words {
			if count >= enough && !noValues.MatchString(word) && !slices.Contains(list, word) {
				list = append(list, word)
			}
		}
	}
	for _, group := range slashes.FindAllString(text, -1) {
		add(strings.FieldsFunc(group, func(r rune) bool { return r == '/' || r == ' ' }), 1)
	}
	lines := map[byte][]string{} // by what follows the word
	for _, m := range leading.FindAllStringSubmatch(strings.ReplaceAll(text, "\n", "\n\n"), -1) {
		follows := (m[2] + "\n")[0]
		lines[follows] = append(lines[follows], m[1])
	}
	for _, follows := range []byte("(,:/\n") {
		add(lines[follows], 2)
	}
	add(capitals.FindAllString(text, -1), 1)
	return list
}

// timeUnits returns the units of time that a text names. Units longer than seconds count
// only if they are the unit of the field, as in "in minutes", not in "30 days".
func timeUnits(text string) []string {
	text = strings.ToLower(text)
	var units []string
	if milliseconds.MatchString(text) {
		units = append(units, "milliseconds")
	}
	if seconds.MatchString(milliseconds.ReplaceAllString(text, "")) {
		units = append(units, "seconds")
	}
	for _, m := range longerUnits.FindAllStringSubmatch(text, -1) {
		unit := m[1] + m[2]
		if english := map[string]string{"分钟": "minutes", "小时": "hours", "天": "days"}[unit]; english != "" {
			unit = english
		}
		if !slices.Contains(units, unit) {
			units = append(units, unit)
		}
	}
	return units
}

// lengthUnits returns the units in which a text counts the length of texts.
func lengthUnits(text string) []string {
	var units []string
	if characters.MatchString(text) {
		units = append(units, "characters")
	}
	if bytesUnit.MatchString(text) {
		units = append(units, "bytes")
	}
	return units
}

var (
	milliseconds = regexp.MustCompile(`milli-?\s?seconds?|\bms\b|毫秒`)
	seconds      = regexp.MustCompile(`\bseconds?\b|秒`)
	longerUnits  = regexp.MustCompile(`\b(?:in|units?(?: is| of|:)?) (minutes|hours|days)\b|单位[:：为是\s]*(分钟|小时|天)`)
	characters   = regexp.MustCompile(`(?i)\bcharacters?\b|\bchars?\b|字符`)
	bytesUnit    = regexp.MustCompile(`(?i)\d\s?(?:bytes?|[km]i?b)\b|字节`)
)
