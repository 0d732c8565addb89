package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"testing"

	"github.com/nimroom/nimroom/tagexpr"
)

// bound is a form with a field of each kind.
type bound struct {
	ID    int64
	Name  string
	On    *bool
	Ext   *string
	Level *int
	Tags  []string
	IDs   []int64
	Raw   json.RawMessage
	Item  *item
}

func bindAll(f *Fields) (b bound, err error) {
	Bind(f, &b.ID, ReadInt, "roomId", "roomid")
	Bind(f, &b.Name, ReadString, "name")
	BindOptional(f, &b.On, ReadBool, "on")
	BindOptional(f, &b.Ext, ReadString, "ext")
	BindOptional(f, &b.Level, ReadInt, "level")
	BindAny(f, &b.Tags, ReadArray(StringItem), "tags")
	BindAny(f, &b.IDs, ReadArray(IntegerItem[int64]), "ids")
	BindAny(f, &b.Raw, ReadRaw, "raw")
	BindOptional(f, &b.Item, ReadObject(decodeItem), "item")
	return b, f.Err()
}

func bindBody(body string) (bound, error) {
	f, err := ParseForm(body)
	if err != nil {
		return bound{}, err
	}
	return bindAll(f)
}

func TestBindIsLenient(t *testing.T) {
	for body, check := range map[string]func(b bound) bool{
		"roomid=66&name=a":                 func(b bound) bool { return b.ID == 66 && b.Name == "a" && b.On == nil && b.Ext == nil },
		"roomId=+66+&name=a":               func(b bound) bool { return b.ID == 66 },
		"roomId=1&roomid=2&name=a":         func(b bound) bool { return b.ID == 1 },
		"roomId=1&name=a&on=TRUE":          func(b bound) bool { return *b.On },
		"roomId=1&name=a&on=0":             func(b bound) bool { return !*b.On },
		"roomId=1&name=a&on=&ext=&level=":  func(b bound) bool { return b.On == nil && *b.Ext == "" && b.Level == nil },
		"roomId=1&name=a&level=0":          func(b bound) bool { return *b.Level == 0 },
		`roomId=1&name=a&tags=["x",2]`:     func(b bound) bool { return fmt.Sprint(b.Tags) == "[x 2]" },
		`roomId=1&name=a&tags=[]`:          func(b bound) bool { return b.Tags != nil && len(b.Tags) == 0 },
		`roomId=1&name=a&ids=["1",2]`:      func(b bound) bool { return fmt.Sprint(b.IDs) == "[1 2]" },
		`roomId=1&name=a&raw={"x":[1]}`:    func(b bound) bool { return string(b.Raw) == `{"x":[1]}` },
		`roomId=1&name=a&item={"id":"5"}`:  func(b bound) bool { return b.Item.ID == 5 },
		`roomId=1&name=a&other=1&level=-7`: func(b bound) bool { return *b.Level == -7 },
	} {
		if b, err := bindBody(body); err != nil || !check(b) {
			t.Errorf("%s: %+v, %v", body, b, err)
		}
	}
}

func TestBindErrorsNameTheField(t *testing.T) {
	for body, want := range map[string]string{
		"name=a":                           "roomId is empty",
		"roomid=&name=a":                   "roomId is empty",
		"roomid=1":                         "name is empty",
		"roomid=x&name=a":                  `roomid: "x", want an integer`,
		"roomid=1.5&name=a":                `roomid: "1.5", want an integer`,
		"roomid=1.0&name=a":                `roomid: "1.0", want an integer`,
		"roomid=1e3&name=a":                `roomid: "1e3", want an integer`,
		"roomid=10m&name=a":                `roomid: "10m", want an integer`,
		"roomid=300秒&name=a":               `roomid: "300秒", want an integer`,
		"roomid=2020-02-27&name=a":         `roomid: "2020-02-27", want an integer`,
		"roomid=1&name=a&tags=100,3":       "tags: 100,3, want a JSON array",
		"roomid=9223372036854775808&name=": `roomid: "9223372036854775808", want an integer of 64 bits`,
		"roomid=1&name=a&on=yes":           `on: "yes", want true or false`,
		"roomid=1&name=a&tags=x,y":         "tags: x,y, want a JSON array",
		`roomid=1&name=a&tags={"a":1}`:     `tags: {"a":1}, want a JSON array`,
		`roomid=1&name=a&tags=["a"`:        `tags: ["a", want a JSON array with a comma or ] at [0]`,
		`roomid=1&name=a&tags=["a"]]`:      `tags: ["a"]], want a JSON array`,
		`roomid=1&name=a&ids=[1,"x"]`:      `ids: [1,"x"], want a JSON array with an integer of 64 bits at [1]`,
		`roomid=1&name=a&ids=[""]`:         `ids: [""], want a JSON array with a value at [0]`,
		`roomid=1&name=a&ids=[1,null]`:     `ids: [1,null], want a JSON array with a value at [1]`,
		`roomid=1&name=a&tags=[null]`:      `tags: [null], want a JSON array with a value at [0]`,
		`roomid=1&name=a&raw={`:            "raw: {, want JSON",
		`roomid=1&name=a&item=[]`:          "item: [], want a JSON object",
		`roomid=1&name=a&item={"id":"x"}`:  `item: {"id":"x"}, want a JSON object with an integer of 64 bits at id`,
	} {
		_, err := bindBody(body)
		var e *FieldError
		if !errors.As(err, &e) || err.Error() != want {
			t.Errorf("%s: got %v, want %s", body, err, want)
		}
	}
}

func FuzzBind(f *testing.F) {
	f.Add(`roomid=1&name=a&on=1&ext=&level=2&tags=["a"]&ids=[1]&raw={}&item={"id":1}`)
	f.Fuzz(func(t *testing.T, body string) {
		if _, err := bindBody(body); err != nil {
			var e *FieldError
			if !errors.As(err, &e) || e.Problem != Missing && e.Problem != Malformed {
				t.Errorf("%q: %#v", body, err)
			}
		}
	})
}

func TestBindLengthMeasuresWhatWasSent(t *testing.T) {
	for body, want := range map[string]string{
		"o=%7B%7D":       "",
		"o=%7B+++%7D":    "",
		"o=%7B++++%7D":   "o: 6 characters, at most 5",
		"o=%7B%E4%BD%A0": "",
		"other=x":        "",
	} {
		fields, err := ParseForm(body)
		if err != nil {
			t.Fatal(err)
		}
		BindLength(fields, 5, "o")
		got := ""
		if err := fields.Err(); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", body, got, want)
		}
	}
}

func TestARequiredChoiceIsMissed(t *testing.T) {
	for body, want := range map[string]string{"on=false": "", "on=": "on is empty", "": "on is empty", "on=2": `on: "2", want true or false`} {
		f, err := ParseForm(body)
		if err != nil {
			t.Fatal(err)
		}
		var on *bool
		BindRequired(f, &on, ReadBool, "on")
		got := ""
		if f.Err() != nil {
			got = f.Err().Error()
		}
		if got != want || (on != nil) != (want == "") {
			t.Errorf("%q: %v, %q, want %q", body, on, got, want)
		}
	}
}

// TestATagExpressionIsKeptAsItCame: text that is no expression too, and an empty one,
// which stands for everyone and is not the same as none.
func TestATagExpressionIsKeptAsItCame(t *testing.T) {
	for text, valid := range map[string]bool{`{"tag":"a"}`: true, "vip": false, "": true} {
		fields, err := ParseForm(url.Values{"to": {text}}.Encode())
		if err != nil {
			t.Fatal(err)
		}
		var to, other *tagexpr.Expr
		BindOptional(fields, &to, ReadTagExpr, "to")
		BindOptional(fields, &other, ReadTagExpr, "other")
		if fields.Err() != nil || other != nil || to == nil || to.String() != text || (to.Err() == nil) != valid {
			t.Errorf("%q: got %v, %v, %v", text, to, other, fields.Err())
		}
	}
}
