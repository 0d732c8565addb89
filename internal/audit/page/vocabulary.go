package page

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// role is the content of a column of a table.
type role int

const (
	roleUnknown role = iota
	roleIndex
	roleName
	roleCode
	roleType
	roleRequired
	roleOptional
	roleText
	roleOther
)

// headerWords are the headers of columns, in lower case, with bars between.
var headerWords = func() map[string]role {
	words := map[string]role{}
	for r, list := range map[role]string{
		roleName: "parameter name|parameters|parameter|params|param|field name|fields|field|name|key|" +
			"property|attribute|argument|参数名称|参数名|参数|字段名称|字段名|字段|名称|属性|变量名",
		roleType: "parameter type|data type|types|type|参数类型|数据类型|字段类型|类型",
		roleRequired: "is required|required or not|m/o|required/optional|required?|required|mandatory|necessary|" +
			"是否必须|是否必需|是否必填|是否必选|是否必传|必须|必需|必填|必选|必传",
		roleOptional: "optional|是否可选|可选",
		roleText: "description|descriptions|meaning|remarks|remark|notes|note|details|explanation|" +
			"comment|comments|参数说明|字段说明|参数描述|字段描述|说明|描述|备注|含义|释义|解释",
		roleCode:  "status codes|status code|error code|return code|code|状态码|错误码|返回码|响应码",
		roleIndex: "no.|no|#|index|序号|编号",
		roleOther: "default value|default|默认值|默认|max length|length|limit|range|最大长度|长度|取值范围|example value|" +
			"example|示例值|示例|suggested action|suggestion|solution|处理建议|解决方案|建议",
	} {
		for word := range strings.SplitSeq(list, "|") {
			words[word] = r
		}
	}
	return words
}()

// headerRole returns the role of a column with a header.
func headerRole(cell string) role {
	return headerWords[strings.Trim(strings.ToLower(words(Fold(cell))), "*`_:| ")]
}

// headersOf matches a header of a column with one of the roles, of any role without one: the
// longest header where one begins another.
func headersOf(roles ...role) string {
	var list []string
	for _, word := range slices.Backward(slices.Sorted(maps.Keys(headerWords))) {
		if len(roles) == 0 || slices.Contains(roles, headerWords[word]) {
			list = append(list, regexp.QuoteMeta(word))
		}
	}
	return `(?i:[ \t|]*(?:` + strings.Join(list, "|") + `))`
}

var (
	anyHeader = regexp.MustCompile(headersOf())
	// gluedHeaders is a line of nothing but headers: names of fields or codes are first, perhaps behind numbers.
	gluedHeaders = regexp.MustCompile(`^(` + headersOf(roleIndex) + `?)(` + headersOf(roleName, roleCode) + `)(` + headersOf() + `+)[ \t|]*$`)
)

// readHeader reads a line that consists only of column headers, or nil.
func readHeader(line string) []column {
	names := strings.Split(strings.TrimSpace(line), "\t")
	if m := gluedHeaders.FindStringSubmatch(Fold(line)); len(names) == 1 && m != nil {
		names = slices.Concat(anyHeader.FindAllString(m[1], 1), m[2:3], anyHeader.FindAllString(m[3], -1))
	}
	var columns []column
	for _, name := range names {
		columns = append(columns, column{headerRole(name), words(name)})
	}
	first := columns[0].role
	if first >= roleIndex && first <= roleCode && slices.ContainsFunc(columns[1:], func(c column) bool { return c.role > roleIndex }) {
		return columns
	}
	return nil
}

// typeWords are the names of types, as pages write them, longer ones first where one begins another.
var typeWords = regexp.MustCompile(`(?i)^(?:(?:list|array|set|collection|map)\s?<[^<>\n]{1,40}(?:<[^<>\n]{1,40}>)?[^<>\n]{0,40}>` +
	`|json\s?(?:array|object|string)|(?:u?int(?:8|16|32|64)|integer|uint|int|float(?:32|64)?|double|bigdecimal|biginteger|decimal|number|short|long|byte` +
	`|boolean|bool|character|char|string|text|timestamp|datetime|date|enum|file|object|json|collection|array|list|map)(?:\[\])?)`)

// Words and signs of a column of required marks, longer ones first where one begins another.
const (
	yesWords  = `required|mandatory|yes|必须|必需|必填|必选|必传|是|[√✓✔✅☑●]`
	noWords   = `not required|optional|no|非必[须需填选传]|不必[须填]?|不需要|可选|选填|否|[×✗✘❌☐○]`
	sometimes = `conditionally required|conditional|depends|条件必[须需填选传]|视情况`
)

var (
	// markCell is a mark that begins a cell or is all of it: conditional, no or yes.
	markCell = regexp.MustCompile(`(?i)^(?:(?:(` + sometimes + `)|(` + noWords + `|false)|(` + yesWords + `|true))(?:$|[ ,;(:])` +
		`|(?:(c)|(n|o|0|\[ \])|(y|m|1|\*|\[x\]))$)`)
	// markStart is a mark before a description. Letters and truth values begin words as
	// well: after them a gap must follow.
	markStart = regexp.MustCompile(`(?i)^(?:(` + sometimes + `|` + noWords + `|` + yesWords + `)|(y|n|true|false)(?: |$))`)
	// noMarkStart begins like a mark and is a description.
	noMarkStart = regexp.MustCompile(`(?i)^(?:no(?:tes?|tices?|tify|tifications?|rmal|rmally|t|thing|w|de|n|ne|un|vel|rth|minal)\b|(?:required|optional)(?:ly|[,;:.])|(?:y|n|true|false) +or |是否|否则|必须[是为在])`)
)

// markOf reads a cell of a column of required marks: yes, no, conditional, or "" for none.
// The rest is what the cell says besides, such as a condition.
func markOf(cell string) (mark, rest string) {
	cell = strings.Trim(words(Fold(cell)), "`_. 。\uFE0F")
	for i, found := range markCell.FindStringSubmatch(cell) {
		if i > 0 && found != "" {
			return []string{"conditional", "no", "yes"}[(i-1)%3], strings.TrimLeft(cell[len(found):], " ,;:")
		}
	}
	return "", ""
}

// section is the kind of section under a heading.
type section int

const (
	sectionNone section = iota
	sectionOther
	sectionRequest
	sectionResponse
	sectionCodes
)

// sectionWords find a section in a heading; the first that matches counts.
var sectionWords = []struct {
	section section
	words   *regexp.Regexp
}{
	{sectionCodes, regexp.MustCompile(`(?i)^(valid |return(ed)? |response |possible |error )*(status |error |return |response )?codes?$|^(业务|返回|响应|相关|有效)*(状态码|错误码|返回码|响应码)(说明|列表)?$`)},
	{sectionOther, regexp.MustCompile(`(?i)^curl|^(request |sample |example )+(curl|request)?$|^(request|call) (example|sample)s?$|^(请求|调用)示例|` +
		`(fail\w*|error|refus\w*|unsuccess\w*)\b.*(response|example|sample|answer)|(response|example|sample|answer).*(fail|error|refus)|(失败|错误|异常).*(示例|返回|响应|样例)|(示例|返回|响应).*(失败|错误|异常)`)},
	{sectionResponse, regexp.MustCompile(`(?i)^(example |sample |success\w* |a )*(response|answer|return|returned|result|output)s?( (parameter|field|body|example|sample|value|data|content|description)s?)*$|^(请求)?(成功)?(返回|响应|应答|输出)(参数|结果|字段|说明|示例|值|内容|数据|体|成功|样例)*$`)},
	{sectionRequest, regexp.MustCompile(`(?i)^(request |input |form |body |query |call )*(parameter|param|field|argument|body|form|input)s?( (parameter|description|field)s?)*$|^(请求|输入|表单|接口)?(参数|字段|体|入参)(说明|列表|描述)?$`)},
	{sectionOther, regexp.MustCompile(`(?i)^(request |api |the )*(url|uri|endpoint|address|path|request line)s?$|^request$|^(请求|接口|调用)?(url|uri|地址|路径)(地址)?$|` +
		`^(feature |function |functional |api )?(description|overview|introduction|summary|about|usage notes?|precautions?|notes?|prerequisites?)$|^(功能|接口)?(描述|介绍|简介|概述|说明)$|^(注意事项|使用限制|前提条件|使用说明)$|` +
		`^(code )?(example|sample)s?$|^(代码)?示例(代码)?$|^样例$`)},
}

// sectionOf returns the section that a heading opens. It is sectionNone for an operation's
// name and for anything else.
func sectionOf(text string) section {
	if len(text) > 120 {
		return sectionNone
	}
	text = headingNumber.ReplaceAllString(strings.TrimLeft(strings.TrimRight(words(Fold(text)), ":. "), "#*•- "), "")
	for _, s := range sectionWords {
		if s.words.MatchString(text) {
			return s.section
		}
	}
	return sectionNone
}

var headingNumber = regexp.MustCompile(`^\d+(\.\d+)*[.、)]?\s+`)
