package wrapper_test

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/wrapper"
)

// TestDocumentation: every exported name is documented in a sentence that begins with
// it, every method of a service lists its errors and its source, and every doc link leads
// somewhere.
func TestDocumentation(t *testing.T) {
	pkg := documentation(t)
	names := exported(pkg)
	services := reflect.TypeFor[wrapper.Services]()
	require.Positive(t, services.NumField())
	for i := range services.NumField() {
		service := services.Field(i).Type
		for j := range service.NumMethod() {
			name := service.Elem().Name() + "." + service.Method(j).Name
			assert.Contains(t, names[name], "Errors: ", "%s", name)
			assert.Contains(t, names[name], "Source: ", "%s", name)
		}
	}
	for name, text := range names {
		for _, problem := range documentationProblems(name, text, names) {
			t.Errorf("%s: %s", name, problem)
		}
	}
	for _, link := range brokenLinks(pkg.Doc, names) {
		t.Errorf("package documentation: no %s", link)
	}
}

// TestDocumentationProblemsAreFound breaks a documentation one way at a time.
func TestDocumentationProblemsAreFound(t *testing.T) {
	names := map[string]string{"Svc.Get": "", "ErrGone": "", "Other": ""}
	const good = "Get returns a thing, see [ErrGone], [Svc.Get], [time.Time] and [*Other]. [T] of []byte{1} is no link."
	assert.Empty(t, documentationProblems("Svc.Get", good, names))
	for _, bad := range []string{
		"", "Returns a thing.", "Get returns a thing, see [ErrLost].", "Get returns a thing, see [Svc.Put].", "Get returns `thing`.",
	} {
		assert.NotEmpty(t, documentationProblems("Svc.Get", bad, names), bad)
	}
}

// documentationProblems lists what is wrong with the documentation of a name.
func documentationProblems(name, text string, names map[string]string) []string {
	var problems []string
	_, last, _ := strings.Cut(name, ".")
	if last == "" {
		last = name
	}
	first := strings.TrimRight(strings.Fields(text + " -")[0], ":.,")
	if !slices.Contains([]string{last, "A", "An", "The"}, first) {
		problems = append(problems, "the text does not begin with the name")
	}
	if strings.Contains(text, "`") {
		problems = append(problems, "a name of the wire is left")
	}
	for _, link := range brokenLinks(text, names) {
		problems = append(problems, "no "+link)
	}
	return problems
}

// docLink is a link to a name of this package: longer than a type parameter, and not of
// another package.
var docLink = regexp.MustCompile(`(?:^|[\s(])\[\*?([A-Z]\w+(?:\.[A-Z]\w*)?)\]`)

// brokenLinks lists the links of a text that lead nowhere.
func brokenLinks(text string, names map[string]string) []string {
	var broken []string
	for _, link := range docLink.FindAllStringSubmatch(text, -1) {
		if _, ok := names[link[1]]; !ok {
			broken = append(broken, link[1])
		}
	}
	return broken
}

// exported are the exported names of a package, fields and methods too, with their
// documentation.
func exported(pkg *doc.Package) map[string]string {
	names := map[string]string{}
	add := func(name, text string) {
		if ast.IsExported(name[strings.LastIndexByte(name, '.')+1:]) {
			names[name] = text
		}
	}
	values := func(list []*doc.Value) {
		for _, value := range list {
			for _, spec := range value.Decl.Specs {
				s := spec.(*ast.ValueSpec)
				for _, name := range s.Names {
					text := s.Doc.Text()
					switch {
					case text != "" || value.Doc == "":
					case len(value.Decl.Specs) == 1:
						text = value.Doc
					default: // one comment for all of a group
						text = name.Name + ": " + value.Doc
					}
					add(name.Name, text)
				}
			}
		}
	}
	functions := func(list []*doc.Func, of string) {
		for _, function := range list {
			add(of+function.Name, function.Doc)
		}
	}
	values(pkg.Consts)
	values(pkg.Vars)
	functions(pkg.Funcs, "")
	for _, typ := range pkg.Types {
		add(typ.Name, typ.Doc)
		values(typ.Consts)
		values(typ.Vars)
		functions(typ.Funcs, "")
		functions(typ.Methods, typ.Name+".")
		fields(typ, func(name string) { names[typ.Name+"."+name] = name })
	}
	return names
}

// fields yields the exported fields of a struct and methods of an interface.
func fields(typ *doc.Type, yield func(string)) {
	ast.Inspect(typ.Decl, func(n ast.Node) bool {
		if field, ok := n.(*ast.Field); ok {
			for _, name := range field.Names {
				if name.IsExported() {
					yield(name.Name)
				}
			}
		}
		return true
	})
}

// documentation is the package as go doc sees it.
func documentation(t *testing.T) *doc.Package {
	t.Helper()
	entries, err := os.ReadDir(".")
	require.NoError(t, err)
	fset := token.NewFileSet()
	var files []*ast.File
	for _, entry := range entries {
		name := entry.Name()
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(fset, name, nil, parser.ParseComments)
		require.NoError(t, err)
		files = append(files, file)
	}
	pkg, err := doc.NewFromFiles(fset, files, "github.com/nimroom/nimroom/wrapper", doc.PreserveAST)
	require.NoError(t, err)
	return pkg
}
