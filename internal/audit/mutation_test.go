package audit_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/nimroom/nimroom/internal/audit"
	"github.com/nimroom/nimroom/internal/audit/page"
	"github.com/nimroom/nimroom/internal/check/mutation"
	"github.com/nimroom/nimroom/internal/long"
)

// TestMutationsAreReported changes one thing at a time, in rows, examples, URLs and
// lists of codes, and expects it to be reported; other words for the same are not.
func TestMutationsAreReported(t *testing.T) {
	t.Run("own", func(t *testing.T) { mutate(t, ownSamples(t)) })
	t.Run("public", func(t *testing.T) { mutate(t, publicSamples(t)) })
}

func mutate(t *testing.T, samples []sample) {
	t.Helper()
	var all []mutation.Mutant
	pages := map[string]sample{}
	for _, s := range samples {
		pages[s.name] = s
		all = slices.Concat(all, mutantsOf(s, 1), mutantsOf(s, 2))
	}
	pageOf := func(m mutation.Mutant) string { name, _, _ := strings.Cut(m.Site, ":"); return name }
	perPage := long.Rounds(t, 15, 300)
	tried := mutation.Sample(all, perPage, pageOf)
	result := mutation.Run(tried, func(m mutation.Mutant) string {
		s := pages[pageOf(m)]
		p, err := page.Read(s.name, m.Text(), s.ref.Known)
		if err != nil || audit.Compare(s.ref, []*page.Page{p}).Drift {
			return "reported" // so is a page that cannot be read any more
		}
		return ""
	})
	for _, kind := range result.Names() {
		count := result.Kinds[kind]
		t.Logf("%-24s %5d made %5d reported", kind, count.Made, count.Caught["reported"])
	}
	t.Log(result)
	for _, m := range result.Survived {
		t.Logf("not reported: %s", m)
	}
	for _, m := range result.Alarms {
		t.Errorf("reported: %s", m)
	}
	assert.GreaterOrEqual(t, len(tried), perPage)
	assert.Greater(t, result.Made, len(tried)/2)
	assert.GreaterOrEqual(t, result.Rate(), 0.98)
}
