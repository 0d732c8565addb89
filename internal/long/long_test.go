package long

import (
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
	for value, want := range map[string]struct {
		rounds int
		logged string
	}{
		"":  {3, "3 of 70 rounds; NIMROOM_LONG=1 does all"},
		"1": {70, "all 70 rounds"},
	} {
		t.Setenv("NIMROOM_LONG", value)
		r := &recorder{TB: t}
		if got := Rounds(r, 3, 70); got != want.rounds || r.logged != want.logged {
			t.Errorf("NIMROOM_LONG=%s: got %d rounds and %q, want %d and %q", value, got, r.logged, want.rounds, want.logged)
		}
	}
}
