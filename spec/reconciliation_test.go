package spec_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestReconciliationTablesAreWhole checks that each table is one block of lines and
// that each row has as many cells as its header, so that it renders.
func TestReconciliationTablesAreWhole(t *testing.T) {
	text, err := os.ReadFile("RECONCILIATION.md")
	require.NoError(t, err)
	cells, before, rows := 0, "", 0
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		switch {
		case !strings.HasPrefix(line, "|"):
			cells = 0
		case cells == 0:
			cells = strings.Count(line, "|")
			assert.Contains(t, line, "| # |", "a table without its header, after %q", before)
		default:
			rows++
			assert.Equal(t, cells, strings.Count(line, "|"), line)
		}
		before = line
	}
	want := 0
	for _, section := range cited(t).Reconciliation.Sections {
		want += 1 + len(section.Rows) // and the line below the header
	}
	assert.Equal(t, want, rows)
}
