package browsertest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestPageShowsWhatItMentions follows every link of the page to one of its own sections, in
// both languages, and checks that each name of an extension in a text is such a link.
func TestPageShowsWhatItMentions(t *testing.T) {
	_, root := start(t)
	for _, language := range []string{"en", "zh"} {
		t.Run(language, func(t *testing.T) {
			p := open(t, root+"/docs/?lang="+language, root)
			missing := eval[[]string](p, `[...document.querySelectorAll('a[href^="#"]')].map(a => a.getAttribute('href')).filter(href => !href.startsWith('#/') && !document.getElementById(href.slice(1)))`)
			if len(missing) > 0 {
				t.Errorf("links to nothing: %q", missing)
			}
			plain := eval[[]string](p, `[...document.querySelectorAll('.info code')].filter(code => /^x-|RECONCILIATION/.test(code.innerText) && !code.closest('a')).map(code => code.innerText)`)
			if len(plain) > 0 {
				t.Errorf("not linked: %q", plain)
			}
			linked := eval[[]string](p, `[...document.querySelectorAll('.info a[href^="#"]')].map(a => a.innerText + ' ' + a.getAttribute('href'))`)
			for _, want := range []string{"x-signature #signing", "x-codes #codes", "RECONCILIATION.md #contradictions", "row 36 #row-36", "x-evidence #evidence"} {
				if !slices.Contains(linked, want) {
					t.Errorf("no link %s in %q", want, linked)
				}
			}
			p.click(`.info a[href="#signing"]`)
			p.wait("Math.abs(document.getElementById('signing').getBoundingClientRect().top) < 40")
			if hash := eval[string](p, "location.hash"); hash != "#signing" {
				t.Errorf("the address ends in %s", hash)
			}
			p.shot("signing-" + language)
			for _, id := range eval[[]string](p, "[...document.querySelectorAll('.guide section')].map(section => section.id)") {
				if text := p.text("#" + id); len(text) < 200 || strings.Contains(text, "undefined") {
					t.Errorf("section %s: %s", id, text)
				}
			}
			for selector, want := range map[string]string{
				"#codes": "checksum", "#operation-rules": "416", "#spellings": "joinTime", "#callbacks": "a883386354447cc0996f8abc5c1c700c076e34bb",
				"#contradictions": "enterTime", "#row-36": map[string]string{"en": "Unicode code points", "zh": "Unicode 码点"}[language], "#evidence": "2022-11-25",
				"#row-3a": map[string]string{"en": "no ANONYMOUS", "zh": "没有 ANONYMOUS"}[language],
			} {
				if text := p.text(selector); !strings.Contains(text, want) {
					t.Errorf("%s lacks %s: %s", selector, want, text)
				}
			}
			for _, id := range []string{"codes", "contradictions"} {
				eval[chromedp.Void](p, fmt.Sprintf("document.getElementById('%s').scrollIntoView()", id))
				p.shot(id + "-" + language)
			}
		})
	}
}

// TestCallbacksOpen opens both callbacks of an operation. Swagger UI takes two with the same address for one, whose
// examples then replace each other without end.
func TestCallbacksOpen(t *testing.T) {
	_, root := start(t)
	p := open(t, root+"/docs/?lang=zh", root)
	p.do(chromedp.EmulateViewport(390, 844))
	p.click("#operations-messages-sendMessage .opblock-summary-control")
	p.click("#operations-messages-sendMessage .opblock-section-header .tab-item:nth-child(2) h4")
	for _, name := range []string{"onMessage", "onModeration"} {
		control := "#operations-messages-sendMessage .callbacks-container [data-path$='#" + name + "']"
		p.do(chromedp.WaitVisible(chromedp.CSS(control)))
		eval[chromedp.Void](p, `document.querySelector("`+control+`").closest('.opblock').querySelector('.opblock-summary-control').click()`)
		p.wait(`document.querySelector("` + control + `").closest('.opblock').innerText.includes('eventType')`)
	}
	eval[chromedp.Void](p, "document.querySelector('#operations-messages-sendMessage .callbacks-container').scrollIntoView()")
	p.shot("callbacks")
	if over := eval[int](p, "document.documentElement.scrollWidth - innerWidth"); over > 0 {
		t.Errorf("%d pixels wider than the screen", over)
	}
}

// TestCalculatorSigns uses the test vector, other values, and the credentials of the page.
func TestCalculatorSigns(t *testing.T) {
	_, root := start(t)
	p := open(t, root+"/docs/?lang=en#signing", root)
	const sum = "4c6f0fbc04efedd91685a226da081807de269350"
	if text := p.text("#signing .example"); !strings.Contains(text, "SHA-1(secret1234tgggergigwow323t23t1443592222)\n= "+sum) {
		t.Errorf("the example: %s", text)
	}
	p.wait("document.querySelector('.calculator .headers').innerText.includes('CheckSum: " + sum + "')")
	p.enter("#calculator-Nonce", "other")
	p.wait("document.querySelector('.hashed').innerText === 'secret123other1443592222'")
	p.wait("document.querySelector('.calculator .headers').innerText.endsWith('CheckSum: 02411f44e0e9460bebccf3ba572c2c2dee496bb1')")
	p.enter("#calculator-CheckSum", "e8c43fe2e31c4c9a0fdb8e6d5a3ba4e0a5a5a2ab")
	p.wait("document.querySelector('.calculator .bad').innerText.startsWith('CheckSum was made with another secret')")
	p.click("#calculator-example") // fills in the right CheckSum, too
	p.wait("document.querySelector('.calculator .good').innerText === 'The CheckSum is right.'")
	p.enter("#calculator-CheckSum", strings.ToUpper(sum))
	p.wait("document.querySelector('.calculator .bad').innerText.startsWith('CheckSum is right, except that its letters are in upper case.')")
	p.shot("calculator")
	p.enter("#app-secret", secret)
	p.click("#calculator-mine")
	p.wait("document.querySelector('.hashed').innerText.startsWith('" + secret + "')")
	p.click(".languages [value=zh]")
	p.wait("document.querySelector('.calculator h3').innerText === '签名计算器'")
	if text := p.text(".calculator .headers"); !strings.HasPrefix(text, "AppKey: "+appKey+"\n") {
		t.Errorf("after a change of the language: %s", text)
	}
}
