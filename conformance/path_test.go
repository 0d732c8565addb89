package conformance

import "testing"

const response = `{"code":200,"addr":["a:1","b:2"],"desc":{"data":[{"accid":"a","level":1},{"accid":"b","nick":null,"ext":"{\"rank\":3}"}],
	"failAccids":"[\"x\",\"y\"]","odd":"[not JSON","none":[]}}`

func TestLookup(t *testing.T) {
	tests := []struct {
		path, want string // want is empty where nothing is found
	}{
		{"code", "200"},
		{"addr.0", `"a:1"`},
		{"addr.#", "2"},
		{"desc.data.#", "2"},
		{"desc.none.#", "0"},
		{"desc.data.1.accid", `"b"`},
		{"desc.data.[accid=b].accid", `"b"`},
		{"desc.data.[level=1].accid", `"a"`},
		{"desc.data.1.nick", "null"},
		{"desc.data.1.ext.rank", "3"},
		{"desc.failAccids.1", `"y"`},
		{"desc.failAccids.#", "2"},
		{"desc.data.2.accid", ""},
		{"desc.data.-1.accid", ""},
		{"desc.data.x", ""},
		{"desc.data.[accid=c].accid", ""},
		{"desc.data.[nick].accid", ""},
		{"desc.data.[", ""},
		{"desc.odd.0", ""},
		{"desc.level", ""},
		{"code.0", ""},
		{"", ""},
		{"desc..data", ""},
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			got, ok := lookup(value(t, response), tt.path)
			if ok != (tt.want != "") {
				t.Fatalf("found %t: %v", ok, got)
			}
			if ok && show(got) != tt.want {
				t.Errorf("%s, want %s", show(got), tt.want)
			}
		})
	}
}

func TestNothingIsNullOrEmptyOrNotThere(t *testing.T) {
	body := value(t, `{"null":null,"text":"","false":false,"zero":0,"list":[]}`)
	for path, want := range map[string]bool{"null": true, "text": true, "gone": true, "false": false, "zero": false, "list": false} {
		if _, got := empty(body, path); got != want {
			t.Errorf("%s: %t", path, got)
		}
	}
}

// FuzzLookup: no path and no response make it panic.
func FuzzLookup(f *testing.F) {
	for _, path := range []string{"desc.data.#", "desc.data.[accid=b].ext.rank", "[", "addr.99999999999999999999", "."} {
		f.Add(response, path)
	}
	f.Add(`"[[[["`, "0.0.0")
	f.Fuzz(func(t *testing.T, body, path string) {
		var v any
		if decode([]byte(body), &v) != nil {
			return
		}
		if got, ok := lookup(v, path); !ok && got != nil {
			t.Errorf("%v, but not found", got)
		}
	})
}
