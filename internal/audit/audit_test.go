package audit_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/internal/audit"
	"github.com/nimroom/nimroom/internal/audit/page"
)

const (
	chatroom = "en-chatroom-2022-11-25"
	members  = "en-members-2022-12-13"
	tags     = "zh-tags-2024-03-15"
)

// lines are the findings of a report without the notes, one a line.
func lines(r *audit.Report) []string {
	list := []string{}
	for _, f := range r.Findings {
		if f.Status != audit.Note {
			line := fmt.Sprintf("%s %s %s %s %s: %s | %s%s", f.Status, f.Operation, f.Place, f.Field, f.Aspect, f.Page, f.Record, f.Spec)
			list = append(list, strings.Join(strings.Fields(line), " "))
		}
	}
	return list
}

// small is a page that is not on record. Its facts are those of the spec.
const small = `# Manage

## Get

POST https://api.netease.im/nimserver/chatroom/get.action HTTP/1.1

| Parameter | Type | Required | Description |
|---|---|---|---|
| roomid | long | Yes | Chat room |
| needOnlineUserCount | boolean | No | default false |

Status codes: 200, 403, 404, 414, 416, 431, 500
`

// TestPagesThatAreNotOnRecord compares them with the spec, in every form that people have.
func TestPagesThatAreNotOnRecord(t *testing.T) {
	ref := reference(t)
	for old, tt := range map[string]struct {
		new  string
		want []string
	}{
		"Chat room":           {"Chat room", []string{}},
		"| Yes |":             {"| No |", []string{"changed getChatroom form roomid required: no | yes"}},
		"| long |":            {"| String |", []string{}}, // a form is text
		"| boolean |":         {"| int |", []string{"changed getChatroom form needOnlineUserCount type: int | boolean"}},
		"| roomid |":          {"| room |", []string{"new getChatroom form room field: room |", "gone getChatroom form roomid field: | roomid"}},
		", 431":               {", 432", []string{"new getChatroom codes 432 code: 432 |", "gone getChatroom codes 431 code: | 431"}},
		"| roomid | long | Y": {"| roomid | long | Yes | a |\n| roomid | long | Y", []string{"new getChatroom form roomid (2) field: roomid |"}},
		"POST https://api":    {"GET https://old.api", []string{"changed getChatroom operation method: GET | POST", "changed getChatroom operation server: https://old.api.netease.im/nimserver | https://api.netease.im/nimserver"}},
		"get.action":          {"getLater.action", []string{"new /chatroom/getLater.action operation operation: /chatroom/getLater.action |"}},
		small[strings.Index(small, "| roomid"):strings.Index(small, "\nStatus")]:    {"", []string{"gone getChatroom form table: | a table of parameters"}},
		small[strings.Index(small, "| Parameter"):strings.Index(small, "\nStatus")]: {"", []string{"gone getChatroom form table: | a table of parameters"}},
		"\nStatus": {"\n```\ncurl -X POST -d 'room=1' 'https://api.netease.im/nimserver/chatroom/get.action'\n```\n\n```json\n{\"code\": 200, \"chatroom\": {\"roomid\": true, \"size\": 1}}\n{\"code\": 499}\n```\nStatus", []string{
			"new getChatroom cURL room value: 1 |", "changed getChatroom example chatroom.roomid kind: boolean | number",
			"new getChatroom example chatroom.size field: chatroom.size |", "new getChatroom example 2 code value: 499 |",
		}},
	} {
		require.Contains(t, small, old)
		report := audited(t, ref, map[string]string{"x.md": strings.Replace(small, old, tt.new, 1)})
		assert.Equal(t, tt.want, lines(report), tt.new)
		assert.Empty(t, report.Pages[0].Record)
		assert.NotZero(t, report.Pages[0].Facts)
	}
}

// TestSentencesOfOtherPagesAreShown: nobody reviewed them, so they are notes.
func TestSentencesOfOtherPagesAreShown(t *testing.T) {
	report := audited(t, reference(t), map[string]string{"x.md": strings.Replace(small, "Chat room", "Chat room ID", 1)})
	var notes []string
	for _, f := range report.Findings {
		notes = append(notes, f.Page+" | "+f.Record)
	}
	assert.Equal(t, []string{
		"it is not on record: its facts are compared with the spec, its sentences are new | ",
		"default false | Whether to return the number of online users, true or false, the default is false",
	}, notes)
}

// TestListsOfOperations reads the rows of a table of many operations one by one.
func TestListsOfOperations(t *testing.T) {
	ref := reference(t)
	text := "# Limits\n\n| API | URL | Limit |\n|---|---|---|\n| create | https://api.netease.im/nimserver/chatroom/create.action | 100 per second |\n| all | /nimserver/chatroom/later.action | 10 |\n"
	assert.Equal(t, []string{"new row /chatroom/later.action operation: /chatroom/later.action |"}, lines(audited(t, ref, map[string]string{"x.md": text})))
	record, err := page.Read("x.md", []byte(text), unknown)
	require.NoError(t, err)
	ref.Records["limits"] = record
	assert.Empty(t, lines(audited(t, ref, map[string]string{"x.md": text})))
	assert.Equal(t, []string{
		"review row /chatroom/create.action text: create https://api.netease.im/nimserver/chatroom/create.action 50 per second | create https://api.netease.im/nimserver/chatroom/create.action 100 per second",
		"changed row /chatroom/create.action number: 50 | 100",
		"gone row /chatroom/later.action operation: | /chatroom/later.action",
	}, lines(audited(t, ref, map[string]string{"x.md": strings.Replace(strings.Split(text, "| all")[0], "100", "50", 1)})))
}

// TestPagesWithoutSentences are on record by their title or headings alone, or not at all.
func TestPagesWithoutSentences(t *testing.T) {
	report := audited(t, reference(t), map[string]string{"x.txt": `curl -X POST -d "roomid=66" https://api.netease.im/nimserver/chatroom/get.action`})
	assert.Empty(t, report.Pages[0].Record)
	assert.Equal(t, []string{"gone getChatroom form table: | a table of parameters"}, lines(report))
}

// TestMovedOperations are one finding.
func TestMovedOperations(t *testing.T) {
	ref := reference(t)
	from, to := clone(ref.Records[chatroom]), clone(ref.Records[members])
	moved := from.Operations[4]
	from.Operations = slices.Delete(from.Operations, 4, 5)
	to.Operations = append(to.Operations, moved)
	texts := map[string]string{"from.html": printPage(from, ".html"), "to.html": printPage(to, ".html")}
	assert.Equal(t, []string{"moved toggleChatroom operation operation: Changing the on/off status | on from.html"}, lines(audited(t, ref, texts)))

	delete(texts, "from.html")
	assert.Equal(t, []string{"new toggleChatroom operation operation: /chatroom/toggleCloseStat.action |"}, lines(audited(t, ref, texts)))
}

// TestExcerpts: what an excerpt leaves out is not gone, but what its operations had is.
func TestExcerpts(t *testing.T) {
	ref := reference(t)
	excerpt := func() *page.Record {
		r := clone(ref.Records[chatroom])
		r.Title, r.Date, r.Operations = "", "", r.Operations[3:5]
		return r
	}
	for form := range forms {
		report := audited(t, ref, map[string]string{"x" + form: printPage(excerpt(), form)})
		assert.Empty(t, lines(report), form)
		assert.Equal(t, chatroom, report.Pages[0].Record, form)
		assert.True(t, report.Pages[0].Excerpt)
		for what, cut := range map[string]func(op *page.Operation){
			"gone updateChatroom form table: | a table of parameters":      func(op *page.Operation) { op.Form = nil },
			"gone updateChatroom codes list: | a list of status codes":     func(op *page.Operation) { op.Codes = nil },
			"gone updateChatroom example list: | an example of a response": func(op *page.Operation) { op.Examples = nil },
			"gone updateChatroom cURL list: | a cURL line":                 func(op *page.Operation) { op.Curl = nil },
		} {
			changed := excerpt()
			cut(&changed.Operations[0])
			assert.Equal(t, []string{what}, lines(audited(t, ref, map[string]string{"x" + form: printPage(changed, form)})), form)
		}
	}
}

// TestMarksThatCannotBeRead are a note: pictures, and a copy that lost all of them.
func TestMarksThatCannotBeRead(t *testing.T) {
	ref := reference(t)
	lost := clone(ref.Records[members])
	for i := range lost.Operations {
		for j := range lost.Operations[i].Form {
			lost.Operations[i].Form[j].Required = ""
		}
	}
	report := audited(t, ref, map[string]string{"x.html": printPage(lost, ".html")})
	assert.Empty(t, lines(report))
	assert.Len(t, report.Findings, 1)

	pictures := strings.NewReplacer("<td>Yes</td>", `<td><img src="y.png"></td>`, "<td>No</td>", "<td></td>").Replace(printPage(ref.Records[chatroom], ".html"))
	report = audited(t, ref, map[string]string{"x.html": pictures})
	assert.Empty(t, lines(report))
	assert.NotEmpty(t, report.Findings)

	named := strings.NewReplacer("<td>Yes</td>", `<td><img alt="Yes" src="y.png"></td>`, "<td>No</td>", `<td><input type="checkbox" disabled></td>`).Replace(printPage(ref.Records[chatroom], ".html"))
	assert.Empty(t, audited(t, ref, map[string]string{"x.html": named}).Findings)
}

// TestLiterals: a number, a name or a value that takes the place of another is a fact.
func TestLiterals(t *testing.T) {
	ref := reference(t)
	for _, tt := range []struct {
		field, old, new string
		want            string // the aspect, or none
	}{
		{"name", "128 characters", "256 characters", "number"},
		{"name", "128", "a hundred", ""},
		{"name", "with up to 128", "with 1 to 128", ""},
		{"muteDuration", "2592000 seconds (30 days)", "30 days", ""},
		{"muteDuration", "2592000 seconds (30 days)", "720 hours", ""},
		{"muteDuration", "2592000 seconds (30 days)", "60 days", "number"},
		{"orderby", "active/join/message", "active/leave/message", "value"},
		{"orderby", "active/join/message", "message, active or join", ""},
		{"opt", "-1: set", "-3: set", "number"},
		{"abandonRatio", "highPriority", "lowPriority", "name"},
	} {
		changed := clone(ref.Records[chatroom])
		for i := range changed.Operations {
			for j := range changed.Operations[i].Form {
				if row := &changed.Operations[i].Form[j]; row.Name == tt.field {
					row.Text = strings.Replace(row.Text, tt.old, tt.new, 1)
				}
			}
		}
		report := audited(t, ref, map[string]string{"x.md": printPage(changed, ".md")})
		assert.True(t, report.Review, tt.new)
		assert.Equal(t, tt.want != "", report.Drift, tt.new)
		for _, f := range report.Findings {
			if f.Drift() {
				assert.Equal(t, tt.want, f.Aspect, tt.new)
			}
		}
	}
}

// TestReports looks at both forms of a report.
func TestReports(t *testing.T) {
	ref := reference(t)
	changed := clone(ref.Records[members])
	changed.Operations[0].Form[3].Text = "At most 50 entries"
	report := audited(t, ref, map[string]string{"dir/x.md": printPage(changed, ".md")})

	var text bytes.Buffer
	report.WriteText(&text, func(_ audit.Status, text string) string { return text })
	assert.Contains(t, text.String(), "\n  listMembers  Get a paginated list of participants\n    review   form limit: other words  x.md:")
	assert.Contains(t, text.String(), "\n               - The limit of returned entries, the value must be equal to or less than 100\n               + At most 50 entries\n")
	assert.Contains(t, text.String(), "    changed  form limit: number is `50`, on record `100`  x.md:")
	assert.Contains(t, text.String(), "drift: 0 new, 0 gone, 1 changed, 0 moved; sentences to review: 1\n")

	var raw bytes.Buffer
	require.NoError(t, report.WriteJSON(&raw))
	var back struct {
		Version       int
		Drift, Review bool
		Findings      []struct{ Status, Operation, Field, Aspect, Page, Record string }
	}
	require.NoError(t, json.Unmarshal(raw.Bytes(), &back))
	assert.Equal(t, 2, back.Version)
	assert.True(t, back.Drift && back.Review)
	assert.Equal(t, []string{"changed", "listMembers", "limit", "number", "50", "100"},
		[]string{back.Findings[1].Status, back.Findings[1].Operation, back.Findings[1].Field, back.Findings[1].Aspect, back.Findings[1].Page, back.Findings[1].Record})
}

// TestPlaces finds what the spec repeats of a page.
func TestPlaces(t *testing.T) {
	ref := reference(t)
	changed := clone(ref.Records[chatroom])
	for i := range changed.Operations {
		if strings.HasSuffix(changed.Operations[i].URL, "/topn.action") {
			changed.Operations[i].Form[3].Type = "int"
		}
	}
	report := audited(t, ref, map[string]string{"x.md": printPage(changed, ".md")})
	require.Len(t, report.Findings, 1)
	var found []string
	for _, place := range (&audit.Places{Folder: "../../spec"}).Of(chatroom, report.Findings[0]) {
		_, what, _ := strings.Cut(place, "  ")
		found = append(found, what)
	}
	assert.Equal(t, []string{"x-source of listTopChatrooms", "form field orderby", "row orderby", "row 6"}, found)
}

// TestCopies: what browsers and editors leave in a copy, and what the site prints below
// the page, is no difference.
func TestCopies(t *testing.T) {
	ref := reference(t)
	for name, change := range map[string]func(string) string{
		"byte order mark":          func(s string) string { return "\ufeff" + s },
		"carriage returns":         func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
		"no-break spaces":          func(s string) string { return strings.ReplaceAll(s, " ", "\u00a0") },
		"zero-width spaces at end": func(s string) string { return strings.ReplaceAll(s, "\n", "\u200b\n") },
		"tabs before lines":        func(s string) string { return "\t" + strings.ReplaceAll(s, "\n", "\n\t") },
		"buttons":                  func(s string) string { return strings.ReplaceAll(s, "curlcurl", "curl\nCopy\ncurl") },
		"quotation of a mail":      func(s string) string { return "> " + strings.ReplaceAll(s, "\n", "\n> ") },
		"numbers of all lines": func(s string) string {
			var numbered []string
			for i, line := range strings.Split(s+strings.Repeat("\n", 1000), "\n") {
				numbered = append(numbered, fmt.Sprintf("%d\t%s", i+1, line))
			}
			return strings.Join(numbered, "\n")
		},
		"footer": func(s string) string {
			return s + "\n\nCopyright 2027 The Makers, 3 patents\n\n京ICP备 12345678 号\n"
		},
		"question": func(s string) string {
			return s + "\n\n此文档是否对你有帮助？\n有帮助\n\n99 个人觉得有帮助\n"
		},
	} {
		for _, id := range []string{members, tags} {
			text := change(printPage(ref.Records[id], ".txt"))
			assert.Empty(t, lines(audited(t, ref, map[string]string{"x.txt": text})), "%s, %s", name, id)
		}
	}
}

// TestDrawnTables reads tables as pandoc, w3m and databases draw them, and rows between tabs.
func TestDrawnTables(t *testing.T) {
	ref := reference(t)
	text := printPage(ref.Records[members], ".html")
	cell := regexp.MustCompile(`(?s)<t[hd]>(.*?)</t[hd]>`)
	row := regexp.MustCompile(`(?s)<tr>(.*?)</tr>`)
	for name, tt := range map[string]struct{ left, between, right, line string }{
		"grid": {"| ", " | ", " |", "\n+-----+-----+"}, "box": {"│", "│", "│", "\n├─────┼─────┤"}, "rows": {"| ", " | ", " |", ""}, "tabs": {"", "\t", "", ""},
	} {
		drawn := row.ReplaceAllStringFunc(text, func(s string) string {
			var cells []string
			for _, m := range cell.FindAllStringSubmatch(s, -1) {
				cells = append(cells, strings.ReplaceAll(m[1], "<br>", " "))
			}
			return "</pre><pre>" + tt.left + strings.Join(cells, tt.between) + tt.right + tt.line
		})
		drawn = strings.NewReplacer("</pre><pre>", "\n", "<table>", "<pre>", "</table>", "</pre>").Replace(drawn)
		report := audited(t, ref, map[string]string{"x.html": drawn})
		assert.False(t, report.Drift, name)
		assert.Equal(t, members, report.Pages[0].Record, name)
	}
}

// TestSmallChangesAreReported changes a few letters of a page as it is pasted.
func TestSmallChangesAreReported(t *testing.T) {
	ref := reference(t)
	for _, tt := range []struct {
		id, form, old, new string
		want               string // fact or sentence
	}{
		{chatroom, ".html", "<td>announcement</td>", "<td><del>announcement</del></td>", fact},
		{chatroom, ".html", "<td>announcement</td>", "<td>announcement (deprecated)</td>", sentence},
		{chatroom, ".html", "<td>Yes</td>", "<td>Yes, if name is set</td>", sentence},
		{chatroom, ".md", "| Yes |", "| Yes (for robots) |", sentence},
		{chatroom, ".html", "<th>Required</th>", "<th>Optional</th>", fact},
		{chatroom, ".html", "utf-8</code>", "utf-8\nAccept: application/xml</code>", fact},
		{chatroom, ".html", "<p>See Status codes", "<p>Deprecated, © 2027.</p><p>See Status codes", sentence},
		{chatroom, ".html", "<h1>", "<div>This API is shut down on 2027-06-30.</div><h1>", sentence},
		{chatroom, ".txt", "Chat Room\n", "This API is shut down on 2027-06-30.\n\nChat Room\n", sentence},
		{chatroom, ".html", "/create.action HTTP", "/create.action?version=2 HTTP", fact},
		{chatroom, ".txt", "curl -X POST", "curl -G -X POST", fact},
		{members, ".html", "<tr><td>accid</td>", "<tr hidden><td>accid</td>", fact},
		{members, ".html", "1. creator", "2. creator", sentence},
		{members, ".txt", "1. creator", "2. creator", sentence},
		{tags, ".html", "<td>200</td>", "<td>200/201</td>", fact},
	} {
		text := printPage(ref.Records[tt.id], tt.form)
		require.Contains(t, text, tt.old)
		report := audited(t, ref, map[string]string{"x" + tt.form: strings.Replace(text, tt.old, tt.new, 1)})
		assert.Equal(t, tt.want == fact, report.Drift, tt.new)
		assert.True(t, report.Drift || report.Review, tt.new)
	}
}

// FuzzAudit compares pages of any shape: there is always a report.
func FuzzAudit(f *testing.F) {
	ref := reference(f)
	for form := range forms {
		f.Add("x"+form, printPage(ref.Records[members], form))
	}
	f.Add("x.md", small)
	f.Add(".html", "POST http://o>")
	f.Fuzz(func(t *testing.T, name, text string) {
		record, err := page.Read(name, []byte(text), ref.Known)
		if err != nil {
			return
		}
		report := audit.Compare(ref, []audit.File{{Name: name, Record: record}})
		if report.Pages[0].Facts == 0 && !report.Drift {
			t.Fatal("nothing was compared, and no drift was reported")
		}
	})
}

// unknown knows no field of the spec.
func unknown(string) bool { return false }
