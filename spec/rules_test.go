package spec_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"
)

// operationName is a verb and a noun in camel case.
var operationName = regexp.MustCompile(`^(create|get|list|count|update|toggle|set|mute|request|send|add|remove|clear)[A-Z][A-Za-z]+$`)

// load parses and validates a spec, examples included.
func load(t testing.TB, source []byte) (*openapi3.T, error) {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(source)
	if err != nil {
		return nil, err
	}
	return doc, doc.Validate(t.Context(), openapi3.EnableExamplesValidation())
}

func TestSpecKeepsItsRules(t *testing.T) {
	source, err := os.ReadFile("openapi.yaml")
	require.NoError(t, err)
	doc, err := load(t, source)
	require.NoError(t, err)
	require.Equal(t, 25, doc.Paths.Len())
	for _, v := range violations(doc) {
		t.Error(v)
	}
}

// TestRulesCatchFaults seeds one fault at a time; each must be reported.
func TestRulesCatchFaults(t *testing.T) {
	source, err := os.ReadFile("openapi.yaml")
	require.NoError(t, err)
	faults := []struct{ name, old, new string }{
		{"encoding dropped", "            encoding:\n              roomids: {contentType: application/json}\n", ""},
		{"encoding of no field", "roomids: {contentType: application/json}", "roomIds: {contentType: application/json}"},
		{"encoding of another type", "tags: {contentType: application/json}", "tags: {contentType: text/plain}"},
		{"enum name missing", "x-enum-varnames: [Fixed, Visitors, OnlineFixed]", "x-enum-varnames: [Fixed, Visitors]"},
		{"enum value lost", "enum: [0, 1, 2, 3, 4, 6, 10, 100]", "enum: [0, 1, 2, 3, 4, 6, 10]"},
		{"enum description missing", "'2': Fixed members that are online.", "'3': Fixed members that are online."},
		{"enum alias of no value", "{MANAGER: [administrator]", "{MANAGERS: [administrator]"},
		{"alias equal to a property", "x-aliases: [joinTime]", "x-aliases: [nick]"},
		{"alias of no property", "x-property-aliases: {chatroom: [chat room]}", "x-property-aliases: {chatRoom: [chat room]}"},
		{"absence of no property", "x-property-absent: {queuelevel:", "x-property-absent: {queueLevel:"},
		{"property without description", "accid: {type: string, format: accid, description: Account (accid) of the member., example: abc}", "accid: {type: string, format: accid, example: abc}"},
		{"status codes missing", "      x-status-codes: [200, 404, 414]\n", ""},
		{"status code unknown", "x-status-codes: [200, 404, 414]", "x-status-codes: [200, 404, 415]"},
		{"source missing", "      x-source:\n        - {document: zh-tags-2024-03-15, heading: 修改聊天室用户标签}\n", ""},
		{"idempotency misspelt", "x-idempotency: deduplicated", "x-idempotency: dedupe"},
		{"nothing to ask", "      x-ask: listUserChatrooms\n", ""},
		{"asking nobody", "x-ask: listUserChatrooms", "x-ask: listRooms"},
		{"batch of no field", "x-batch: {field: roomids,", "x-batch: {field: roomIds,"},
		{"batch limit differs", "x-batch: {field: accids, maximum: 200}", "x-batch: {field: accids, maximum: 100}"},
		{"page limit differs", "limit: limit, maximum: 200}", "limit: limit, maximum: 100}"},
		{"signature vector broken", "CheckSum: 4c6f0fbc04efedd91685a226da081807de269350", "CheckSum: 4c6f0fbc04efedd91685a226da081807de269351"},
		{"limit on an answer", "size: {type: integer, format: int32, description: Number of robots", "size: {type: integer, format: int32, maximum: 100, description: Number of robots"},
		{"two tags", "tags: [statistics]", "tags: [statistics, rooms]"},
		{"operation name", "operationId: listTopChatrooms", "operationId: topChatrooms"},
		{"refusal example lost", "                refusal:\n                  summary: The tag is missing\n                  value: {code: 414, desc: tag is empty}\n", ""},
		{"example contradicts", "value: {roomid: 3001, tag: abc}", "value: {roomid: abc, tag: abc}"},
		{"default outside its enum", "default: hour", "default: week"},
		{"answer field not in its example", "                          tempMuteTtl: 120\n", ""},
		{"room id unmarked", "roomid: {type: integer, format: int64, x-id: room, minimum: 1, description: Id of the room., example: 66}", "roomid: {type: integer, format: int64, minimum: 1, description: Id of the room., example: 66}"},
		{"room id without a word", "x-id: room, description: Id of the room., example: 3571337}", "description: Which room., example: 3571337}"},
		{"room ids in a list unmarked", "format: int64, x-id: room, pattern", "format: int64, pattern"},
		{"id of something else", "x-id: room", "x-id: member"},
		{"time unmarked", "sendtime: {type: integer, format: int64, x-time: milliseconds,", "sendtime: {type: integer, format: int64,"},
		{"time as text unmarked", "time: {type: string, format: int64, x-time: milliseconds,", "time: {type: string, format: int64,"},
		{"time in another unit", "x-time: seconds", "x-time: milliseconds"},
		{"time in one unit only", "x-time: any", "x-time: seconds"},
		{"time as a duration", "fromTime: {type: integer, format: int64, x-time: milliseconds,", "fromTime: {type: integer, format: int64, x-duration: milliseconds,"},
		{"duration unmarked", "tempMuteTtl: {type: integer, format: int64, x-duration: seconds,", "tempMuteTtl: {type: integer, format: int64,"},
		{"duration without a unit", "description: 'Length of the mute in seconds, up", "description: 'Length of the mute, up"},
		{"a count as a duration", "size: {type: integer, format: int32, description: Number of robots", "size: {type: integer, format: int32, x-duration: seconds, description: Number of robots"},
	}
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			if !strings.Contains(string(source), f.old) {
				t.Fatal("the fault no longer applies")
			}
			doc, err := load(t, []byte(strings.Replace(string(source), f.old, f.new, 1)))
			if err == nil {
				require.NotEmpty(t, violations(doc), "not caught")
			}
		})
	}
}

// violations lists what the spec does against its own rules, those that no linter knows.
func violations(doc *openapi3.T) []string {
	c := &checker{doc: doc, forms: map[string]bool{}, shown: map[string]bool{}, operations: map[string]bool{}}
	for _, item := range doc.Paths.Map() {
		for _, op := range item.Operations() {
			c.operations[op.OperationID] = true
		}
	}
	c.root()
	c.signature()
	c.codes()
	for _, path := range doc.Paths.InMatchingOrder() {
		c.operation(path, doc.Paths.Value(path))
	}
	for name, ref := range doc.Components.Schemas {
		c.schema(name, ref.Value)
	}
	slices.Sort(c.found)
	return c.found
}

// checker collects violations.
type checker struct {
	doc        *openapi3.T
	known      []int           // codes of x-codes
	forms      map[string]bool // schemas that requests use
	shown      map[string]bool // properties that success examples show
	operations map[string]bool // by id
	found      []string
}

func (c *checker) errorf(format string, args ...any) {
	c.found = append(c.found, fmt.Sprintf(format, args...))
}

// ints reads a list of numbers from an extension.
func ints(v any) []int {
	list, _ := v.([]any)
	out := make([]int, 0, len(list))
	for _, e := range list {
		if f, ok := e.(float64); ok {
			out = append(out, int(f))
		}
	}
	return out
}

// texts reads a list of texts from an extension.
func texts(v any) []string {
	list, _ := v.([]any)
	out := make([]string, 0, len(list))
	for _, e := range list {
		if s, ok := e.(string); ok {
			out = append(out, s)
		}
	}
	return out
}
