package browsertest

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/nimroom/nimroom/emulator"
)

// TestProgramsRun copies a request from the page as a program in each language and runs it.
// The emulator gets the same form as from the page.
func TestProgramsRun(t *testing.T) {
	srv, root := start(t, emulator.WithDocsSecret(secret))
	p := open(t, root+"/docs/?lang=en", root)
	o := p.operation("rooms", "createChatroom")
	want := form{"creator": "lena", "name": `A "quoted" name \u0041 & 100% 朋友 😀`, "announcement": "two\nlines $HOME `x` ${y}", "ext": `{"a": [1, 2.0]}`}
	o.fill(want)
	accepted(t, srv, o.execute())
	sent := srv.Requests("")[0].Form

	for _, language := range []struct {
		title, file, hook string
		run               []string
	}{
		{"Go", "main.go", "", []string{"go", "run"}},
		{"Python", "call.py", "python/nimroom.py", []string{"python3"}},
		{"TypeScript", "call.mjs", "typescript/src/nimroom.ts", []string{"node"}},
		{"Java", "Call.java", "java/src/main/java/SigningInterceptor.java", []string{"java"}},
	} {
		t.Run(language.title, func(t *testing.T) {
			p := page{t: t, ctx: p.ctx}
			eval[any](&p, fmt.Sprintf("[...document.querySelectorAll('%s .request-snippets h4')].find(tab => tab.innerText === %q).click()", o.selector, language.title))
			p.wait(fmt.Sprintf("document.querySelector('%s .request-snippets pre.curl').innerText.includes('NIM_APP_SECRET')", o.selector))
			program := eval[string](&p, fmt.Sprintf("document.querySelector('%s .request-snippets pre.curl').textContent", o.selector))
			eval[chromedp.Void](&p, fmt.Sprintf("document.querySelector('%s .request-snippets').scrollIntoView()", o.selector))
			p.shot("program-" + language.title)
			if strings.Contains(program, secret) {
				t.Errorf("the program holds the secret:\n%s", program)
			}
			file := filepath.Join(t.TempDir(), language.file)
			if err := os.WriteFile(file, []byte(program), 0o600); err != nil {
				t.Fatal(err)
			}
			before := len(srv.Requests(""))
			command := exec.CommandContext(t.Context(), language.run[0], append(language.run[1:], file)...)
			command.Env = append(os.Environ(), "NIM_APP_SECRET="+secret)
			out, err := command.CombinedOutput()
			if err != nil || !strings.Contains(string(out), `"roomid"`) {
				t.Fatalf("%v\n%s\n%s", err, out, program)
			}
			log := srv.Requests("")
			if len(log) != before+1 {
				t.Fatalf("%d requests", len(log)-before)
			}
			last := log[len(log)-1]
			if last.Signature != emulator.SignatureOK || !maps.Equal(last.Form, sent) {
				t.Errorf("signature %s, form %q, want %q", last.Signature, last.Form, sent)
			}
			pinned(t, program, language.hook)
		})
	}
}

// pinned checks that a program computes CheckSum like the hook of its language does.
func pinned(t *testing.T, program, hook string) {
	t.Helper()
	if hook == "" { // the SDK signs
		return
	}
	text, err := os.ReadFile(filepath.Join("../../interop", hook))
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for line := range strings.Lines(program) {
		_, expression, ok := strings.Cut(line, "appSecret + nonce")
		if !ok {
			_, expression, ok = strings.Cut(line, "app_secret + nonce")
		}
		if expression = strings.TrimRight(expression, ",;\n"); ok {
			found++
			if !strings.Contains(string(text), expression) {
				t.Errorf("%s lacks %s", hook, expression)
			}
		}
	}
	if found != 1 {
		t.Errorf("%d expressions of CheckSum", found)
	}
}
