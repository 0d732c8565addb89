package main

import (
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/nimroom/nimroom/internal/check/evidence"
	"github.com/nimroom/nimroom/internal/generate/dist"
)

func small(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("testdata/small.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func load(text string) (*api, error) {
	in := &sources{spec: dist.Source{Name: "small.yaml", Text: []byte(text)}}
	root, document, err := in.spec.Inlined()
	if err != nil {
		return nil, err
	}
	known := &evidence.Evidence{Sources: []evidence.Source{{ID: "page", Kind: evidence.Page}}}
	return in.api(root, document, known)
}

// generated makes the files of gen.
func generated(t *testing.T, text string) map[string][]byte {
	t.Helper()
	a, err := load(text)
	if err != nil {
		t.Fatal(err)
	}
	files, err := goFiles(a)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestBadSpecsAreErrors breaks the small spec one way at a time.
func TestBadSpecsAreErrors(t *testing.T) {
	for _, tc := range []struct{ name, old, new, want string }{
		{"array without encoding", "              tags: {contentType: application/json}\n", "", "field tags is an array or an object and has no encoding"},
		{"object without encoding", "              custom: {contentType: application/json}\n", "", "field custom is an array or an object and has no encoding"},
		{"encoding names no field", "tags: {contentType", "tagz: {contentType", "encoding names tagz, which is no field of CreateRoomForm"},
		{"encoding of a scalar", "tags: {contentType", "name: {contentType: application/json}\n              tags: {contentType", "encoding names name, which is neither an array nor an object"},
		{"encoding of another type", "tags: {contentType: application/json}", "tags: {contentType: text/plain}", `encoding of tags is "text/plain"`},
		{"alias is another property", "x-aliases: [joinTime]", "x-aliases: [accid]", "Member: accid stands for both"},
		{"alias differs by case only", "x-aliases: [joinTime]", "x-aliases: [Accid]", "Member: Accid stands for both"},
		{"alias of no property", "x-property-aliases: {chatroom:", "x-property-aliases: {room:", "CreateRoomSuccess: names room, which is no property"},
		{"absence of no property", "x-property-absent: {level:", "x-property-absent: {levels:", "Room: names levels, which is no property"},
		{"enum alias of no member", "x-enum-aliases: {MANAGER:", "x-enum-aliases: {MANAGERS:", "x-enum-aliases names MANAGERS, which is no value"},
		{"enum alias is another member", "[administrator]", "[COMMON]", "Role: COMMON spells both MANAGER and COMMON"},
		{"too few varnames", "[Manager, Common]", "[Manager]", "Role: 2 enum values but 1 x-enum-varnames"},
		{"enum value without meaning", "{MANAGER: Manager., COMMON: Common.}", "{MANAGER: Manager.}", "x-enumDescriptions lacks COMMON"},
		{"property without description", ", description: Account.}", "}", "Member.accid: no description"},
		{"schema without description", "      description: A member.\n", "", "Member: no description"},
		{"operation without description", "      description: Lists members.\n", "", "no summary or no description"},
		{"no status codes", "      x-status-codes: [200, 414]\n", "", "/chatroom/create.action: no x-status-codes"},
		{"unknown status code", "x-status-codes: [200, 414]", "x-status-codes: [200, 999]", "x-status-codes has 999, which is not in x-codes"},
		{"no source", "      x-source: [{evidence: page, at: Create}]\n", "", "/chatroom/create.action: no x-source"},
		{"no idempotency", "      x-idempotency: unsafe\n", "", `x-idempotency is "", want`},
		{"unknown idempotency", "x-idempotency: unsafe", "x-idempotency: never", `x-idempotency is "never", want`},
		{"deduplicated without fields", "      x-deduplication: {id: msgId, flag: again, value: 1}\n", "", "x-idempotency: deduplicated and x-deduplication go together"},
		{"no example", "            examples: {some: {value: {msgId: m1, wait: 5, loud: false}}}\n", "", "no example of SendForm"},
		{"example of no field", "{msgId: m1, wait: 5, loud: false}", "{msgId: m1, wait: 5, loud: false, id: x}", "example some names id, which is no field of SendForm"},
		{"example without a field", "{msgId: m1, wait: 5, loud: false}", "{again: 1}", `property "msgId" is missing`},
		{"an unknown source", "{evidence: page, at: Create}", "{evidence: pages, at: Create}", `/chatroom/create.action: x-source cites "pages", which spec/evidence/evidence.yaml does not have`},
		{"a source without a place", "{evidence: page, at: Create}", "{evidence: page}", "/chatroom/create.action: x-source cites page: "},
		{"a Go name of no property", "{roomid: RoomID,", "{id: ID, roomid: RoomID,", "x-go-names: id is no property"},
		{"a Go name that is none", "{roomid: RoomID,", "{roomid: room id,", `x-go-names: roomid: "room id" is no exported name of Go`},
		{"a Go name without need", "{roomid: RoomID,", "{name: Name, roomid: RoomID,", "x-go-names: name is Name without an entry, too"},
		{"two tags", "tags: [members]", "tags: [members, rooms]", "want one tag, has 2"},
		{"unknown tag", "tags: [members]", "tags: [people]", `tag "people" is not declared`},
		{"form of another name", "schemas/SendForm'", "schemas/Body'", `want a $ref to SendForm, has "#/components/schemas/Body"`},
		{"response without union", "{oneOf: [{$ref: '#/components/schemas/SendSuccess'}, {$ref: '#/components/schemas/Error'}]}", "{$ref: '#/components/schemas/SendSuccess'}", "want a $ref to SendSuccess"},
		{"shared by form and response", "body: {$ref: '#/components/schemas/Body'}", "body: {$ref: '#/components/schemas/Custom'}", "Custom: used in a form and in a response"},
		{"text property that is none", "x-text-property: msg", "x-text-property: text", `x-text-property "text" is no text property`},
		{"nested object without component", "body: {$ref: '#/components/schemas/Body'}", "body: {type: object, description: x, properties: {a: {type: string, description: y}}}", "give nested objects a component"},
		{"array of arrays", "items: {type: string, minLength: 1, description: A tag.}", "items: {type: array, items: {type: string}, description: A tag.}", "items must be texts, integers or objects"},
		{"a float of single precision", "again: {type: integer, format: int32, default: 0,", "again: {type: number, format: float,", "SendForm.again: a number has format double and no limits here"},
		{"a number with a limit", "again: {type: integer, format: int32, default: 0,", "again: {type: number, format: double, minimum: 1,", "SendForm.again: a number has format double and no limits here"},
		{"entries of numbers", "items: {type: string, minLength: 1, description: A tag.}", "items: {type: object, maxProperties: 1, additionalProperties: {type: integer}, description: A tag.}", "whose members are texts or named objects"},
		{"deduplication of no list", "{id: msgId,", "{list: msgId, id: msgId,", "x-deduplication names msgId, which is no list of objects"},
		{"a pattern", "name: {type: string,", "name: {type: string, pattern: '^A', ", `CreateRoomForm.name: pattern "^A" is not supported`},
		{"a pattern of items", "pattern: '^[0-9]+$'", "pattern: '^[1-9]+$'", `GetRoomsForm.roomids: pattern "^[1-9]+$" is not supported`},
		{"same Go name", "accid: {type: string,", "account: {type: string, x-go-name: x, description: x}\n        Account: {type: string, description: y}\n        accid: {type: string,", "Member: Account stands for both"},
		{"time in an unknown unit", "x-time: seconds", "x-time: minutes", `Room.opened: x-time "minutes" is not supported`},
		{"duration in an unknown unit", "x-duration: seconds", "x-duration: days", `SendForm.wait: x-duration "days" is not supported`},
		{"time and id", "x-time: any", "x-time: any, x-id: room", "ListMembersForm.since: more than one of x-id, x-time, x-duration"},
		{"id of 32 bits", "x-duration: seconds, maximum", "x-id: seat, maximum", "SendForm.wait: x-id needs format int64"},
		{"time of a text", "format: int64, x-time: milliseconds, x-aliases", "x-time: milliseconds, x-aliases", "Member.enterTime: x-id, x-time and x-duration are for integers"},
		{"times in a list", "format: int64, x-id: room, pattern", "format: int64, x-time: seconds, pattern", "items must be texts, integers or objects"},
		{"batch of no field", "x-batch: {field: roomids", "x-batch: {field: ids", "x-batch names ids, which is no field of GetRoomsForm"},
		{"no rate limit", "x-rate-limit: {calls: 100, seconds: 1, block: 10}\n", "", "x-rate-limit needs calls, seconds and block"},
		{"rate limit without a block", "x-idempotency: safe\n      x-batch", "x-idempotency: safe\n      x-rate-limit: {calls: 1, seconds: 1}\n      x-batch", "x-rate-limit needs calls, seconds and block"},
		{"export of no field", "{name: List, form", "{name: List, export: {type: [0]}, form", "x-methods: List: export names no field of ListMembersForm, or several"},
		{"page of no field", "cursor: endtime", "cursor: endTime", `x-page: "endTime" is no time in milliseconds in ListMembersForm`},
		{"page that starts at no time", "cursor: endtime", "cursor: level", `x-page: "level" is no time in milliseconds in ListMembersForm`},
		{"page that starts at a time in seconds or milliseconds", "cursor: endtime", "cursor: since", `x-page: "since" is no time in milliseconds in ListMembersForm`},
		{"page without a cursor", "cursor: endtime, ", "", "x-page: want either a cursor, or an order and a window of two fields, the earlier end first"},
		{"page with a cursor and a window", "cursor: endtime, ", "cursor: endtime, window: [since, endtime], ", "x-page: want either a cursor"},
		{"page with a window without an order", "cursor: endtime, ", "window: [since, endtime], ", "x-page: want either a cursor"},
		{"page with a window of one end", "cursor: endtime, ", "order: level, oldestFirst: 1, window: [endtime], ", "x-page: want either a cursor"},
		{"page with a window of no time", "cursor: endtime, ", "order: level, oldestFirst: 1, window: [endtime, limit], ", `x-page: "limit" is no time in milliseconds in ListMembersForm`},
		{"page that starts elsewhere", "start: 0, limit", "start: 1, limit", "x-page: start is 1, want 0, which stands for no time"},
		{"page of any size", "limit: limit, maximum: 100", "maximum: 100", `x-page: limit "" is no number up to 100 in ListMembersForm`},
		{"page of another size", "limit: limit, maximum: 100", "limit: limit, maximum: 200", `x-page: limit "limit" is no number up to 200 in ListMembersForm`},
		{"page with an unknown member", "cursor: endtime, ", "cursor: endtime, orders: level, ", "x-page: there is no member orders"},
		{"page in no order", "cursor: endtime, ", "cursor: endtime, order: levels, oldestFirst: 1, ", `x-page: order "levels" is no enum in ListMembersForm`},
		{"page in an order that is no choice", "cursor: endtime, ", "cursor: endtime, order: stay, oldestFirst: 1, ", `x-page: order "stay" is no enum in ListMembersForm`},
		{"page without its order", "cursor: endtime, ", "cursor: endtime, oldestFirst: 1, ", `x-page: order "" is no enum in ListMembersForm`},
		{"page with an order of no value", "cursor: endtime, ", "cursor: endtime, order: level, ", `x-page: oldestFirst "" is no value of level`},
		{"page with an order of an unknown value", "cursor: endtime, ", "cursor: endtime, order: level, oldestFirst: 2, ", `x-page: oldestFirst "2" is no value of level`},
		{"page whose default is oldest first", "cursor: endtime, ", "cursor: endtime, order: level, oldestFirst: 0, ", "x-page: oldestFirst 0 is the default of level; by default the newest must come first"},
		{"page of no items", "{items: data,", "{items: list,", `x-page: items "list" is no list of objects in ListMembersSuccess`},
		{"page of a code", "{items: data,", "{items: code,", `x-page: items "code" is no list of objects in ListMembersSuccess`},
		{"page that goes on at no member", "from: enterTime", "from: entered", `x-page: "entered" is no time in milliseconds in Member`},
		{"page that goes on at no time", "from: enterTime", "from: accid", `x-page: "accid" is no time in milliseconds in Member`},
		{"page without a key", ", key: [accid, type]", "", "x-page: no key, which lists the members that distinguish an item from all others"},
		{"page with a key of no member", "key: [accid, type]", "key: [account]", `x-page: key "account" is no text or number that every Member has`},
		{"page with a key that may be absent", "key: [accid, type]", "key: [accid, level]", `x-page: key "level" is no text or number that every Member has`},
		{"page with a key without the identity", "key: [accid, type]", "key: [type]", "x-page: the key lacks accid, which is in x-identity of Member"},
		{"page without a method for all", ", all: All}", "}", "/chatroom/members.action: x-page needs a method with all in x-methods"},
		{"all pages of another list", "result: data, all: All}", "result: ., all: All}", "x-methods: List: all needs the result data, the items of x-page"},
		{"all pages of a method that sets the limit", "form: ListForm, set: {online: true}, result: data, all", "form: SetForm, set: {online: true, limit: 10}, result: data, all", "x-methods: List: all needs a request with limit, which x-page names"},
		{"all pages under the name of a method", "all: All}", "all: ListAway}", "x-methods: ListAway: listMembers has a method ListAway in members"},
		{"all pages under a name that is not exported", "all: All}", "all: all}", `x-methods: List: the name "all" is no exported Go name`},
		{"deduplication of no field", "{id: msgId,", "{id: id,", "x-deduplication names id, which is no field of SendForm"},
		{"unclear, yet safe", "x-idempotency: safe\n      x-batch", "x-idempotency: safe\n      x-repeat-unclear: size\n      x-batch", "x-repeat-unclear is for idempotent operations"},
		{"unclear member that is none", "x-idempotency: safe\n      x-batch", "x-idempotency: safe\n      x-repeat-unclear: desc.none\n      x-batch", "x-repeat-unclear names desc.none, which is no number or list in GetRoomsSuccess"},
		{"a code without advice", "advice: Correct it., ", "", "code 414 lacks name, meaning, advice or executed"},
		{"no OpenAPI", "openapi: 3.0.4\n", "", "openapi"},
		{"a reference into nothing", "schemas/Body'", "schemas/Bodies'", "Bodies"},
		{"no methods", "x-methods:\n        - {name: List,", "x-other:\n        - {name: List,", "/chatroom/members.action: no x-methods"},
		{"a method's name taken", "name: SendLoud", "name: Create", "x-methods: Create: createRoom has a method Create in rooms"},
		{"a method's name not exported", "name: List,", "name: list,", "x-methods: list: the name \"list\" is no exported Go name"},
		{"a description without a verb", "description: Sends a message at once.", "description: A message at once.", "x-methods: SendLoud: the description must begin with a verb"},
		{"a field that is set and none", "{loud: true, again", "{aloud: true, again", "x-methods: SendLoud: set names aloud, which is no field of SendForm"},
		{"a field set to another type", "{loud: true, again", "{loud: 1, again", `x-methods: SendLoud: set gives loud the value "1", which is not of its type`},
		{"a switch that no method sets", "        - {name: SendQuiet, form: LoudForm, set: {loud: false, again: 0}, description: Sends a message later.}\n", "", "/chatroom/send.action: no entry of x-methods sets loud to false"},
		{"set without form", "{name: SendLoud, form: LoudForm,", "{name: SendLoud,", "x-methods: SendLoud: set and form go together"},
		{"a form of other fields", "set: {loud: false, again: 0}", "set: {loud: false}", "x-methods: SendQuiet: form LoudForm is the request of something else"},
		{"a form with the name of a schema", "form: LoudForm", "form: SendForm", "form SendForm is the request of something else"},
		{"a required field that is none", "require: [wait]", "require: [waits]", "x-methods: Send: require names waits, which is no required plain field of SendForm"},
		{"a required field that may be absent", "require: [wait]", "require: [again]", "require names again, which is no required plain field"},
		{"a result that is none", "result: chatroom", "result: chatroom.id", "x-methods: Create: result names chatroom.id, which is no member of CreateRoomSuccess"},
		{"a flag of no field", "{name: Create, result: chatroom}", "{name: Create, result: chatroom, flags: {title: titles}}", "x-methods: Create: flags: title names titles, which is no field of the request"},
		{"a flag of a field that is set", "{loud: true, again: 1}", "{loud: true, again: 1}, flags: {volume: loud}", "x-methods: SendLoud: flags: volume names loud, which is no field of the request"},
		{"a flag in capitals", "{name: Create, result: chatroom}", "{name: Create, result: chatroom, flags: {roomName: name}}", "x-methods: Create: flags: roomName must be written like room-name"},
		{"a flag with the name of another", "{name: Create, result: chatroom}", "{name: Create, result: chatroom, flags: {free: name}}", "x-methods: Create: flags: free stands for both name and free"},
		{"a flag that sets no field", "{name: Create, result: chatroom}", "{name: Create, result: chatroom, flags: {high: {field: name, set: {levels: 1}}}}", "x-methods: Create: flags: high: set names levels, which is no field of CreateRoomForm"},
		{"all of one", "{name: Create, result: chatroom}", "{name: Create, result: chatroom, all: CreateMany}", "x-methods: Create: all is for operations with x-batch or x-page"},
		{"a service without a verb", "description: Makes rooms.", "description: Rooms.", `tags: rooms: the description must begin with a verb`},
		{"success without code", "      required: [code]\n      properties:\n        code: {type: integer, enum: [200], description: '200.'}\n    GetRoomsSuccess", "      properties:\n        size: {type: integer, description: x}\n    GetRoomsSuccess", "SendSuccess: no property code"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			text := small(t)
			if !strings.Contains(text, tc.old) {
				t.Fatalf("the small spec has no %q", tc.old)
			}
			_, err := load(strings.Replace(text, tc.old, tc.new, 1))
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %s", err, tc.want)
			}
		})
	}
}

func TestSmallIntegersAreInts(t *testing.T) {
	for bound, want := range map[string]string{"maximum: 2147483647": "int", "maximum: 2147483648": "int64"} {
		a, err := load(strings.Replace(small(t), "again: {type: integer, format: int32, default: 0", "again: {type: integer, format: int64, "+bound, 1))
		if err != nil {
			t.Fatal(err)
		}
		form := a.Types[slices.IndexFunc(a.Types, func(x *typ) bool { return x.Name == "SendForm" })]
		if got := form.prop("again").T.Go; got != want {
			t.Errorf("%s: got %s, want %s", bound, got, want)
		}
	}
}

func TestGenerationIsDeterministic(t *testing.T) {
	want := generated(t, small(t))
	for range 3 {
		if got := generated(t, small(t)); !reflect.DeepEqual(got, want) {
			t.Fatal("the files differ from one generation to the next")
		}
	}
}

// TestGeneratedCode holds the output to a few lines, one for each rule.
func TestGeneratedCode(t *testing.T) {
	files := generated(t, small(t))
	for file, lines := range map[string][]string{
		"gen/forms_rooms.gen.go": {
			`dst = wire.FormString(dst, "name", f.Name)`,
			`dst = wire.FormString(dst, "only", f.Only.String())`,
			`c.Valid("only", f.Only.Err()) c.UTF8("only", f.Only.String()) c.MaxLength("only", f.Only.String(), 10)`,
			`wire.BindOptional(in, &f.Only, wire.ReadTagExpr, "only")`,
			`if x := new(tagexpr.Expr); wire.TagExpr(d, x) {`,
			`dst = wire.FormJSON(dst, "custom", f.Custom.appendJSON(make([]byte, 0, 128), wire.Canonical))`,
			`dst = wire.FormJSON(dst, "free", f.Free)`,
			`dst = wire.FormStrings(dst, "tags", f.Tags)`,
			`dst = wire.FormQuotedInts(dst, "roomids", f.RoomIDs)`,
			`c.MinLength("name", f.Name, 2)`,
			`c.MaxLength("name", f.Name, 128)`,
			`c.MaxLength("free", string(f.Free), 10)`,
			`c.OneOf("level", f.Level.Known(), f.Level.wireValue(), "0, 1")`,
			`wire.Items(c, "roomids", f.RoomIDs, func(c *wire.Check, item RoomID) { c.Min("", int64(item), 0) })`,
			`wire.Bind(in, &f.Name, wire.ReadString, "name", "title")`,
			`wire.BindOptional(in, &f.Custom, wire.ReadObject(decodeCustom), "custom")`,
		},
		"gen/responses_rooms.gen.go": {
			`case "chatroom", "chat room":`,
			`dst = wire.AppendKey(dst, d.Spelling("chatroom", "chat room"))`,
			`if err := d.Response(v.Code, "chatroom"); err != nil {`,
			`if err := d.Response(v.Code); err != nil {`,
		},
		"gen/components_rooms.gen.go": {
			`if !d.ObjectOr(&v.Msg) {`,
			`if x := new(Level); wire.Integer(d, x) {`,
			`if n, ok := d.Nearest(); ok { v.Opened = wire.FromUnix(n) }`,
			`if wire.Unix(v.Opened) != 0 {`,
			`wire.List(d, &v.Robots, wire.StringItem)`,
			`dst = wire.Quote(wire.AppendList(dst, v.Robots, d, wire.StringOut[string]), len(dst))`,
		},
		"gen/components_members.gen.go": {
			`wire.Word(d, &v.Type, foldRole)`,
			`if n, ok := d.Nearest(); ok { v.EnterTime = wire.FromMillis(n) }`,
			`dst = wire.AppendQuotedInt(dst, wire.Millis(v.EnterTime))`,
			`if n, ok := d.Nearest(); ok { x := wire.FromSeconds(n) v.Left = &x }`,
			`dst = wire.AppendInt(dst, wire.Seconds(*v.Left), d)`,
		},
		"gen/forms_members.gen.go": {
			`if f.Online != nil { dst = wire.FormBool(dst, "online", *f.Online) }`,
			`c.Given("online", f.Online != nil, "true or false")`,
			`wire.BindRequired(in, &f.Online, wire.ReadBool, "online")`,
			`c.Given("level", f.Level != nil, "one of 0, 1")`,
			`if f.Level != nil { c.OneOf("level", f.Level.Known(), f.Level.wireValue(), "0, 1") }`,
			`dst = wire.FormInt(dst, "endtime", wire.Millis(f.EndTime))`,
			`dst = wire.FormInt(dst, "since", wire.Timestamp(*f.Since))`,
			`c.MinOf("milliseconds since 1970-01-01 UTC", "endtime", wire.Millis(f.EndTime), 0)`,
			`c.MaxOf("seconds", "stay", wire.Seconds(*f.Stay), 60)`,
			`wire.Bind(in, &f.EndTime, wire.ReadConverted(wire.FromMillis), "endtime")`,
			`wire.BindOptional(in, &f.Stay, wire.ReadConverted(wire.FromSeconds), "stay")`,
		},
		"gen/ids.gen.go":   {`type RoomID int64`, `func ParseRoomID(text string) (RoomID, error)`, `func (id RoomID) String() string`},
		"gen/enums.gen.go": {`case "MANAGER", "administrator":`, `LevelHigh Level = 1`, `RoleManager Role = "MANAGER"`},
		"gen/codes.gen.go": {`CodeBadParameter = 414`},
		"gen/operations_members.gen.go": {
			`Example: "endtime=0&limit=10&online=true&level=0",`, `Page: &Page{Items: "data", Cursor: "endtime", From: "enterTime", Limit: "limit", Maximum: 100, Key: []string{"accid", "type"}, Identity: []string{"accid"}, Spellings: map[string]string{"joinTime": "enterTime"}},`,
		},
		"gen/operations_rooms.gen.go": {`Repeat:      &Repeat{ID: "msgId", Flag: "again", Value: "1"},`, `Idempotency: Deduplicated,`, `Example: "name=A+room&free=%7B%22a%22%3A1%7D",`},
		"wrapper/rooms.gen.go": {
			`func (s *RoomsService) Create(ctx context.Context, request CreateRoomForm, options ...CallOption) (*Room, error) {`,
			`response, err := run(ctx, s.client, &gen.CreateRoomEndpoint, request, options) if response == nil { return nil, err } return &response.Chatroom, err`,
			`func (s *RoomsService) Send(ctx context.Context, request SendForm, options ...CallOption) error {`,
			`options = requireField(options, "wait", request.Wait != 0)`,
			`// Wait takes up to 1 day; the client rounds up to whole seconds.`,
			`func (s *RoomsService) SendLoud(ctx context.Context, request LoudForm, options ...CallOption) error {`,
			`form := gen.SendForm{MsgID: request.MsgID, Wait: request.Wait, Only: request.Only, Loud: Ptr(true), Again: Ptr[int](1)}`,
			`func (s *RoomsService) GetBatch(ctx context.Context, request GetRoomsForm, options ...CallOption) (*GetRoomsSuccess, error) { return run(`,
			`// RoomIDs holds 1 to 20 items.`,
		},
		"wrapper/members.gen.go": {
			`// MembersService lists members. A client has it as [Client].Members.`,
			`// List lists members. [MembersService.All] reads all pages.`,
			`// All reads all pages of [MembersService.List] and yields each [Member], newest first.`,
			`// The list starts at EndTime, or now if that is zero. Limit is the size of a page, at most 100 and`,
			`// All yields each item of the list once, also where several have the same Accid, and reads larger`,
			`func (s *MembersService) All(ctx context.Context, request ListForm, options ...CallOption) iter.Seq2[Member, error] {`,
			`page := request page.Limit = limit page.EndTime = cursor return s.List(ctx, page, options...)`,
			`// EndTime and Since count whole milliseconds`,
			`// Errors: those of every call.`,
			`// Source: page, "Members".`,
			`request ListForm, options ...CallOption) ([]Member, error) {`, `Online: Ptr(true)`, `return response.Data, err`,
		},
		"wrapper/requests.gen.go": {
			`// LoudForm is the request of [RoomsService.SendLoud] and [RoomsService.SendQuiet].`,
			`// Wait: how long to wait.`, `Wait time.Duration`, `Only *tagexpr.Expr`, `Level *Level`,
		},
		"wrapper/services.gen.go": {`Rooms *RoomsService`, `Members: &MembersService{shared},`},
		"wrapper/types.gen.go": {
			`// CreateRoomForm is the request of [RoomsService.Create], see [gen.CreateRoomForm].`,
			`// Room is a room. See [gen.Room].`, `type Room = gen.Room`, `LevelHigh = gen.LevelHigh`,
			`func ParseRoomID(text string) (RoomID, error) { return gen.ParseRoomID(text) }`,
		},
		"wrapper/codes.gen.go": {`CodeNotFound: ErrNotFound,`, `CodeBadParameter = gen.CodeBadParameter`},
		"internal/command/methods.gen.go": {
			`Name: "GetBatch", Command: "get-batch", Operation: gen.GetRoomsEndpoint.Operation, Result: ".",`,
			`Argument: "roomids",`, `{"rooms", "roomids", nil},`, `{"end-time", "endtime", nil},`,
			`Set: []wire.Pair{{Name: "loud", Value: "true"}, {Name: "again", Value: "1"}},`, `Require: []string{"wait"},`,
		},
		"conformance/operations.gen.go": {
			`fits: func(f gen.SendForm) bool { return f.Wait != 0 },`,
			`fits: func(f gen.SendForm) bool { return f.Loud != nil && *f.Loud && f.Again != nil && *f.Again == 1 },`,
			`err := c.Rooms.SendLoud(ctx, wrapper.LoudForm{MsgID: f.MsgID, Wait: f.Wait, Only: f.Only}, options...)`,
			`_, err := c.Rooms.Create(ctx, f, options...)`,
		},
	} {
		for _, line := range lines {
			if !strings.Contains(squeeze(string(files[file])), squeeze(line)) {
				t.Errorf("%s has no line %s", file, line)
			}
		}
	}
}

// squeeze makes gofmt's alignment no matter.
func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }
