package live

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/record"
)

// TestEveryAssumptionCanBeTested: its operations are in the spec, and a scenario of
// each name is played.
func TestEveryAssumptionCanBeTested(t *testing.T) {
	p, err := record.NewPlayer()
	require.NoError(t, err)
	for _, a := range Assumptions {
		for _, id := range a.operations {
			assert.True(t, slices.ContainsFunc(gen.Operations, func(o *gen.Operation) bool { return o.ID == id }), "%s: no operation %s", a.ID, id)
		}
		for _, name := range a.scenarios {
			one := Assumption{scenarios: []string{name}}
			assert.True(t, slices.ContainsFunc(p.Scenarios(), func(s string) bool { return one.about("", s) }), "%s: no scenario %s", a.ID, name)
		}
	}
}
