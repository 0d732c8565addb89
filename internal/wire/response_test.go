package wire

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func sprint(v any) string { return fmt.Sprintf("%+v", v) }

// respond reads a response whose payload is an item under desc.
func respond(body string) (item, error) {
	d := NewDecoder([]byte(body))
	var v item
	code := 0
	if d.Object() {
		for {
			name, ok := d.Member()
			if !ok {
				break
			}
			switch string(name) {
			case "code":
				d.Code(&code)
			case "desc":
				decodeDesc(d, &v)
			default:
				d.Skip()
			}
		}
	}
	return v, d.Response(code, "desc")
}

func decodeDesc(d *Decoder, v *item) {
	if !d.Object() {
		return
	}
	for {
		name, ok := d.Member()
		if !ok {
			return
		}
		switch string(name) {
		case "id":
			Integer(d, &v.ID)
		case "list":
			List(d, &v.List, decodeItem)
		default:
			d.Skip()
		}
	}
}

func TestGoodResponses(t *testing.T) {
	for _, body := range []string{
		`{"code":200,"desc":{"id":5}}`, `{"desc":{"id":"5"},"code":"200"}`, `{"desc":{"list":[]},"code":200}`,
		`{"desc":{"list":null},"code":200}`, `{"code":414,"desc":{"id":5},"code":200}`, `{"code":200.0,"desc":"{\"id\":5}"}`,
	} {
		if _, err := respond(body); err != nil {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestAPIErrors(t *testing.T) {
	for body, want := range map[string]string{
		`{"code":414,"desc":"checksum"}`:            "code 414: checksum",
		`{"desc":"checksum","code":414}`:            "code 414: checksum",
		`{"code":"416"}`:                            "code 416",
		`{"code":500,"desc":null}`:                  "code 500",
		`{"desc":"","code":500}`:                    "code 500",
		`{"code":404,"desc":{"id":5}}`:              `code 404: {"id":5}`,
		`{"code":404,"desc":[1,2]}`:                 "code 404: [1,2]",
		`{"code":404,"desc":7,"more":{"x":[true]}}`: "code 404: 7",
		`{"code":-1}`:                               "code -1",
		`{"code":0}`:                                "code 0",
		`"{\"code\":414,\"desc\":\"x\"}"`:           "code 414: x",
	} {
		_, err := respond(body)
		var r *APIError
		if !errors.As(err, &r) || r.Error() != want || string(r.Body) != body {
			t.Errorf("%s: got %v, want %s", body, err, want)
		}
	}
}

func TestBrokenResponsesSayWhere(t *testing.T) {
	for body, want := range map[string]string{
		``:                               "at byte 0: want an object, got nothing",
		`   `:                            "at byte 3: want an object, got the end",
		`null`:                           "at byte 0: want an object, got null",
		`[]`:                             "at byte 0: want an object, got []",
		`7`:                              "at byte 0: want an object, got 7",
		`true`:                           "at byte 0: want an object, got true",
		`<html><body>502</body></html>`:  "at byte 0: want an object, got <html><body>502</body></html>",
		`{}`:                             "code: want an integer, got none in {}",
		`{"desc":{"id":5}}`:              `code: want an integer, got none in {"desc":{"id":5}}`,
		`{"code":null}`:                  `code: want an integer, got none in {"code":null}`,
		`{"code":"x","desc":"y"}`:        `code at byte 8: want an integer of 64 bits, got "x"`,
		`{"code":414,"desc":"x"`:         "desc at byte 22: want a comma or }, got the end",
		`{"code":414}{`:                  "at byte 12: want the end, got {",
		`{"code":200,"desc":{"id":5}} x`: "at byte 29: want the end, got x",
		`{"code":200`:                    "code at byte 11: want a comma or }, got the end",
		`{"code":200}`:                   `desc: want a value, got none in {"code":200}`,
		`{"code":200,"desc":null}`:       `desc: want a value, got none in {"code":200,"desc":null}`,
		`{"code":200,"desc":{}}`:         `desc: want a value, got none in {"code":200,"desc":{}}`,
		`{"code":200,"desc":{"new":1}}`:  `desc: want a value, got none in {"code":200,"desc":{"new":1}}`,
		`{"code":200,"desc":"x"}`:        `desc at byte 19: want an object, got "x"`,
		`{"code":200,"desc":{"id":"x"}}`: `desc.id at byte 25: want an integer of 64 bits, got "x"`,
	} {
		_, err := respond(body)
		var e *DecodeError
		if !errors.As(err, &e) || e.Error() != want {
			t.Errorf("%s:\n got %v\nwant %s", body, err, want)
		}
	}
}

func TestEveryCutBodyIsAnError(t *testing.T) {
	const body = `{"desc":{"id":5,"list":[{"id":1,"name":"a\nb"}]},"code":200}`
	for i := range len(body) {
		var e *DecodeError
		if _, err := respond(body[:i]); !errors.As(err, &e) {
			t.Errorf("%s: got %v", body[:i], err)
		}
	}
}

func TestAppendAPIError(t *testing.T) {
	got := string(AppendAPIError(AppendAPIError(nil, 414, `a "b"`), 500, ""))
	if want := `{"code":414,"desc":"a \"b\""}{"code":500}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if strings.Contains(got, "\n") {
		t.Error("an API error is one line")
	}
}

// TestAnExplanationElsewhereIsKept: some deployments explain an error in another member
// than desc, which comes first where it is there.
func TestAnExplanationElsewhereIsKept(t *testing.T) {
	for body, want := range map[string]string{
		`{"code":414,"msg":"why"}`:                  "why",
		`{"message":"why","code":414,"desc":null}`:  "why",
		`{"code":414,"errmsg":"why","desc":""}`:     "why",
		`{"code":414,"error":"other","desc":"why"}`: "why",
		`{"code":414,"reason":{"a":1}}`:             `{"a":1}`,
		`{"code":414,"Message":"why","data":[1]}`:   "why",
		`{"code":414,"info":"why","desc":null}`:     "info: why",
		`{"size":0,"code":414,"data":{"a":"why"}}`:  `data: {"a":"why"}`,
		`{"code":414,"data":{},"msg":"","size":1}`:  "",
	} {
		r, ok := readAPIError(NewDecoder([]byte(body)))
		if !ok || r.Code != 414 || r.Desc != want {
			t.Errorf("%s: %+v", body, r)
		}
	}
}
