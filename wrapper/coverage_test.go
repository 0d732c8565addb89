package wrapper_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/gen"
)

// TestEveryOperationIsWrapped reads the services: each operation has one
// method, which is documented and names its source.
func TestEveryOperationIsWrapped(t *testing.T) {
	wrapped := map[string]int{}
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		require.NoError(t, err)
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		for _, decl := range file.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			ast.Inspect(fn, func(n ast.Node) bool {
				selector, ok := n.(*ast.SelectorExpr)
				if !ok || !strings.HasSuffix(selector.Sel.Name, "Endpoint") || selector.Sel.Name == "Endpoint" {
					return true
				}
				name := strings.TrimSuffix(selector.Sel.Name, "Endpoint")
				wrapped[strings.ToLower(name[:1])+name[1:]]++
				doc := fn.Doc.Text()
				for _, operation := range gen.Operations {
					if strings.EqualFold(operation.ID, name) {
						for _, source := range operation.Sources {
							flat := strings.Join(strings.Fields(doc), " ")
							assert.Contains(t, flat, source.Document+", \""+source.Heading+"\"", "%s: source", fn.Name)
						}
					}
				}
				return true
			})
		}
	}
	for _, operation := range gen.Operations {
		assert.Equal(t, 1, wrapped[operation.ID], "methods that call %s", operation.ID)
	}
	assert.Len(t, wrapped, len(gen.Operations))
}
