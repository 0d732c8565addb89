package wire

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

// item is a small response with what generated decoders are made of.
type item struct {
	ID    int64
	Name  string
	On    bool
	List  []item
	Extra map[string]json.RawMessage
}

func decodeItem(d *Decoder, v *item) {
	if !d.ObjectOr(&v.Name) {
		return
	}
	*v = item{}
	for {
		name, ok := d.Member()
		if !ok {
			return
		}
		switch string(name) {
		case "id", "Id":
			Integer(d, &v.ID)
		case "name":
			String(d, &v.Name)
		case "on":
			Bool(d, &v.On)
		case "list":
			List(d, &v.List, decodeItem)
		default:
			v.Extra = d.Extra(v.Extra, name)
		}
	}
}

func decodeText(text string) (v item, err error) {
	d := NewDecoder([]byte(text))
	decodeItem(d, &v)
	d.End()
	return v, d.Err()
}

func TestShapesDecodeAlike(t *testing.T) {
	const want = `{ID:5 Name:x On:true List:[{ID:1 Name:plain On:false List:[] Extra:map[]}] Extra:map[]}`
	for _, text := range []string{
		`{"id":5,"name":"x","on":true,"list":[{"id":1,"name":"plain"}]}`,
		` { "Id" : "5" , "name" : "x" , "on" : "TRUE" , "list" : [ { "id" : 1.0 , "name" : "plain" } ] } `,
		`{"id":5,"name":"x","on":1,"list":"[{\"id\":\"1\",\"name\":\"plain\"}]"}`,
		`{"id":5,"name":"x","on":1,"list":"[\"{\\\"id\\\":1,\\\"name\\\":\\\"plain\\\"}\"]"}`,
		`"{\"id\":5,\"name\":\"x\",\"on\":\"1\",\"list\":\" [ {\\\"id\\\":1,\\\"name\\\":\\\"plain\\\"} ] \"}"`,
		`{"\u0069d":5,"name":"x","on":true,"list":[{"id":1,"name":"plain"}]}`,
		`{"id":1,"id":5,"list":[{},{}],"name":"x","on":true,"list":[{"id":1,"name":"plain"}]}`,
		`{"id":5,"id":null,"name":"x","on":true,"list":[{"id":1,"name":"plain"}],"list":null}`,
	} {
		got, err := decodeText(text)
		if err != nil || strings.ReplaceAll(sprint(got), "List:<nil>", "List:[]") != want {
			t.Errorf("%s: got %s, %v", text, sprint(got), err)
		}
	}
}

func TestUnknownMembersAreKept(t *testing.T) {
	body := []byte(`{"id":5,"delayInfo":{"status": 1},"bid":"x","\u4f60":[null]}`)
	var v item
	decodeItem(NewDecoder(body), &v)
	clear(body) // what is kept must not point into the body
	for name, want := range map[string]string{"delayInfo": `{"status": 1}`, "bid": `"x"`, "你": `[null]`} {
		if got := string(v.Extra[name]); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}

func TestWhatIsKeptIsUTF8(t *testing.T) {
	v, err := decodeText("{\"name\":[\"a\xa0\"],\"new\":{\"\xff\":\"\xc3(\"}}")
	if err != nil || v.Name != "[\"a\uFFFD\"]" || string(v.Extra["new"]) != "{\"\uFFFD\":\"\uFFFD(\"}" {
		t.Errorf("got %+v, %v", v, err)
	}
}

func TestPlainTextBecomesItsProperty(t *testing.T) {
	for text, want := range map[string]string{
		`"hello"`: "hello", `"{not json"`: "{not json", `12`: "12", `["a"]`: `["a"]`, `"{\"name\":\"x\"}"`: "x",
		`"[1]"`: "[1]", `""`: "", `null`: "",
	} {
		if got, err := decodeText(text); err != nil || got.Name != want {
			t.Errorf("%s: got %q, %v; want %q", text, got.Name, err, want)
		}
	}
}

func TestErrorsSayWhere(t *testing.T) {
	for _, tc := range []struct{ text, path, want, got string }{
		{`{"id":"x"}`, "id", "an integer of 64 bits", `"x"`},
		{`{"list":[{},{"on":"maybe"}]}`, "list[1].on", "a boolean", `"maybe"`},
		{`{"name":"x","list":[{"list":[{"id":true}]}]}`, "list[0].list[0].id", "an integer of 64 bits", "true"},
		{`{"list":"[{\"id\":\"1\"},{\"id\":\"y\"}]"}`, "list[1].id", "an integer of 64 bits", `"y"`},
		{`{"list":"{}"}`, "list", "an array", `"{}"`},
		{`{"list":7}`, "list", "an array", "7"},
		{`{"id":1`, "id", "a comma or }", "the end"},
		{`{"id":1,}`, "", "a comma or }", "}"},
		{`{"id" 1}`, "id", "a colon", "1"},
		{`{"id":1}}`, "", "the end", "}"},
		{`{"x":[1,{"y":tru}]}`, "x[1].y", "JSON", "tru}]}"},
		{`{"x":[1,{"y":{"z":[0,01]}}]}`, "x[1].y.z[1]", "JSON", "1"},
		{`{"name":"abc`, "name", "a complete string", "the end"},
		{`{name:1}`, "", "the name of a member", "name:1}"},
	} {
		_, err := decodeText(tc.text)
		var e *DecodeError
		if !errors.As(err, &e) {
			t.Errorf("%s: no DecodeError but %v", tc.text, err)
			continue
		}
		if e.Path != tc.path || e.Want != tc.want || e.Got != tc.got {
			t.Errorf("%s: got %+v", tc.text, *e)
		}
		if e.Offset < 0 || e.Offset > len(tc.text) {
			t.Errorf("%s: offset %d", tc.text, e.Offset)
		}
	}
}

func TestNestingIsBounded(t *testing.T) {
	nest := func(open, end string, n int) string { return strings.Repeat(open, n) + strings.Repeat(end, n) }
	for _, tc := range []struct {
		text string
		ok   bool
	}{
		{nest(`{"list":[`, `]}`, 32), true},
		{nest(`{"list":[`, `]}`, 33), false},
		{`{"x":` + nest(`[`, `]`, 63) + `}`, true},
		{`{"x":` + nest(`[`, `]`, 64) + `}`, false},
		{`{"list":` + nest(`[`, `]`, 1<<16), false},
	} {
		_, err := decodeText(tc.text)
		var e *DecodeError
		if errors.As(err, &e); (e == nil) != tc.ok || e != nil && e.Want != tooDeep {
			t.Errorf("%.40s...: %v", tc.text, err)
		}
	}
}

func TestOffsetLeadsToTheValue(t *testing.T) {
	const text = `{"id":1, "list":[{"on":"maybe"}]}`
	_, err := decodeText(text)
	var e *DecodeError
	if !errors.As(err, &e) || !strings.HasPrefix(text[e.Offset:], `"maybe"`) {
		t.Errorf("got %v", err)
	}
}

func TestExcerptIsShortAndWhole(t *testing.T) {
	got := excerpt([]byte(`"`+strings.Repeat("你", 100)+`"`), 0)
	if len(got) > excerptSize+3 || !strings.HasSuffix(got, "你...") {
		t.Errorf("got %s", got)
	}
}

func FuzzDecoderAgreesWithJSON(f *testing.F) {
	f.Add([]byte(`{"id":5,"name":"x","on":true,"list":[{"id":1,"name":"plain","z":{"a":[1,2]}}],"y":null}`))
	f.Add([]byte(`{"list":"[{\"id\":\"1\"}]"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		v, err := decodeText(string(text))
		if err == nil && !json.Valid(text) {
			t.Fatalf("%q is no JSON, yet gave %s", text, sprint(v))
		}
		var e *DecodeError
		if err != nil && !errors.As(err, &e) {
			t.Fatalf("%q: %v is no DecodeError", text, err)
		}
		if e != nil && (e.Offset < 0 || e.Offset > len(text)) {
			t.Fatalf("%q: offset %d", text, e.Offset)
		}
		for name, raw := range v.Extra {
			if !json.Valid(raw) {
				t.Fatalf("%q: %s kept as %q", text, name, raw)
			}
		}
	})
}

func TestUnmarshalJSONReadsOneWholeObject(t *testing.T) {
	for text, want := range map[string]struct {
		id int64
		ok bool
	}{`{"id":"5"}`: {5, true}, ` null `: {1, true}, `{"id":5} x`: {1, false}, `{"id":5`: {1, false}, ``: {1, false}} {
		v := item{ID: 1}
		err := UnmarshalJSON([]byte(text), &v, Whole(decodeItem))
		if v.ID != want.id || (err == nil) != want.ok {
			t.Errorf("%q: %+v, %v", text, v, err)
		}
	}
}
