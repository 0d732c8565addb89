package command

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/nimroom/nimroom/gen"
)

// TestEachMethodHasACommand compares the methods with those of the operations.
func TestEachMethodHasACommand(t *testing.T) {
	methods := map[*gen.Operation][]string{}
	for _, service := range Services {
		commands := map[string]bool{}
		for _, method := range service.Methods {
			assert.False(t, commands[method.Command], method.Command)
			commands[method.Command] = true
			assert.Equal(t, service.Name, method.Operation.Service)
			assert.NotEqual(t, method.Description.In("en"), method.Description.In("zh"), method.Name)
			for _, text := range method.Description {
				assert.Equal(t, strings.TrimSpace(text), text)
			}
			methods[method.Operation] = append(methods[method.Operation], strings.ToUpper(service.Name[:1])+service.Name[1:]+"."+method.Name)
		}
	}
	for _, operation := range gen.Operations {
		assert.Equal(t, operation.Methods, methods[operation], operation.ID)
	}
}
