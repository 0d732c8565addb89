package spec_test

import (
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func readFacts(t *testing.T) *facts {
	t.Helper()
	f, err := loadFacts("testdata/facts.yaml")
	require.NoError(t, err)
	return f
}

func readSpec(t *testing.T) []byte {
	t.Helper()
	spec, err := os.ReadFile("openapi.yaml")
	require.NoError(t, err)
	return spec
}

// TestSpecAgreesWithDocuments holds the spec against what the public documents say,
// one subtest for each operation and document.
func TestSpecAgreesWithDocuments(t *testing.T) {
	f := readFacts(t)
	got, err := compare(readSpec(t), f)
	require.NoError(t, err)

	groups := map[string][]disagreement{}
	name := func(actionPath, document string) string {
		return strings.TrimSuffix(path.Base(actionPath), ".action") + "/" + document
	}
	for actionPath, entries := range f.Operations {
		for _, e := range entries {
			groups[name(actionPath, e.Document)] = nil
		}
	}
	for _, d := range got.Disagreements {
		groups[name(d.Path, d.Document)] = append(groups[name(d.Path, d.Document)], d)
	}
	for _, group := range slices.Sorted(maps.Keys(groups)) {
		t.Run(group, func(t *testing.T) {
			for _, d := range groups[group] {
				t.Error(d)
			}
		})
	}

	// Every number follows from the facts alone: a smaller one means that something
	// was passed over.
	assert.Equal(t, map[string]int{
		"path": 60, "other path": 1, "server": 30, "source": 31, "page date": 3,
		"form field": 136, "required": 123, "type": 439, "width": 33, "encoding": 11, "enum value": 76,
		"default": 21, "min": 6, "max": 10, "maxLength": 20, "maxItems": 5, "unit": 14, "row example": 10,
		"answer field": 257, "JSON text of": 5, "nullable": 3, "always there": 23, "absence told": 23, "spelling": 52,
		"status codes": 25, "status code": 6, "code explained": 162,
		"example": 30, "refusal": 4, "refusal code": 4, "cURL field": 98, "signing header": 120,
	}, got.Checked)
}
