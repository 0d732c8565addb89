package rules_test

import (
	"os"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/internal/check/evidence"
	"github.com/nimroom/nimroom/internal/check/facts"
	"github.com/nimroom/nimroom/internal/check/mutation"
	"github.com/nimroom/nimroom/internal/check/rules"
	"github.com/nimroom/nimroom/internal/generate/dist"
	"github.com/nimroom/nimroom/internal/long"
	"github.com/nimroom/nimroom/internal/reconciliation"
)

const folder = "../../../spec/"

func against(t *testing.T) rules.Against {
	t.Helper()
	known, err := evidence.Load(folder + "evidence")
	require.NoError(t, err)
	text, err := os.ReadFile(folder + "reconciliation.yaml")
	require.NoError(t, err)
	record, err := reconciliation.Parse(text)
	require.NoError(t, err)
	return rules.Against{Evidence: known, Reconciliation: record}
}

// TestAnOperationNeedsNoPage checks that an operation known only from an SDK passes without
// a page, a cURL line or an example called documented, and that its citations are checked.
func TestAnOperationNeedsNoPage(t *testing.T) {
	source, err := dist.Read(folder + "openapi.yaml")
	require.NoError(t, err)
	spec, err := mutation.Read(source)
	require.NoError(t, err)
	sdk := mutation.Object{"evidence": "java-sdk-1.2.0", "at": "IChatRoomV1Service.kickMember"}
	tests := []struct {
		name    string
		sources []any
		mutate  func(root, op mutation.Object)
		want    string // part of the one violation, empty for none
	}{
		{"an sdk", []any{sdk}, nil, ""},
		{"a live run", []any{mutation.Object{"evidence": "live-2022-05", "at": "tests/chatroom_test.go#Test_Sweep"}}, nil, ""},
		{"nothing", nil, nil, "x-source is missing"},
		{"unknown evidence", []any{mutation.Object{"evidence": "java-sdk-9", "at": "Rooms.sweep"}}, nil, `evidence "java-sdk-9", which spec/evidence/evidence.yaml does not list`},
		{"no symbol", []any{mutation.Object{"evidence": "java-sdk-1.2.0", "at": "Sweeping a room"}}, nil, "is not a symbol, as Type.method"},
		{"no recording", []any{mutation.Object{"evidence": "live-2022-05", "at": ""}}, nil, "is not a recording or a test"},
		{"a guess that does not say so", []any{mutation.Object{"evidence": "decided-here", "at": "row 52"}}, nil, "nothing but a guess supports it"},
		{"a guess", []any{mutation.Object{"evidence": "decided-here", "at": "row 52"}}, func(_, op mutation.Object) {
			op["x-guess"], op["description"] = "row 52", "Sweeps a room (unproven)."
		}, ""},
		{"a guess that nobody decided", []any{sdk, mutation.Object{"evidence": "decided-here", "at": "row 999"}}, nil, "there is no row 999"},
		{"a guess that evidence decided", []any{sdk}, func(_, op mutation.Object) {
			op["x-guess"], op["description"] = "row 59", "Sweeps a room (unproven)."
		}, "is not the row of reconciliation.yaml that decides it"},
		{"a page without a link", []any{mutation.Object{"evidence": "en-chatroom-2022-11-25", "at": "Sweeping"}}, nil, "externalDocs does not link"},
		{"a page and a link elsewhere", []any{mutation.Object{"evidence": "en-chatroom-2022-11-25", "at": "Sweeping"}}, func(_, op mutation.Object) {
			op["externalDocs"] = mutation.Object{"url": "https://doc.yunxin.163.com/messaging/server-apis/TA0NjA1MzY?platform=server"}
		}, "is not the address of a page that x-source cites"},
		{"something observed by nobody", []any{mutation.Object{"evidence": "zh-rate-table", "at": "chatroom/sweep"}}, func(_, op mutation.Object) {
			op["description"] = "Sweeps a room, also a closed one (observed)."
		}, "cites neither live responses nor tests"},
		{"something observed", []any{sdk}, func(_, op mutation.Object) { op["description"] = "Sweeps a room, also a closed one (observed)." }, ""},
		{"a form that refuses other fields", []any{sdk}, func(root, _ mutation.Object) {
			mutation.At(root, "components", "schemas", "SweepChatroomForm")["additionalProperties"] = false
		}, "SweepChatroomForm: allows no other fields"},
		{"an id of one word", []any{sdk}, func(_, op mutation.Object) { op["operationId"] = "sweep" }, "two or more words in lower camel case"},
		{"a response that may be about anything", []any{sdk}, func(root, _ mutation.Object) {
			delete(mutation.At(root, "components", "schemas", "SweepChatroomSuccess"), "x-identity")
		}, "SweepChatroomSuccess: x-identity"},
		{"a reading operation that is not safe", []any{sdk}, func(_, op mutation.Object) { op["x-idempotency"] = "idempotent" }, "x-ask"},
	}
	known := against(t)
	for _, tt := range tests[:long.Rounds(t, 8, len(tests))] {
		t.Run(tt.name, func(t *testing.T) {
			doc, err := openapi3.NewLoader().LoadFromData(spec.With(func(root mutation.Object) {
				item := spec.Part("paths", "/chatroom/requestAddr.action")
				op := mutation.At(item, "post")
				op["operationId"], op["x-source"] = "sweepChatroom", tt.sources
				delete(op, "externalDocs")
				examples := mutation.At(op, "requestBody", "content", "application/x-www-form-urlencoded", "examples")
				examples["one"] = examples["documented"]
				delete(examples, "documented")
				for from, to := range map[string]string{"RequestAddressForm": "SweepChatroomForm", "RequestAddressSuccess": "SweepChatroomSuccess"} {
					mutation.At(root, "components", "schemas")[to] = spec.Part("components", "schemas", from)
				}
				mutation.At(op, "requestBody", "content", "application/x-www-form-urlencoded")["schema"] = mutation.Object{"$ref": "#/components/schemas/SweepChatroomForm"}
				mutation.At(op, "responses", "200", "content", "application/json", "schema")["oneOf"].([]any)[0] = mutation.Object{"$ref": "#/components/schemas/SweepChatroomSuccess"}
				if tt.mutate != nil {
					tt.mutate(root, op)
				}
				mutation.At(root, "paths")["/chatroom/sweep.action"] = item
			}))
			require.NoError(t, err)
			found := rules.Check(doc, known)
			if tt.want == "" {
				assert.Empty(t, found)
			} else {
				assert.Regexp(t, "/chatroom/sweep.action: |SweepChatroom", strings.Join(found, "\n"))
				assert.Contains(t, strings.Join(found, "\n"), tt.want)
			}
			cites := strings.Contains(tt.name, "a page")
			assert.Equal(t, cites, len(facts.Compare(doc, known.Evidence).Disagreements) > 0, "only what a page describes must be on it")
		})
	}
}
