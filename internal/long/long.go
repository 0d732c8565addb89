// Package long lets a test that repeats itself do a few rounds at a developer's
// desk and all of them in CI. `make long` runs every such test in full.
//
// The programs of tests that import it collect garbage less often, because such tests
// allocate much and keep little. That saves about a fifth of their time.
package long

import (
	"flag"
	"runtime/debug"
	"testing"
)

var _ = debug.SetGCPercent(400)

var all = flag.Bool("long", false, "do all rounds of the tests that repeat themselves")

// Rounds is how many rounds the test t does: few, or many with -long. It logs the
// number, so that nobody takes few rounds for all of them.
func Rounds(t testing.TB, few, many int) int {
	t.Helper()
	if *all {
		t.Logf("all %d rounds", many)
		return many
	}
	t.Logf("%d of %d rounds; -args -long does all", few, many)
	return few
}
