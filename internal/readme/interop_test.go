package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTableHasEachClient: that every client calls every operation is checked by
// interop itself, where the toolchains of all languages are.
func TestTableHasEachClient(t *testing.T) {
	file := filepath.Join(t.TempDir(), "results.json")
	require.NoError(t, os.WriteFile(file, []byte(`{"clients":[
{"name":"A","generator":"a 1","spec":"s","scenarios":9,"succeeded":12,"failed":4,"inexpressible":2},
{"name":"B","generator":"b 2","spec":"s","scenarios":8,"succeeded":11,"failed":3,"inexpressible":0}]}`), 0o600))
	clients, err := readPlayed(file)
	require.NoError(t, err)
	assert.Equal(t, `| client | generator | scenarios | succeeded | API errors | not expressible |
|---|---|---|---|---|---|
| A | a 1 | 9 | 12 | 4 | 2 |
| B | b 2 | 8 | 11 | 3 | 0 |
`, english.clients(clients))
}
