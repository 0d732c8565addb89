package audit_test

import (
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/nimroom/nimroom/internal/audit"
	"github.com/nimroom/nimroom/internal/audit/page"
	"github.com/nimroom/nimroom/internal/long"
)

// TestMutationsAreReported changes one thing at a time, in rows, examples, URLs and
// lists of codes, and expects it to be reported; other words for the same are not.
func TestMutationsAreReported(t *testing.T) {
	t.Run("own", func(t *testing.T) { mutate(t, ownSamples(t)) })
	t.Run("public", func(t *testing.T) { mutate(t, publicSamples(t)) })
}

type score struct{ made, reported int }

func mutate(t *testing.T, samples []sample) {
	t.Helper()
	perPage, tried := long.Rounds(t, 15, 300), 0
	scores, meaningful := map[string]score{}, score{}
	for _, s := range samples {
		list := slices.Concat(mutantsOf(s, 1), mutantsOf(s, 2))
		rand.New(rand.NewPCG(3, 4)).Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		list = list[:min(len(list), perPage)]
		tried += len(list)
		for i, reported := range drifts(s, list) {
			m := list[i]
			n := scores[m.kind]
			n.made++
			if reported {
				n.reported++
			}
			scores[m.kind] = n
			switch {
			case m.harmless && reported:
				t.Errorf("reported: %s", m.what)
			case !m.harmless:
				meaningful.made++
				if reported {
					meaningful.reported++
				} else {
					t.Logf("not reported: %s", m.what)
				}
			}
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(scores)) {
		t.Logf("%-24s %5d made %5d reported", kind, scores[kind].made, scores[kind].reported)
	}
	t.Logf("%d of %d meaningful changes are reported", meaningful.reported, meaningful.made)
	assert.GreaterOrEqual(t, tried, perPage)
	assert.Greater(t, meaningful.made, tried/2)
	assert.GreaterOrEqual(t, float64(meaningful.reported), 0.98*float64(meaningful.made))
}

// drifts audits each mutant. A page that cannot be read any more counts as reported.
func drifts(s sample, list []mutant) []bool {
	reported := make([]bool, len(list))
	var wg sync.WaitGroup
	for worker := range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := worker; i < len(list); i += runtime.GOMAXPROCS(0) {
				p, err := page.Read(s.name, []byte(list[i].text), s.ref.Known)
				reported[i] = err != nil || audit.Compare(s.ref, []*page.Page{p}).Drift
			}
		})
	}
	wg.Wait()
	return reported
}
