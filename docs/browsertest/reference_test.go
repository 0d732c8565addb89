package browsertest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/sign"
)

const (
	appKey = "K"
	secret = "a-secret-of-a-test"
)

// start starts an emulator. The emulator fills in the secret on its page only if an option
// tells it to.
func start(t *testing.T, options ...emulator.Option) (srv *emulator.Server, root string) {
	t.Helper()
	credentials, err := sign.NewCredentials(appKey, secret)
	if err != nil {
		t.Fatal(err)
	}
	srv = emulator.Start(t, append(options, emulator.WithCredentials(credentials))...)
	return srv, strings.TrimSuffix(srv.URL, "/nimserver")
}

// accepted fails the test unless the last request had a valid signature and succeeded.
func accepted(t *testing.T, srv *emulator.Server, said string) emulator.Request {
	t.Helper()
	log := srv.Requests("")
	if len(log) == 0 {
		t.Fatalf("no request; the page says %s", said)
	}
	last := log[len(log)-1]
	if last.Signature != emulator.SignatureOK || last.Code != gen.CodeOK || !strings.HasPrefix(said, "code 200 OK") {
		t.Errorf("signature %s, code %d %s; the page says %s", last.Signature, last.Code, last.Desc, said)
	}
	return last
}

func TestSecretIsFilledInAndStaysOnThePage(t *testing.T) {
	srv, root := start(t, emulator.WithDocsSecret(secret))
	p := open(t, root+"/docs/?lang=en", root)
	if value := eval[string](p, "document.getElementById('app-secret').value"); value != secret {
		t.Errorf("filled in: %q", value)
	}
	o := p.operation("rooms", "createChatroom")
	accepted(t, srv, o.execute())
	if curl := p.text(o.selector + " .curl"); strings.Contains(curl, secret) || !strings.Contains(curl, "CheckSum: ") || !strings.Contains(curl, "AppKey: "+appKey) {
		t.Errorf("%s", curl)
	}
	kept := eval[string](p, "JSON.stringify([location.href, document.cookie, {...localStorage}, {...sessionStorage}])")
	if want := fmt.Sprintf(`["%s/docs/?lang=en#/rooms/createChatroom","",{},{}]`, root); kept != want {
		t.Errorf("kept %s, want %s", kept, want)
	}
}

// TestUntrustedPageSigns opens the page under another host name and plain HTTP, where the
// browser offers no crypto.subtle and the emulator does not fill in the secret.
func TestUntrustedPageSigns(t *testing.T) {
	srv, root := start(t, emulator.WithDocsSecret(secret), emulator.WithAnyHost(), emulator.WithControlToken("a-token-for-this-test"))
	root = strings.Replace(root, "127.0.0.1", otherName, 1)
	p := open(t, root+"/docs/?lang=en", root)
	if eval[bool](p, "crypto.subtle !== undefined") {
		t.Error("the browser trusts the page, so the fallback is not tested")
	}
	o := p.operation("rooms", "listUserChatrooms")
	said := o.execute()
	if len(srv.Requests("")) != 0 || !strings.Contains(said, "Enter the AppKey and AppSecret") {
		t.Errorf("without a secret: %s", said)
	}
	p.enter("#app-secret", secret)
	accepted(t, srv, o.execute())
}

func TestBothSignaturesAgree(t *testing.T) {
	_, root := start(t)
	p := open(t, root+"/docs/", root)
	// The test vector of x-signature in the spec.
	sum := eval[string](p, "import('./sign.js').then(s => s.checkSum('secret123', '4tgggergigwow323t23t', '1443592222'))")
	if sum != "4c6f0fbc04efedd91685a226da081807de269350" {
		t.Errorf("checkSum %s", sum)
	}
	differ := eval[[]int](p, `import('./sign.js').then(async s => {
		const differ = [];
		for (let n = 0; n < 300; n++) {
			const bytes = crypto.getRandomValues(new Uint8Array(n));
			const want = new Uint8Array(await crypto.subtle.digest('SHA-1', bytes));
			if (String(s.sha1(bytes)) !== String(want)) differ.push(n);
		}
		return differ;
	})`)
	if len(differ) > 0 {
		t.Errorf("sha1 is wrong for texts of %v bytes", differ)
	}
}

func TestWrongSecretShowsTheAPIError(t *testing.T) {
	srv, root := start(t)
	p := open(t, root+"/docs/?lang=en", root)
	p.enter("#app-secret", "wrong")
	o := p.operation("rooms", "listUserChatrooms")
	said := o.execute()
	log := srv.Requests("")
	if len(log) != 1 || log[0].Code != gen.CodeBadParameter || log[0].Signature == emulator.SignatureOK {
		t.Fatalf("%+v", log)
	}
	if !strings.HasPrefix(said, "code 414 BadParameter") || !strings.Contains(p.text(o.selector+" .live-responses-table"), log[0].Desc) {
		t.Errorf("the page says %s", said)
	}
	p.shot("api-error")
}

// TestPageSignsWithTheServersTime sets the emulator's clock to another time than the
// machine's. The page learns the time from the emulator's responses.
func TestPageSignsWithTheServersTime(t *testing.T) {
	srv, root := start(t, emulator.WithDocsSecret(secret), emulator.WithStartTime(time.Date(2022, 11, 22, 12, 0, 0, 0, time.UTC)))
	o := open(t, root+"/docs/", root).operation("rooms", "listUserChatrooms")
	accepted(t, srv, o.execute())
	if err := srv.Advance(48 * time.Hour); err != nil {
		t.Fatal(err)
	}
	accepted(t, srv, o.execute())
}

// TestTypedTextIsSentUnchanged types texts that Swagger UI's client would parse as JSON and
// change.
func TestTypedTextIsSentUnchanged(t *testing.T) {
	srv, root := start(t, emulator.WithDocsSecret(secret))
	o := open(t, root+"/docs/", root).operation("rooms", "createChatroom")
	typed := form{"creator": "1e3", "name": "1.0", "announcement": `"quoted"`, "broadcasturl": "null", "ext": `{"a":  [1, 2.0]}`}
	o.fill(typed)
	last := accepted(t, srv, o.execute())
	for name, text := range typed {
		if last.Form[name] != text {
			t.Errorf("%s: typed %s, sent %s", name, text, last.Form[name])
		}
	}
	if len(last.Form) != len(typed) {
		t.Errorf("%q", last.Form)
	}
}

func TestLanguageChangesInPlace(t *testing.T) {
	srv, root := start(t)
	p := open(t, root+"/docs/?lang=en", root)
	p.enter("#app-secret", secret)
	p.shot("english")
	if title := p.text(".info .title"); !strings.Contains(title, "chat room server API") {
		t.Errorf("%s", title)
	}
	p.click(".languages [value=zh]")
	p.wait("document.querySelector('.info .title').innerText.includes('聊天室服务端')")
	o := p.operation("rooms", "listUserChatrooms")
	said := o.execute()
	shown := p.text("body")
	for _, want := range []string{"在线调试", "查询创建者开启的聊天室列表", "发送请求", "请求体", "服务器响应", "操作已执行。"} {
		if !strings.Contains(shown, want) {
			t.Errorf("%s is not on the page", want)
		}
	}
	for _, label := range []string{"Try it out", "Execute", "Request body", "Responses", "Server response", "Clear", "Cancel", "Reset"} {
		if strings.Contains(shown, label) {
			t.Errorf("%q is still English", label)
		}
	}
	accepted(t, srv, said) // the secret is still there
	p.shot("chinese")
	if state := eval[string](p, "document.documentElement.lang + location.search"); state != "zh-CN?lang=zh" {
		t.Errorf("%s", state)
	}
	p.click(".languages [value=en]")
	// The page is rendered again; the form and the response are still there.
	p.wait("document.querySelector('.info .title').innerText.includes('chat room server API')")
	p.wait("document.querySelector('.execute')?.innerText === 'Execute'")
	p.wait("document.querySelector('.live-responses-table')?.innerText.includes('Response body')")
}

// TestFolderIsAStaticSite serves the folder from a server of static files and uses an
// emulator on the same machine.
func TestFolderIsAStaticSite(t *testing.T) {
	srv, root := start(t)
	site := httptest.NewServer(http.FileServer(http.Dir("../reference")))
	t.Cleanup(site.Close)
	p := open(t, site.URL+"/?lang=zh", site.URL, root)
	p.enter("#base-url", srv.URL)
	p.enter("#app-key", appKey)
	p.enter("#app-secret", secret)
	p.wait("document.getElementById('status').className === 'good'")
	o := p.operation("rooms", "createChatroom")
	accepted(t, srv, o.execute())
}

// TestPageReachesNoOtherServer checks that the page's policy blocks requests of scripts to
// other servers.
func TestPageReachesNoOtherServer(t *testing.T) {
	_, root := start(t)
	other, otherRoot := start(t)
	p := open(t, root+"/docs/", root)
	for _, address := range []string{other.URL + "/chatroom/get.action", strings.Replace(otherRoot, "127.0.0.1", otherName, 1)} {
		if eval[bool](p, fmt.Sprintf("fetch(%q, {method: 'POST', mode: 'no-cors'}).then(() => true, () => false)", address)) {
			t.Errorf("%s was reached", address)
		}
	}
	if n := len(other.Requests("")); n != 0 {
		t.Errorf("%d requests arrived", n)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.problems) == 0 {
		t.Error("the page's policy reported nothing")
	}
	p.problems, p.requests = nil, nil
}

func TestPageFitsSmallAndDarkScreens(t *testing.T) {
	_, root := start(t, emulator.WithDocsSecret(secret))
	p := open(t, root+"/docs/?lang=en", root)
	p.do(chromedp.EmulateViewport(390, 844))
	o := p.operation("rooms", "createChatroom")
	o.execute()
	eval[chromedp.Void](p, fmt.Sprintf("document.querySelector('%s').scrollIntoView()", o.selector))
	p.shot("narrow")
	if over := eval[int](p, "document.documentElement.scrollWidth - innerWidth"); over > 0 {
		t.Errorf("%d pixels wider than the screen", over)
	}
	p.do(chromedp.EmulateViewport(1280, 1000))
	_, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	p.wait("document.documentElement.classList.contains('dark-mode')")
	p.shot("dark-operation")
	eval[chromedp.Void](p, "scrollTo(0, 0)")
	p.shot("dark")
}
