package gentest

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/spec"
)

// TestCallbacksOfTheSpecGoBothWays: each example is read into its own struct with nothing
// unknown, and written as it is.
func TestCallbacksOfTheSpecGoBothWays(t *testing.T) {
	text, err := spec.Read(spec.Variant{})
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		t.Fatal(err)
	}
	for name, ref := range doc.Components.Callbacks {
		for _, item := range ref.Value.Map() {
			for _, example := range item.Post.RequestBody.Value.Content["application/json"].Examples {
				body, err := json.Marshal(example.Value.Value)
				if err != nil {
					t.Fatal(err)
				}
				c, err := gen.DecodeCallback(body)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				if number, _ := item.Post.Extensions["x-event-type"].(float64); c.Type() != gen.CallbackType(number) || !c.Type().Known() {
					t.Errorf("%s is %v", name, c.Type())
				}
				if extra := reflect.ValueOf(c).Elem().FieldByName("Extra"); !extra.IsValid() || extra.Len() > 0 {
					t.Errorf("%s: %+v", name, c)
				}
				if again, err := json.Marshal(c); err != nil || !sameJSON(t, string(again), string(body)) {
					t.Errorf("%s: %s became %s, %v", name, body, again, err)
				}
			}
		}
	}
}

func TestCallbacksAreReadLeniently(t *testing.T) {
	read := func(body string) gen.Callback {
		t.Helper()
		c, err := gen.DecodeCallback([]byte(body))
		if err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		return c
	}
	at := time.UnixMilli(1452504942126).UTC()
	entered, ok := read(`{"EventType":9,"roomid":1001,"Event":"IN","ACCID":"Test","code":200,"timestamp":1452504942126,"anonymous":false,"tags":["a"],"roleType":"0","new":{"a":1},"New":2}`).(*gen.MemberCallback)
	if !ok || entered.RoomID != 1001 || entered.Accid != "Test" || entered.Event != gen.MemberEventIn || entered.Time() != at || len(entered.Tags) != 1 ||
		entered.RoleType == nil || *entered.RoleType != gen.RoleNumberOrdinary || string(entered.Extra["new"]) != `{"a":1}` || string(entered.Extra["New"]) != "2" {
		t.Errorf("got %+v", entered)
	}
	if plain, ok := read(`{"eventType":"9","roomId":"1","accid":"a","event":"BANNED"}`).(*gen.MemberCallback); !ok || plain.RoleType != nil || plain.Event != "BANNED" || plain.Event.Known() {
		t.Errorf("got %+v", plain)
	}
	for _, elements := range []string{`"{\"2\":\"x\",\"1\":\"y\"}"`, `{"2":"x","1":"y"}`, `[{"2":"x"},{"1":"y"}]`, `"[{\"2\":\"x\"},{\"1\":\"y\"}]"`} {
		queue, ok := read(`{"eventType":"14","roomId":"48","qEvent":"3","operationTime":"1452504942126","fromWebApi":true,"elements":` + elements + `}`).(*gen.QueueCallback)
		if want := []gen.Entry{{Key: "2", Value: "x"}, {Key: "1", Value: "y"}}; !ok || !reflect.DeepEqual(queue.Elements, want) || !queue.FromServerAPI || queue.Time() != at {
			t.Errorf("%s: %+v", elements, queue)
		}
	}
	if sent, ok := read(`{"eventType":"4","roomId":"1","msgidClient":"m","attach":{"url":"u"}}`).(*gen.MessageCallback); !ok || sent.Attach != `{"url":"u"}` {
		t.Errorf("got %+v", sent)
	}
}

// TestTheLastEventTypeCounts: as with every member that is repeated.
func TestTheLastEventTypeCounts(t *testing.T) {
	for range 20 { // a map has another order each time
		c, err := gen.DecodeCallback([]byte(`{"eventType":"4","EVENTTYPE":"13","x":1,"EventType":"9","roomId":"1","accid":"a"}`))
		if _, ok := c.(*gen.MemberCallback); err != nil || !ok || c.Type() != gen.CallbackTypeMember {
			t.Fatalf("%+v, %v", c, err)
		}
	}
}

// TestCallbacksThatCannotBeReadSurvive: an unknown type, or a member of the wrong kind, loses nothing.
func TestCallbacksThatCannotBeReadSurvive(t *testing.T) {
	for body, want := range map[string]struct {
		kind  gen.CallbackType
		known bool
	}{
		`{"eventType":"13","a":"b"}`:                            {13, false},
		`{"eventType":"later","a":"b"}`:                         {0, false},
		`{"a":"b"}`:                                             {0, false},
		`{"eventType":"4","roomId":"x","msgidClient":"m"}`:      {4, true},
		`{"eventType":"4","msgidClient":"m"}`:                   {4, true},
		`{"eventType":"14","roomid":"1","qEvent":["x"]}`:        {14, true},
		`{"eventType":"99999999999999999999","roomid":"1"}`:     {0, false},
		`{"eventType":"9","roomId":"1","accid":"a","tags":"x"}`: {9, true},
	} {
		c, err := gen.DecodeCallback([]byte(body))
		unknown, ok := c.(*gen.UnknownCallback)
		if err != nil || !ok || c.Type() != want.kind || string(unknown.Body) != body || len(unknown.Members) == 0 || (unknown.Err != nil) != want.known {
			t.Errorf("%s: %+v, %v", body, c, err)
		}
	}
}

// FuzzDecodeCallback reads anything: what is no callback of the spec survives as it came, and what is one
// means the same when it is written and read again.
func FuzzDecodeCallback(f *testing.F) {
	for _, body := range []string{
		`{}`, `{"eventType":"4","roomId":"1","msgidClient":"m","msgTimestamp":"1669118400000","attach":{"a":1},"x":[1]}`,
		`{"EventType":9,"roomid":1001,"ACCID":"a","roleType":"0","tags":"[\"a\"]","anonymous":"true"}`, `{"eventType":"13","a":"b"}`,
		`{"eventType":"14","roomid":"48","qEvent":"3","elements":"{\"2\":\"x\"}","operationTime":1}`, `{"eventType":37,"roomid":"1","fromAccount":"a"}`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		c, err := gen.DecodeCallback(body)
		if err != nil {
			return
		}
		if unknown, ok := c.(*gen.UnknownCallback); ok {
			if string(unknown.Body) != string(body) || unknown.Err != nil && !unknown.Type().Known() {
				t.Fatalf("%s: %+v", body, unknown)
			}
			return
		}
		text, err := json.Marshal(c)
		if err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		again, err := gen.DecodeCallback(text)
		if err != nil || again.Type() != c.Type() || !again.Time().Equal(c.Time()) {
			t.Fatalf("%s became %s: %+v, %v", body, text, again, err)
		}
		if second, err := json.Marshal(again); err != nil || string(second) != string(text) {
			t.Fatalf("%s became %s, %v", text, second, err)
		}
	})
}
