package console_test

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/gen"
)

// browser opens pages of a server as a browser does, with cookies.
type browser struct {
	t      *testing.T
	root   string
	client *http.Client
	header http.Header
}

func open(t *testing.T, srv *emulator.Server) *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t, strings.TrimSuffix(srv.URL, emutest.ApiPath), &http.Client{Jar: jar, Timeout: time.Minute}, http.Header{}}
}

func (b *browser) do(method, path string, form url.Values) (*http.Response, string) {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), method, b.root+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header = b.header.Clone()
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := b.client.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	return resp, string(emutest.ReadAll(b.t, resp))
}

// get opens a page that must be there.
func (b *browser) get(path string) string {
	b.t.Helper()
	resp, page := b.do(http.MethodGet, path, nil)
	if resp.StatusCode != http.StatusOK {
		b.t.Fatalf("%s: %s %s", path, resp.Status, page)
	}
	return page
}

// post sends a form by script.
func (b *browser) post(path string, pairs ...string) string {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	b.header.Set("HX-Request", "true")
	defer b.header.Del("HX-Request")
	resp, page := b.do(http.MethodPost, path, form)
	if next := resp.Header.Get("HX-Redirect"); next != "" {
		return next
	}
	return page
}

func wants(t *testing.T, page string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(page, text) {
			t.Errorf("no %s in %s", text, page)
		}
	}
}

// The way of a person: create a room, join, speak, mute, look, and set a fault.
func TestARoomFromItsCreation(t *testing.T) {
	srv := emulator.Start(t)
	b := open(t, srv)
	wants(t, b.get("/"), "There are no rooms yet", "nimroom call create creator=lena name=Show --base-url "+srv.URL, `href="/docs/"`, "/openapi.yaml", srv.URL, emulator.DefaultAppKey)
	room := b.post("/operations/createChatroom", "name", "Show", "creator", "lena", "then", "room")
	if !regexp.MustCompile(`^/rooms/\d+$`).MatchString(room) {
		t.Fatal(room)
	}
	id := strings.TrimPrefix(room, "/rooms/")
	wants(t, b.get("/"), `<a href="`+room+`">Show</a>`)
	wants(t, b.post(room+"/join", "accid", "ben", "tags", "vip, front"), "Done", "ben has entered the room.")
	wants(t, b.post("/operations/sendMessage", "roomid", id, "fromAccid", "lena", "msgType", "0", "attach", "Hello Ben"), "Done")
	wants(t, b.post("/operations/muteMember", "roomid", id, "operator", "lena", "target", "ben", "muteDuration", "600"), "Done")
	wants(t, b.post("/operations/sendMessage", "roomid", id, "fromAccid", "ben", "msgType", "0", "attach", "But"), "Failed", "13004", "ben is muted until", "by lena")
	wants(t, b.post("/operations/offerQueueElement", "roomid", id, "key", "seat", "value", "Ben sings"), "Done")
	wants(t, b.post("/operations/addRobots", "roomid", id, "accids", `["robot1"]`), "Done")
	page := b.get(room)
	wants(t, page, "Hello Ben", `<span class="tag">front</span>`, "Muted for", "10m 0s", "Ben sings", "24h 0m", "robot1", "entered", ">301<", ">314<", "<rect class=\"entries\"", "1 of 50 elements")
	wants(t, b.get(room+"?show=robots"), "robot1")
	if page := b.get(room + "?show=robots"); strings.Contains(page, `id="member-ben"`) {
		t.Errorf("ben is no robot: %s", page)
	}
	if page := b.get(room + "?show=limited"); !strings.Contains(page, `id="member-ben"`) || strings.Contains(page, `id="member-lena"`) {
		t.Errorf("ben is muted, and lena is not: %s", page)
	}
	wants(t, b.post("/clock", "advance", "11m"), "Done")
	if page := b.get(room); strings.Contains(page, "Muted for") {
		t.Error("the mute has not ended")
	}
	wants(t, b.post(room+"/leave", "accid", "ben"), "Done")
	wants(t, b.post(room+"/leave", "accid", "ben"), "Failed", "404")
	wants(t, b.post("/faults", "operation", "get", "kind", "code", "code", "503"), "Done")
	wants(t, b.post("/operations/getChatroom", "roomid", id), "Failed", "503")
	wants(t, b.get("/faults"), "code 503 before", ">1</a>", "over")
	wants(t, b.post("/faults", "operation", "*", "kind", "reset"), "Done")
	wants(t, b.post("/operations/getChatroom", "roomid", id), "Failed", "A fault ended the connection")
	wants(t, b.post("/faults", "operation", "none", "kind", "reset"), "Failed", "400", "operation: none, want an action")
	wants(t, b.post("/faults/clear"), "Done")
	wants(t, b.get("/faults"), "No faults are set")
	page = b.get("/requests?operation=sendMsg")
	wants(t, page, "Hello Ben", "is muted", "accepted", "refused", `data-program="python"`, html(`"url":"`+srv.URL+`/chatroom/sendMsg.action"`))
	if page := b.get("/requests?operation=sendMsg&code=13004"); strings.Contains(page, "Hello Ben") {
		t.Error("the filter takes what is not 13004")
	}
	wants(t, b.post("/requests/clear"), "Done")
	wants(t, b.get("/requests"), "No requests yet")
}

func html(text string) string { return strings.ReplaceAll(text, `"`, "&#34;") }

// What an account sees is what it received.
func TestMessagesAsAnAccountReceivedThem(t *testing.T) {
	srv := emulator.Start(t)
	b := open(t, srv)
	id := emutest.NewRoom(t, srv)
	send := func(text string, add gen.SendMessageForm) {
		t.Helper()
		add.RoomID, add.MsgID, add.FromAccid, add.MsgType, add.Attach = id, text, "zhangsan", emutest.Ptr(gen.MessageTypeText), emutest.Ptr(text)
		emutest.Get(t, srv, gen.SendMessageEndpoint, add)
	}
	send("before ben came", gen.SendMessageForm{})
	srv.Advance(time.Second) // the history knows milliseconds
	emutest.Join(t, srv, id, "ben", "back")
	send("for all", gen.SendMessageForm{})
	send("for the front", gen.SendMessageForm{NotifyTargetTags: emutest.Expr(`{"tag":"front"}`)})
	path := "/rooms/" + id.String() + "?as=Ben"
	b.get(path)
	send("not in the history", gen.SendMessageForm{SkipHistory: emutest.Ptr(gen.SkipHistory(1))})
	send("for the front again", gen.SendMessageForm{NotifyTargetTags: emutest.Expr(`{"tag":"front"}`)})
	page := b.get(path)
	wants(t, page, "for all", "not in the history")
	for _, text := range []string{"before ben came", "for the front"} {
		if strings.Contains(page, text) {
			t.Errorf("ben has not received %q", text)
		}
	}
	wants(t, b.get("/rooms/"+id.String()), "before ben came", "for all", "for the front")
}

// Names and texts from rooms and requests are shown as they are, and do nothing.
func TestHostileNamesInjectNothing(t *testing.T) {
	srv := emulator.Start(t)
	b := open(t, srv)
	const hostile = `"><script>alert(1)</script><img src=x onerror=alert(1)>'{{.}}</textarea></title>` + "\r\n\r\ndata: <b>"
	id := emutest.Get(t, srv, gen.CreateChatroomEndpoint, gen.CreateChatroomForm{Creator: "lena", Name: hostile, Announcement: emutest.Ptr(hostile), Ext: emutest.Ptr(hostile)}).Chatroom.RoomID
	if err := srv.Join(id, emulator.JoinOptions{Accid: "ben", Nick: hostile, Tags: []string{hostile}}); err != nil {
		t.Fatal(err)
	}
	emutest.Get(t, srv, gen.SendMessageEndpoint, gen.SendMessageForm{RoomID: id, FromAccid: "ben", MsgID: "1", MsgType: emutest.Ptr(gen.MessageTypeText), Attach: emutest.Ptr(hostile)})
	emutest.Get(t, srv, gen.OfferQueueElementEndpoint, gen.OfferQueueElementForm{RoomID: id, Key: hostile, Value: hostile})
	emutest.Post(t, srv, "/chatroom/get.action", "roomid="+url.QueryEscape(hostile)+"&"+url.QueryEscape(hostile)+"=1")
	emutest.AddFault(t, srv, emulator.Fault{Operation: "get", Kind: emulator.FaultCode, Code: 503, Desc: hostile})
	room := "/rooms/" + id.String()
	query := url.QueryEscape(hostile)
	for _, path := range []string{"/", "/?q=" + query, "/?state=" + query, room, room + "?q=" + query + "&show=" + query, "/requests", "/faults", "/operations?q=" + query, "/operations/sendMessage?attach=" + query} {
		page := b.get(path)
		if strings.Contains(page, "<script>") || strings.Contains(page, "<img src=x") || strings.Contains(page, "</textarea></title>") {
			t.Errorf("%s: %s", path, page)
		}
	}
	for _, path := range []string{room + "?as=" + query, "/requests?operation=" + query, "/rooms/" + url.PathEscape(hostile), "/operations/" + url.PathEscape(hostile)} {
		if resp, page := b.do(http.MethodGet, path, nil); resp.StatusCode < 400 || strings.Contains(page, "<script>") || strings.Contains(page, "<img src=x") {
			t.Errorf("%s: %d %s", path, resp.StatusCode, page)
		}
	}
	for _, line := range live(t, b, room, "live-hours") {
		if strings.HasPrefix(line, "data: <b>") || strings.Contains(line, "<script>") {
			t.Errorf("a line of a name became one of the stream: %s", line)
		}
	}
}

// live reads the stream of a page until an event has come, and returns its lines.
func live(t *testing.T, b *browser, path, event string) (lines []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.root+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "text/event-stream")
	resp, err := b.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if kind := resp.Header.Get("Content-Type"); kind != "text/event-stream" {
		t.Fatal(kind)
	}
	found := false
	for scan := bufio.NewScanner(resp.Body); scan.Scan(); {
		found = found || scan.Text() == "event: "+event
		if found && scan.Text() == "" {
			return lines
		}
		lines = append(lines, scan.Text())
	}
	t.Fatalf("no %s: %q", event, lines)
	return nil
}

func TestEveryPageIsGuarded(t *testing.T) {
	srv := emulator.Start(t)
	b := open(t, srv)
	id := emutest.NewRoom(t, srv)
	for _, path := range []string{"/", "/rooms/" + id.String(), "/rooms/1", "/requests", "/operations", "/operations/sendMessage", "/operations/none", "/faults", "/clock", "/callbacks", "/login", "/assets/console.js", "/assets/none.js"} {
		resp, page := b.do(http.MethodGet, path, nil)
		policy := resp.Header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'; script-src 'self'; style-src 'self';") || !strings.Contains(policy, "frame-ancestors 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: policy %q", path, policy)
		}
		if resp.Header.Get("X-Content-Type-Options") != "nosniff" || resp.Header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: %v", path, resp.Header)
		}
		if regexp.MustCompile(`(?i)<style|\sstyle=|\son[a-z]+=|<script>|javascript:|hx-on|(src|action|hx-[a-z]+)="https?:`).MatchString(page) && !strings.HasPrefix(path, "/assets/") {
			t.Errorf("%s holds what the policy forbids: %s", path, page)
		}
	}
	for path, want := range map[string]int{"/rooms/1": 404, "/rooms/x": 400, "/operations/none": 404, "/assets/none.js": 404, "/assets/../page.go": 404, "/requests?code=x": 400, "/requests?room=x": 400, "/nothing": 404} {
		if resp, page := b.do(http.MethodGet, path, nil); resp.StatusCode != want {
			t.Errorf("%s: %s %s", path, resp.Status, page)
		}
	}
}

// Every page is there in both languages, and shows no name of a text in place of it.
func TestEveryPageSpeaksBothLanguages(t *testing.T) {
	srv := emulator.Start(t)
	b := open(t, srv)
	id := emutest.NewRoom(t, srv)
	emutest.Join(t, srv, id, "ben", "vip")
	emutest.AddFault(t, srv, emulator.Fault{Operation: "get", Kind: emulator.FaultReset})
	name := regexp.MustCompile(`>\s*[a-z]+(\.[a-zA-Z0-9]+)+\s*<|%!`)
	for _, lang := range []string{"en", "zh"} {
		resp, _ := b.do(http.MethodGet, "/requests?code=404&lang="+lang, nil)
		if got := resp.Request.URL.RequestURI(); got != "/requests?code=404" {
			t.Errorf("the language stays in the address: %s", got)
		}
		paths := []string{"/", "/rooms/" + id.String(), "/requests", "/operations", "/faults", "/clock", "/callbacks"}
		for _, op := range gen.Operations {
			paths = append(paths, "/operations/"+op.ID)
		}
		for _, path := range paths {
			page := b.get(path)
			wants(t, page, map[string]string{"en": `<html lang="en"`, "zh": `<html lang="zh-CN"`}[lang])
			for _, found := range name.FindAllString(page, -1) {
				if !strings.Contains(found, "openapi.") {
					t.Errorf("%s in %s: %q", path, lang, found)
				}
			}
		}
	}
	wants(t, b.get("/operations/muteMember"), "临时禁言", "单位为秒", "不大于 2592000")
	wants(t, b.post("/operations/getChatroom", "roomid", "1"), "失败", "。<")
	b.header.Set("Accept-Language", "zh-CN,zh;q=0.9")
	wants(t, open(t, srv).get("/"), `lang="en"`)
	fresh := open(t, srv)
	fresh.header = b.header
	wants(t, fresh.get("/"), `lang="zh-CN"`)
	wants(t, fresh.get("/?theme=dark"), `data-theme="dark"`)
	wants(t, fresh.get("/requests"), `data-theme="dark"`)
}

func TestTextsAreTheSameInBothLanguages(t *testing.T) {
	read := func(lang string) map[string]string {
		text, err := os.ReadFile("texts/" + lang + ".json")
		if err != nil {
			t.Fatal(err)
		}
		words := map[string]string{}
		if err := json.Unmarshal(text, &words); err != nil {
			t.Fatal(err)
		}
		return words
	}
	english, chinese := read("en"), read("zh")
	verbs := regexp.MustCompile(`%[a-z]`)
	for name, text := range english {
		other, there := chinese[name]
		if !there || !slices.Equal(verbs.FindAllString(text, -1), verbs.FindAllString(other, -1)) {
			t.Errorf("%s: %q and %q", name, text, other)
		}
	}
	for name := range chinese {
		if _, there := english[name]; !there {
			t.Errorf("%s is in Chinese alone", name)
		}
	}
	var used strings.Builder
	for _, pattern := range []string{"*.go", "pages/*.html"} {
		files, _ := filepath.Glob(pattern)
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			used.Write(text)
		}
	}
	families := regexp.MustCompile(`^(theme|rooms\.state|members\.kind|role|type|notice|program|kind|group|sign|faults\.kind|limit\.unit)\.`)
	for name := range english {
		if !strings.Contains(used.String(), `"`+name+`"`) && !families.MatchString(name) {
			t.Errorf("nothing uses the text %s", name)
		}
	}
}

// Each mistake gets the advice for it.
func TestEveryWrongSignatureIsExplained(t *testing.T) {
	srv := emulator.Start(t, emulator.WithCurTime(emulator.EmulatorCurTime))
	b := open(t, srv)
	_, choice, _ := strings.Cut(b.get("/operations/listTopChatrooms"), `name="sign"`)
	options := regexp.MustCompile(`<option value="([a-zA-Z]+)">`).FindAllStringSubmatch(choice, -1)
	if len(options) < 13 {
		t.Fatalf("%q", options)
	}
	wants(t, b.post("/operations/listTopChatrooms"), "Done")
	for _, option := range options {
		came := b.post("/operations/listTopChatrooms", "sign", option[1])
		wants(t, came, "Failed", "414", `class="advice"`)
		requests := srv.Requests()
		if got := requests[len(requests)-1].Circumstance; got != option[1] && option[1] != "nonceTooLong" {
			t.Errorf("%s is explained as %s", option[1], got)
		}
	}
}

func TestTheLogin(t *testing.T) {
	const token = "control-token-ok"
	srv := emulator.Start(t, emulator.WithControlToken(token))
	b := open(t, srv)
	for _, path := range []string{"/", "/requests", "/rooms/1"} {
		resp, page := b.do(http.MethodGet, path, nil)
		if resp.StatusCode != http.StatusUnauthorized || !strings.Contains(page, `name="token"`) || strings.Contains(page, "sse-connect") {
			t.Errorf("%s: %s %s", path, resp.Status, page)
		}
	}
	if resp, _ := b.do(http.MethodPost, "/clock", url.Values{"advance": {"1h"}}); resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("a form without a session: %s", resp.Status)
	}
	if resp, page := b.do(http.MethodPost, "/login", url.Values{"token": {"control-token-no"}, "next": {"/requests"}}); resp.StatusCode != http.StatusUnauthorized || !strings.Contains(page, "not the control token") {
		t.Errorf("another token: %s %s", resp.Status, page)
	}
	for next, want := range map[string]string{"/requests": "/requests", "//evil.example": "/", `/\evil.example`: "/", "https://evil.example": "/", "": "/"} {
		b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		resp, _ := b.do(http.MethodPost, "/login", url.Values{"token": {token}, "next": {next}})
		if resp.StatusCode != http.StatusSeeOther || resp.Header.Get("Location") != want {
			t.Errorf("%q: %s %v", next, resp.Status, resp.Header)
		}
		cookie := resp.Header.Get("Set-Cookie")
		if !strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Strict") || strings.Contains(cookie, token) {
			t.Errorf("cookie %s", cookie)
		}
	}
	b.client.CheckRedirect = nil
	wants(t, b.get("/"), "There are no rooms yet", "Log out")
	wants(t, b.post("/clock", "advance", "1h"), "Done")
	if status, _ := emutest.ControlCall(t, srv, http.MethodGet, "clock", ""); status != http.StatusUnauthorized {
		t.Errorf("the session opens the control plane without its cookie: %d", status)
	}
	if resp, page := b.do(http.MethodPost, "/logout", url.Values{}); resp.StatusCode != http.StatusOK || !strings.Contains(page, `name="token"`) {
		t.Errorf("%s %s", resp.Status, page)
	}
	if resp, _ := b.do(http.MethodGet, "/", nil); resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("after the logout: %s", resp.Status)
	}
}

// A page of another site can neither read nor change anything.
func TestPagesOfOtherSitesAreRefused(t *testing.T) {
	srv := emulator.Start(t)
	b := open(t, srv)
	forms := map[string]url.Values{"/clock": {"advance": {"1h"}}, "/faults": {"operation": {"*"}, "kind": {"reset"}}, "/faults/clear": {}, "/requests/clear": {}, "/operations/createChatroom": {"name": {"n"}, "creator": {"a"}}, "/login": {"token": {"x"}}}
	for _, origin := range []string{"http://evil.example", "http://localhost:1", "null"} {
		b.header.Set("Origin", origin)
		for path, form := range forms {
			if resp, page := b.do(http.MethodPost, path, form); resp.StatusCode != http.StatusForbidden {
				t.Errorf("%s from %s: %s %s", path, origin, resp.Status, page)
			}
		}
	}
	b.header.Set("Origin", b.root)
	b.header.Set("Sec-Fetch-Site", "same-origin")
	wants(t, b.post("/operations/createChatroom", "name", "n", "creator", "a"), "Done")
	b.header.Set("Origin", "http://rebound.example")
	for path := range forms {
		if resp, _ := b.do(http.MethodGet, path, nil); resp.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %s", path, resp.Status)
		}
	}
	if n := len(srv.Requests()); n != 1 {
		t.Errorf("%d requests were sent", n)
	}
}

// Pages are cut on the server, whatever there is.
func TestManyRoomsAndMembersArePaged(t *testing.T) {
	srv := emulator.Start(t)
	b := open(t, srv)
	const many = 10_000
	var id gen.RoomID
	for i := range many {
		room, err := srv.CreateRoom(gen.CreateChatroomForm{Creator: "lena", Name: fmt.Sprintf("room %d", i)})
		if err != nil {
			t.Fatal(err)
		}
		id = room
	}
	for i := range many {
		if err := srv.Join(id, emulator.JoinOptions{Accid: fmt.Sprintf("guest%d", i)}); err != nil {
			t.Fatal(err)
		}
	}
	row := regexp.MustCompile(`<tr id="(?:room|member)-`)
	for path, want := range map[string]string{
		"/": "1–50 of 10000", "/?page=2": "51–100 of 10000", "/?page=200": "9951–10000 of 10000", "/?page=999999": "9951–10000 of 10000", "/?page=-1": "1–50 of 10000", "/?q=room+999": "1–11 of 11", "/?q=ROOM+9999": "1–1 of 1",
		"/rooms/" + id.String(): "1–50 of 10001", "/rooms/" + id.String() + "?page=3": "101–150 of 10001", "/rooms/" + id.String() + "?q=guest999": "1–11 of 11", "/rooms/" + id.String() + "?show=staff": "1–1 of 1",
	} {
		page := b.get(path)
		wants(t, page, want)
		if n := len(row.FindAllString(page, -1)); n > 50 || len(page) > 200_000 {
			t.Errorf("%s: %d rows, %d bytes", path, n, len(page))
		}
	}
	wants(t, b.get("/?q=room+99&page=2"), `"/?q=room&#43;99&amp;state=all"`) // a tab begins with its first page
}

// A page that is open shows what happens.
func TestAPageIsLive(t *testing.T) {
	srv := emulator.Start(t)
	b := open(t, srv)
	id := emutest.NewRoom(t, srv)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.root+"/rooms/"+id.String(), nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "text/event-stream")
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	lines := bufio.NewReader(resp.Body)
	until := func(text string) {
		t.Helper()
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			if strings.Contains(line, text) {
				return
			}
		}
	}
	until("made manager")
	emutest.Join(t, srv, id, "ben", "vip")
	until(`<tr id="member-ben">`)
	emutest.Get(t, srv, gen.SendMessageEndpoint, gen.SendMessageForm{RoomID: id, FromAccid: "ben", MsgID: "1", MsgType: emutest.Ptr(gen.MessageTypeText), Attach: emutest.Ptr("Good evening")})
	until("Good evening")
	if err := srv.Reset(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, lines); err != nil {
		t.Errorf("the stream of a room that is gone: %v", err)
	}
}

// TestVendoredFilesAreUnchanged compares the libraries with their checksums.
func TestVendoredFilesAreUnchanged(t *testing.T) {
	const dir = "assets/vendor/"
	sums, err := os.ReadFile(dir + "SHA256SUMS")
	if err != nil {
		t.Fatal(err)
	}
	listed := []string{"README.md", "SHA256SUMS"}
	for line := range strings.Lines(string(sums)) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		content, err := os.ReadFile(dir + name)
		if err != nil {
			t.Fatal(err)
		}
		if got := sha256.Sum256(content); hex.EncodeToString(got[:]) != sum {
			t.Errorf("%s was changed", name)
		}
		listed = append(listed, name)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if !slices.Contains(listed, entry.Name()) {
			t.Errorf("%s is not in SHA256SUMS", entry.Name())
		}
	}
}
