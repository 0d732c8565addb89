package cassettes_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

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
