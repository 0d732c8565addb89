package page

import (
	"regexp"
	"slices"
	"strings"
)

// role is the content of a column of a table.
type role int

const (
	roleOther role = iota
	roleName
	roleType
	roleRequired
	roleOptional
	roleText
	roleDefault
	roleLimit
	roleExample
	roleCode
	roleAdvice
)

// headerWords are the headers of columns, in lower case.
var headerWords = map[string]role{
	"parameter name": roleName, "parameters": roleName, "parameter": roleName, "params": roleName, "param": roleName,
	"field name": roleName, "fields": roleName, "field": roleName, "name": roleName, "key": roleName,
	"property": roleName, "attribute": roleName, "argument": roleName,
	"参数名称": roleName, "参数名": roleName, "参数": roleName, "字段名称": roleName, "字段名": roleName, "字段": roleName,
	"名称": roleName, "属性": roleName, "变量名": roleName,
	"parameter type": roleType, "data type": roleType, "types": roleType, "type": roleType,
	"参数类型": roleType, "数据类型": roleType, "字段类型": roleType, "类型": roleType,
	"is required": roleRequired, "required or not": roleRequired, "required/optional": roleRequired, "required?": roleRequired,
	"required": roleRequired, "mandatory": roleRequired, "necessary": roleRequired,
	"是否必须": roleRequired, "是否必需": roleRequired, "是否必填": roleRequired, "是否必选": roleRequired, "是否必传": roleRequired,
	"必须": roleRequired, "必需": roleRequired, "必填": roleRequired, "必选": roleRequired, "必传": roleRequired,
	"optional": roleOptional, "是否可选": roleOptional, "可选": roleOptional,
	"description": roleText, "descriptions": roleText, "meaning": roleText, "remarks": roleText, "remark": roleText,
	"notes": roleText, "note": roleText, "details": roleText, "explanation": roleText, "comment": roleText, "comments": roleText,
	"参数说明": roleText, "字段说明": roleText, "参数描述": roleText, "字段描述": roleText, "说明": roleText, "描述": roleText,
	"备注": roleText, "含义": roleText, "释义": roleText, "解释": roleText,
	"default value": roleDefault, "default": roleDefault, "默认值": roleDefault, "默认": roleDefault, "缺省值": roleDefault,
	"max length": roleLimit, "maximum length": roleLimit, "length": roleLimit, "limit": roleLimit, "limits": roleLimit,
	"range": roleLimit, "value range": roleLimit, "constraint": roleLimit, "constraints": roleLimit,
	"最大长度": roleLimit, "长度限制": roleLimit, "长度": roleLimit, "取值范围": roleLimit, "范围": roleLimit, "限制": roleLimit, "约束": roleLimit,
	"example value": roleExample, "example": roleExample, "sample": roleExample, "示例值": roleExample, "示例": roleExample, "样例": roleExample,
	"status codes": roleCode, "status code": roleCode, "error code": roleCode, "return code": roleCode, "code": roleCode,
	"状态码": roleCode, "错误码": roleCode, "返回码": roleCode, "响应码": roleCode,
	"suggested action": roleAdvice, "suggestion": roleAdvice, "solution": roleAdvice, "action": roleAdvice, "advice": roleAdvice,
	"处理建议": roleAdvice, "解决方案": roleAdvice, "建议": roleAdvice, "处理方式": roleAdvice,
}

// headerRole returns the role of a column with a header.
func headerRole(cell string) role {
	cell = strings.ToLower(words(fold(cell)))
	cell = strings.Trim(cell, "*`_: ")
	return headerWords[cell]
}

// longestFirst are the header words, so that the first match is the longest.
var longestFirst = func() []string {
	list := make([]string, 0, len(headerWords))
	for word := range headerWords {
		list = append(list, word)
	}
	slices.SortFunc(list, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	return list
}()

// cutHeader cuts a line that consists only of column headers.
func cutHeader(line string) []role {
	line = strings.ToLower(fold(line))
	if len(line) > 200 {
		return nil
	}
	return segment(line, nil)
}

// segment finds the way to cut a header in which the first column names fields or
// codes and no two columns are the same.
func segment(rest string, roles []role) []role {
	rest = strings.TrimLeft(rest, " \t|")
	if rest == "" {
		if len(roles) < 2 {
			return nil
		}
		return roles
	}
	for _, word := range longestFirst {
		after, ok := strings.CutPrefix(rest, word)
		r := headerWords[word]
		if !ok || slices.Contains(roles, r) || len(roles) == 0 && r != roleName && r != roleCode {
			continue
		}
		if found := segment(after, append(slices.Clone(roles), r)); found != nil {
			return found
		}
	}
	return nil
}

// typeWords are the names of types, as pages write them.
var typeWords = regexp.MustCompile(`^(?:(?:[Ll]ist|[Aa]rray|[Ss]et|[Cc]ollection|[Mm]ap)\s?<[^<>\n]{1,40}(?:<[^<>\n]{1,40}>)?[^<>\n]{0,40}>` +
	`|(?:JSON|Json|json)\s?(?:[Aa]rray|[Oo]bject|[Ss]tring)` +
	`|(?:[Uu]?[Ii]nt(?:8|16|32|64)|UINT(?:8|16|32|64)?|INT(?:8|16|32|64)?|[Ff]loat(?:32|64)|BigDecimal|BigInteger` +
	`|[Ii]nteger|INTEGER|[Bb]oolean|BOOLEAN|[Cc]haracter|[Tt]imestamp|[Cc]ollection|[Dd]ouble|[Nn]umber|[Oo]bject|[Ss]tring|STRING` +
	`|[Dd]ecimal|[Aa]rray|[Ff]loat|[Ss]hort|[Ii]nt|[Ll]ong|LONG|[Bb]ool|BOOL|[Bb]yte|[Cc]har|[Dd]ate[Tt]ime|[Dd]ate|[Ee]num|[Ff]ile|[Ll]ist|[Mm]ap|JSON|[Tt]ext)` +
	`(?:\[\])?)`)

// marks are the words of a column of required marks, longest first where one
// begins another.
var marks = []struct {
	word string
	mark Mark
}{
	{"conditionally required", MarkNo}, {"not required", MarkNo}, {"required", MarkYes}, {"mandatory", MarkYes}, {"optional", MarkNo},
	{"yes", MarkYes}, {"no", MarkNo}, {"true", MarkYes}, {"false", MarkNo}, {"y", MarkYes}, {"n", MarkNo},
	{"非必须", MarkNo}, {"非必需", MarkNo}, {"非必填", MarkNo}, {"非必选", MarkNo}, {"非必传", MarkNo},
	{"不必须", MarkNo}, {"不必填", MarkNo}, {"不必", MarkNo}, {"不需要", MarkNo}, {"可选", MarkNo}, {"选填", MarkNo},
	{"必须", MarkYes}, {"必需", MarkYes}, {"必填", MarkYes}, {"必选", MarkYes}, {"必传", MarkYes},
	{"是", MarkYes}, {"否", MarkNo}, {"√", MarkYes}, {"✓", MarkYes}, {"✔", MarkYes}, {"×", MarkNo}, {"✗", MarkNo}, {"✘", MarkNo},
}

// markOf reads a cell of a column of required marks.
func markOf(cell string) Mark {
	cell = strings.ToLower(strings.Trim(words(fold(cell)), "*`_. 。"))
	for _, m := range marks {
		if cell == m.word {
			return m.mark
		}
	}
	return MarkNone
}

// section is the kind of section under a heading.
type section int

const (
	sectionNone section = iota
	sectionURL
	sectionAbout
	sectionRequest
	sectionCurl
	sectionResponse
	sectionError
	sectionExample
	sectionCodes
)

// sectionWords find a section in a heading; the first that matches counts.
var sectionWords = []struct {
	section section
	words   *regexp.Regexp
}{
	{sectionCodes, regexp.MustCompile(`(?i)^(valid |return(ed)? |response |possible |error )*(status |error |return |response )?codes?$|^(业务|返回|响应|相关|有效)*(状态码|错误码|返回码|响应码)(说明|列表)?$`)},
	{sectionCurl, regexp.MustCompile(`(?i)^curl\b|^(request |sample |example )+(curl|request)?$|^(request|call) (example|sample)s?$|^curl|^请求示例|^调用示例`)},
	{sectionError, regexp.MustCompile(`(?i)(fail\w*|error|refus\w*|unsuccess\w*)\b.*(response|example|sample|answer)|(response|example|sample|answer).*(fail|error|refus)|(失败|错误|异常).*(示例|返回|响应|样例)|(示例|返回|响应).*(失败|错误|异常)`)},
	{sectionResponse, regexp.MustCompile(`(?i)^(example |sample |success\w* |a )*(response|answer|return|returned|result|output)s?( (parameter|field|body|example|sample|value|data|content|description)s?)*$|^(请求)?(成功)?(返回|响应|应答|输出)(参数|结果|字段|说明|示例|值|内容|数据|体|成功|样例)*$`)},
	{sectionRequest, regexp.MustCompile(`(?i)^(request |input |form |body |query |call )*(parameter|param|field|argument|body|form|input)s?( (parameter|description|field)s?)*$|^(请求|输入|表单|接口)?(参数|字段|体|入参)(说明|列表|描述)?$`)},
	{sectionURL, regexp.MustCompile(`(?i)^(request |api |the )*(url|uri|endpoint|address|path|request line)s?$|^(请求|接口|调用)?(url|uri|地址|路径)(地址)?$|^request$`)},
	{sectionAbout, regexp.MustCompile(`(?i)^(feature |function |functional |api )?(description|overview|introduction|summary|about|usage notes?|precautions?|notes?|prerequisites?)$|^(功能|接口)?(描述|介绍|简介|概述|说明)$|^(注意事项|使用限制|前提条件|使用说明)$`)},
	{sectionExample, regexp.MustCompile(`(?i)^(code )?(example|sample)s?$|^示例(代码)?$|^代码示例$|^样例$`)},
}

// sectionOf returns the section that a heading opens. It is sectionNone for an operation's
// name and for anything else.
func sectionOf(text string) section {
	if len(text) > 120 {
		return sectionNone
	}
	text = strings.TrimSpace(strings.TrimRight(words(fold(text)), ":. "))
	text = strings.TrimLeft(text, "#*•- ")
	text = headingNumber.ReplaceAllString(text, "")
	for _, s := range sectionWords {
		if s.words.MatchString(text) {
			return s.section
		}
	}
	return sectionNone
}

var headingNumber = regexp.MustCompile(`^\d+(\.\d+)*[.、)]?\s+`)
