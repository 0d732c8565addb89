// Package long lets a test that repeats itself do a few rounds at a developer's
// desk and all of them in CI. `make long` runs every such test in full.
//
// The programs of tests that import it collect garbage less often, because such tests
// allocate much and keep little. That saves about a fifth of their time.
package long

import (
	"os"
	"runtime/debug"
	"testing"
)

var _ = debug.SetGCPercent(400)

// variable asks for all rounds. It is no flag, because go test keeps no results of tests that
// have flags of their own, and knows which variables a test reads.
const variable = "NIMROOM_LONG"

// Rounds is how many rounds the test t does: few, or many if the environment has
// NIMROOM_LONG=1. It logs the number, so that nobody takes few rounds for all of them.
func Rounds(t testing.TB, few, many int) int {
	t.Helper()
	if value, _ := os.LookupEnv(variable); value == "1" {
		t.Logf("all %d rounds", many)
		return many
	}
	t.Logf("%d of %d rounds; %s=1 does all", few, many, variable)
	return few
}
