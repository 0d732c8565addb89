package browsertest

import (
	_ "embed"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
)

// axe is axe-core, which finds what keeps people with a disability out.
//
//go:embed testdata/axe.min.js
var axe string

// visit opens a page of the console that is live.
func visit(t *testing.T, root, path string) *page {
	t.Helper()
	p := openAt(t, root+path, "#main", root)
	p.wait("document.querySelector('.live:not(.lost)') && window.htmx")
	return p
}

// The way of a person who tries a room, with a second window beside.
func TestConsoleShowsARoomLive(t *testing.T) {
	_, root := start(t)
	p := visit(t, root, "/")
	p.put("[name=name]", "Evening show")
	p.put("[name=creator]", "lena")
	p.press("form[action='/operations/createChatroom'] .primary")
	p.do(chromedp.WaitVisible(chromedp.CSS("#members-title"))) // of the page of the new room
	p.wait("window.htmx")
	room := eval[string](p, "location.pathname")
	other := visit(t, root, room)

	p.put("[name=accid]", "ben")
	p.put("[name=tags]", "vip")
	p.press("form[action$='/join'] button")
	other.wait("document.querySelector('#member-ben')?.innerText.includes('vip')")
	p.put("[name=attach]", "Good <b>evening</b>")
	p.press("form[action$='/sendMessage'] .primary")
	other.wait("document.querySelector('[sse-swap=live-messages]').innerText.includes('Good <b>evening</b>')")
	p.wait("document.querySelector('[name=attach]').value === ''")

	// By the keyboard alone: open the menu of a member and mute it.
	p.wait("document.querySelector('#member-ben summary')")
	p.press("#member-ben summary")
	p.wait("document.querySelector('#member-ben details').open")
	p.press("#member-ben details button[hx-post$='/muteMember']")
	other.wait("/9m|10m/.test(document.querySelector('#member-ben').innerText)")
	other.shot("console-room-live")

	p.put("[name=fromAccid]", "ben")
	p.put("[name=attach]", "But")
	p.press("form[action$='/sendMessage'] .primary")
	p.wait("/ben is muted until .* by lena/.test(document.getElementById('result').innerText)")
	p.do(chromedp.KeyEvent("\x1b"))
	p.wait("document.getElementById('result').innerText === ''")

	c := visit(t, root, "/clock")
	c.put("[name=advance]", "15m")
	c.press("form[action='/clock'] .primary")
	other.wait("!/Muted for/.test(document.querySelector('#member-ben').innerText)")
}

func TestConsoleExplainsEachWrongSignature(t *testing.T) {
	srv, root := start(t, emulator.WithCurTime(emulator.EmulatorCurTime))
	p := visit(t, root, "/operations/listTopChatrooms")
	requests := visit(t, root, "/requests")
	for _, mistake := range eval[[]string](p, "[...document.getElementById('sign').options].map(o => o.value)") {
		eval[chromedp.Void](p, fmt.Sprintf("document.getElementById('result').replaceChildren(); document.getElementById('sign').value = %q; null", mistake))
		p.press("form .primary")
		p.wait("document.querySelector('#result .verdict')")
		if ok := eval[bool](p, "!!document.querySelector('#result .good')"); ok != (mistake == "") {
			t.Errorf("%q: %s", mistake, p.text("#result"))
		}
		if mistake != "" && p.text("#result .advice") == "" {
			t.Errorf("%q gets no advice: %s", mistake, p.text("#result"))
		}
	}
	n := len(srv.Requests())
	requests.wait(fmt.Sprintf("document.querySelectorAll('.request').length === %d", n))
	requests.click(".request summary")
	requests.shot("console-requests")
}

func TestConsoleSetsAFault(t *testing.T) {
	_, root := start(t)
	p := visit(t, root, "/faults")
	p.put("[name=operation]", "topn")
	p.put("[name=code]", "503")
	p.press("form[action='/faults'] .primary")
	p.wait("document.querySelector('[sse-swap=live-faults]').innerText.includes('code 503 before')")
	o := visit(t, root, "/operations/listTopChatrooms")
	o.press("form .primary")
	o.wait("document.querySelector('#result .bad')?.innerText.includes('503')")
	p.wait("/over/.test(document.querySelector('[sse-swap=live-faults]').innerText)")
	p.press("[hx-post='/faults/clear']")
	p.wait("document.querySelector('[sse-swap=live-faults]').innerText.includes('No faults')")
}

func TestConsoleCopiesARequest(t *testing.T) {
	srv, root := start(t)
	if _, err := srv.CreateRoom(gen.CreateChatroomForm{Creator: "lena", Name: "n"}); err != nil {
		t.Fatal(err)
	}
	o := visit(t, root, "/operations/createChatroom")
	o.put("[name=creator]", "lena")
	o.put("[name=name]", "It's $HOME")
	o.press("form .primary")
	o.wait("document.querySelector('#result .good')")
	p := visit(t, root, "/requests")
	p.click(".request summary")
	eval[chromedp.Void](p, "window.copied = []; navigator.clipboard.writeText = text => { window.copied.push(text); return Promise.resolve(); }; null")
	for i, program := range []string{"curl", "go", "python"} {
		p.click(fmt.Sprintf("[data-program=%s]", program))
		p.wait(fmt.Sprintf("window.copied.length === %d", i+1))
		text := eval[string](p, fmt.Sprintf("window.copied[%d]", i))
		if !strings.Contains(text, root) || !strings.Contains(text, "NIM_APP_SECRET") || strings.Contains(text, secret) {
			t.Errorf("%s: %s", program, text)
		}
	}
}

// TestConsoleIsAccessible looks at every page in both themes, both languages, and on a
// desk and a phone.
func TestConsoleIsAccessible(t *testing.T) {
	srv, root := start(t)
	id := furnish(t, srv)
	p := visit(t, root, "/")
	for _, look := range []struct {
		name, settings string
		width          int64
	}{{"light", "?lang=en&theme=light", 1280}, {"dark", "?lang=zh&theme=dark", 1280}, {"phone", "?lang=zh&theme=light", 390}} {
		if _, err := chromedp.Call(p.ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: look.width, Height: 900, DeviceScaleFactor: 1}); err != nil {
			t.Fatal(err)
		}
		for name, path := range map[string]string{
			"rooms": "/", "room": "/rooms/" + id.String(), "requests": "/requests", "operations": "/operations", "operation": "/operations/muteMember", "faults": "/faults", "clock": "/clock", "callbacks": "/callbacks",
		} {
			p.do(chromedp.Navigate(root+path+look.settings), chromedp.WaitVisible(chromedp.CSS("#main")))
			if wide := eval[int64](p, "document.documentElement.scrollWidth"); wide > look.width {
				t.Errorf("%s, %s: %d pixels wide", name, look.name, wide)
			}
			eval[chromedp.Void](p, axe+";null")
			for _, found := range eval[[]string](p, `axe.run().then(r => r.violations.filter(v => ['serious', 'critical'].includes(v.impact)).map(v => v.id + ': ' + v.nodes.map(n => n.html).slice(0, 3).join(' ')))`) {
				t.Errorf("%s, %s: %s", name, look.name, found)
			}
			p.shot("console-" + name + "-" + look.name)
		}
	}
}

// furnish fills an emulator with what there is to see.
func furnish(t *testing.T, srv *emulator.Server) gen.RoomID {
	t.Helper()
	var id gen.RoomID
	for _, name := range []string{"Morning run", "Language exchange", "Quiz night", "Auction hall", "Evening show"} {
		room, err := srv.CreateRoom(gen.CreateChatroomForm{Creator: "lena", Name: name})
		if err != nil {
			t.Fatal(err)
		}
		id = room
	}
	for accid, tags := range map[string][]string{"lena": nil, "ben": {"vip", "front"}, "mia": {"vip"}, "tom": nil, "ada": {"back"}} {
		if err := srv.Join(id, emulator.JoinOptions{Accid: accid, Tags: tags}); err != nil {
			t.Fatal(err)
		}
	}
	p := visit(t, strings.TrimSuffix(srv.URL, "/nimserver"), "/")
	for _, call := range []string{
		"setMemberRole operator=lena&target=ben&opt=1&optvalue=true", `addRobots accids=["robot1","robot2"]`,
		"sendMessage fromAccid=lena&msgType=0&attach=Welcome to the evening show!", "sendMessage fromAccid=ben&msgType=0&attach=Glad to be here&highPriority=true",
		"muteMember operator=lena&target=tom&muteDuration=600&needNotify=true", "sendMessage fromAccid=tom&msgType=0&attach=Can you hear me?",
		`sendMessage fromAccid=mia&msgType=100&attach={"gift":"rose"}`, "offerQueueElement key=1&value=Ben sings&operator=ben",
		"offerQueueElement key=2&value=Mia plays the piano&operator=mia&transient=true", "kickMember accid=lena&targetAccid=zoe",
	} {
		operation, form, _ := strings.Cut(call, " ")
		eval[chromedp.Void](p, fmt.Sprintf("fetch('/operations/%s', {method: 'POST', body: new URLSearchParams(%q)}).then(() => null)", operation, "roomid="+id.String()+"&"+form))
	}
	return id
}
