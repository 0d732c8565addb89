package cassettes_test

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
	"github.com/nimroom/nimroom/internal/record"
)

// TestASpecThatTheCassettesContradictFails: each seeded change of the spec is
// found by some cassette.
func TestASpecThatTheCassettesContradictFails(t *testing.T) {
	spec := string(theSpec(t))
	all := distinct(files(t))
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
			for _, f := range all {
				if record.Check(c, f) != nil {
					return
				}
			}
			t.Error("no cassette contradicts it")
		})
	}
}

// distinct are the interactions of all cassettes, each once: most stories begin
// alike.
func distinct(files map[string]*cassettes.File) []*cassettes.File {
	var list []*cassettes.File
	seen := map[string]bool{}
	for _, f := range files {
		for n, i := range f.Interactions {
			source := *f.Source
			source.Invalid = nil
			if slices.Contains(f.Source.Invalid, n) {
				source.Invalid = []int{0}
			}
			key := fmt.Sprint(source.Kind, source.Dialect, source.Invalid, i.Request.URL, i.Request.Body, i.Response.Body)
			if !seen[key] {
				seen[key] = true
				list = append(list, &cassettes.File{Version: f.Version, Source: &source, Interactions: []*cassette.Interaction{i}})
			}
		}
	}
	return list
}

// TestACassetteThatTheSpecDoesNotAllowFails: each seeded change of a cassette
// is found, in requests and answers.
func TestACassetteThatTheSpecDoesNotAllowFails(t *testing.T) {
	c, err := contract.New(theSpec(t))
	require.NoError(t, err)
	body := func(old, other string) func(*testing.T, *cassettes.File) {
		return func(t *testing.T, f *cassettes.File) {
			for _, i := range slices.Backward(f.Interactions) {
				if strings.Contains(i.Response.Body, old) {
					edit(&i.Response.Body, old, other)
					return
				}
			}
			t.Fatalf("no answer has %s", old)
		}
	}
	form := func(old, other string) func(*testing.T, *cassettes.File) {
		return func(t *testing.T, f *cassettes.File) {
			i := f.Interactions[len(f.Interactions)-1]
			require.Contains(t, i.Request.Body, old)
			i.Request.Body = strings.Replace(i.Request.Body, old, other, 1)
		}
	}
	const (
		room    = "emulator/getChatroom/success"
		send    = "emulator/sendMessage/success"
		members = "emulator/listMembersByRole/success"
		robots  = "emulator/addRobots/success"
		batch   = "emulator/getChatrooms/success"
		top     = "emulator/listTopChatrooms/success"
		refusal = "emulator/getChatroom/unknown-room"
		history = "emulator/listTagMessages/success"
	)
	mutations := []struct {
		name, cassette string
		mutate         func(*testing.T, *cassettes.File)
	}{
		{"envelope renamed", room, body(`"chatroom"`, `"room"`)},
		{"envelope in another dialect", room, body(`"chatroom"`, `"chat room"`)},
		{"member renamed", room, body(`"roomid"`, `"roomId"`)},
		{"member unknown", room, body(`"valid"`, `"extra":1,"valid"`)},
		{"member gone", room, body(`"creator":"zhangsan"`, `"ext":""`)},
		{"member in two spellings", members, body(`"enterTime":`, `"joinTime":1,"enterTime":`)},
		{"number as text", room, body(`"queuelevel":0`, `"queuelevel":"0"`)},
		{"number with a fraction", room, body(`"queuelevel":0`, `"queuelevel":0.5`)},
		{"boolean as text", room, body(`"valid":true`, `"valid":"true"`)},
		{"boolean as number", room, body(`"valid":true`, `"valid":1`)},
		{"object as JSON text", refusal, body(`"desc":`, `"desc":["x"],"desc2":`)},
		{"text as number", send, body(`"type":"0"`, `"type":0`)},
		{"text that is no number", send, body(`"type":"0"`, `"type":"zero"`)},
		{"JSON text as list", robots, body(`"[]"`, `[]`)},
		{"JSON text broken", robots, body(`"[]"`, `"["`)},
		{"JSON text of another type", robots, body(`"[]"`, `"[1]"`)},
		{"word not known", members, body(`"CREATOR"`, `"BOSS"`)},
		{"word in another dialect", members, body(`"CREATOR"`, `"owner"`)},
		{"list as object", batch, body(`"noExistRooms":[`, `"noExistRooms":{"a":[`)},
		{"items of another type", batch, body(`"noExistRooms":[`, `"noExistRooms":["a",`)},
		{"code gone", room, body(`"code":200`, `"codes":200`)},
		{"code as text", room, body(`"code":200`, `"code":"200"`)},
		{"code not known", refusal, body(`"code":404`, `"code":4040`)},
		{"success with the code of a refusal", room, body(`"code":200`, `"code":404`)},
		{"refusal with the code of success", refusal, body(`"code":404`, `"code":200`)},
		{"refusal with an object", refusal, body(`"desc":"`, `"desc":{},"x":"`)},
		{"no JSON", room, body(`{`, `<`)},
		{"more than one value", room, body(`{`, `{} {`)},
		{"nothing", history, func(_ *testing.T, f *cassettes.File) { f.Interactions[0].Response.Body = "" }},
		{"status of a gateway", room, func(_ *testing.T, f *cassettes.File) { f.Interactions[0].Response.Code = http.StatusBadGateway }},
		{"another type of content", room, func(_ *testing.T, f *cassettes.File) {
			f.Interactions[0].Response.Headers.Set("Content-Type", "text/html")
		}},
		{"form without a required field", room, form("roomid=", "room=")},
		{"form with an unknown field", room, form("roomid=", "x=1&roomid=")},
		{"form with a field twice", room, form("roomid=", "roomid=1&roomid=")},
		{"form with text for a number", room, form("roomid=", "roomid=a")},
		{"form with a number out of range", room, form("roomid=", "roomid=999999999999999999")},
		{"form with a list as brackets", batch, form("roomids=%5B%22", "roomids[0]=")},
		{"form with broken JSON", batch, form("roomids=%5B%22", "roomids=%22")},
		{"form with another spelling", top, form("orderby=enter", "orderby=join")},
		{"form with an unknown word", top, form("orderby=enter", "orderby=size")},
		{"form of another type", room, func(_ *testing.T, f *cassettes.File) {
			f.Interactions[0].Request.Headers.Set("Content-Type", "application/json")
		}},
		{"unsigned", room, func(_ *testing.T, f *cassettes.File) { f.Interactions[0].Request.Headers.Del("CheckSum") }},
		{"another method", room, func(_ *testing.T, f *cassettes.File) { f.Interactions[0].Request.Method = http.MethodGet }},
		{"another path", room, func(_ *testing.T, f *cassettes.File) { f.Interactions[0].Request.URL += "x" }},
		{"called invalid", room, func(_ *testing.T, f *cassettes.File) { f.Source.Invalid = []int{0} }},
		{"invalid but carried out", "emulator/createChatroom/missing-fields", func(_ *testing.T, f *cassettes.File) {
			f.Interactions[0].Response.Body = roomAnswer
		}},
		{"no longer called invalid", "emulator/createChatroom/missing-fields", func(_ *testing.T, f *cassettes.File) { f.Source.Invalid = nil }},
	}
	for _, m := range mutations {
		t.Run(m.name, func(t *testing.T) {
			f, err := cassettes.Read(m.cassette + ".yaml")
			require.NoError(t, err)
			require.NoError(t, record.Check(c, f))
			m.mutate(t, f)
			assert.Error(t, record.Check(c, f))
		})
	}
}

// TestWhatIsNotTheStoryFails: a cassette whose story is another one does not
// replay.
func TestWhatIsNotTheStoryFails(t *testing.T) {
	const name = "emulator/sendMessage/success.yaml"
	mutations := map[string]func(f *cassettes.File){
		"another room":       func(f *cassettes.File) { edit(&f.Interactions[1].Request.Body, "roomid=10010000001", "roomid=999") },
		"another text":       func(f *cassettes.File) { edit(&f.Interactions[1].Request.Body, "This+is+test+msg", "Another") },
		"another answer":     func(f *cassettes.File) { edit(&f.Interactions[1].Response.Body, "zhangsan", "lisi") },
		"another code":       func(f *cassettes.File) { edit(&f.Interactions[1].Response.Body, `"code":200`, `"code":403`) },
		"a step less":        func(f *cassettes.File) { f.Interactions = f.Interactions[:1] },
		"a step more":        func(f *cassettes.File) { f.Interactions = append(f.Interactions, f.Interactions[0]) },
		"another operation":  func(f *cassettes.File) { edit(&f.Interactions[1].Request.URL, "sendMsg", "sendMsg2") },
		"a field more":       func(f *cassettes.File) { f.Interactions[1].Request.Body += "&resendFlag=1" },
		"a field unknown":    func(f *cassettes.File) { f.Interactions[1].Request.Body += "&x=1" },
		"no answer":          func(f *cassettes.File) { f.Interactions[1].Response.Body = "" },
		"a gateway's status": func(f *cassettes.File) { f.Interactions[1].Response.Code = http.StatusBadGateway },
	}
	for what, mutate := range mutations {
		t.Run(what, func(t *testing.T) {
			f, err := cassettes.Read(name)
			require.NoError(t, err)
			folder := t.TempDir()
			require.NoError(t, f.Write(folder+"/"+name))
			require.NoError(t, player(t, folder).Replay(t.Context(), *f.Source))
			f.Interactions = slices.Clone(f.Interactions)
			mutate(f)
			require.NoError(t, f.Write(folder+"/"+name))
			assert.Error(t, player(t, folder).Replay(t.Context(), *f.Source))
		})
	}
}

func edit(text *string, old, other string) { *text = strings.Replace(*text, old, other, 1) }
