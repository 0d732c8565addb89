package reconciliation

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestMarkdownIsFresh: the tables that people read are those of the record.
func TestMarkdownIsFresh(t *testing.T) {
	text, err := os.ReadFile("../../spec/reconciliation.yaml")
	require.NoError(t, err)
	record, err := Parse(text)
	require.NoError(t, err)
	want, err := os.ReadFile("../../spec/RECONCILIATION.md")
	require.NoError(t, err)
	assert.Equal(t, string(want), string(record.Markdown()), "run go generate ./...")
}

func TestCellsOfPages(t *testing.T) {
	record, err := Parse([]byte(`
documents: [{id: a-2026, short: a}]
intro: '# Title'
sections:
  - title: Names
    columns: [where, says]
    rows:
      - {id: '1', cells: [x, ''] }
      - id: 1a
        cells: [y, '{pages}; else']
        pages:
          - {document: a, operations: [get, set], fields: [one], aspect: name, page: One}
          - {document: a, operations: [get], fields: [two, three], aspect: required, page: none}
`))
	require.NoError(t, err)
	assert.Equal(t, notice+`# Title

## Names

| # | where | says |
|---|---|---|
| 1 | x | |
| 1a | y | a, get, set: `+"`One`; a, get: `two`, `three`"+` without a mark; else |
`, string(record.Markdown()))
}
