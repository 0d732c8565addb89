package conformance

import (
	"maps"
	"strings"
	"testing"
)

func TestFormsTravelAsTexts(t *testing.T) {
	saved := variables{"room": value(t, `10010000001`), "list": value(t, `["x"]`)}
	form := value(t, `{
		"text": "a & b", "empty": "", "number": -2, "long": 10010000001, "boolean": false,
		"list": ["a", 1, "$room"], "object": {"type": 1, "data": "<a>"}, "none": [],
		"room": "$room", "saved": "$list", "price": "$5", "inside": "to $room"
	}`).(map[string]any)
	want := map[string]string{
		"text": "a & b", "empty": "", "number": "-2", "long": "10010000001", "boolean": "false",
		"list": `["a",1,10010000001]`, "object": `{"data":"<a>","type":1}`, "none": "[]",
		"room": "10010000001", "saved": `["x"]`, "price": "$5", "inside": "to $room",
	}
	got, err := saved.form(form)
	if err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestWhatWasNotSavedIsAnError(t *testing.T) {
	for _, text := range []string{`"$room"`, `["$room"]`, `{"a":["$room"]}`} {
		_, err := variables{}.form(map[string]any{"field": value(t, text)})
		if err == nil || !strings.Contains(err.Error(), "field: $room was not saved") {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, err := (variables{}).path("data.[roomid=$room].name"); err == nil {
		t.Error("a path with $room passes")
	}
	got, err := variables{"room": value(t, "7")}.path("data.[roomid=$room].name")
	if err != nil || got != "data.[roomid=7].name" {
		t.Errorf("%s, %v", got, err)
	}
}
