package wrapper_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestConsumerBudget bounds what a program that imports wrapper links.
func TestConsumerBudget(t *testing.T) {
	const module = "github.com/nimroom/nimroom"
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{.ImportPath}} {{with .Module}}{{.Path}}{{end}}", ".").Output()
	require.NoError(t, err)
	var modules []string
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		if len(fields) == 2 && fields[1] != module && !slices.Contains(modules, fields[1]) {
			modules = append(modules, fields[1])
		}
		assert.NotContains(t, fields[0], module+"/emulator")
		assert.NotContains(t, fields[0], module+"/spec")
	}
	require.Contains(t, string(out), module+"/gen", "go list saw the package")
	assert.LessOrEqual(t, len(modules), 5, "third-party modules: %v", modules)
	for _, forbidden := range []string{"kin-openapi", "oapi-codegen", "testify", "go-vcr"} {
		for _, linked := range modules {
			assert.NotContains(t, linked, forbidden)
		}
	}
	t.Logf("third-party modules linked: %d", len(modules))
}
