package cassettes_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/internal/record"
)

// TestTheIndexIsFresh: go generate writes it.
func TestTheIndexIsFresh(t *testing.T) {
	index, err := os.ReadFile("INDEX.md")
	require.NoError(t, err)
	assert.Equal(t, record.IndexOf(files(t)), string(index), "run go generate ./...")
}

// TestTheIndexListsEveryFile, each once.
func TestTheIndexListsEveryFile(t *testing.T) {
	index, err := os.ReadFile("INDEX.md")
	require.NoError(t, err)
	for name := range files(t) {
		assert.Equal(t, 1, strings.Count(string(index), "("+name+")"), name)
	}
}

// TestTheReadmesExampleRuns: it is the program of examples/cassettes, which the
// tests run.
func TestTheReadmesExampleRuns(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	program, err := os.ReadFile("../examples/cassettes/show_test.go")
	require.NoError(t, err)
	_, body, _ := strings.Cut(string(program), "\n\n")
	assert.Contains(t, string(readme), "```go\n"+body+"```\n")
}
