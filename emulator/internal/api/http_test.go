package api_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/api"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/web"
	"github.com/nimroom/nimroom/sign"
)

func TestAWrongRequestGetsAClearError(t *testing.T) {
	srv := emulator.Start(t)
	const get = "/chatroom/get.action"
	tests := []struct {
		name       string
		path, body string
		edit       func(*http.Request)
		want       string // the desc, or its beginning when it ends in "..."
	}{
		{"GET", get, "", func(r *http.Request) { r.Method = http.MethodGet }, "method: GET, want POST"},
		{"PUT", get, "roomid=1", func(r *http.Request) { r.Method = http.MethodPut }, "method: PUT, want POST"},
		{"JSON", get, `{"roomid":1}`, func(r *http.Request) { r.Header.Set("Content-Type", "application/json") },
			"Content-Type: application/json, want application/x-www-form-urlencoded"},
		{"multipart", get, "", func(r *http.Request) { r.Header.Set("Content-Type", "multipart/form-data; boundary=x") },
			"Content-Type: multipart/form-data; boundary=x, want application/x-www-form-urlencoded"},
		{"no content type", get, "roomid=1", func(r *http.Request) { r.Header.Del("Content-Type") },
			"Content-Type: none, want application/x-www-form-urlencoded"},
		{"other charset", get, "roomid=1", func(r *http.Request) { r.Header.Set("Content-Type", api.FormType+"; charset=gbk") },
			"Content-Type: charset gbk, want utf-8"},
		{"compressed", get, "\x1f\x8b", func(r *http.Request) { r.Header.Set("Content-Encoding", "gzip") },
			"Content-Encoding: gzip, want none"},
		{"a long body", get, "roomid=" + strings.Repeat("1", api.MaxBody), nil, "body: over 262144 bytes"},
		{"a body of unknown length", get, strings.Repeat("a=b&", api.MaxBody), func(r *http.Request) { r.ContentLength = -1 },
			"body: over 262144 bytes"},
		{"many fields", get, strings.Repeat("a=b&", api.MaxFields), nil, "body: 257 fields, at most 256"},
		{"broken escape", get, "roomid=%zz", nil, "roomid: ..."},
		{"nothing", get, "", nil, "roomid is empty"},
		{"a number too large", get, "roomid=99999999999999999999", nil, `roomid: "99999999999999999999", want an integer of 64 bits`},
		{"JSON bomb", "/chatroom/getBatch.action", "roomids=" + strings.Repeat("[", 200_000), nil, "roomids: body-not-json..."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			req := emutest.Request(t, srv, http.MethodPost, tt.path, tt.body)
			if tt.edit != nil {
				tt.edit(req)
			}
			if err := sign.NewSigner(srv.Credentials()).Edit(t.Context(), req); err != nil {
				t.Fatal(err)
			}
			code, body := emutest.Send(t, req)
			emutest.WantDesc(t, code, body, gen.CodeBadParameter, tt.want)
		})
	}
}

func TestContentTypeMayNameUTF8(t *testing.T) {
	srv := emulator.Start(t)
	for _, contentType := range []string{api.FormType, api.FormType + ";charset=utf-8", "Application/X-WWW-Form-Urlencoded; charset=UTF-8"} {
		req := emutest.Request(t, srv, http.MethodPost, "/chatroom/queryUserRoomIds.action", "creator=zhangsan")
		req.Header.Set("Content-Type", contentType)
		if err := sign.NewSigner(srv.Credentials()).Edit(t.Context(), req); err != nil {
			t.Fatal(err)
		}
		if code, body := emutest.Send(t, req); code != gen.CodeOK {
			t.Errorf("%s: %s", contentType, body)
		}
	}
}

func TestAnUnknownPathNamesTheNearest(t *testing.T) {
	srv := emulator.Start(t)
	for path, nearest := range map[string]string{
		"/chatroom/creat.action":                "/chatroom/create.action",
		"/chatroom/CREATE.action":               "/chatroom/create.action",
		"/chatroom/sendmsg":                     "/chatroom/sendMsg.action",
		"/chatroom/topn.action":                 "/stats/chatroom/topn.action",
		"/history/queryTagHistoryMessage":       "/history/queryTagHistoryMsg.action",
		"//chatroom/get.action":                 "/chatroom/get.action",
		"/" + strings.Repeat("x", 50_000):       "",
		"/nope":                                 "",
		"/history/querySessionList.action":      "",
		"/chatroom/get.action/":                 "/chatroom/get.action",
		"/chatroom/%00%ff%0a%22<script>.action": "",
	} {
		req := emutest.SignedRequest(t, srv, path, "a=b")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body := string(emutest.ReadAll(t, resp))
		if resp.StatusCode != http.StatusNotImplemented || emutest.CodeOf(t, []byte(body)) != http.StatusNotImplemented ||
			strings.Contains(body, "the nearest operation is /") != (nearest != "") ||
			!strings.Contains(body, nearest) || len(body) > 500 {
			t.Errorf("%.60s: %d %.500s", path, resp.StatusCode, body)
		}
	}
}

// wire-facts: Signing, the table of authentication failures.
func TestSignatureErrorsHaveTheServicesTexts(t *testing.T) {
	srv := emulator.Start(t)
	other := func(key, secret string) sign.Credentials {
		c, err := sign.NewCredentials(key, secret)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	late := sign.WithClock(func() time.Time { return time.Now().Add(6 * time.Minute) })
	tests := []struct {
		name   string
		signer *sign.Signer
		edit   func(http.Header)
		want   string
	}{
		{"wrong secret", sign.NewSigner(other(emulator.DefaultAppKey, "wrong-secret")), nil, "checksum"},
		{"wrong checksum", sign.NewSigner(srv.Credentials()), func(h http.Header) { h.Set("CheckSum", "0") }, "checksum"},
		{"unknown app", sign.NewSigner(other("other-key", emulator.DefaultAppSecret)), nil, "appkey"},
		{"clock ahead", sign.NewSigner(srv.Credentials(), late), nil, "CurTime is expired"},
		{"milliseconds", sign.NewSigner(srv.Credentials()), func(h http.Header) { h.Set("CurTime", h.Get("CurTime")+"000") }, "CurTime is illegal"},
		{"no app key", sign.NewSigner(srv.Credentials()), func(h http.Header) { h.Del("AppKey") }, "AppKey is empty"},
		{"no nonce", sign.NewSigner(srv.Credentials()), func(h http.Header) { h.Del("Nonce") }, "Nonce is empty"},
		{"no time", sign.NewSigner(srv.Credentials()), func(h http.Header) { h.Del("CurTime") }, "CurTime is empty"},
		{"no checksum", sign.NewSigner(srv.Credentials()), func(h http.Header) { h.Del("CheckSum") }, "CheckSum is empty"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			// The form is wrong as well: the signature comes first.
			req := emutest.Request(t, srv, http.MethodPost, "/chatroom/get.action", "roomid=%zz")
			if err := tt.signer.Edit(t.Context(), req); err != nil {
				t.Fatal(err)
			}
			if tt.edit != nil {
				tt.edit(req.Header)
			}
			code, body := emutest.Send(t, req)
			emutest.WantDesc(t, code, body, gen.CodeBadParameter, tt.want)
			log := srv.Requests("get")
			if got := log[len(log)-1].Signature; got != tt.want {
				t.Errorf("logged as %q", got)
			}
		})
	}
}

func TestAReusedNonceIsAccepted(t *testing.T) {
	srv := emulator.Start(t)
	req := emutest.Request(t, srv, http.MethodPost, "/stats/chatroom/topn.action", "")
	if err := sign.NewSigner(srv.Credentials()).Edit(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if code, body := emutest.Send(t, req); code != gen.CodeOK {
			t.Error(body)
		}
	}
}

func TestUnusualFieldsPassUnlessStrict(t *testing.T) {
	const form = "creator=zhangsan&creator=lisi&color=red&creator=wangwu"
	srv := emulator.Start(t)
	if code, body := emutest.Post(t, srv, "/chatroom/queryUserRoomIds.action", form); code != gen.CodeOK {
		t.Error(body)
	}
	entry := srv.Requests()[0]
	if fmt.Sprint(entry.Unknown, entry.Duplicated) != "[color] [creator]" || entry.Form["creator"] != "zhangsan" || entry.Form["color"] != "red" {
		t.Errorf("logged as %+v", entry)
	}

	strict := emulator.Start(t, emulator.WithStrict(true))
	code, body := emutest.Post(t, strict, "/chatroom/queryUserRoomIds.action", form)
	emutest.WantDesc(t, code, body, gen.CodeBadParameter, "color: unknown field")
	code, body = emutest.Post(t, strict, "/chatroom/queryUserRoomIds.action", "creator=zhangsan&creator=lisi")
	emutest.WantDesc(t, code, body, gen.CodeBadParameter, "creator: sent twice")
	// An alias is no unknown field.
	code, body = emutest.Post(t, strict, "/history/queryTagHistoryMsg.action", `roomid=1&tags=["a"]`)
	emutest.WantDesc(t, code, body, gen.CodeBadParameter, "error roomId")
}

func TestLongNamesAreShortened(t *testing.T) {
	srv := emulator.Start(t)
	_, body := emutest.Post(t, srv, "/chatroom/get.action", "room"+strings.Repeat("_", 10_000)+"id=1")
	if entry := srv.Requests()[0]; len(body)+len(entry.Desc)+len(entry.Meaning)+len(entry.Advice) > 2000 {
		t.Errorf("%d bytes of response, %d, %d and %d in the log", len(body), len(entry.Desc), len(entry.Meaning), len(entry.Advice))
	}
}

func TestUnknownMembersAreLogged(t *testing.T) {
	srv := emulator.Start(t)
	strict := emulator.Start(t, emulator.WithStrict(true))
	for _, tt := range []struct{ path, form, unknown string }{
		{"/chatroom/queryMembersByRole.action", `roles={"creatr":true,"manager":true}`, "roles.creatr"},
		{"/chatroom/batchSendMsg.action", `fromAccid=a&msgList=[{"msgId":"m","msgtype":0,"msgType":0},{"msgId":"n","msgType":0,"Attach":"x"}]`, "msgList[].Attach msgList[].msgtype"},
	} {
		for _, server := range []*emulator.Server{srv, strict} {
			room := emutest.NewRoom(t, server).String()
			code, body := emutest.Post(t, server, tt.path, "roomid="+room+"&"+tt.form)
			log := server.Requests()
			if got := strings.Join(log[len(log)-1].Unknown, " "); got != tt.unknown {
				t.Errorf("%s: got %q", tt.form, got)
			}
			if server == strict {
				emutest.WantDesc(t, code, body, gen.CodeBadParameter, strings.Fields(tt.unknown)[0]+": unknown field")
			} else if code != gen.CodeOK {
				t.Error(body)
			}
		}
	}
}

func TestFieldsThatAreNotCarriedOutAreLogged(t *testing.T) {
	srv := emulator.Start(t)
	list := url.QueryEscape(`[{"msgId":"m","msgType":0},{"msgId":"n","msgType":0,"locX":0,"locZ":1.5}]`)
	emutest.Post(t, srv, "/chatroom/batchSendMsg.action", "roomid=1&fromAccid=a&msgList="+list+"&route=1")
	const nowhere = "The emulator knows no places of members; everyone receives the message."
	if got, want := srv.Requests()[0].NotEmulated, []string{"msgList[].locX: " + nowhere, "msgList[].locZ: " + nowhere}; !slices.Equal(got, want) {
		t.Errorf("got %s", got)
	}
	for form, want := range map[string]string{
		"bid=b&useYiDun=0&antispam=false": "[useYidun: The emulator checks no content. bid: The emulator checks no content.]",
		"bid=&antispam=false":             "[]",
	} {
		emutest.Post(t, srv, "/chatroom/sendMsg.action", "roomid=1&msgId=m&fromAccid=a&msgType=0&"+form)
		log := srv.Requests()
		if got := fmt.Sprint(log[len(log)-1].NotEmulated); got != want {
			t.Errorf("%s: got %s, want %s", form, got, want)
		}
	}
}

// What a person would overlook stands in the response or in the log.
func TestOddRequestsAreExplained(t *testing.T) {
	srv := emulator.Start(t)
	room := "roomid=" + emutest.NewRoom(t, srv).String()
	send := "roomid=1&msgId=m&fromAccid=a&msgType=100&"
	for _, tt := range []struct{ path, form, desc, notices string }{
		{"/chatroom/get.action?roomid=1", "", "roomid is empty: it is in the URL, send it in the body", "[parameters in the URL are not read: roomid]"},
		{"/chatroom/get.action", "room_id=1", "roomid is empty: no field room_id, did you mean roomid", "[]"},
		{"/chatroom/sendMsg.action", send + `attach={"url":"http://example.com/?a=1&b=2"}`, "chatroom not exist", "[attach ends before an unescaped & (send %26); the rest became b]"},
		{"/chatroom/get.action", "chatroom=1", "roomid is empty: no field chatroom", "[]"},
		{"/chatroom/get.action", `{"roomid":1}`, "body: JSON, want a form such as roomid=1", "[]"},
		{"/chatroom/create.action", "creator=&name=n&queuelevel=5", "creator is empty", "[queuelevel: 5 is none of the documented values 0, 1]"},
		{"/chatroom/create.action", "creator=&name=n&queuelevel=%2B01", "creator is empty", "[]"},
		{"/chatroom/create.action", "creator=a&name=n&queuelevel=x", `queuelevel: "x", want an integer`, "[]"},
		{"/chatroom/addRobot.action", room + `&accids=["a","b c"]`, "accids[1]: b c, want letters, digits and _ @ . -", "[]"},
		{"/chatroom/updateDelayClosePolicy.action", room + "&delayClosePolicy=3", "delayClosePolicy: 3, the emulator knows 0, 1, 2", "[delayClosePolicy: 3 is none of the documented values 0, 1, 2]"},
		{"/history/queryChatroomMsg.action", room + "&accid=a&timetag=0&limit=1&reverse=3", "reverse: 3, the emulator knows 1, 2", "[reverse: 3 is none of the documented values 1, 2]"},
		{"/chatroom/setMemberRole.action", room + "&operator=mia&target=ben&opt=2&optvalue=true", "no permission", "[]"},
		{"/chatroom/toggleCloseStat.action", room + "&operator=mia&valid=false", "no permission", "[]"},
		{"/chatroom/temporaryMute.action", room + "&operator=zhangsan&target=zhangsan&muteDuration=9", "no permission", "[]"},
	} {
		code, body := emutest.Post(t, srv, tt.path, tt.form)
		emutest.WantDesc(t, code, body, code, tt.desc)
		log := srv.Requests()
		if got := fmt.Sprint(log[len(log)-1].Notices); got != tt.notices {
			t.Errorf("%s: got %s, want %s", tt.form, got, tt.notices)
		}
	}
}

func TestLivenessProbe(t *testing.T) {
	srv := emulator.Start(t)
	resp, err := http.Get(srv.URL + "/health/liveness.action")
	if err != nil {
		t.Fatal(err)
	}
	if body := emutest.ReadAll(t, resp); resp.StatusCode != http.StatusOK || emutest.CodeOf(t, body) != gen.CodeOK {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
}

func TestResponsesAreJSONDatedByTheServersClock(t *testing.T) {
	srv := emulator.Start(t)
	if err := srv.Advance(48 * time.Hour); err != nil {
		t.Fatal(err)
	}
	root := strings.TrimSuffix(srv.URL, emutest.ApiPath)
	for _, url := range []string{srv.URL + "/chatroom/get.action", srv.URL + "/nothing", root + "/_emulator/health", root + "/nothing"} {
		resp, err := http.Post(url, api.FormType, nil)
		if err != nil {
			t.Fatal(err)
		}
		emutest.ReadAll(t, resp)
		date, err := http.ParseTime(resp.Header.Get("Date"))
		if off := srv.Now().Sub(date); err != nil || off < 0 || off > 10*time.Second {
			t.Errorf("%s: Date %v, %v off, %v", url, resp.Header.Get("Date"), off, err)
		}
		if got := resp.Header.Get("Content-Type"); got != web.JSONType {
			t.Errorf("%s: Content-Type %s", url, got)
		}
	}
}
