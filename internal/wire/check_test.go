package wire

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestChecksNameFieldAndLimit(t *testing.T) {
	for _, tc := range []struct {
		name  string
		check func(c *Check)
		want  string
	}{
		{"length", func(c *Check) { c.MaxLength("name", strings.Repeat("é", 128), 128) }, ""},
		{"one over", func(c *Check) { c.MaxLength("name", strings.Repeat("é", 129), 128) }, "name: 129 characters, at most 128"},
		{"emoji count once", func(c *Check) { c.MaxLength("name", "😀😀", 2) }, ""},
		{"short", func(c *Check) { c.MinLength("name", "é", 2) }, "name: 1 characters, at least 2"},
		{"there", func(c *Check) { c.Need("name", true) }, ""},
		{"not there", func(c *Check) { c.Need("name", false) }, "name is empty"},
		{"set", func(c *Check) { c.Given("valid", true, "true or false") }, ""},
		{"not set", func(c *Check) { c.Given("valid", false, "true or false") }, "valid is not set, want true or false"},
		{"minimum", func(c *Check) { c.Min("limit", 1, 1) }, ""},
		{"below", func(c *Check) { c.Min("limit", 0, 1) }, "limit: 0, at least 1"},
		{"above", func(c *Check) { c.Max("limit", 101, 100) }, "limit: 101, at most 100"},
		{"no items", func(c *Check) { c.MinItems("accids", 0, 1) }, "accids is empty"},
		{"few items", func(c *Check) { c.MinItems("accids", 1, 2) }, "accids: 1 items, at least 2"},
		{"many items", func(c *Check) { c.MaxItems("roomids", 21, 20) }, "roomids: 21 items, at most 20"},
		{"known", func(c *Check) { c.OneOf("opt", true, "1", "1, 2") }, ""},
		{"unknown", func(c *Check) { c.OneOf("opt", false, "5", "1, 2") }, "opt: 5, one of 1, 2"},
		{"object", func(c *Check) { c.JSONObject("x", json.RawMessage(` {"a":1}`)) }, ""},
		{"no object", func(c *Check) { c.JSONObject("x", json.RawMessage(`[1]`)) }, "x: [1], want a JSON object"},
		{"broken", func(c *Check) { c.JSONObject("x", json.RawMessage(`{"a"`)) }, `x: {"a", want a JSON object`},
		{"first counts", func(c *Check) { c.Need("a", false); c.Need("b", false) }, "a is empty"},
		{"nested", func(c *Check) { c.Under("custom", func(c *Check) { c.Need("type", false) }) }, "custom.type is empty"},
		{"item", func(c *Check) {
			Items(c, "accids", []string{"a", ""}, func(c *Check, s string) { c.Need("", s != "") })
		}, "accids[1] is empty"},
		{"member of an item", func(c *Check) {
			Items(c, "list", []int{0}, func(c *Check, n int) { c.Min("n", int64(n), 1) })
		}, "list[0].n: 0, at least 1"},
		{"nothing after a failure", func(c *Check) {
			c.Need("a", false)
			c.Under("b", func(c *Check) { c.Need("c", false) })
			Items(c, "d", []int{0}, func(c *Check, _ int) { c.Need("", false) })
		}, "a is empty"},
	} {
		c := new(Check)
		tc.check(c)
		got := ""
		if err := c.Err(); err != nil {
			got = err.Error()
		}
		if got != tc.want {
			t.Errorf("%s: got %q, want %q", tc.name, got, tc.want)
		}
	}
}
