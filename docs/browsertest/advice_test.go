package browsertest

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"hash"
	"strings"
	"testing"
	"time"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/advice"
	"github.com/nimroom/nimroom/sign"
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

// TestPageAndEmulatorExplainTheSameMistakes makes each wrong CheckSum that x-signature-mistakes
// lists, and compares what the page and the emulator find out.
func TestPageAndEmulatorExplainTheSameMistakes(t *testing.T) {
	document, err := spec.Read(spec.Variant{Format: "json"})
	if err != nil {
		t.Fatal(err)
	}
	var description struct {
		Mistakes struct {
			Spaces []string
			Made   []struct {
				Name, Algorithm, Output string
				Input                   []string
			}
			Otherwise string
		} `json:"x-signature-mistakes"`
	}
	if err := json.Unmarshal(document, &description); err != nil {
		t.Fatal(err)
	}
	const nonce, curTime, now = "4tgggergigwow323t23t", "1443592222", 1443592230
	texts := map[string]string{"AppKey": appKey, "AppSecret": secret, "Nonce": nonce, "CurTime": curTime, "time": "1443592000"}
	hashes := map[string]hash.Hash{
		"": sha1.New(), "MD5": md5.New(), "SHA-256": sha256.New(), "SHA-512": sha512.New(), "HMAC-MD5": hmac.New(md5.New, []byte(secret)),
		"HMAC-SHA1": hmac.New(sha1.New, []byte(secret)), "HMAC-SHA256": hmac.New(sha256.New, []byte(secret)),
	}
	type tried struct{ sum, name string }
	all := []tried{{sign.CheckSum("another", nonce, curTime), description.Mistakes.Otherwise}, {"no sum", description.Mistakes.Otherwise}}
	for _, m := range description.Mistakes.Made {
		for _, space := range description.Mistakes.Spaces {
			texts["spaces"] = space
			input := m.Input
			if input == nil {
				input = []string{"AppSecret", "Nonce", "CurTime"}
			}
			digest := hashes[m.Algorithm]
			digest.Reset()
			for _, name := range input {
				digest.Write([]byte(texts[name]))
			}
			sum := digest.Sum(nil)
			if m.Output != "Base64" {
				all = append(all, tried{strings.ToUpper(hex.EncodeToString(sum)), m.Name})
			}
			if m.Output != "hexadecimal" {
				all = append(all, tried{base64.URLEncoding.EncodeToString(sum), m.Name})
			}
			if !strings.Contains(strings.Join(input, " "), "spaces") {
				break
			}
		}
	}

	credentials, err := sign.NewCredentials(appKey, secret)
	if err != nil {
		t.Fatal(err)
	}
	_, root := start(t)
	p := open(t, root+"/docs/", root)
	var sums []string
	for _, tt := range all {
		sums = append(sums, tt.sum)
	}
	asked, err := json.Marshal(map[string]any{"sums": sums, "values": texts, "now": now})
	if err != nil {
		t.Fatal(err)
	}
	found := eval[[][]string](p, `Promise.all([import('./diagnose.js'), import('./advice.js'), fetch('openapi.json').then(r => r.json())]).then(([{diagnose}, {adviceNamed}, description]) => {
		const {sums, values, now} = `+string(asked)+`;
		return Promise.all(sums.map(async CheckSum => {
			const {name, parts} = await diagnose(description, {...values, CheckSum}, now);
			const {meaning, advice} = adviceNamed(description, name, parts);
			return [name, meaning, advice];
		}));
	})`)
	for i, tt := range all {
		cause, detail := credentials.Diagnose(nonce, curTime, tt.sum, time.Unix(now, 0))
		text := advice.New(advice.Name(cause), "got", detail, "order", detail, "hash", detail, "app", appKey).In(advice.English)
		if string(cause) != tt.name || found[i][0] != tt.name || found[i][1] != text.Meaning || found[i][2] != text.Advice {
			t.Errorf("%s: the emulator finds %s: %s, the page %q; want %s", tt.sum, cause, text, found[i], tt.name)
		}
	}
}
