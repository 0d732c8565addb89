package audit_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/internal/audit"
	"github.com/nimroom/nimroom/internal/audit/page"
)

// audited compares texts, each a page of its own, and tells the findings that are
// drift in short.
func audited(t *testing.T, ref *audit.Reference, texts ...string) []string {
	t.Helper()
	var pages []*page.Page
	for i, text := range texts {
		p, err := page.Read(fmt.Sprintf("page%d.txt", i), []byte(text), ref.Known)
		require.NoError(t, err)
		pages = append(pages, p)
	}
	drift := []string{}
	for _, f := range audit.Compare(ref, pages).Findings {
		if f.Drift() {
			drift = append(drift, fmt.Sprintf("%s %s %s %s:%s %s, not %s", f.Status, f.Operation, f.Place, f.Field, f.Aspect, f.Page, f.Spec))
		}
	}
	return drift
}

// TestFindings changes a page in one point and names what is found.
func TestFindings(t *testing.T) {
	samples := ownSamples(t)
	tests := []struct {
		name     string
		page     int
		old, new string
		want     []string
	}{
		{"as it is", 0, "", "", []string{}},
		{"limit", 0, "at most 64", "at most 32", []string{"changed openLocker form courier:maxLength 32, not 64"}},
		{"limit with separators", 0, "4,096", "8,192", []string{"changed openLocker form note:maxLength 8,192, not 4096"}},
		{"limit gone", 0, ", at most 64 characters", "", []string{"gone openLocker form courier:maxLength none, not 64"}},
		{"limit turned round", 0, "at most 64", "at least 64", []string{"changed openLocker form courier:maxLength at least 64, not 64"}},
		{"limit in full-width digits", 1, "４０９６", "２０４８", []string{"changed openLocker form note:maxLength 2048, not 4096"}},
		{"longer unit", 0, "2 days", "48 hours", []string{}},
		{"other unit", 0, "2 days", "2 hours", []string{"changed openLocker form holdTime:max 2 hours, not 172800"}},
		{"time unit", 1, "打开时间，毫秒", "打开时间，秒", []string{"changed listLockers response openedAt:unit seconds, not milliseconds"}},
		{"strict limit at the limit", 0, "not more than 200", "less than 200", []string{"changed listLockers form limit:max below 200, not 200"}},
		{"unit of a length", 0, "at most 64 characters", "at most 64 bytes", []string{"changed openLocker form courier:unit bytes, not characters"}},
		{"unit of a length in short", 0, "at most 64 characters", "at most 64 chars", []string{}},
		{"minutes", 0, "in seconds, no more", "in minutes, no more", []string{"changed openLocker form holdTime:unit minutes, not seconds"}},
		{"strict limit", 0, "not more than 200", "less than 201", []string{}},
		{"items", 1, "最多50个", "最多 1,000 个", []string{"changed openLocker form labels:maxItems 1,000, not 50"}},
		{"required", 1, "note String否", "note String是", []string{"changed openLocker form note:required yes, not no"}},
		{"required in a table without marks", 1, "limit int条数", "limit int否条数", []string{
			"changed listLockers form limit:required no, not yes",
			"stale listLockers page limit:record not (any more) required none, not recorded in row 3",
		}},
		{"type", 0, "sideint", "sidelong", []string{"changed openLocker form side:type long, not int (enum)"}},
		{"recorded name", 0, `"openTime"`, `"openedAt"`, []string{"stale openLocker page openedAt:record not (any more) name openTime, not recorded in row 1"}},
		{"other than recorded", 0, `"openTime"`, `"openT"`, []string{
			"new openLocker example locker.openT:field locker.openT number, not none",
			"gone openLocker example locker.openedAt:field none, not locker.openedAt",
			"stale openLocker page openedAt:record not (any more) name openTime, not recorded in row 1",
		}},
		{"recorded for another operation", 0, `"lockerid": 7, "openedAt"`, `"lockerid": 7, "openTime"`, []string{
			"changed listLockers example data[].openedAt:name openTime, not openedAt",
		}},
		{"default", 0, "0: front, the default\n1: back", "0: front\n1: back, the default", []string{"changed openLocker form side:default 1, not 0"}},
		{"default in Chinese", 1, "默认true", "默认false", []string{"changed openLocker form loud:default false, not true"}},
		{"value of an enum", 0, "2: both", "3: both", []string{"changed openLocker form side:enum 3, not 2"}},
		{"value in a comment", 0, "JAMMED: jammed", "BROKEN: broken", []string{
			"new openLocker example locker.state:enum BROKEN, not none", "gone openLocker example locker.state:enum no JAMMED, not JAMMED",
		}},
		{"value of an example", 0, `"state": "OPEN", //`, `"state": "AJAR", //`, []string{"changed openLocker example locker.state:enum AJAR, not OPEN SHUT JAMMED"}},
		{"type in an example", 0, `"sealed": true`, `"sealed": "true"`, []string{"changed openLocker example locker.parcels[].sealed:kind string, not boolean"}},
		{"broken example", 0, `"sealed": true}]`, `"sealed": true]`, []string{
			"changed openLocker example :example no JSON: invalid character ']' after object key:value pair, not JSON",
		}},
		{"member of an object", 0, "2. size", "2. sort", []string{"new listLockers form filter.sort:field sort, not none"}},
		{"code", 0, "200、404、414", "200、404、416", []string{"new openLocker codes :codes 416, not none", "gone openLocker codes :codes no 414, not 414"}},
		{"longer code", 0, "200、404、414", "200、404、414、113002", []string{"new openLocker codes :codes 113002, not none"}},
		{"code of an error", 1, `"code": 414`, `"code": 415`, []string{"new openLocker error code:codes 415, not 200 404 414"}},
		{"date", 1, "2026年3月2日", "2026年3月20日", []string{"changed  page :date 2026-03-20, not 2026-03-02"}},
		{"number in prose", 0, "after 90 seconds", "after 45 seconds", []string{"new openLocker text :number 45, not none"}},
		{"URL", 0, "httpPOST https://lockers.example/nimserver/locker/list", "httpPOST https://lockers.example/nimserver/lockers/list", []string{
			"changed listLockers URL :url /lockers/list.action, not /locker/list.action",
		}},
		{"words instead of a number", 0, "at most 64", "at most sixty-four", []string{"gone openLocker form courier:maxLength none, not 64"}},
		{"rows in another order", 1, "side Integer是哪扇门，0：前（默认），1：后，2：两扇\nnote String否备注，长度限制４０９６\n", "note String否备注，长度限制４０９６\nside Integer是哪扇门，0：前（默认），1：后，2：两扇\n", []string{}},
		{"a range in brackets", 0, "no more than 2 days; 0 does not hold it", "in [0, 172800]", []string{}},
		{"another range in brackets", 0, "no more than 2 days; 0 does not hold it", "in [0, 172801]", []string{"changed openLocker form holdTime:max 172801, not 172800"}},
		{"a limit in other words", 0, "at most 64 characters", "the length must not exceed 64", []string{}},
		{"a limit in other Chinese words", 1, "最多50个", "个数上限为５０", []string{}},
		{"a number that counts nothing", 0, "Lists what lockers there are.", "Lists lockers, see chapter 7.", []string{}},
		{"unknown table", 0, "\nValid status codes\n\n200、404", "\nErrorReasonField\nX\n\nParameterTypeDescription\nshelfintWhich shelf\n\nValid status codes\n\n200、404", []string{
			"new openLocker response shelf:field shelf int, not none", "gone openLocker response code:field none, not code int (enum)", "gone openLocker response locker:field none, not locker jsonobject",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := samples[tt.page]
			require.Contains(t, s.text, tt.old)
			assert.Equal(t, tt.want, audited(t, s.ref, strings.Replace(s.text, tt.old, tt.new, 1)))
		})
	}
}

// TestExcerptsLackNothing: a page with less than half of a document's operations
// does not make the others, or its own missing parts, gone.
func TestExcerptsLackNothing(t *testing.T) {
	ref := roomReference(t)
	text := "Chat Room\n\nChanging the name\n\nRequest URL\n\nhttpPOST https://api.netease.im/nimserver/chatroom/queryUserRoomIds.action HTTP/1.1\n\n" +
		"Parameters\n\nParameterTypeRequiredDescription\ncreatorStringYesWho made them\n"
	assert.Empty(t, audited(t, ref, text))
	assert.Equal(t, []string{"changed listUserChatrooms form creator:required no, not yes"}, audited(t, ref, strings.Replace(text, "Yes", "No", 1)))
}

// TestLowerLimits: that 0 is allowed is drift where the spec begins with 1.
func TestLowerLimits(t *testing.T) {
	ref := roomReference(t)
	drift := func(words string) []string {
		return audited(t, ref, "Chat Room\n\nSending\n\nRequest URL\n\nhttpPOST https://api.netease.im/nimserver/stats/chatroom/topn.action HTTP/1.1\n\n"+
			"Parameters\n\nParameterTypeRequiredDescription\ntopnintNoHow many, "+words+"\n")
	}
	for _, words := range []string{"greater than or equal to 0", "at least 0", ">= 0"} {
		assert.Contains(t, drift(words), "changed listTopChatrooms form topn:min at least 0, not 1", words)
	}
	for _, words := range []string{"greater than 0", "at least 1", ">0"} {
		assert.NotContains(t, strings.Join(drift(words), "\n"), "topn:min", words)
	}
}

// TestReports looks at both forms of a report.
func TestReports(t *testing.T) {
	s := ownSamples(t)[0]
	p, err := page.Read("dir/lockers.txt", []byte(strings.Replace(s.text, "at most 64", "at most 32", 1)), s.ref.Known)
	require.NoError(t, err)
	report := audit.Compare(s.ref, []*page.Page{p})

	var text bytes.Buffer
	report.WriteText(&text, nil)
	assert.Contains(t, text.String(), "\n  openLocker  Opening a locker\n    changed  form courier: maxLength is `32`, in the spec `64`  lockers.txt:18\n")
	assert.Contains(t, text.String(), "covered row 1    name `openTime`")
	assert.Contains(t, text.String(), "form rows           10          9            1")
	assert.Contains(t, text.String(), "drift: 0 new, 0 gone, 1 changed, 0 stale, 3 covered")
	for line := range strings.Lines(text.String()) {
		assert.Less(t, len(line), 140, line)
	}

	var raw bytes.Buffer
	require.NoError(t, report.WriteJSON(&raw))
	var back audit.Report
	decoder := json.NewDecoder(&raw)
	decoder.DisallowUnknownFields()
	require.NoError(t, decoder.Decode(&back))
	assert.Equal(t, *report, back)
	assert.Equal(t, audit.Count{Total: 10, Accounted: 9, Unexplained: 1}, back.Pages[0].Counts["form rows"])
}

// TestRecordsThatCannotBeUsed checks that records that could never cover anything are errors.
func TestRecordsThatCannotBeUsed(t *testing.T) {
	spec, record := readFile(t, "testdata/spec.yaml"), string(readFile(t, "testdata/reconciliation.yaml"))
	for old, changed := range map[string]string{
		"operations: [open]":   "operations: [shut]",
		"fields: [openedAt]":   "fields: [shutAt]",
		"aspect: name":         "aspect: colour",
		"page: openTime}":      "page: ''}",
		"document: lockers-zh": "document: lockers-fr",
		"'{pages}']":           "'nothing']",
		"id: '2'":              "id: '1'",
		"intro:":               "introduction:",
	} {
		require.Contains(t, record, old)
		_, err := audit.NewReference(spec, []byte(strings.Replace(record, old, changed, 1)))
		assert.Error(t, err, changed)
	}
}

// TestWhitespaceAndFooters: how a page was copied, and what the site prints below
// it, is no drift.
func TestWhitespaceAndFooters(t *testing.T) {
	indented := func(text string) string { return "\t" + strings.ReplaceAll(text, "\n", "\n\t") }
	changes := map[string]func(string) string{
		"byte order mark":          func(s string) string { return "\ufeff" + s },
		"carriage returns":         func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
		"no-break spaces":          func(s string) string { return strings.ReplaceAll(s, " ", "\u00a0") },
		"no-break spaces at ends":  func(s string) string { return strings.ReplaceAll(s, "\n", "\u00a0\n") },
		"zero-width spaces at end": func(s string) string { return strings.ReplaceAll(s, "\n", "\u200b\n") },
		"tabs before lines":        indented,
		"footer": func(s string) string {
			return s + "\n\nCopyright 2027 The Makers, 3 patents\n\n京ICP备 12345678 号\n"
		},
		"question and footer": func(s string) string { return s + "\n\nWas this page helpful?\nYes\nNo\n\n99 people liked it\n" },
		"question in Chinese": func(s string) string {
			return s + "\n\n此文档是否对你有帮助？\n有帮助\n\n99 个人觉得有帮助\n"
		},
	}
	for i, s := range ownSamples(t) {
		for name, change := range changes {
			assert.Empty(t, audited(t, s.ref, change(s.text)), "%s, page %d", name, i)
		}
	}
}
