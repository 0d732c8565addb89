package wire

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestEntriesKeepTheirOrder(t *testing.T) {
	integers := func(d *Decoder, p *[]EntryOf[int]) bool { return Entries(d, p, IntegerItem[int]) }
	for _, tt := range []struct {
		text string
		want []EntryOf[int]
	}{
		{`[{"b":2},{"a":1}]`, []EntryOf[int]{{"b", 2}, {"a", 1}}},
		{`{"b":"2","a":1}`, []EntryOf[int]{{"b", 2}, {"a", 1}}},
		{`[null]`, nil},
		{`"[{\"b\":2}]"`, []EntryOf[int]{{"b", 2}}},
	} {
		var got []EntryOf[int]
		d := NewDecoder([]byte(tt.text))
		if integers(d, &got); d.Err() != nil || !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %v, %v", tt.text, got, d.Err())
		}
	}
}

func TestAnEntryIsAnObjectWithOneMember(t *testing.T) {
	for _, text := range []string{`{"m1":{"a":1}}`, `{"\u003c":{}}`} {
		var got EntryOf[map[string]int]
		if err := json.Unmarshal([]byte(text), &got); err != nil {
			t.Fatal(err)
		}
		if again, err := json.Marshal(got); err != nil || string(again) != text {
			t.Errorf("%s became %s, %v", text, again, err)
		}
	}
	for _, text := range []string{`{}`, `{"a":"1","b":"2"}`, `[]`, `{"a":1`, `{"a":[]}`} {
		var got Entry
		if err := json.Unmarshal([]byte(text), &got); err == nil {
			t.Errorf("%s is no entry", text)
		}
	}
}
