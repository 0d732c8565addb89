package browsertest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// page is an open page in a tab of its own. A request to a server that is not allowed, an
// exception, or a warning on the console makes the test fail when it ends.
type page struct {
	t   *testing.T
	ctx context.Context

	mu       sync.Mutex
	requests []string // to servers that are not allowed
	problems []string
}

// open opens a reference page that may send requests only to the given servers.
func open(t *testing.T, address string, servers ...string) *page {
	t.Helper()
	return openAt(t, address, "#operations .opblock", servers...)
}

// openAt opens a page that shows an element when it is there.
func openAt(t *testing.T, address, element string, servers ...string) *page {
	t.Helper()
	tab, closeTab := newTab()
	t.Cleanup(closeTab)
	ctx, cancel := context.WithTimeout(tab, pageTime)
	t.Cleanup(cancel)
	p := &page{t: t, ctx: ctx}
	err := chromedp.Listen(ctx, func(event any) { p.note(event, servers) })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, log.Enable, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if len(p.requests)+len(p.problems) > 0 {
			t.Errorf("requests to other servers: %q\nproblems: %q", p.requests, p.problems)
		}
	})
	p.do(chromedp.Navigate(address), chromedp.WaitVisible(chromedp.CSS(element)))
	return p
}

// note records a forbidden request or a problem.
func (p *page) note(event any, servers []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		url := e.Request.URL
		for _, allowed := range append(servers, "data:", "about:") {
			if strings.HasPrefix(url, allowed) {
				return
			}
		}
		p.requests = append(p.requests, url)
	case *runtime.EventExceptionThrown:
		p.problems = append(p.problems, e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "warning" {
			for _, arg := range e.Args {
				p.problems = append(p.problems, arg.Description+string(arg.Value))
			}
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == "error" || e.Entry.Level == "warning" {
			p.problems = append(p.problems, e.Entry.Text+" "+e.Entry.URL)
		}
	}
}

func (p *page) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.t.Fatalf("%v\nproblems: %q", err, p.problems)
	}
}

// eval evaluates an expression in the page, or waits for its promise.
func eval[T any](p *page, expression string) T {
	p.t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// wait waits until an expression is true in the page.
func (p *page) wait(expression string) {
	p.t.Helper()
	if _, err := chromedp.Run(p.ctx, chromedp.Poll[bool]("!!("+expression+")", chromedp.WithPollingMutation(), chromedp.WithPollingTimeout(time.Minute))); err != nil {
		p.shot("failure")
		p.t.Fatalf("waiting for %s: %v", expression, err)
	}
}

// text returns the text that an element shows, or "" if there is no such element.
func (p *page) text(selector string) string {
	p.t.Helper()
	return eval[string](p, fmt.Sprintf("document.querySelector(%q)?.innerText ?? ''", selector))
}

// click clicks an element by script. A mouse click would miss an element that moves
// while the page is being rendered.
func (p *page) click(selector string) {
	p.t.Helper()
	p.wait(fmt.Sprintf("document.querySelector(%q)", selector))
	eval[chromedp.Void](p, fmt.Sprintf("document.querySelector(%q).click()", selector))
}

// press presses the Enter key on a button.
func (p *page) press(selector string) {
	p.t.Helper()
	p.do(chromedp.Focus(chromedp.CSS(selector)), chromedp.KeyEvent("\r"))
}

// put replaces the content of a field: it selects all and types.
func (p *page) put(selector, text string) {
	p.t.Helper()
	eval[chromedp.Void](p, fmt.Sprintf("{const field = document.querySelector(%q); field.focus(); field.select()}", selector))
	if text == "" {
		p.do(chromedp.KeyEvent("\b"))
		return
	}
	if _, err := chromedp.Call(p.ctx, input.InsertText, input.InsertTextParams{Text: text}); err != nil {
		p.t.Fatal(err)
	}
}

// enter types into a field at the top of the page and removes the focus from it.
func (p *page) enter(selector, text string) {
	p.t.Helper()
	p.put(selector, text)
	p.do(chromedp.Blur(chromedp.CSS(selector)))
}
