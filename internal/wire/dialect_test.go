package wire

import (
	"strings"
	"testing"
)

func TestDialectNames(t *testing.T) {
	for d := Canonical; d <= Text; d++ {
		if got, err := ParseDialect(d.String()); err != nil || got != d {
			t.Errorf("%v: got %v, %v", d, got, err)
		}
	}
	for _, name := range []string{"", "Canonical", "en", "dialect 7"} {
		if _, err := ParseDialect(name); err == nil || !strings.Contains(err.Error(), "en-2022") {
			t.Errorf("%q: got %v", name, err)
		}
	}
	if got := Dialect(7).String(); got != "dialect 7" {
		t.Errorf("got %q", got)
	}
}
