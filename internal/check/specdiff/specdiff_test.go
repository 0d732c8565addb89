package specdiff

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func released(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("testdata/old.yaml")
	require.NoError(t, err)
	return string(text)
}

// seed replaces a text that must be there.
func seed(t *testing.T, source, old, now string) string {
	t.Helper()
	require.Contains(t, source, old, "the change no longer applies")
	return strings.Replace(source, old, now, 1)
}

// TestBreakingChanges seeds one change at a time: it is reported, fails under the
// same major version, minor and patch steps included, and passes with a major step.
func TestBreakingChanges(t *testing.T) {
	for name, change := range map[string]struct{ old, now, says string }{
		"operation gone":                {"  /room/create.action:", "  /room/make.action:", "/room/create.action is gone"},
		"operation renamed":             {"operationId: createRoom", "operationId: makeRoom", "operationId was createRoom"},
		"tag changed":                   {"tags: [rooms]", "tags: [halls]", "tags was [rooms]"},
		"idempotency changed":           {"x-idempotency: unsafe", "x-idempotency: safe", "x-idempotency"},
		"status code lost":              {"x-status-codes: [200, 414]", "x-status-codes: [200]", "lost 414"},
		"batch smaller":                 {"x-batch: {field: ids, maximum: 20}", "x-batch: {field: ids, maximum: 10}", "x-batch"},
		"page smaller":                  {"x-page: {cursor: level, maximum: 10}", "x-page: {cursor: level, maximum: 9}", "x-page.maximum was 10, is 9"},
		"pages no longer described":     {"      x-page: {cursor: level, maximum: 10}\n", "", "x-page.cursor was level, is none"},
		"encoding removed":              {"            encoding: {ids: {contentType: application/json}}\n", "", "encoding"},
		"body of another type":          {"application/x-www-form-urlencoded:", "multipart/form-data:", "schema"},
		"form field gone":               {"        name: {type: string, maxLength: 10}\n", "", "RoomForm.name is gone"},
		"form field required":           {"required: [kind]", "required: [kind, name]", "RoomForm.name must be sent now"},
		"limit lowered":                 {"maxLength: 10", "maxLength: 9", "maxLength was 10, is 9"},
		"limit new":                     {"ids: {type: array, items:", "ids: {type: array, maxItems: 5, items:", "maxItems"},
		"minimum raised":                {"minimum: 1", "minimum: 2", "minimum was 1, is 2"},
		"type in JSON text changed":     {"{type: string, description: A name.}", "{type: integer, description: A name.}", "RoomForm.list as JSON[].type"},
		"JSON text no longer described": {"x-json-text: {type: array", "x-was: {type: array", "has x-json-text"},
		"type changed":                  {"name: {type: string, maxLength: 10}", "name: {type: integer, maxLength: 10}", "name.type"},
		"items changed":                 {"items: {type: string}", "items: {type: integer}", "ids[].type"},
		"format changed":                {"format: int64", "format: int32", "format was int64"},
		"default changed":               {"default: 0", "default: 1", "default was 0"},
		"enum value of a form gone":     {"enum: [0, 1]", "enum: [0]", "Kind.enum lost 1"},
		"enum value of a response gone": {
			"enum: [OPEN, CLOSED]", "enum: [OPEN]", "state.enum lost CLOSED"},
		"enum value of a response new": {"enum: [OPEN, CLOSED]", "enum: [OPEN, CLOSED, GONE]", "state.enum may be GONE now"},
		"another attempt changed":      {"{code: 414, name: BadParameter, executed: 'no'}", "{code: 414, name: BadParameter, executed: 'no', transient: true}", "x-codes.414.transient"},
		"enum names gone":              {"      x-enum-varnames: [Small, Large]\n", "", "Kind no longer names its values"},
		"absent with a new meaning":    {"      properties:\n        id:", "      x-property-absent: {state: Nobody looked.}\n      properties:\n        id:", "Room.state has x-property-absent: was false, is true"},
		"enum name changed":            {"x-enum-varnames: [Small, Large]", "x-enum-varnames: [Small, Big]", "no longer calls 1 Large"},
		"response field gone":          {"        size: {type: integer, x-absent: Nobody counted.}\n", "", "Room.size is gone"},
		"response field optional":      {"required: [id, state]", "required: [id]", "Room.state may be missing now"},
		"response may be null":         {"size: {type: integer", "size: {nullable: true, type: integer", "may be null now"},
		"alternative gone":             {"[{$ref: '#/components/schemas/Room'}, {$ref: '#/components/schemas/Error'}]", "[{$ref: '#/components/schemas/Room'}]", "schema"},
		"schema gone":                  {"    Error:\n      type: object\n", "    Failure:\n      type: object\n", "Error is gone"},
		"alias lost":                   {"x-aliases: [roomId]", "x-aliases: []", "x-aliases lost roomId"},
		"alias of a reference lost":    {"x-property-aliases: {kind: [sort]}", "x-property-aliases: {}", "kind lost sort"},
		"enum alias lost":              {"x-enum-aliases: {OPEN: [open]}", "x-enum-aliases: {}", "OPEN lost open"},
		"absence no longer told":       {"x-absent: Nobody counted.", "description: How many.", "x-absent"},
		"unit changed":                 {"x-time: seconds", "x-time: milliseconds", "x-time was seconds"},
		"code lost":                    {"  - {code: 414, name: BadParameter, executed: 'no'}\n", "", "x-codes.414.name"},
		"code renamed":                 {"name: BadParameter", "name: Bad", "x-codes.414.name"},
		"signing rule changed":         {"algorithm: SHA-1", "algorithm: SHA-256", "x-signature.algorithm"},
		"signing header renamed":       {"name: AppKey", "name: Key", "securitySchemes.AppKey.name"},
		"security changed":             {"security: [{AppKey: []}]", "security: []", "security was"},
		"server gone":                  {"{url: 'https://b.example'}", "{url: 'https://c.example'}", "lost https://b.example"},
		"other fields rejected":        {"      x-property-aliases", "      additionalProperties: false\n      x-property-aliases", "takes no other fields"},
	} {
		t.Run(name, func(t *testing.T) {
			old := released(t)
			changed := seed(t, old, change.old, change.now)
			found, err := Breaking([]byte(old), []byte(changed))
			require.NoError(t, err)
			assert.Contains(t, strings.Join(found, "\n"), change.says)
			for _, version := range []string{"1.2.3", "1.2.4", "1.3.0"} {
				err := Check([]byte(old), []byte(seed(t, changed, "version: 1.2.3", "version: "+version)), nil)
				assert.ErrorContains(t, err, change.says, version)
			}
			major := []byte(seed(t, changed, "version: 1.2.3", "version: 2.0.0"))
			intended, err := Breaking([]byte(old), major)
			require.NoError(t, err)
			assert.NoError(t, Check([]byte(old), major, intended))
			assert.ErrorContains(t, Check([]byte(old), major, intended[1:]), intended[0])
		})
	}
}

// TestOtherChanges seeds changes that no client stumbles over.
func TestOtherChanges(t *testing.T) {
	for name, change := range map[string][2]string{
		"nothing":            {"", ""},
		"words":              {"summary: Create a room", "summary: Make a room"},
		"words in JSON text": {"description: A name.", "description: One name."},
		"form field new":     {"        name: {type: string", "        nick: {type: string}\n        name: {type: string"},
		"form field with encoding new": {
			"{ids: {contentType: application/json}}", "{ids: {contentType: application/json}, tags: {contentType: application/json}}"},
		"response field new, with a meaning": {
			"      properties:\n        id:", "      x-property-absent: {age: Nobody asked.}\n      properties:\n        age: {type: integer}\n        id:"},
		"response field new":      {"        size: {type: integer", "        age: {type: integer}\n        size: {type: integer"},
		"limit raised":            {"maxLength: 10", "maxLength: 11"},
		"limit dropped":           {"maxLength: 10", "description: no limit"},
		"mark dropped":            {"required: [kind]", "required: []"},
		"enum value new":          {"enum: [0, 1]", "enum: [0, 1, 2]"},
		"response always there":   {"required: [id, state]", "required: [id, state, size]"},
		"alias new":               {"x-aliases: [roomId]", "x-aliases: [roomId, RoomId]"},
		"status code new":         {"x-status-codes: [200, 414]", "x-status-codes: [200, 414, 500]"},
		"code new":                {"x-codes:\n", "x-codes:\n  - {code: 500, name: ServerFault, executed: maybe}\n"},
		"page says more":          {"x-page: {cursor: level", "x-page: {key: [id], cursor: level"},
		"operation new":           {"paths:\n", "paths:\n  /room/new.action:\n    post: {operationId: newRoom}\n"},
		"server new":              {"servers: [", "servers: [{url: 'https://d.example'}, "},
		"schema new":              {"  schemas:\n", "  schemas:\n    More: {type: object}\n"},
		"form field optional":     {"minimum: 1", "minimum: 0"},
		"response no longer null": {"note: {type: string, nullable: true}", "note: {type: string}"},
	} {
		t.Run(name, func(t *testing.T) {
			old := released(t)
			changed := seed(t, old, change[0], change[1])
			found, err := Breaking([]byte(old), []byte(changed))
			require.NoError(t, err)
			assert.Empty(t, found)
			assert.NoError(t, Check([]byte(old), []byte(changed), nil))
		})
	}
}

// TestAReferenceWrittenOutKeepsItsType compares what is written out with what was referred to.
func TestAReferenceWrittenOutKeepsItsType(t *testing.T) {
	old := released(t)
	changed := seed(t, old, "kind: {$ref: '#/components/schemas/Kind'}", "kind: {type: integer, enum: [0], default: 0}")
	for _, tt := range []struct {
		old, now string
		want     []string
	}{
		{old, changed, []string{"RoomForm.kind.$ref was #/components/schemas/Kind, is none", "RoomForm.kind.enum lost 1"}},
		{changed, old, []string{"RoomForm.kind.$ref was none, is #/components/schemas/Kind"}},
	} {
		lines, err := Breaking([]byte(tt.old), []byte(tt.now))
		require.NoError(t, err)
		assert.Equal(t, tt.want, lines)
	}
}

func TestAddedNamesWhatIsNew(t *testing.T) {
	old := released(t)
	changed := seed(t, old, "        name: {type: string", "        nick: {type: string}\n        name: {type: string")
	changed = seed(t, changed, "paths:\n", "paths:\n  /room/new.action:\n    post: {operationId: newRoom}\n")
	added, err := Added([]byte(old), []byte(changed))
	require.NoError(t, err)
	require.Len(t, added, 2)
	assert.Equal(t, "/room/new.action", added[0])
	assert.Contains(t, added[1], ".nick")
	added, err = Added([]byte(changed), []byte(old))
	require.NoError(t, err)
	assert.Empty(t, added)
}

func TestVersionMustBeSemanticAndNotFall(t *testing.T) {
	old := released(t)
	for version, says := range map[string]string{
		"1.2.2": "lower than", "0.9.0": "lower than", "1.2": "semantic", "v1.2.4": "semantic", "'1'": "semantic", "": "semantic",
	} {
		err := Check([]byte(old), []byte(seed(t, old, "version: 1.2.3", "version: "+version)), nil)
		assert.ErrorContains(t, err, says, version)
	}
}

func TestUnreadableFilesAreErrors(t *testing.T) {
	_, err := Breaking([]byte("openapi: [3"), []byte(released(t)))
	require.Error(t, err)
	require.Error(t, Check([]byte(released(t)), []byte("openapi: [3"), nil))
	require.Error(t, Check(nil, nil, nil), "no version")
}
