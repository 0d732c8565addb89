package output_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/described"
	"github.com/nimroom/nimroom/internal/output"
)

// members is a page of members with a nickname that a spreadsheet and one that a terminal would take for
// a command, an id that no float holds, another spelling, a member that no document has, and JSON in a text.
const members = `{"desc":{"data":[
	{"accid":"a","nick":"=1+1","roomid":9007199254740993,"enterTime":1669118400000,"Blocklisted":true,"shoe":1.50},
	{"accid":"b","nick":"小明\u001b[31m\u202e\n2","ext":"{\"level\":7}","enterTime":0,"tempMuteTtl":600,"shoe":{"b":1,"a":[]}}
]},"code":200}`

// show prints a response of an operation and returns what comes out, without the note.
func show(t *testing.T, p output.Printer, body string, operation *gen.Operation, path string) (string, error) {
	t.Helper()
	var out, note bytes.Buffer
	p.Out, p.Err = &out, &note
	s := described.In("en").Success(operation)
	err := p.Prepare(s, path)
	if err == nil {
		err = p.Print(t.Context(), json.RawMessage(body), s, path)
	}
	return out.String() + note.String(), err
}

func printMembers(t *testing.T, p output.Printer) string {
	t.Helper()
	out, err := show(t, p, members, gen.ListMembersEndpoint.Operation, "desc.data")
	require.NoError(t, err)
	return out
}

const header = "roomid,accid,nick,avator,ext,type,level,onlineStat,enterTime,blacklisted,muted,tempMuted,tempMuteTtl,isRobot,robotExpirAt,shoe\n"

func TestCSVHasTheColumnsOfTheSchemaAndNoFormulas(t *testing.T) {
	want := header + "9007199254740993,a,'=1+1,,,,,,1669118400000,true,,,,,,1.50\n" +
		",b,\"小明\x1b[31m\u202e\n2\",,\"{\"\"level\"\":7}\",,,,0,,,,600,,,\"{\"\"b\"\":1,\"\"a\"\":[]}\"\n"
	assert.Equal(t, want, printMembers(t, output.Printer{Format: output.CSV}))
	assert.Contains(t, printMembers(t, output.Printer{Format: output.CSV, Terminal: true}), `小明\u001b[31m\u202e`)
	empty, err := show(t, output.Printer{Format: output.CSV}, `{"desc":{"data":[]},"code":200}`, gen.ListMembersEndpoint.Operation, "desc.data")
	require.NoError(t, err)
	assert.Equal(t, strings.TrimSuffix(header, ",shoe\n")+"\n", empty)
}

func TestFormatsForProgramsAreExact(t *testing.T) {
	lines := strings.Split(printMembers(t, output.Printer{Format: output.NDJSON}), "\n")
	require.Len(t, lines, 3)
	assert.Contains(t, `{"accid":"a","nick":"=1+1","roomid":9007199254740993,"enterTime":1669118400000,"Blocklisted":true,"shoe":1.50}`, lines[0])

	whole := printMembers(t, output.Printer{Format: output.JSON})
	assert.JSONEq(t, members, whole)
	assert.Contains(t, whole, "9007199254740993")
	onTerminal := printMembers(t, output.Printer{Format: output.JSON, Terminal: true})
	assert.JSONEq(t, members, onTerminal)
	assert.NotContains(t, onTerminal, "\u202e")

	text := printMembers(t, output.Printer{Format: output.YAML})
	var read map[string]any
	require.NoError(t, yaml.Unmarshal([]byte(text), &read), text)
	assert.Less(t, strings.Index(text, "accid: a"), strings.Index(text, "roomid: 9007199254740993"))
	assert.Contains(t, text, "shoe: 1.50\n")
	assert.Less(t, strings.Index(text, "b: 1\n"), strings.Index(text, "a: []\n"))
}

func TestATableFitsTheTerminalAndCannotControlIt(t *testing.T) {
	entered := time.UnixMilli(1669118400000).Format(time.DateTime)
	out := printMembers(t, output.Printer{Format: output.Table, Terminal: true, Columns: []string{"accid", "nick", "ext.level", "tempMuteTtl", "enterTime"}})
	assert.Equal(t, strings.Join([]string{
		`accid  nick                    ext.level  tempMuteTtl  enterTime`,
		`a      =1+1                                            ` + entered,
		`b      小明\u001b[31m\u202e 2  7          10m`, "",
	}, "\n"), out)
	out = printMembers(t, output.Printer{Format: output.Table, Terminal: true, Width: 40, Columns: []string{"accid", "nick", "enterTime"}})
	assert.Equal(t, strings.Join([]string{`accid  nick          enterTime`, `a      =1+1          ` + entered, `b      小明\u001b[…`, ""}, "\n"), out)
	out = printMembers(t, output.Printer{Format: output.Table, Terminal: true, Width: 30})
	assert.NotContains(t, out, "avator", "it is empty")
	assert.Contains(t, out, "9007199254740993", "a number is whole")
	assert.Contains(t, out, "too narrow for nick, ext, enterTime, blacklisted, tempMuteTtl, shoe; choose columns with --columns")
	listed, err := show(t, output.Printer{Format: output.Table, Terminal: true, Width: 53}, `{"msgs":[{"from":"lena","msgid":"JPM67YYA4GQL5OWF7ECXXRNXA5","sendtime":1669118400005,"type":0,"fromclienttype":64,"body":{"msg":"good evening to everybody"}},`+
		`{"from":"lena","sendtime":1669118400000,"type":5,"body":{"id":301}},{"from":"lena","sendtime":1669118400000,"type":0,"body":{}}],"code":200}`, gen.ListHistoryEndpoint.Operation, "msgs")
	require.NoError(t, err)
	assert.Equal(t, strings.Join([]string{
		`from  sendtime                 type        body`,
		`lena  ` + entered + `.005  text        good even…`,
		`lena  ` + entered + `      notificat…  {"id":301}`,
		`lena  ` + entered + `      text`,
		`The terminal is too narrow for msgid, fromclienttype; choose columns with --columns.`, "",
	}, "\n"), listed, "what people read of messages stays, and the time identifies a message")
	none, err := show(t, output.Printer{Format: output.Table}, `{"desc":"{\"data\":[]}","code":200}`, gen.ListMembersEndpoint.Operation, "desc.data")
	require.NoError(t, err)
	assert.Equal(t, "The list is empty.\n", none)
}

// TestWhatAnOperationReturns prints results that are no lists of objects.
func TestWhatAnOperationReturns(t *testing.T) {
	tests := []struct {
		operation         *gen.Operation
		path, body        string
		table, csv, lines string
	}{
		{gen.ListQueueElementsEndpoint.Operation, "desc.list", `{"desc":{"list":[{"seat-1":"red"}]},"code":200}`, "key     value\nseat-1  red\n", "key,value\nseat-1,red\n", `{"seat-1":"red"}` + "\n"},
		{gen.ListUserChatroomsEndpoint.Operation, "desc.roomids", `{"desc":{"roomids":["15","16"]},"code":200}`, "roomids\n15\n16\n", "roomids\n15\n16\n", "\"15\"\n\"16\"\n"},
		{gen.MuteMemberEndpoint.Operation, "desc.muteDuration", `{"desc":{"muteDuration":600},"code":200}`, "muteDuration  10m\n", "muteDuration\n600\n", `{"muteDuration":600}` + "\n"},
		{gen.OfferQueueElementEndpoint.Operation, "", `{"desc":{},"code":200}`, "The call has succeeded.\n", "", ""},
		{gen.KickMemberEndpoint.Operation, "", `{"code":200}`, "The call has succeeded.\n", "code\n200\n", `{"code":200}` + "\n"},
		{gen.SendMessageEndpoint.Operation, "desc", `{"desc":{"type":"0","msgid_client":"m"},"code":200}`, "msgid_client  m\ntype          text\n", "", `{"type":"0","msgid_client":"m"}` + "\n"},
		{gen.GetChatroomEndpoint.Operation, "chatroom", `{"chat room":{"roomid":66,"queuelevel":1,"name":null,"delayInfo":{"delaySeconds":60}},"code":200}`,
			"roomid                  66\nqueuelevel              managers-only\ndelayInfo.delaySeconds  1m\n", "", `{"roomid":66,"queuelevel":1,"name":null,"delayInfo":{"delaySeconds":60}}` + "\n"},
		{gen.GetChatroomsEndpoint.Operation, ".", `{"succRooms":[{"roomid":66}],"failRooms":[],"code":200}`, "failRooms  []\n\nsuccRooms:\nroomid\n66\n", "", ""},
	}
	for _, tt := range tests {
		for format, want := range map[string]string{output.Table: tt.table, output.CSV: tt.csv, output.NDJSON: tt.lines} {
			out, err := show(t, output.Printer{Format: format}, tt.body, tt.operation, tt.path)
			require.NoError(t, err)
			if want != "" {
				assert.Equal(t, want, out, tt.operation.ID)
			}
		}
	}
}

func TestColumnsAndFilters(t *testing.T) {
	tests := []struct {
		printer output.Printer
		out     string
		err     string
	}{
		{output.Printer{Format: output.JSON, Columns: []string{"accid", "ext.level"}}, "[\n  {\n    \"accid\": \"a\",\n    \"ext.level\": null\n  },\n  {\n    \"accid\": \"b\",\n    \"ext.level\": 7\n  }\n]\n", ""},
		{output.Printer{Format: output.JSON, Columns: []string{"shoe.b"}}, "", "no column shoe.b; there are roomid, accid, "},
		{output.Printer{Format: output.NDJSON, Columns: []string{"blacklisted"}}, "{\"blacklisted\":true}\n{\"blacklisted\":null}\n", ""},
		{output.Printer{Format: output.YAML, Columns: []string{"accid"}}, "- accid: a\n- accid: b\n", ""},
		{output.Printer{Format: output.CSV, Columns: []string{"nik"}}, "", "no column nik; did you mean nick? There are roomid, accid, "},
		{output.Printer{Format: output.CSV, Columns: []string{"accid.x"}}, "", "no column accid.x"},
		{output.Printer{Format: output.JSON, Filter: ".desc.data[]|.accid,.roomid"}, "a\n9007199254740993\nb\nnull\n", ""},
		{output.Printer{Format: output.NDJSON, Filter: ".desc.data[].accid"}, "\"a\"\n\"b\"\n", ""},
		{output.Printer{Format: output.CSV, Filter: ".desc.data|map({accid})"}, "accid\na\nb\n", ""},
		{output.Printer{Format: output.CSV, Filter: ".desc.data[]|{accid}"}, "accid\na\nb\n", ""},
		{output.Printer{Format: output.JSON, Filter: "$ENV.PATH"}, "null\n", ""},
		{output.Printer{Format: output.JSON, Filter: ".["}, "", "--jq: the filter is incomplete at character 3:"},
		{output.Printer{Format: output.JSON, Filter: ".code[0]"}, "", "--jq: expected an array"},
		{output.Printer{Format: output.JSON, Filter: ".", Columns: []string{"a"}}, "", "--columns and --jq are both given"},
	}
	for _, tt := range tests {
		out, err := show(t, tt.printer, members, gen.ListMembersEndpoint.Operation, "desc.data")
		assert.Equal(t, tt.out, out)
		if tt.err == "" {
			assert.NoError(t, err)
		} else {
			assert.ErrorContains(t, err, tt.err)
		}
	}
	p := output.Printer{Columns: []string{"shoe"}}
	s := described.In("en").Success(gen.UpdateChatroomEndpoint.Operation)
	assert.ErrorContains(t, p.Prepare(s, "chatroom"), "no column shoe", "nothing may change before the mistake comes to light")
}

// FuzzPrint prints any response in every format.
func FuzzPrint(f *testing.F) {
	f.Add([]byte(members))
	f.Add([]byte(`{"desc":"{\"data\":[[],null,1,\"\\u009b\",{\"accid\":{}}]}"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		s := described.In("en").Success(gen.ListMembersEndpoint.Operation)
		for _, format := range []string{output.Table, output.JSON, output.NDJSON, output.CSV, output.YAML} {
			var out bytes.Buffer
			p := output.Printer{Out: &out, Err: &out, Format: format, Terminal: true, Width: 40}
			_ = p.Print(t.Context(), body, s, "desc.data") // text that is no JSON
			assert.NotContains(t, out.String(), "\x1b")
			assert.NotContains(t, out.String(), "\u009b")
		}
	})
}
