package contract

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/internal/generate/dist"
	_ "github.com/nimroom/nimroom/internal/long" // less garbage collection
)

func load(t testing.TB) *Contract {
	t.Helper()
	spec, err := dist.Read("../../../spec/openapi.yaml")
	require.NoError(t, err)
	c, err := New(t.Context(), spec)
	require.NoError(t, err)
	return c
}

func post(path, body string) Request {
	return Request{Method: http.MethodPost, Path: "/nimserver" + path, Body: body, Header: http.Header{
		"Content-Type": {"application/x-www-form-urlencoded;charset=utf-8"},
		"Appkey":       {"a"}, "Nonce": {"b"}, "Curtime": {"1"}, "Checksum": {"c"},
	}}
}

// TestRequests checks that forms are read by their encoding and checked against their limits.
func TestRequests(t *testing.T) {
	long := strings.Repeat("聊", 128)
	tests := []struct {
		name, path, body string
		reading          Reading
		want             string // part of the error, empty for none
	}{
		{"good", "/chatroom/create.action", "creator=a&name=b", Reading{}, ""},
		{"nothing, and nothing wanted", "/stats/chatroom/topn.action", "", Reading{}, ""},
		{"nothing", "/chatroom/create.action", "", Reading{}, "creator"},
		{"missing", "/chatroom/create.action", "name=b", Reading{}, "creator"},
		{"empty", "/chatroom/create.action", "creator=&name=b", Reading{}, "creator"},
		{"characters, not bytes", "/chatroom/create.action", "creator=a&name=" + long, Reading{}, ""},
		{"too long", "/chatroom/create.action", "creator=a&name=" + long + "x", Reading{}, "maximum string length is 128"},
		{"unknown", "/chatroom/create.action", "creator=a&name=b&x=1", Reading{}, "x: the spec has no such member"},
		{"unknown, allowed", "/chatroom/create.action", "creator=a&name=b&x=1", Reading{Unknown: true}, ""},
		{"twice", "/chatroom/create.action", "creator=a&name=b&name=c", Reading{}, "sent twice"},
		{"broken escape", "/chatroom/create.action", "creator=a&name=50%", Reading{}, "name"},
		{"no number", "/chatroom/get.action", "roomid=many", Reading{}, "roomid"},
		{"too small", "/chatroom/get.action", "roomid=0", Reading{}, "roomid"},
		{"beyond 64 bits", "/chatroom/get.action", "roomid=9223372036854775808", Reading{}, "roomid"},
		{"boolean", "/chatroom/get.action", "roomid=1&needOnlineUserCount=true", Reading{}, ""},
		{"boolean in another spelling", "/chatroom/get.action", "roomid=1&needOnlineUserCount=TRUE", Reading{}, "TRUE, the spec has true"},
		{"boolean in another spelling, allowed", "/chatroom/get.action", "roomid=1&needOnlineUserCount=1", Reading{Text: true}, ""},
		{"list", "/chatroom/getBatch.action", `roomids=["1","2"]`, Reading{}, ""},
		{"list too long", "/chatroom/getBatch.action", `roomids=[` + strings.Repeat(`"1",`, 20) + `"1"]`, Reading{}, "maximum number of items is 20"},
		{"list of numbers", "/chatroom/getBatch.action", `roomids=[1]`, Reading{}, "its text"},
		{"list of numbers, allowed", "/chatroom/getBatch.action", `roomids=[1]`, Reading{Text: true}, ""},
		{"list as text", "/chatroom/getBatch.action", `roomids=1,2`, Reading{}, "roomids"},
		{"list in brackets", "/chatroom/getBatch.action", `roomids[0]=1`, Reading{}, "roomids"},
		{"object", "/chatroom/queryMembersByRole.action", `roomid=1&roles={"creator":true}`, Reading{}, ""},
		{"object with an unknown member", "/chatroom/queryMembersByRole.action", `roomid=1&roles={"boss":true}`, Reading{}, "boss"},
		{"alias", "/history/queryTagHistoryMsg.action", `roomid=1&tags=["a"]`, Reading{}, "roomid, the spec has roomId"},
		{"alias, allowed", "/history/queryTagHistoryMsg.action", `roomid=1&tags=["a"]`, Reading{Aliases: true}, ""},
		{"word in another spelling", "/stats/chatroom/topn.action", `orderby=join`, Reading{}, `"enter"`},
		{"word in another spelling, allowed", "/stats/chatroom/topn.action", `orderby=join`, Reading{Aliases: true}, ""},
		{"word unknown", "/stats/chatroom/topn.action", `orderby=size`, Reading{Aliases: true}, ""},
		{"JSON text too long", "/chatroom/sendMsg.action", `roomid=1&msgId=1&fromAccid=a&msgType=0&yidunAntiCheating={"a":"` + strings.Repeat("x", 1024) + `"}`, Reading{}, "1024"},
		{"no such path", "/chatroom/fly.action", "", Reading{}, "no path"},
	}
	c := load(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := c.Request(post(tt.path, tt.body), tt.reading)
			if tt.want == "" {
				assert.NoError(t, err)
				return
			}
			assert.ErrorContains(t, err, tt.want)
		})
	}
	for _, header := range []string{"Appkey", "Nonce", "Curtime", "Checksum", "Content-Type"} {
		r := post("/chatroom/create.action", "creator=a&name=b")
		r.Header.Del(header)
		assert.Error(t, c.Request(r, Reading{}), header)
	}
	r := post("/chatroom/create.action", "creator=a&name=b")
	r.Method = http.MethodGet
	assert.ErrorContains(t, c.Request(r, Reading{}), "no GET")
}

// TestTheLibrarysOwnDecoderWouldNotDo shows that kin-openapi's decoder takes the JSON text
// of a list for one string, so that no limit applies. If this test fails, ours can go.
func TestTheLibrarysOwnDecoderWouldNotDo(t *testing.T) {
	c := load(t)
	r := post("/chatroom/getBatch.action", `roomids=[`+strings.Repeat(`"1",`, 20)+`"1"]`)
	route, err := c.route(r.Method, r.Path)
	require.NoError(t, err)
	openapi3filter.RegisterBodyDecoder(formType, openapi3filter.UrlencodedBodyDecoder)
	defer openapi3filter.RegisterBodyDecoder(formType, decodeForm)
	err = openapi3filter.ValidateRequest(context.Background(), c.input(route, r, r.Body))
	assert.False(t, err != nil && strings.Contains(err.Error(), "maximum number of items"))
}

func TestResponses(t *testing.T) {
	header := http.Header{"Content-Type": {"application/json;charset=utf-8"}}
	room := func(member string) string {
		return `{"chatroom":{"roomid":1,"valid":true,"name":"a","creator":"c"` + member + `},"code":200}`
	}
	tests := []struct {
		name, path, body string
		reading          Reading
		want             string
	}{
		{"success", "/chatroom/get.action", room(""), Reading{}, ""},
		{"API error", "/chatroom/get.action", `{"code":404,"desc":"x"}`, Reading{}, ""},
		{"API error without text", "/chatroom/get.action", `{"code":404}`, Reading{}, ""},
		{"API error with null", "/chatroom/get.action", `{"code":404,"desc":null}`, Reading{}, ""},
		{"API error with an object", "/chatroom/get.action", `{"code":404,"desc":{}}`, Reading{}, "desc"},
		{"unknown code", "/chatroom/get.action", `{"code":4711}`, Reading{}, "x-codes"},
		{"no code", "/chatroom/get.action", `{}`, Reading{}, "no code"},
		{"HTML", "/chatroom/get.action", `<html>`, Reading{}, "invalid character"},
		{"two values", "/chatroom/get.action", `{"code":404} {}`, Reading{}, "more than one"},
		{"alias", "/chatroom/get.action", strings.Replace(room(""), "chatroom", "chat room", 1), Reading{}, "chat room, the spec has chatroom"},
		{"alias, allowed", "/chatroom/get.action", strings.Replace(room(""), "chatroom", "chat room", 1), Reading{Aliases: true}, ""},
		{"text", "/chatroom/get.action", room(`,"muted":"true","queuelevel":"0"`), Reading{}, "a boolean"},
		{"text, allowed", "/chatroom/get.action", room(`,"muted":"true","queuelevel":"0"`), Reading{Text: true}, ""},
		{"text of something else", "/chatroom/get.action", room(`,"queuelevel":"all"`), Reading{Text: true}, "queuelevel"},
		{"JSON text", "/chatroom/requestAddr.action", `{"addr":"[\"a:1\"]","code":200}`, Reading{}, "JSON text"},
		{"JSON text, allowed", "/chatroom/requestAddr.action", `{"addr":"[\"a:1\"]","code":"200"}`, Reading{Text: true}, ""},
		{"unknown", "/chatroom/get.action", room(`,"bid":""`), Reading{}, "chatroom.bid: the spec has no such member"},
		{"unknown, allowed", "/chatroom/get.action", room(`,"bid":""`), Reading{Unknown: true}, ""},
		{"free-form", "/history/queryTagHistoryMsg.action", `{"msgs":[{"msgid":"1","from":"a","type":0,"sendtime":1,"body":{"any":1},"fromclienttype":64}],"size":1,"code":200}`, Reading{}, ""},
	}
	c := load(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := c.Response(post(tt.path, ""), 200, header, tt.body, tt.reading)
			if tt.want == "" {
				assert.NoError(t, err)
				return
			}
			assert.ErrorContains(t, err, tt.want)
		})
	}
	assert.Error(t, c.Response(post("/chatroom/get.action", ""), 502, header, room(""), Reading{}))
	assert.Error(t, c.Response(post("/chatroom/get.action", ""), 200, http.Header{"Content-Type": {"text/html"}}, room(""), Reading{}))
}

// TestFieldsOfAFormat checks single values and lists of them.
func TestFieldsOfAFormat(t *testing.T) {
	accounts := load(t).FieldsOfFormat("accid")
	assert.Subset(t, accounts, []string{"creator", "accids"})
	assert.NotContains(t, accounts, "roomid")
	assert.Empty(t, load(t).FieldsOfFormat("no such format"))
}

func TestSpecsThatAreNone(t *testing.T) {
	for _, spec := range []string{"", "openapi: [", "openapi: 3.0.4\ninfo: {title: a, version: b}\npaths: {}\n"} {
		_, err := New(t.Context(), []byte(spec))
		assert.Error(t, err, spec)
	}
}

// FuzzRead checks that no response makes Read panic, and that reading its result
// again changes nothing.
func FuzzRead(f *testing.F) {
	c := load(f)
	for _, body := range []string{`{"code":200,"chat room":{"roomid":"1"}}`, `{"code":"404"}`, `{"code":200,"desc":"{\"data\":[null]}"}`, `[]`} {
		f.Add("/chatroom/get.action", body)
		f.Add("/chatroom/membersByPage.action", body)
	}
	f.Fuzz(func(_ *testing.T, path, body string) {
		_, _, _ = c.Read(path, body)
		_ = c.Request(post(path, body), Reading{})
	})
}
