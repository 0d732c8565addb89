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
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wrapper"
)

// sentinels names the errors that the documents' codes stand for. Those that any
// call can give are told once, in the package documentation.
var sentinels = map[int]string{
	403: "ErrForbidden", 404: "ErrNotFound", 417: "ErrDuplicate", 419: "ErrOverLimit",
	13002: "ErrRoomClosed", 13003: "ErrBlocked",
}

var ofAnyCall = map[int]string{
	200: "", 414: "ErrBadParameter", 416: "ErrRateLimited", 431: "ErrDuplicate", 500: "ErrServerFault", 514: "ErrUnavailable",
}

// services by the name of their type.
var services = map[string]reflect.Type{
	"RoomsService":      reflect.TypeFor[*wrapper.RoomsService](),
	"MembersService":    reflect.TypeFor[*wrapper.MembersService](),
	"MessagesService":   reflect.TypeFor[*wrapper.MessagesService](),
	"RobotsService":     reflect.TypeFor[*wrapper.RobotsService](),
	"TagsService":       reflect.TypeFor[*wrapper.TagsService](),
	"StatisticsService": reflect.TypeFor[*wrapper.StatisticsService](),
}

// TestDocumentation holds what the package says to what the spec says: every
// operation has one method, whose text names the limits of its fields, the unit of
// its numbers of time, the errors of its codes and its sources.
func TestDocumentation(t *testing.T) {
	pkg := documentation(t)
	for code, sentinel := range ofAnyCall {
		if sentinel != "" {
			assert.Contains(t, section(pkg.Doc, "Errors"), "["+sentinel+"]", "code %d, of any call", code)
		}
	}
	for _, title := range []string{
		"Getting started", "Errors", "Retries", "Pages", "Batches", "Clock", "Hosts", "Limits", "Telemetry", "Testing", "Concurrency",
	} {
		assert.NotEmpty(t, section(pkg.Doc, title), "section %s", title)
	}
	wrapped := map[string]int{}
	for _, typ := range pkg.Types {
		for _, method := range typ.Methods {
			if services[typ.Name] == nil || !ast.IsExported(method.Name) {
				continue
			}
			name := typ.Name + "." + method.Name
			text := strings.Join(strings.Fields(method.Doc), " ")
			assert.Contains(t, text, "Errors: ", "%s", name)
			assert.Contains(t, text, "Source: ", "%s", name)
			operation := operationOf(method.Decl)
			if operation == nil {
				continue
			}
			wrapped[operation.ID]++
			form, _ := services[typ.Name].MethodByName(method.Name)
			for _, missing := range undocumented(text, operation, form.Type.In(2)) {
				t.Errorf("%s does not tell of %s", name, missing)
			}
		}
	}
	for _, operation := range gen.Operations {
		assert.Equal(t, 1, wrapped[operation.ID], "methods that call %s", operation.ID)
	}
	assert.Len(t, wrapped, len(gen.Operations))
}

// TestUndocumentedIsFound takes what each check looks for out of a text.
func TestUndocumentedIsFound(t *testing.T) {
	operation := gen.UpdateMemberEndpoint.Operation
	form := reflect.TypeFor[gen.UpdateMemberForm]()
	text := `Nick takes up to 64 characters, NotifyExt 2048. Errors: [ErrForbidden]. Source: en-chatroom-2022-11-25, "Changing user profiles in a chat room".`
	require.Empty(t, undocumented(text, operation, form))
	for _, part := range []string{"64", "Nick", "2048", "NotifyExt", "[ErrForbidden]", "Changing"} {
		assert.NotEmpty(t, undocumented(strings.Replace(text, part, "", 1), operation, form), "without %s", part)
	}
	assert.Contains(t, undocumented("Timestamp", gen.ListTopChatroomsEndpoint.Operation, reflect.TypeFor[struct{ Timestamp *int64 }]()), "the unit of Timestamp")
}

// undocumented lists what a method's text lacks.
func undocumented(text string, operation *gen.Operation, form reflect.Type) []string {
	var missing []string
	need := func(there bool, what string) {
		if !there {
			missing = append(missing, what)
		}
	}
	for _, source := range operation.Sources {
		need(strings.Contains(text, source.Evidence+`, "`+source.At+`"`), source.At)
	}
	for _, code := range operation.StatusCodes {
		sentinel, own := sentinels[code]
		_, common := ofAnyCall[code]
		need(own || common, "code "+strconv.Itoa(code)+", which this test has no error for")
		need(!own || strings.Contains(text, "["+sentinel+"]"), "["+sentinel+"]")
	}
	for _, field := range operation.Fields {
		for _, limit := range upperLimit.FindAllStringSubmatch(field.Limits, -1) {
			need(wordIn(text, field.GoName) && (wordIn(text, limit[1]) || limit[1] == "2592000" && strings.Contains(text, "30 days")),
				field.GoName+" "+limit[0])
		}
		if f, ok := form.FieldByName(field.GoName); ok && isNumber(f.Type) && timeLike.MatchString(field.GoName) {
			need(unit.MatchString(text), "the unit of "+field.GoName)
		}
	}
	return missing
}

var (
	upperLimit = regexp.MustCompile(`at most (\d+)`)
	timeLike   = regexp.MustCompile(`Time|Duration|Expire|TTL`)
	unit       = regexp.MustCompile(`\b(milli)?seconds\b`)
)

func wordIn(text, word string) bool {
	return regexp.MustCompile(`\b` + regexp.QuoteMeta(word) + `\b`).MatchString(text)
}

// isNumber tells a plain number, which a type with a unit is not.
func isNumber(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t == reflect.TypeFor[int64]() || t == reflect.TypeFor[int]()
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

// section is the text under a heading of the package documentation.
func section(text, title string) string {
	_, rest, found := strings.Cut(text, "# "+title+"\n")
	if !found {
		return ""
	}
	body, _, _ := strings.Cut(rest, "\n# ")
	return strings.TrimSpace(body)
}

// operationOf finds the operation whose endpoint a method runs.
func operationOf(fn *ast.FuncDecl) *gen.Operation {
	var found *gen.Operation
	ast.Inspect(fn, func(n ast.Node) bool {
		if selector, ok := n.(*ast.SelectorExpr); ok {
			id, isEndpoint := strings.CutSuffix(selector.Sel.Name, "Endpoint")
			i := slices.IndexFunc(gen.Operations, func(o *gen.Operation) bool { return isEndpoint && strings.EqualFold(o.ID, id) })
			if i >= 0 {
				found = gen.Operations[i]
			}
		}
		return true
	})
	return found
}
