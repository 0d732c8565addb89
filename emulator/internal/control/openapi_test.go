package control_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/control"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/gen"
)

// read sends a request to the control plane. For a stream it returns the first event.
func read(t *testing.T, srv *emulator.Server, method, path, body string) (status int, kind string, text []byte) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(srv.URL, emutest.ApiPath)+path, strings.NewReader(body))
	require.NoError(t, err)
	resp, err := srv.Client().Do(req)
	require.NoError(t, err)
	defer func() { _ = resp.Body.Close() }()
	kind, _, _ = strings.Cut(resp.Header.Get("Content-Type"), ";")
	if kind != "text/event-stream" {
		return resp.StatusCode, kind, emutest.ReadAll(t, resp)
	}
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			return resp.StatusCode, kind, []byte(data)
		}
	}
	t.Fatalf("no event at %s", path)
	return 0, "", nil
}

func describe(t *testing.T, srv *emulator.Server) *openapi3.T {
	t.Helper()
	status, _, text := read(t, srv, http.MethodGet, control.Path+"openapi.json", "")
	require.Equal(t, http.StatusOK, status)
	doc, err := openapi3.NewLoader().LoadFromData(text)
	require.NoError(t, err)
	require.NoError(t, doc.Validate(t.Context()))
	return doc
}

// matches compares a JSON text with a schema.
func matches(t *testing.T, schema *openapi3.Schema, text []byte, about string) {
	t.Helper()
	var value any
	require.NoError(t, json.Unmarshal(text, &value), about)
	assert.NoError(t, schema.VisitJSON(value), about)
}

// furnished returns a server that has something of everything, and a room.
func furnished(t *testing.T) (*emulator.Server, gen.RoomID) {
	t.Helper()
	srv := emulator.Start(t, emulator.WithStartTime(time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)))
	id := emutest.NewRoom(t, srv)
	emutest.Watch(t, srv, id, "")
	emutest.Join(t, srv, id, "lena", "vip")
	emutest.Do(t, srv, gen.AddRobotsEndpoint, gen.AddRobotsForm{RoomID: id, Accids: []string{"r"}})
	emutest.Do(t, srv, gen.OfferQueueElementEndpoint, gen.OfferQueueElementForm{RoomID: id, Key: "k", Value: "v"})
	emutest.Do(t, srv, gen.MuteMemberEndpoint, gen.MuteMemberForm{RoomID: id, Operator: "zhangsan", Target: "lena", MuteDuration: 60})
	_, _ = emutest.Post(t, srv, "/chatroom/sendMsg.action", "roomid="+id.String()+"&msgId=m1&fromAccid=zhangsan&msgType=0&attach=hi&bid=x")
	_, _ = emutest.Post(t, srv, "/chatroom/get.action", "roomid=1&roomid=2&x=y")
	require.NoError(t, srv.AddFault(emulator.Fault{Operation: "get", Kind: emulator.FaultDelay, Delay: 1}))
	return srv, id
}

// TestTheDescriptionIsTrue plays the example of each endpoint and compares the response with the schema, and sends
// what is wrong in each way that the description excludes.
func TestTheDescriptionIsTrue(t *testing.T) {
	srv, id := furnished(t)
	doc := describe(t, srv)
	var index struct{ Paths map[string][]string }
	_, _, text := read(t, srv, http.MethodGet, control.Path, "")
	require.NoError(t, json.Unmarshal(text, &index))
	require.Len(t, doc.Paths.Map(), len(index.Paths))
	_, _, state := read(t, srv, http.MethodGet, control.Path+"state", "")
	for path, item := range doc.Paths.Map() {
		operations := item.Operations()
		require.Len(t, operations, len(index.Paths[path]), path)
		status, _, _ := read(t, srv, http.MethodPatch, filled(path, id), "")
		assert.Equal(t, http.StatusMethodNotAllowed, status, path)
		for method, operation := range operations {
			assert.Contains(t, index.Paths[path], method, path)
			assert.NotEmpty(t, operation.Summary, path)
			t.Run(operation.OperationID, func(t *testing.T) {
				srv, id := furnished(t)
				call := caller{t, srv, operation, method, filled(path, id)}
				call.parameters()
				call.members()
				call.example(state)
			})
		}
	}
}

func filled(path string, id gen.RoomID) string {
	return strings.ReplaceAll(path, "{roomid}", id.String())
}

// caller calls an operation of the control plane.
type caller struct {
	*testing.T
	srv          *emulator.Server
	op           *openapi3.Operation
	method, path string
}

// want sends a request and compares the status, which must be among those of the description, and the response with
// its schema.
func (c caller) want(status int, query, body string) {
	c.Helper()
	about := fmt.Sprintf("%s %s%s %s", c.method, c.path, query, body)
	got, kind, text := read(c.T, c.srv, c.method, c.path+query, body)
	assert.Equal(c, status, got, "%s: %s", about, text)
	response := c.op.Responses.Value(strconv.Itoa(got))
	if !assert.NotNil(c, response, about) {
		return
	}
	media := response.Value.Content[kind]
	require.NotNil(c, media, about)
	schema := media.Schema.Value
	if data, ok := media.Extensions["x-data"]; ok {
		raw, err := json.Marshal(data)
		require.NoError(c, err)
		schema = new(openapi3.Schema)
		require.NoError(c, schema.UnmarshalJSON(raw))
	}
	matches(c.T, schema, text, about)
}

// body is the schema of the body, or nil.
func (c caller) body() *openapi3.MediaType {
	if c.op.RequestBody == nil {
		return nil
	}
	return c.op.RequestBody.Value.Content["application/json"]
}

// parameters sends an unknown parameter, and each parameter with good values and bad ones.
func (c caller) parameters() {
	c.want(http.StatusBadRequest, "?nothing=1", "{}")
	if strings.Contains(c.path, "/rooms/") {
		room := c
		room.path = strings.Replace(c.path, "/rooms/1", "/rooms/x1", 1)
		room.want(http.StatusBadRequest, "", "{}")
		if c.op.Responses.Value("404") != nil {
			room.path = strings.Replace(c.path, "/rooms/1", "/rooms/91", 1)
			room.want(http.StatusNotFound, "", c.exampleBody())
		}
	}
	for _, p := range c.op.Parameters {
		schema := p.Value.Schema.Value
		if p.Value.In != "query" || schema.Type.Is("string") {
			assert.NotEmpty(c, p.Value.Name)
			continue
		}
		bad := []string{"x", "-1", "1.5", "99999999999999999999", ""}
		if *schema.Min > 0 {
			bad = append(bad, "0")
		}
		if schema.Max != nil {
			bad = append(bad, strconv.Itoa(int(*schema.Max)+1))
		}
		for _, value := range bad {
			c.want(http.StatusBadRequest, "?"+p.Value.Name+"="+value, "")
		}
		c.want(http.StatusBadRequest, "?"+p.Value.Name+"=1&"+p.Value.Name+"=1", "")
	}
}

func (c caller) exampleBody() string {
	if c.body() == nil || c.body().Example == nil {
		return ""
	}
	text, err := json.Marshal(c.body().Example)
	require.NoError(c, err)
	return string(text)
}

// members sends bodies with members that are unknown, missing and of another type.
func (c caller) members() {
	media := c.body()
	if media == nil || len(media.Schema.Value.Properties) == 0 {
		return
	}
	c.want(http.StatusBadRequest, "", `{"nothing":1}`)
	c.want(http.StatusBadRequest, "", ``)
	c.want(http.StatusRequestEntityTooLarge, "", `{"x":"`+strings.Repeat("x", 1<<20)+`"}`)
	example, _ := media.Example.(map[string]any)
	require.NotNil(c, example)
	for name, schema := range media.Schema.Value.Properties {
		wrong := clone(example)
		wrong[name] = "text"
		if schema.Value.Type.Is("string") {
			wrong[name] = 7
		}
		isAnyObject := schema.Value.Type.Is("object") && schema.Value.AdditionalProperties.Schema == nil
		if len(schema.Value.Properties) == 0 && !isAnyObject {
			c.want(http.StatusBadRequest, "", encoded(c.T, wrong))
		}
	}
	for _, name := range media.Schema.Value.Required {
		less := clone(example)
		delete(less, name)
		c.want(http.StatusBadRequest, "", encoded(c.T, less))
	}
}

func clone(of map[string]any) map[string]any {
	other := map[string]any{}
	for name, value := range of {
		other[name] = value
	}
	return other
}

func encoded(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	require.NoError(t, err)
	return string(text)
}

// example plays the example, which must succeed.
func (c caller) example(state []byte) {
	body, query := c.exampleBody(), ""
	if strings.HasSuffix(c.path, "/state") {
		body = string(state)
	}
	if c.method == http.MethodGet && strings.HasSuffix(c.path, "/events") {
		query = "?since=0"
	}
	if media := c.body(); media != nil {
		matches(c.T, media.Schema.Value, []byte(body), c.path)
	}
	c.want(http.StatusOK, query, body)
}

// TestAWaitThatEndsIsDescribed provokes the errors of a wait.
func TestAWaitThatEndsIsDescribed(t *testing.T) {
	srv, _ := furnished(t)
	doc := describe(t, srv)
	path := control.Path + "requests/await"
	c := caller{t, srv, doc.Paths.Find(path).Post, http.MethodPost, path}
	c.want(http.StatusGatewayTimeout, "", `{"operation":"create","code":414,"timeout":"1ms"}`)
	for _, wrong := range []string{`{"timeout":"soon"}`, `{"timeout":"11m"}`, `{"timeout":"-1s"}`, `{"operation":"dance"}`, `{"room":-1}`, `{"code":-1}`, `{"since":-1}`} {
		c.want(http.StatusBadRequest, "", wrong)
	}
}

// TestAConflictIsDescribed provokes the errors of rules.
func TestAConflictIsDescribed(t *testing.T) {
	srv, _ := furnished(t)
	doc := describe(t, srv)
	c := caller{t, srv, doc.Paths.Find(control.Path + "rooms").Post, http.MethodPost, control.Path + "rooms"}
	c.want(http.StatusOK, "", `{"roomid":5,"creator":"a","name":"n"}`)
	c.want(http.StatusConflict, "", `{"roomid":5,"creator":"a","name":"n"}`)
}

func TestTheDescriptionAsksForTheToken(t *testing.T) {
	const token = "control-token-ok"
	srv := emulator.Start(t, emulator.WithControlToken(token))
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, strings.TrimSuffix(srv.URL, emutest.ApiPath)+control.Path+"openapi.json", nil)
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := srv.Client().Do(req)
	require.NoError(t, err)
	doc, err := openapi3.NewLoader().LoadFromData(emutest.ReadAll(t, resp))
	require.NoError(t, err)
	require.NoError(t, doc.Validate(t.Context()))
	assert.NotEmpty(t, doc.Security)
	assert.NotNil(t, doc.Paths.Find(control.Path+"health").Get.Responses.Value("401"))
	names := []string{}
	for _, item := range doc.Paths.Map() {
		for _, operation := range item.Operations() {
			names = append(names, operation.OperationID)
		}
	}
	slices.Sort(names)
	assert.Len(t, slices.Compact(slices.Clone(names)), len(names), "operation ids are unique")
}
