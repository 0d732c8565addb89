package browsertest

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/advice"
	"github.com/nimroom/nimroom/spec"
)

// TestPageAndSDKGiveTheSameAdvice compares the two sides of the rule that finds the advice
// for an error: for each code, with each text of each entry and variants of it.
func TestPageAndSDKGiveTheSameAdvice(t *testing.T) {
	var description struct {
		Advice   []struct{ Desc []string } `json:"x-advice"`
		Features map[string]struct{ Desc string }
	}
	document, err := spec.Read(spec.Variant{Format: "json"})
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(strings.Replace(string(document), `"x-features"`, `"features"`, 1)), &description); err != nil {
		t.Fatal(err)
	}
	texts := []string{"", "no such text", "roomids: body-not-json, 1", "the whole list is empty", " is empty", "x is empty is empty", "body-not-json", strings.Repeat("长", 400) + " is empty"}
	add := func(pattern string) {
		filled := strings.NewReplacer("{field}", "roomid", "{", "", "}", "").Replace(pattern)
		texts = append(texts, pattern, filled, " "+strings.ToUpper(filled)+"\n", filled+"s", "s"+filled)
	}
	for _, entry := range description.Advice {
		for _, pattern := range entry.Desc {
			add(pattern)
		}
	}
	for _, feature := range description.Features {
		add(feature.Desc)
	}

	type question struct {
		Code int    `json:"code"`
		Desc string `json:"desc"`
	}
	questions := []question{{77777, "checksum"}}
	for _, code := range gen.Codes {
		for _, text := range texts {
			questions = append(questions, question{code.Code, text})
		}
	}
	asked, err := json.Marshal(questions)
	if err != nil {
		t.Fatal(err)
	}
	_, root := start(t)
	p := open(t, root+"/docs/", root)
	for name, language := range map[string]advice.Language{"openapi.json": advice.English, "openapi.zh-CN.json": advice.Chinese} {
		answers := eval[[][]string](p, `Promise.all([import('./advice.js'), fetch('`+name+`').then(r => r.json())]).then(([{adviceOf}, description]) =>
			`+string(asked)+`.map(({code, desc}) => adviceOf(description, code, desc)).map(found => [found?.meaning ?? '', found?.advice ?? '', found?.code ? '' : found?.name ?? '']))`)
		known := map[advice.Name]bool{}
		for i, q := range questions {
			want := advice.Of(q.Code, q.Desc)
			known[want.Name()] = true
			if text := want.In(language); answers[i][0] != text.Meaning || answers[i][1] != text.Advice {
				t.Errorf("%d %q: the page says %q, and the SDK %q", q.Code, q.Desc, answers[i], text)
			}
		}
		if len(known) < 10 {
			t.Errorf("%d entries were compared", len(known))
		}
	}
}
