package audit_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/nimroom/nimroom/internal/audit/page"
)

// change is one change of a page. Its class says what an audit must make of it.
type change struct {
	class, kind, site string
	apply             func(*page.Record)
}

// The classes of changes.
const (
	fact     = "fact"     // drift
	sentence = "sentence" // to review
	reworded = "reworded" // to review, or nothing; never drift
)

// changesOf lists changes of every part of a page.
func changesOf(r *page.Record) []change {
	c := &changes{}
	c.add(fact, "date", "page", func(r *page.Record) { r.Date = "2027-01-02" })
	for i, t := range r.Intro {
		c.prose("intro", strconv.Itoa(i), t.Text, func(r *page.Record) *string { return &r.Intro[i].Text })
	}
	for i, op := range r.Operations {
		c.operation(i, op)
	}
	return c.list
}

type changes struct{ list []change }

func (c *changes) add(class, kind, site string, apply func(*page.Record)) {
	c.list = append(c.list, change{class, kind, site, apply})
}

func (c *changes) operation(n int, op page.Operation) {
	site := func(part string) string { return fmt.Sprintf("%s %s", op.URL, part) }
	add := func(class, kind, part string, apply func(*page.Operation)) {
		c.add(class, kind, site(part), func(r *page.Record) { apply(&r.Operations[n]) })
	}
	add(fact, "URL", "", func(op *page.Operation) { op.URL = strings.Replace(op.URL, ".action", "V2.action", 1) })
	add(fact, "version in the URL", "", func(op *page.Operation) { op.URL = strings.Replace(op.URL, "/nimserver/", "/nimserver/v2/", 1) })
	add(fact, "query of the URL", "", func(op *page.Operation) { op.URL += "?version=2" })
	add(fact, "server", "", func(op *page.Operation) { op.URL = strings.Replace(op.URL, "https://", "https://new.", 1) })
	add(fact, "method", "", func(op *page.Operation) { op.Method = "GET" })
	add(fact, "content type", "", func(op *page.Operation) { op.ContentType = "application/json" })
	c.add(fact, "operation dropped", site(""), func(r *page.Record) { r.Operations = slices.Delete(r.Operations, n, n+1) })
	c.add(fact, "operation added", site(""), func(r *page.Record) {
		added := clone(&page.Record{Operations: []page.Operation{op}}).Operations[0]
		added.Heading, added.URL = "Something quite new", strings.Replace(op.URL, ".action", "Later.action", 1)
		r.Operations = slices.Insert(r.Operations, n, added)
	})
	add(sentence, "heading", "", func(op *page.Operation) { op.Heading = "Removing everything" })
	add(reworded, "heading in other words", "", func(op *page.Operation) { op.Heading += " (API)" })
	add(sentence, "deprecation", "", func(op *page.Operation) {
		op.Notes = slices.Insert(op.Notes, 0, page.Entry{Line: op.Line, Text: "This API is deprecated. Use another one."})
	})
	for i, t := range op.Notes {
		at := func(r *page.Record) *string { return &r.Operations[n].Notes[i].Text }
		c.prose("note", site(t.Text), t.Text, at)
		if len([]rune(t.Text)) > 20 {
			add(sentence, "note dropped", t.Text, func(op *page.Operation) { op.Notes = slices.Delete(op.Notes, i, i+1) })
		}
	}
	c.table(site("form"), "form", op.Form, func(r *page.Record) *[]page.Entry { return &r.Operations[n].Form })
	c.table(site("response"), "response", op.Response, func(r *page.Record) *[]page.Entry { return &r.Operations[n].Response })
	for i, curl := range op.Curl {
		add(fact, "cURL line dropped", "", func(op *page.Operation) { op.Curl = slices.Delete(op.Curl, i, i+1) })
		for kind, swap := range map[string][2]string{
			"cURL URL": {".action", "V2.action"}, "cURL parameter renamed": {"roomid=", "roomidId="}, "cURL option": {"curl", "curl -k"}, "cURL value": {"=", "=x"},
			"cURL content type": {"x-www-form-urlencoded", "json"}, "cURL time in milliseconds": {timeHeader.FindString(curl.Text), timeHeader.FindString(curl.Text) + "000"},
		} {
			if strings.Contains(curl.Text, swap[0]) {
				add(fact, kind, "", func(op *page.Operation) { op.Curl[i].Text = strings.Replace(curl.Text, swap[0], swap[1], 1) })
			}
		}
	}
	for i, e := range op.Examples {
		c.example(n, i, site("example"), e)
	}
	if len(op.Codes) > 0 {
		last := len(op.Codes) - 1
		add(fact, "code dropped", "", func(op *page.Operation) { op.Codes = op.Codes[:last] })
		add(fact, "code added", "", func(op *page.Operation) {
			op.Codes = append(op.Codes, page.Entry{Line: op.Codes[0].Line, Name: "423", Text: op.Codes[last].Text})
		})
		add(fact, "code changed", "", func(op *page.Operation) { op.Codes[last].Name = "499" })
		add(fact, "codes dropped", "", func(op *page.Operation) { op.Codes = nil })
		for i, code := range op.Codes {
			c.prose("code meaning", site(code.Name), code.Text, func(r *page.Record) *string { return &r.Operations[n].Codes[i].Text })
		}
	}
}

var timeHeader = regexp.MustCompile(`(?i)curtime: \d+`)

// table changes the rows of a table.
func (c *changes) table(site, place string, rows []page.Entry, get func(*page.Record) *[]page.Entry) {
	if len(rows) == 0 {
		return
	}
	add := func(class, kind, row string, apply func(rows []page.Entry) []page.Entry) {
		c.add(class, place+" "+kind, site+" "+row, func(r *page.Record) { *get(r) = apply(*get(r)) })
	}
	set := func(class, kind string, i int, apply func(row *page.Entry)) {
		add(class, kind, rows[i].Name, func(rows []page.Entry) []page.Entry {
			apply(&rows[i])
			return rows
		})
	}
	add(fact, "table dropped", "", func([]page.Entry) []page.Entry { return nil })
	add(fact, "table emptied", "", func([]page.Entry) []page.Entry { return []page.Entry{} })
	for i, row := range rows {
		add(fact, "row dropped", row.Name, func(rows []page.Entry) []page.Entry { return slices.Delete(rows, i, i+1) })
		add(fact, "row doubled", row.Name, func(rows []page.Entry) []page.Entry { return slices.Insert(rows, i, row) })
		add(fact, "row added", row.Name, func(rows []page.Entry) []page.Entry {
			return slices.Insert(rows, i, page.Entry{Line: row.Line, Name: "traceToken", Type: "String", Required: row.Required, Text: "Something new"})
		})
		set(fact, "field renamed", i, func(row *page.Entry) { row.Name += "Id" })
		set(fact, "type", i, func(row *page.Entry) {
			row.Type = map[bool]string{true: "Long", false: "String"}[strings.EqualFold(row.Type, "string")]
		})
		if row.Required != "" {
			set(fact, "conditional mark", i, func(row *page.Entry) { row.Required = "conditional" })
			set(fact, "mark", i, func(row *page.Entry) { row.Required = map[string]string{"yes": "no", "no": "yes"}[row.Required] })
		}
		if i > 0 && rows[i-1].Text != row.Text && row.Text != "" {
			add(sentence, "descriptions exchanged", row.Name, func(rows []page.Entry) []page.Entry {
				rows[i-1].Text, rows[i].Text = rows[i].Text, rows[i-1].Text
				return rows
			})
		}
		for kind, changed := range map[string]string{
			"number":   bigNumber.ReplaceAllString(row.Text, "${1}7"),
			"value":    capitals.ReplaceAllString(row.Text, "FROZEN"),
			"new list": slashList.ReplaceAllString(row.Text, "$0/year"),
		} {
			if changed != row.Text {
				set(fact, kind+" in a description", i, func(row *page.Entry) { row.Text = changed })
			}
		}
		c.prose(place+" description", site+" "+row.Name, row.Text, func(r *page.Record) *string { return &(*get(r))[i].Text })
	}
}

var (
	bigNumber = regexp.MustCompile(`\b([1-9]\d{1,3})\b`)
	capitals  = regexp.MustCompile(`\bLIMITED\b`)
	slashList = regexp.MustCompile(`\b(hour/day|active/join/message)\b`)
	member    = regexp.MustCompile(`"(\w+)"\s*:`)
	number    = regexp.MustCompile(`:\s*(\d+)`)
	comment   = regexp.MustCompile(`\s//\s*\S.*`)
	refusal   = regexp.MustCompile(`"desc": "[^"]+"`)
	refused   = regexp.MustCompile(`"code": 4\d\d`)
)

// example changes a response.
func (c *changes) example(n, i int, site string, e page.Entry) {
	add := func(class, kind string, changed string) {
		if changed != e.Text {
			c.add(class, kind, site, func(r *page.Record) { r.Operations[n].Examples[i].Text = changed })
		}
	}
	once := func(form *regexp.Regexp, with string) string {
		at := form.FindStringIndex(e.Text[strings.IndexByte(e.Text, '{'):])
		if at == nil {
			return e.Text
		}
		from := strings.IndexByte(e.Text, '{')
		return e.Text[:from+at[0]] + form.ReplaceAllString(e.Text[from+at[0]:from+at[1]], with) + e.Text[from+at[1]:]
	}
	c.add(fact, "example dropped", site, func(r *page.Record) {
		op := &r.Operations[n]
		op.Examples = slices.Delete(op.Examples, i, i+1)
	})
	add(fact, "example member renamed", once(member, `"${1}X":`))
	add(fact, "example member added", strings.Replace(e.Text, "{", `{"shard": 1,`, 1))
	add(fact, "example number", once(number, ": 9$1"))
	add(fact, "example kind", once(number, `: "$1"`))
	add(fact, "example header", strings.Replace(e.Text, "application/json", "text/plain", 1))
	add(fact, "example cut off", e.Text[:len(e.Text)*2/3])
	add(fact, "refusal code", once(refused, `"code": 499`))
	add(sentence, "refusal text", once(refusal, `"desc": "something else is wrong"`))
	add(sentence, "comment", once(comment, " // the opposite of it"))
	add(reworded, "comment in other words", once(comment, "$0 (see the guide)"))
	if !strings.Contains(e.Text, " //") {
		add(reworded, "example without indentation", strings.Join(strings.Fields(e.Text), " "))
	}
}

// twists are other meanings of a sentence in almost the same words.
var twists = []struct {
	kind     string
	old, new string
}{
	{"0 and 1 exchanged", "0: ", "1: "}, {"0 and 1 exchanged", "0:否", "1:否"}, {"true and false exchanged", "true: ", "false: "},
	{"true and false exchanged", "true indicates", "false indicates"}, {"default", "default is false", "default is true"},
	{"default", "default is true", "default is false"}, {"default", "hour is the default", "day is the default"}, {"default", "默认true", "默认false"},
	{"default", "默认查询全部", "默认不查询"}, {"permission", "must be administrator or creator", "must be creator"}, {"permission", "only be operated by the creator", "be operated by anyone"},
	{"permission", "operator must be owner", "operator may be anyone"}, {"permission", "必须是创建者或者管理员", "可以是任何成员"}, {"permission", "only the owner and administrator", "everyone"},
	{"unit", "in seconds", "in milliseconds"}, {"unit", "In milliseconds", "In seconds"}, {"unit", "Unit: milliseconds", "Unit: seconds"}, {"unit", "单位秒", "单位毫秒"},
	{"unit", "characters", "bytes"}, {"condition", "If not,", "If so,"}, {"condition", "absent if not", "absent if"}, {"condition", "Only valid for", "Valid for all but"},
	{"condition", "only takes effect for", "takes no effect for"}, {"condition", "若缺失", "若存在"}, {"negation", "will not be", "will be"}, {"negation", "Whether", "Whether not"},
	{"negation", "不合法", "合法"}, {"negation", "不存在", "已存在"}, {"negation", "请求成功", "请求失败"}, {"negation", "禁止", "允许"}, {"order", "reverse chronological", "chronological"},
	{"order", "descending", "ascending"}, {"order", "逆序", "顺序"}, {"scope", "all members", "some members"}, {"scope", "所有", "部分"}, {"duration", "temporarily", "permanently"},
}

// synonyms say the same in other words.
var synonyms = [][2]string{
	{"with up to 128 characters", "no longer than 128 characters"}, {"with up to 4096 characters", "max length 4,096"}, {"with up to 1024", "at most 1024"},
	{"the length of which is limited to", "length must not exceed"}, {"limited to 20 roomids", "20 room ids at most"}, {"with no more than 64", "maximum 64"},
	{"up to 200 entries", "200 items or less"}, {"100 accounts in maximum", "not more than 100 accounts"}, {"in the range of 1~500", "between 1 and 500"},
	{"value must be equal to or less than 100", "maximum is 100"}, {"Length limit is 4096", "At most 4096"}, {"the default is", "default:"}, {"The default is", "Defaults to"},
	{"default is 100", "100 by default"}, {"hour is the default", "default: hour"}, {"Chat room ID", "Identifier of the room"}, {"最多100", "不超过 100"}, {"最长30天", "最大 30 天"},
	{"最长30天", "最长 2,592,000 秒"}, {"默认true", "缺省为 true"}, {"max. 2592000 seconds (30 days)", "up to 2,592,000 seconds"}, {"whether", "if"}, {"Whether", "If"},
	{"hour/day", "hour or day"}, {"active/join/message", "active, join and message"}, {"聊天室", "房间"}, {"account", "user account"}, {"true or false, false: close chat room; true: open chat room", "true: open, false: close"},
	{"默认值和最大值都为 200", "最大 200,默认 200"}, {"greater than 0", "a positive integer"}, {"30 days in maximum", "at most 2592000 s"}, {"Queries", "Gets"}, {"Mutes", "Silences"},
}

// prose changes what a text says, and how it says it.
func (c *changes) prose(kind, site, text string, at func(*page.Record) *string) {
	set := func(class, kind, changed string) {
		c.add(class, kind, site, func(r *page.Record) { *at(r) = changed })
	}
	for _, twist := range twists {
		if strings.Contains(text, twist.old) {
			set(sentence, twist.kind, strings.Replace(text, twist.old, twist.new, 1))
		}
	}
	for _, s := range synonyms {
		if strings.Contains(text, s[0]) {
			set(reworded, kind+" in other words", strings.Replace(text, s[0], s[1], 1))
		}
	}
	if len([]rune(text)) > 12 {
		set(sentence, kind+" replaced", "Nothing of the kind happens here.")
		set(reworded, kind+" with more words", text+" See the guide.")
		set(reworded, kind+" without a stop", strings.TrimRight(text, ".。"))
	}
}

// clone copies a record.
func clone(r *page.Record) *page.Record {
	text, err := json.Marshal(r)
	if err != nil {
		panic(err) // a record holds texts and numbers
	}
	copied := &page.Record{}
	if err := json.Unmarshal(text, copied); err != nil {
		panic(err)
	}
	return copied
}
