package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/gen"
)

// TestMatrixCountsByCode: an operation that no client has called yet has its row
// too. That every client calls every operation is checked by interop itself, where
// the toolchains of all languages are.
func TestMatrixCountsByCode(t *testing.T) {
	clients := []played{
		{Name: "A", Scenarios: 9, Operations: map[string]cell{"createChatroom": {Codes: map[int]int{200: 12, 403: 1, 414: 3}, Inexpressible: 2}}},
		{Name: "B", Scenarios: 8, Operations: map[string]cell{"createChatroom": {Codes: map[int]int{200: 12, 403: 1}, Inexpressible: 5}}},
	}
	table := strings.Split(strings.TrimSpace(matrix(clients)), "\n")
	require.Len(t, table, len(gen.Operations)+4)
	assert.Equal(t, "| operation | codes of API errors | A | B |", table[0])
	assert.Equal(t, "| `createChatroom` | 403 414 | 12 + 4 | 12 + 1, no 414 |", table[2])
	assert.Equal(t, "| `getChatroom` |  | not run yet | not run yet |", table[3])
	assert.Equal(t, "| scenarios |  | 9 | 8 |", table[len(table)-2])
	assert.Equal(t, "| not expressible |  | 2 | 5 |", table[len(table)-1])
}
