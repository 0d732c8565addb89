package nilargs

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// values are the types of parameters that cannot be nil, or whose nil value is empty.
var values = []string{
	"string", "bool", "int", "int64", "uint64", "time.Duration", "time.Time", "http.Header", "url.Values",
	"sign.Credentials", "Credentials", "Feature", "RoomID", "RetryPolicy", "Hooks", "Handlers", "wire.Dialect", "Accounts", "CurTime", "Language", "Config", "F",
	"gen.Endpoint[F, R]", "T",
}

// nillable lists the parameters of exported functions in a package that can be nil, such as
// "wrapper.WithClock now", and the options that they take.
func nillable(t *testing.T, dir string) []string {
	t.Helper()
	packages, err := parser.ParseDir(token.NewFileSet(), "../../../"+dir, func(f fs.FileInfo) bool { //nolint:staticcheck // one directory, and no build tags
		return !strings.HasSuffix(f.Name(), "_test.go")
	}, 0)
	require.NoError(t, err)
	var found []string
	for _, p := range packages {
		for _, file := range p.Files {
			for _, d := range file.Decls {
				f, ok := d.(*ast.FuncDecl)
				if !ok || f.Recv != nil || !f.Name.IsExported() {
					continue
				}
				for _, param := range f.Type.Params.List {
					of := types.ExprString(param.Type)
					if _, list := param.Type.(*ast.ArrayType); list || slices.Contains(values, strings.TrimPrefix(of, "...")) {
						continue
					}
					for _, name := range param.Names {
						found = append(found, p.Name+"."+f.Name.Name+" "+name.Name)
					}
				}
			}
		}
	}
	slices.Sort(found)
	return found
}
