package spec_test

import (
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/internal/audit"
	"github.com/nimroom/nimroom/internal/check/evidence"
	"github.com/nimroom/nimroom/internal/check/facts"
	"github.com/nimroom/nimroom/internal/check/rules"
	"github.com/nimroom/nimroom/internal/generate/dist"
	"github.com/nimroom/nimroom/internal/golden"
	"github.com/nimroom/nimroom/internal/reconciliation"
	"github.com/nimroom/nimroom/spec"
)

func readSpec(t testing.TB) []byte {
	t.Helper()
	text, err := dist.Read("openapi.yaml")
	require.NoError(t, err)
	return text
}

// load parses and validates the spec with its examples.
func load(t testing.TB) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(readSpec(t))
	require.NoError(t, err)
	require.NoError(t, doc.Validate(t.Context(), openapi3.EnableExamplesValidation()))
	return doc
}

// cited returns the evidence that the spec cites.
func cited(t testing.TB) rules.Against {
	t.Helper()
	known, err := evidence.Load("evidence")
	require.NoError(t, err)
	record, err := reconciliation.Parse(spec.Reconciliation())
	require.NoError(t, err)
	return rules.Against{Evidence: known, Reconciliation: record}
}

func TestSpecKeepsItsRules(t *testing.T) {
	for _, violation := range rules.Check(load(t), cited(t)) {
		t.Error(violation)
	}
}

// TestSpecAgreesWithEvidence compares the spec with its evidence, in one
// subtest for each operation and piece of evidence.
func TestSpecAgreesWithEvidence(t *testing.T) {
	doc, known := load(t), cited(t).Evidence
	name := func(actionPath, id string) string {
		return strings.TrimSuffix(path.Base(actionPath), ".action") + "/" + id
	}
	groups := map[string][]facts.Disagreement{}
	for _, claim := range known.Claims() {
		groups[name(claim.Path, claim.Source.ID)] = nil
	}
	for _, d := range facts.Compare(doc, known).Disagreements {
		groups[name(d.Path, d.Evidence)] = append(groups[name(d.Path, d.Evidence)], d)
	}
	for _, group := range slices.Sorted(maps.Keys(groups)) {
		t.Run(group, func(t *testing.T) {
			for _, d := range groups[group] {
				t.Error(d)
			}
		})
	}
	// The numbers follow from the pages alone. A smaller number means that a check was
	// left out.
	golden.Counts(t, "facts of the pages", facts.Compare(doc, known.Of(evidence.Page)).Checked)
}

// TestTranscriptsAreThoseOfTheRecords holds what people transcribed from the pages
// against the records of the pages.
func TestTranscriptsAreThoseOfTheRecords(t *testing.T) {
	canonical, err := spec.Read(spec.Variant{})
	require.NoError(t, err)
	ref, err := audit.NewReference(canonical, os.DirFS("evidence/records"))
	require.NoError(t, err)
	against := cited(t)
	for _, problem := range facts.Transcripts(against.Evidence, against.Reconciliation, ref) {
		t.Error(problem)
	}
}

// TestGuessesAreMarkedInChinese checks that the Chinese files call the same things
// unproven as the English files.
func TestGuessesAreMarkedInChinese(t *testing.T) {
	const english, chinese = "unproven", "未经证实"
	for _, profile := range []string{"canonical", "sdk", "validator"} {
		count := func(lang, word string) int {
			text, err := spec.Read(spec.Variant{Profile: profile, Lang: lang})
			require.NoError(t, err)
			return strings.Count(string(text), word)
		}
		assert.Positive(t, count("en", english))
		assert.Equal(t, count("en", english), count("zh", chinese), profile)
	}
}
