package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/gen"
)

func TestMatrixCountsByCode(t *testing.T) {
	clients := []played{
		{Name: "A", Scenarios: 9, Operations: map[string]cell{"createChatroom": {Codes: map[int]int{200: 12, 403: 1, 414: 3}, Inexpressible: 2}}},
		{Name: "B", Scenarios: 8, Operations: map[string]cell{"createChatroom": {Codes: map[int]int{200: 12, 403: 1}, Inexpressible: 5}}},
		{Name: "C", Partial: true, Operations: map[string]cell{"createChatroom": {Codes: map[int]int{200: 1}}}},
	}
	table := strings.Split(strings.TrimSpace(matrix(clients)), "\n")
	require.Len(t, table, len(gen.Operations)+4)
	assert.Equal(t, "| operation | refused with | A | B | C |", table[0])
	assert.Equal(t, "| `createChatroom` | 403 414 | 12 + 4 | 12 + 1, no 414 | 1 + 0 |", table[2])
	assert.Equal(t, "| `getChatroom` |  |  |  |  |", table[3])
	assert.Equal(t, "| scenarios |  | 9 | 8 | 0 |", table[len(table)-2])
	assert.Equal(t, "| not expressible |  | 2 | 5 | 0 |", table[len(table)-1])
}

// TestEveryLanguageCallsEveryOperation: the committed results have a success
// and a refusal of each operation for each whole client.
func TestEveryLanguageCallsEveryOperation(t *testing.T) {
	clients, err := readPlayed("../../interop/results.json")
	require.NoError(t, err)
	whole := 0
	for _, c := range clients {
		if c.Partial {
			continue
		}
		whole++
		for _, o := range gen.Operations {
			cell := c.Operations[o.ID]
			assert.Positive(t, cell.Codes[gen.CodeOK], "%s: %s", c.Name, o.ID)
			assert.Greater(t, len(cell.Codes), 1, "%s: %s", c.Name, o.ID)
		}
	}
	assert.GreaterOrEqual(t, whole, 4)
}
