package long

import (
	"flag"
	"fmt"
	"testing"
)

// recorder keeps what a test logs.
type recorder struct {
	testing.TB
	logged string
}

func (*recorder) Helper() {}

func (r *recorder) Logf(format string, args ...any) { r.logged = fmt.Sprintf(format, args...) }

func TestRoundsAreFewUnlessAllAreWanted(t *testing.T) {
	given := flag.Lookup("long").Value.String()
	t.Cleanup(func() {
		if err := flag.Set("long", given); err != nil {
			t.Error(err)
		}
	})
	for value, want := range map[string]struct {
		rounds int
		logged string
	}{
		"false": {3, "3 of 70 rounds; -args -long does all"},
		"true":  {70, "all 70 rounds"},
	} {
		if err := flag.Set("long", value); err != nil {
			t.Fatal(err)
		}
		r := &recorder{TB: t}
		if got := Rounds(r, 3, 70); got != want.rounds || r.logged != want.logged {
			t.Errorf("-long=%s: got %d rounds and %q, want %d and %q", value, got, r.logged, want.rounds, want.logged)
		}
	}
}
