package page

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestUnreadablePages(t *testing.T) {
	tests := map[string][]byte{
		"it is empty":             []byte(" \n"),
		"it is not text":          {0xff, 0xff, 'a'},
		"not text in UTF-8":       []byte("a\x00b"),
		"at most":                 bytes.Repeat([]byte("a"), MaxSize+1),
		"no operation found":      []byte("Dear reader, there is nothing here.\n"),
		"page.txt: unreadable pa": []byte("{}"),
	}
	for says, data := range tests {
		_, err := Read("page.txt", data, unknown)
		require.ErrorIs(t, err, ErrUnreadable)
		assert.ErrorContains(t, err, says)
	}
}

// TestCut cuts rows whose cells run together.
func TestCut(t *testing.T) {
	known := func(name string) bool { return name == "roomid" || name == "level" || name == "muted" }
	const required, plain = "ParameterTypeRequiredDescription", "ParameterTypeDescription"
	tests := []struct {
		header string
		line   string
		want   string // cells with bars between; empty for no row
	}{
		{required, "roomidlongYesChat room ID", "roomid|long|Yes|Chat room ID"},
		{required, "roomid longYes Chat room ID", "roomid|long|Yes|Chat room ID"},
		{required, "needNotifyStringNotrue or false", "needNotify|String|No|true or false"},
		{required, "notifyExtStringNoNotification extension", "notifyExt|String|No|Notification extension"},
		{required, "targetStringYesaccount of it", "target|String|Yes|account of it"},
		{required, "highPriorityBooleanNoOptional, true", "highPriority|Boolean|No|Optional, true"},
		{required, "printKeyintNoA key", "printKey|int|No|A key"},
		{required, "longitudedoubleYesWhere", "longitude|double|Yes|Where"},
		{required, "hintStringNoA hint", "hint|String|No|A hint"},
		{required, "idsList<String>YesIds", "ids|List<String>|Yes|Ids"},
		{required, "sizeuint64NoSize", "size|uint64|No|Size"},
		{required, "zoneStringRequiredA zone", "zone|String|Required|A zone"},
		{required, "zoneStringRequiredin which zone", "zone|String|Required|in which zone"},
		{required, "zoneStringNoOptionally a zone", "zone|String|No|Optionally a zone"},
		{required, "\tzoneStringNoA zone", "zone|String|No|A zone"},
		{required, "\tzone\tString\tNo\tA zone", "zone|String|No|A zone"},
		{required, "roomid\tlong\tYes\tChat room ID", "roomid|long|Yes|Chat room ID"},
		{required, "roomidUuidYesChat room", "roomid|Uuid|Yes|Chat room"},
		{required, "placeUuidYesA place", "placeUuid||Yes|A place"},
		{required, "roomid Long聊天室ID", "roomid|Long||聊天室ID"},
		{required, "roomid Long是聊天室ID", "roomid|Long|是|聊天室ID"},
		{required, "reverse Integer 是否反向，0：否", "reverse|Integer||是否反向,0:否"},
		{required, "reverse Integer 否是否反向，0：否", "reverse|Integer|否|是否反向,0:否"},
		{required, "operator string必须是管理员", "operator|string||必须是管理员"},
		{required, "needNotify booleantrue/false，是否通知", "needNotify|boolean||true/false,是否通知"},
		{required, "1: Set as administrator", ""},
		{required, "true or false, the default is false.", ""},
		{required, "Printing is not allowed", ""},
		{required, "The string must be short", ""},
		{required, "Note: integer values only", ""},
		{required, `{"type":1,"data":"custom content"}`, ""},
		{plain, "levelintmember level", "level|int|member level"},
		{plain, "accidStringuser accid", "accid|String|user accid"},
		{plain, "avatorStringprofile picture", "avator|String|profile picture"},
		{plain, "X_ref Long编号", "X_ref|Long|编号"},
		{plain, "dataObject", "data|Object|"},
		{plain, "UNSET (not set),", ""},
		{plain, "owner (creator),", ""},
		{"状态码说明处理建议", "414 参数错误 检查参数", "414|参数错误 检查参数|"},
		{"No.NameRequiredNotes", "2 roomid Yes room", "|roomid|Yes|room"},
		{"CodeMeaning", "other words", ""},
	}
	for _, tt := range tests {
		assert.Equal(t, tt.want, strings.Join(cutter{readHeader(tt.header), known}.cut(tt.line), "|"), tt.line)
	}
}

// TestRowsWithoutHeader: a table is one also where its header was not copied, and a
// single line that reads as a row is prose.
func TestRowsWithoutHeader(t *testing.T) {
	known := func(name string) bool { return name == "roomid" || name == "level" }
	text := "Rooms\n\nPOST /room/get.action\n\nResponse\n\nroomidlongChat room\nlevelintMember level,\nif any\n\nStatus codes\n\nlevelintAlone.\n"
	p, err := Read("page.txt", []byte(text), known)
	require.NoError(t, err)
	rows := []Entry{{7, "roomid", "long", "", "", "Chat room"}, {8, "level", "int", "", "", "Member level,\nif any"}}
	assert.Equal(t, rows, p.Operations[0].Response)
	assert.Equal(t, []Entry{{Line: 5, Text: "Response"}, {Line: 11, Text: "Status codes"}, {Line: 13, Text: "levelintAlone."}}, p.Operations[0].Notes)
}

func TestHeaders(t *testing.T) {
	for line, want := range map[string][]role{
		"ParameterTypeRequiredDescription": {roleName, roleType, roleRequired, roleText}, "参数类型必须说明": {roleName, roleType, roleRequired, roleText},
		"参数名 参数类型 是否必填 描述": {roleName, roleType, roleRequired, roleText}, "Field\tType\tMeaning": {roleName, roleType, roleText},
		"状态码 说明 处理建议": {roleCode, roleText, roleOther}, "Name\tType\tM/O\tSince version\tDescription": {roleName, roleType, roleRequired, roleUnknown, roleText},
		"Name\tLena": nil, "name\tString\tNo\tName of the room": nil, "Parameters": nil, "参数": nil, "Type of members": nil, "Description": nil, "Name and type": nil, strings.Repeat("类型", 200): nil,
	} {
		var roles []role
		for _, c := range readHeader(line) {
			roles = append(roles, c.role)
		}
		assert.Equal(t, want, roles, line)
	}
}

func TestSections(t *testing.T) {
	for text, want := range map[string]section{
		"Request URL": sectionOther, "URL": sectionOther, "请求URL": sectionOther, "Parameters": sectionRequest, "Request parameters": sectionRequest,
		"请求参数": sectionRequest, "Response": sectionResponse, "Response parameters": sectionResponse, "Example success response": sectionResponse,
		"请求成功返回示例": sectionResponse, "返回参数": sectionResponse, "请求失败返回示例": sectionOther, "Failed response": sectionOther, "Error response example": sectionOther,
		"Valid status codes": sectionCodes, "#### Valid status codes": sectionCodes, "状态码": sectionCodes, "curl request example": sectionOther,
		"cURL请求示例": sectionOther, "功能描述": sectionOther, "Description": sectionOther, "示例": sectionOther, "2.1 Request body": sectionRequest,
		"Creating a chat room": sectionNone, "Requesting the URL address of a chat room": sectionNone, "根据标签查询历史消息": sectionNone, "查询参数设置": sectionNone,
	} {
		assert.Equal(t, want, sectionOf(text), text)
	}
}

func TestReadExample(t *testing.T) {
	e := ReadExample(Entry{Line: 10, Text: "\"Content-Type\": \"application/json\"\n{\n  \"a\": [1, {\"b\": \"//x\"}], // c\n  \"d\": \"http://x\",\n  \"e\": null\n}"})
	assert.Empty(t, e.Fault)
	assert.Equal(t, "Content-Type: application/json", e.Header)
	assert.Equal(t, []Entry{
		{12, "a", "array", "", "", "c"}, {12, "a[0]", "number", "", "1", "c"}, {12, "a[1]", "object", "", "", "c"}, {12, "a[1].b", "string", "", "//x", "c"},
		{13, "d", "string", "", "http://x", ""}, {14, "e", "null", "", "", ""},
	}, e.Values)
	for _, broken := range []string{"{", "{\"a\": }", "{\"a\": 1} x", "nothing", strings.Repeat("[", 100), strings.Repeat(`{"a":`, 100)} {
		assert.NotEmpty(t, ReadExample(Entry{Text: broken}).Fault, broken)
	}
}

func TestReadCurl(t *testing.T) {
	c := ReadCurl(`curl -X POST \
  -H "AppKey: k" --header 'Nonce: 1' --data-raw 'a=1&b=["x y"]' -d c=2 "https://h/p.action"`)
	assert.Equal(t, Curl{Method: "POST", URL: "https://h/p.action", Headers: []string{"AppKey: k", "Nonce: 1"}, Body: `a=1&b=["x y"]&c=2`}, c)
	assert.Equal(t, "it", ReadCurl("curl -d 'it").Body)
}

// TestHTMLTables reads tables in the shapes that pages have.
func TestHTMLTables(t *testing.T) {
	p, err := Read("x", []byte(`<!DOCTYPE html><html><head><title>T</title></head><body>
<h1>Rooms</h1><p>Last updated on 2026-01-02</p>
<h2><a id="a"></a>Make a room</h2>
<p><b>POST</b> https://h/nimserver/x/make.action HTTP/1.1</p>
<table><tbody>
<tr><td>Required</td><td>Type</td><td>Name</td><td>Meaning</td><td>Default</td></tr>
<tr><td>是</td><td>Long</td><td><code>roomid</code></td><td>Chat &amp; room<ul><li>up to<br>５</li></ul></td><td>-</td></tr>
<tr>
<td>N</td><td>List&lt;String&gt;</td><td><strong>ids</strong> *</td><td>Ids<table><tr><td>in</td></tr></table></td><td>7</td>
</tr>
</table>
<pre>
{"code": 200}
</pre>
<h3>Status codes</h3><ul><li>200 fine</li><li>414: not</li></ul>
<table><tr><td>unclosed`), unknown)
	require.NoError(t, err)
	assert.Equal(t, "Rooms", p.Title)
	assert.Equal(t, "2026-01-02", p.Date)
	require.Len(t, p.Operations, 1)
	op := p.Operations[0]
	assert.Equal(t, []any{3, "Make a room"}, []any{op.Line, op.Heading})
	assert.Equal(t, "https://h/nimserver/x/make.action", op.URL)
	assert.Equal(t, []Entry{
		{Line: 7, Name: "roomid", Type: "Long", Required: "yes", Text: "Chat & room\nup to\n５"},
		{Line: 9, Name: "ids", Type: "List<String>", Required: "no", Text: "Ids\nin\nDefault: 7"},
	}, op.Form)
	require.Len(t, op.Examples, 1)
	assert.Equal(t, 13, op.Examples[0].Line)
	assert.Equal(t, []Entry{{Line: 15, Name: "200", Text: "fine"}, {Line: 15, Name: "414", Text: "not"}}, op.Codes)
}

// TestShortRows: a row may lack the cells of a column, even of the one that numbers the rows.
func TestShortRows(t *testing.T) {
	p, err := Read("x.html", []byte("<h2>A</h2><p>POST /a.action</p><table><tr><th>Code<th>Meaning<th>No.</tr><tr><td>200<td>fine</tr></table>"), unknown)
	require.NoError(t, err)
	assert.Equal(t, []Entry{{Line: 1, Name: "200", Text: "fine"}}, p.Operations[0].Codes)
}

// TestOtherColumns: a record has the text of a column without a role behind the header, as the page prints it.
func TestOtherColumns(t *testing.T) {
	p, err := Read("x.txt", []byte("T\n\nPOST /a.action\n\nNameTypeDefaultDescription\nsize\tint\t5\tA size\n"), unknown)
	require.NoError(t, err)
	assert.Equal(t, []Entry{{Line: 6, Name: "size", Type: "int", Text: "A size\nDefault: 5"}}, p.Operations[0].Form)
}

// TestStarsInPlaceOfMarks: a star at the name is a mark if the column of marks is empty.
func TestStarsInPlaceOfMarks(t *testing.T) {
	p, err := Read("x.md", []byte("# A\n\nPOST /a.action\n\n| Name | Type | Required |\n|---|---|---|\n| \\*id | long | |\n| name | string | |\n"), unknown)
	require.NoError(t, err)
	assert.Equal(t, []Entry{{Line: 7, Name: "id", Type: "long", Required: "yes"}, {Line: 8, Name: "name", Type: "string", Required: "no"}}, p.Operations[0].Form)
}

// TestMarkdownTables reads GitHub's tables, links and code.
func TestMarkdownTables(t *testing.T) {
	p, err := Read("x.md", []byte("# 房间\n\n更新时间：2026/1/2\n\n## 创建\n\n```http\nPOST https://h/nimserver/x/make.action\nContent-Type:application/json\n```\n\n"+
		"参数 | 类型 | 必填 | 说明\n---|:-:|---|---\n`room_id` | [Long](x) | **否** | a \\| b<br>`c\\d`\n**n** | int | √ |\n\n"+
		"    curl -X POST -d 'n=1' 'https://h/nimserver/x/make.action'\n\n<table><tr><th>状态码</th><th>说明</th></tr>\n<tr><td>200</td><td>好</td></tr></table>\n"), unknown)
	require.NoError(t, err)
	assert.Equal(t, []string{"zh", "房间", "2026-01-02"}, []string{p.Language, p.Title, p.Date})
	require.Len(t, p.Operations, 1)
	op := p.Operations[0]
	assert.Equal(t, "POST", op.Method)
	assert.Equal(t, "application/json", op.ContentType)
	assert.Equal(t, []Entry{
		{Line: 14, Name: "room_id", Type: "Long", Required: "no", Text: "a | b\nc\\d"},
		{Line: 15, Name: "n", Type: "int", Required: "yes"},
	}, op.Form)
	assert.Equal(t, "n=1", ReadCurl(op.Curl[0].Text).Body)
	assert.Equal(t, []Entry{{Line: 20, Name: "200", Text: "好"}}, op.Codes)
}

// TestRequestLines finds the operation however its URL is written.
func TestRequestLines(t *testing.T) {
	const url = "https://h/nimserver/x/make.action"
	for file, text := range map[string]string{
		"label.html":  "<h2>Make</h2><p>Request URL：<code>POST " + url + "</code></p>",
		"bare.html":   "<h2>Make</h2><h3>URL</h3><p>" + url + "</p>",
		"table.md":    "## Make\n\n| Method | URL |\n|---|---|\n| POST | `" + url + "` |\n",
		"rows.html":   "<h2>Make</h2><table><tr><td>URL</td><td>" + url + "</td></tr><tr><td>Method</td><td>POST</td></tr></table>",
		"code.md":     "## Make\n\n```\nPOST " + url + " HTTP/1.1\n```\n",
		"curl.md":     "## Make\n\n```\ncurl -X POST -d 'a=1' '" + url + "'\n```\n",
		"curl.txt":    "T\n\nMake\n\ncurlcurl -X POST -d 'a=1' '" + url + "'\n",
		"browser.txt": "T\n\nMake\n\nRequest URL\n\nhttpPOST " + url + " HTTP/1.1\n",
	} {
		p, err := Read(file, []byte(text), unknown)
		require.NoError(t, err, file)
		require.Len(t, p.Operations, 1, file)
		assert.Equal(t, url, p.Operations[0].URL, file)
		assert.Equal(t, "Make", p.Operations[0].Heading, file)
		assert.Contains(t, []string{"POST", ""}, p.Operations[0].Method, file)
	}
}

// TestViewersOfCode reads code with what viewers add to it: numbers of lines, and buttons.
func TestViewersOfCode(t *testing.T) {
	for name, form := range map[string]string{
		"wrapper with numbers behind":   `<div class="language-json line-numbers-mode"><pre><code>%s</code></pre><div class="line-numbers-wrapper"><span>1</span><br><span>2</span></div></div>`,
		"list with numbers":             `<pre class="prettyprint linenums"><ol class="linenums"><li class="L0">%s</li></ol></pre>`,
		"table with numbers":            `<table><tr><td class="gutter"><pre>1 2</pre></td><td class="code"><pre>%s</pre></td></tr></table>`,
		"table with numbers in a style": `<table><tr><td class="blob-num" data-line-number="1"></td><td class="blob-code">%s</td></tr></table>`,
		"button":                        `<div class="copy-code-area"><pre>%s</pre><div class="copy-btn">Copy code</div></div>`,
	} {
		text := "<h2>Make</h2>" + fmt.Sprintf(form, "POST https://h/nimserver/x/make.action") + fmt.Sprintf(form, "{&#34;code&#34;: 200}")
		p, err := Read("x.html", []byte(text), unknown)
		require.NoError(t, err, name)
		assert.Equal(t, "Make", p.Operations[0].Heading, name)
		require.Len(t, p.Operations[0].Examples, 1, name)
		assert.Equal(t, `{"code": 200}`, p.Operations[0].Examples[0].Text, name)
		assert.Empty(t, p.Operations[0].Notes, name)
	}
}

// TestLayoutTables: an empty column beside the page is none of numbers.
func TestLayoutTables(t *testing.T) {
	p, err := Read("x.html", []byte("<table><tr><td></td><td><h2>Make</h2><p>POST /a.action</p></td></tr><tr><td></td><td><table><tr><th>Name<th>Type</tr><tr><td>id<td>long</tr></table></td></tr></table>"), unknown)
	require.NoError(t, err)
	assert.Equal(t, "Make", p.Operations[0].Heading)
	assert.Equal(t, []Entry{{Line: 1, Name: "id", Type: "long"}}, p.Operations[0].Form)
}

// TestQuotationMarks: a word processor curls those of code.
func TestQuotationMarks(t *testing.T) {
	p, err := Read("x.txt", []byte("T\n\nMake\n\nPOST /a.action\n\njson{“code”: 200}\n\ncurl -d ‘a=1’ https://h/a.action\n"), unknown)
	require.NoError(t, err)
	assert.Equal(t, `{"code": 200}`, p.Operations[0].Examples[0].Text)
	assert.Equal(t, "a=1", ReadCurl(p.Operations[0].Curl[0].Text).Body)
}

// TestLargePages reads pages that repeat one thing, in all formats.
func TestLargePages(t *testing.T) {
	head := "T\n\nMake\n\nPOST /a.action\n\nParameterTypeRequiredDescription\naintYesx\n"
	for _, part := range []string{"a", "a\n", "a ", "1,", "{", "{\n", "[{\"a\":", "•", "||\n", "│ │\n", "+-+\n", "~~", "\n> ", "POST /a.action\n", "aintYes1\n", "<table><tr><td>", "| a ", "> ", "- ", "curl -d '\n", "\"", "参数类型"} {
		for _, file := range []string{"x.txt", "x.html", "x.md"} {
			text := head + strings.Repeat(part, 20_000/len(part))
			_, err := Read(file, []byte(text), func(string) bool { return false })
			if err != nil {
				assert.ErrorIs(t, err, ErrUnreadable)
			}
		}
	}
}

func TestDates(t *testing.T) {
	for text, want := range map[string]string{
		"Update time: 2022/11/25 08:17:29": "2022-11-25", "更新时间：2024/3/5 14:31": "2024-03-05", "更新于 2024年03月15日": "2024-03-15",
		"Last updated on Nov 5, 2022": "2022-11-05", "Updated: 25 November 2022": "2022-11-25", "Last modified: Sept. 5th, 2022": "2022-09-05", "Update time: 2022/11/31": "", "Update soon": "", "Update time: Foo 1, 2022": "",
	} {
		p, err := Read("x.txt", []byte("T\n\n"+text+"\n\nPOST /a.action\n"), unknown)
		require.NoError(t, err)
		assert.Equal(t, want, p.Date, text)
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range []string{"a.txt", "a.html", "a.md", "a"} {
		f.Add(name, "T\n\nUpdate time: 2026/01/02\n\nMake\n\nhttpPOST https://h/nimserver/x/make.action\n\nParameterTypeRequiredDescription\naintYes1: x\nbString是[1]\n\njson\n{\"code\": 200, // x\n \"a\": [1]}\n\n200、403\n")
		f.Add(name, "<h2>x</h2><p><br>POST /a.action</p><table><tr><th>参数<th>类型</tr><tr><td><p></p><p>a</p><td>int</tr><tr><td><td></tr></table>")
		f.Add(name, "<h2>x</h2><pre>POST /a.action</pre><table><tr><th>参数<th>类型</tr><tr><td>a<td>int<table><tr><td>b</table></table>")
		f.Add(name, "<h2>x</h2><p>POST /a.action</p><table><tr><th>Code<th colspan=2>Meaning<th>No.</tr><tr><td rowspan=2>200<td>fine</tr><tr></table>")
		f.Add(name, "# x\n\nPOST /a.action\n\n| 参数 | 类型 |\n|---|---|\n| a | `int` |\n\n```json\n{\"a\": }\n```\n")
		f.Add(name, "curl -X POST 'https://h/a.action' -d 'a=1&b=\\\n")
	}
	f.Fuzz(func(t *testing.T, name, text string) {
		p, err := Read(name, []byte(text), func(n string) bool { return n == "a" })
		if err != nil {
			if !errors.Is(err, ErrUnreadable) {
				t.Fatal(err)
			}
			return
		}
		lines := strings.Count(text, "\n") + strings.Count(text, "\r") + 1
		for _, op := range p.Operations {
			for _, row := range slices.Concat(op.Form, op.Response) {
				if row.Line < 1 || row.Line > lines {
					t.Fatalf("a row in line %d of %d", row.Line, lines)
				}
			}
		}
	})
}

// unknown knows no field of the spec.
func unknown(string) bool { return false }
