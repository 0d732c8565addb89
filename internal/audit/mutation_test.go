package audit_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/internal/audit"
	"github.com/nimroom/nimroom/internal/audit/page"
	"github.com/nimroom/nimroom/internal/check/mutation"
	"github.com/nimroom/nimroom/internal/long"
	"github.com/nimroom/nimroom/spec"
)

func reference(t testing.TB) *audit.Reference {
	t.Helper()
	text, err := spec.Read(spec.Variant{})
	require.NoError(t, err)
	ref, err := audit.NewReference(text, spec.Records())
	require.NoError(t, err)
	return ref
}

// audited returns the report on pages, by file name.
func audited(t testing.TB, ref *audit.Reference, pages map[string]string) *audit.Report {
	t.Helper()
	var files []audit.File
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		record, err := page.Read(name, []byte(pages[name]), ref.Known)
		require.NoError(t, err)
		files = append(files, audit.File{Name: name, Record: record})
	}
	return audit.Compare(ref, files)
}

// TestUnchangedPagesAreSilent prints each record in every format and reads it again.
func TestUnchangedPagesAreSilent(t *testing.T) {
	ref := reference(t)
	for id, record := range ref.Records {
		for _, op := range record.Operations {
			for _, e := range op.Examples {
				assert.Empty(t, page.ReadExample(e).Fault, op.URL)
			}
		}
		for form := range forms {
			report := audited(t, ref, map[string]string{id + form: printPage(record, form)})
			assert.Empty(t, report.Findings, id+form)
			assert.Equal(t, id, report.Pages[0].Record)
			assert.Positive(t, report.Pages[0].Facts)
			assert.Positive(t, report.Pages[0].Sentences)
		}
	}
}

// TestChangesAreReported changes one thing at a time: facts are drift, sentences are to
// review, and other words for the same are never drift.
func TestChangesAreReported(t *testing.T) {
	ref := reference(t)
	var mutants []mutation.Mutant
	changes := map[string]change{}
	order := slices.Sorted(maps.Keys(forms))
	for _, id := range slices.Sorted(maps.Keys(ref.Records)) {
		for i, change := range changesOf(ref.Records[id]) {
			form := order[i%len(order)]
			m := mutation.Mutant{
				Kind: change.class + ": " + change.kind, Site: id + form + " " + change.site, Harmless: change.class == reworded,
				Text: func() []byte {
					changed := clone(ref.Records[id])
					change.apply(changed)
					return []byte(printPage(changed, form))
				},
			}
			changes[m.String()] = change
			mutants = append(mutants, m)
		}
	}
	tried := mutation.Sample(mutants, long.Rounds(t, 1, 8), mutation.ByKind)
	failed := map[string]int{}
	made := map[string]int{}
	for _, m := range tried {
		made[changes[m.String()].class]++
	}
	result := mutation.Run(tried, func(m mutation.Mutant) string {
		name, _, _ := strings.Cut(m.Site, " ")
		record, err := page.Read(name, m.Text(), ref.Known)
		if err != nil {
			return fact // the page cannot be read any more
		}
		report := audit.Compare(ref, []audit.File{{Name: name, Record: record}})
		switch class := changes[m.String()].class; {
		case class != sentence && report.Drift:
			return fact
		case class == sentence && report.Review:
			return sentence
		}
		return ""
	})
	for _, m := range slices.Concat(result.Survived, result.Alarms) {
		t.Logf("not as it should be: %s", m)
		failed[changes[m.String()].class]++
	}
	t.Logf("%v; %d facts, %d sentences, %d rewordings", result, made[fact], made[sentence], made[reworded])
	assert.GreaterOrEqual(t, len(result.Kinds), 40)
	assert.Zero(t, failed[sentence], "sentences that are not to review")
	assert.Zero(t, failed[reworded], "rewordings that are drift")
	assert.LessOrEqual(t, float64(failed[fact]), 0.02*float64(made[fact]), "facts that are no drift")
}
