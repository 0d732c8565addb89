package record

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"

	"github.com/nimroom/nimroom/cassettes"
	"github.com/nimroom/nimroom/internal/check/contract"
)

// TestEveryInteractionKeepsToTheSpec, in both directions.
func TestEveryInteractionKeepsToTheSpec(t *testing.T) {
	c := theContract(t)
	for _, r := range all(t) {
		if err := r.Check(c); err != nil {
			t.Errorf("%s: %v", r.Name(), err)
		}
	}
}

// TestASpecThatTheRecordingsContradictFails: each seeded change of the spec is
// found by some recording.
func TestASpecThatTheRecordingsContradictFails(t *testing.T) {
	spec := string(theSpec(t))
	all := distinct(all(t))
	mutations := []struct{ name, old, new string }{
		{"path renamed", "  /chatroom/create.action:\n", "  /chatroom/make.action:\n"},
		{"method changed", "  /chatroom/get.action:\n    post:", "  /chatroom/get.action:\n    put:"},
		{"form field renamed", "creator: {type: string, format: accid, minLength: 1", "owner: {type: string, format: accid, minLength: 1"},
		{"form field of another type", "roomid: {type: integer, format: int64, x-id: room, minimum: 1, description: Id of the room., example: 4235}", "roomid: {type: boolean, description: Id of the room., example: true}"},
		{"form field more required", "required: [roomid, operator, target, opt, optvalue]", "required: [roomid, operator, target, opt, optvalue, notifyExt]"},
		{"form field less required", "required: [roomid, operator, target, opt, optvalue]", "required: [roomid, operator, target, opt]"},
		{"nothing required", "required: [roomid, msgId, fromAccid, msgType]", "required: []"},
		{"limit lowered", "muteDuration: {type: integer, format: int64, x-duration: seconds, minimum: 0, maximum: 2592000", "muteDuration: {type: integer, format: int64, x-duration: seconds, minimum: 0, maximum: 10"},
		{"limit raised", "abandonRatio: {type: integer, format: int32, minimum: 0, maximum: 9999", "abandonRatio: {type: integer, format: int32, minimum: 0, maximum: 99999"},
		{"minimum raised", "topn: {type: integer, format: int32, minimum: 1", "topn: {type: integer, format: int32, minimum: 4"},
		{"enum value gone", "enum: [hour, day]", "enum: [hour]"},
		{"enum value added", "enum: [0, 1, 2, 3, 4, 6, 10, 100]", "enum: [0, 1, 2, 3, 4, 5, 6, 10, 100]"},
		{"encoding dropped", "              roomids: {contentType: application/json}\n", "              {}\n"},
		{"encoding of another type", "roomids: {contentType: application/json}", "roomids: {contentType: text/plain}"},
		{"answer member renamed", "onlineStat: {type: boolean", "online: {type: boolean"},
		{"answer member of another type", "onlineStat: {type: boolean", "onlineStat: {type: integer"},
		{"answer member more required", "required: [chatroom, code]", "required: [chatroom, code, room]"},
		{"answer text as number", "time: {type: string, format: int64", "time: {type: integer, format: int64"},
		{"answer number as text", "sendtime: {type: integer, format: int64", "sendtime: {type: string, format: int64"},
		{"answer list as text", "succRooms:\n          type: array", "succRooms:\n          type: string"},
		{"JSON text of another type", "x-json-text: {type: array, items: {type: string}}", "x-json-text: {type: array, items: {type: integer}}"},
		{"JSON text as list", "failAccids:\n          type: string\n", "failAccids:\n          type: array\n          items: {type: string}\n"},
		{"null not allowed", "announcement: {type: string, nullable: true", "announcement: {type: string"},
		{"alias of a member gone", "x-aliases: [joinTime]", "x-aliases: [timeOfJoin]"},
		{"alias of an envelope gone", "x-property-aliases: {chatroom: [chat room]}", "x-property-aliases: {chatroom: [chatRoom]}"},
		{"alias of a word gone", "x-enum-aliases: {MANAGER: [administrator], CREATOR: [owner]}", "x-enum-aliases: {CREATOR: [owner]}"},
		{"alias of a sort value gone", "x-enum-aliases: {enter: [join]}", "x-enum-aliases: {enter: [joined]}"},
		{"role gone", "enum: [UNSET, LIMITED, COMMON, CREATOR, MANAGER, TEMPORARY, ANONYMOUS]", "enum: [UNSET, COMMON, CREATOR, MANAGER, TEMPORARY, ANONYMOUS]"},
		{"code not explained", "  - {code: 13002, name: RoomClosed", "  - {code: 13999, name: RoomClosed"},
		{"refusal's text a number", "desc: {type: string, nullable: true, description: 'What exactly was wrong", "desc: {type: integer, nullable: true, description: 'What exactly was wrong"},
		{"success of another code", "code: {type: integer, format: int32, enum: [200], description: 200 in success., example: 200}", "code: {type: integer, format: int32, enum: [201], description: 200 in success., example: 200}"},
		{"signature of another name", "name: CheckSum", "name: X-Sum"},
		{"another content type", "application/json:\n", "text/json:\n"},
		{"form field too short", "name: {type: string, minLength: 1, maxLength: 128", "name: {type: string, minLength: 1, maxLength: 3"},
		{"text must be longer", "msgId: {type: string, minLength: 1", "msgId: {type: string, minLength: 40"},
		{"list must be shorter", "maxItems: 200", "maxItems: 1"},
	}
	for _, m := range mutations {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			if !strings.Contains(spec, m.old) {
				t.Fatalf("the spec has no %q", m.old)
			}
			c, err := contract.New([]byte(strings.ReplaceAll(spec, m.old, m.new)))
			if err != nil {
				t.Fatalf("the mutated spec cannot be read: %v", err)
			}
			for _, r := range all {
				if r.Check(c) != nil {
					return
				}
			}
			t.Error("no recording contradicts it")
		})
	}
}

// distinct are the interactions of all recordings, each once: most scenarios begin
// alike.
func distinct(recordings []*Recording) []*Recording {
	var list []*Recording
	seen := map[string]bool{}
	for _, r := range recordings {
		for n, i := range r.Interactions {
			source := r.Source
			source.Invalid = nil
			if slices.Contains(r.Invalid, n) {
				source.Invalid = []int{0}
			}
			key := fmt.Sprint(source.Kind, source.Dialect, source.Invalid, i.Request.URL, i.Request.Body, i.Response.Body)
			if !seen[key] {
				seen[key] = true
				list = append(list, &Recording{source, &cassettes.File{Version: r.Version, Interactions: []*cassette.Interaction{i}}})
			}
		}
	}
	return list
}

// TestARecordingThatTheSpecDoesNotAllowFails: the contract's own tests have what
// can be wrong with a form or a response; these are about what a recording may say.
func TestARecordingThatTheSpecDoesNotAllowFails(t *testing.T) {
	const (
		room    = "emulator/getChatroom/success"
		members = "emulator/listMembersByRole/success"
		top     = "emulator/listTopChatrooms/success"
		invalid = "emulator/createChatroom/missing-fields"
	)
	response := func(old, other string) func(*testing.T, *Recording) {
		return func(t *testing.T, r *Recording) {
			i := r.Interactions[len(r.Interactions)-1]
			require.Contains(t, i.Response.Body, old)
			edit(&i.Response.Body, old, other)
		}
	}
	request := func(old, other string) func(*testing.T, *Recording) {
		return func(t *testing.T, r *Recording) {
			i := r.Interactions[len(r.Interactions)-1]
			require.Contains(t, i.Request.Body, old)
			edit(&i.Request.Body, old, other)
		}
	}
	c := theContract(t)
	for _, m := range []struct {
		what, name string
		mutate     func(*testing.T, *Recording)
	}{
		{"envelope of another dialect", room, response(`"chatroom"`, `"chat room"`)},
		{"word of another dialect", members, response(`"CREATOR"`, `"owner"`)},
		{"text of another dialect", room, response(`"queuelevel":0`, `"queuelevel":"0"`)},
		{"unknown member", room, response(`"valid"`, `"extra":1,"valid"`)},
		{"text where the dialect en-2022 has none", room + ".en-2022", response(`"queuelevel":0`, `"queuelevel":"0"`)},
		{"alias where the dialect text has none", room + ".text", response(`"chatroom"`, `"chat room"`)},
		{"form in the spelling of a page", top, request("orderby=enter", "orderby=join")},
		{"form without a required field", room, request("roomid=", "room=")},
		{"unsigned", room, func(_ *testing.T, r *Recording) { r.Interactions[0].Request.Headers.Del("CheckSum") }},
		{"another method", room, func(_ *testing.T, r *Recording) { r.Interactions[0].Request.Method = http.MethodGet }},
		{"another path", room, func(_ *testing.T, r *Recording) { r.Interactions[0].Request.URL += "x" }},
		{"status of a gateway", room, func(_ *testing.T, r *Recording) { r.Interactions[0].Response.Code = http.StatusBadGateway }},
		{"marked as invalid", room, func(_ *testing.T, r *Recording) { r.Invalid = []int{0} }},
		{"invalid but carried out", invalid, func(t *testing.T, r *Recording) {
			r.Interactions[0].Response.Body = find(t, "emulator/createChatroom/success").Interactions[0].Response.Body
		}},
		{"no longer marked as invalid", invalid, func(_ *testing.T, r *Recording) { r.Invalid = nil }},
	} {
		t.Run(m.what, func(t *testing.T) {
			r := find(t, m.name)
			require.NoError(t, r.Check(c))
			m.mutate(t, r)
			assert.Error(t, r.Check(c))
		})
	}
}

func edit(text *string, old, other string) { *text = strings.Replace(*text, old, other, 1) }
