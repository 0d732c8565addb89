package cassettes_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/internal/check/contract"
	"github.com/nimroom/nimroom/internal/record"
)

func theSpec(t *testing.T) []byte {
	t.Helper()
	text, err := os.ReadFile("../spec/openapi.yaml")
	require.NoError(t, err)
	return text
}

// TestEveryInteractionKeepsToTheSpec, in both directions.
func TestEveryInteractionKeepsToTheSpec(t *testing.T) {
	c, err := contract.New(theSpec(t))
	require.NoError(t, err)
	for name, f := range files(t) {
		if err := record.Check(c, f); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
