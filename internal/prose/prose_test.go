package prose

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// patterns are expressions that the project had and got rid of, each with what to
// write instead and a sentence that it must find.
var patterns = []struct {
	pattern, instead, example string
}{
	{`\b(is|are|was|were|be|been|being|not|and|or) told\b`, "say who receives, reports or returns what", "The room is told."},
	{`\bwho (reads|asks|wants|cannot|mistyped|is none|gives|takes|has|does)\b`, "name the person: the caller, a reader, a member", "It is for who mistyped a path."},
	{`\b(for|of|by|to|from|with) whoever\b`, "name the person: the caller, a reader, a member", "It is left to whoever calls."},
	{`\bnone that\b`, "use a positive sentence: is not known, is unknown", "It is none that is known."},
	{`\bwhere it is none\b`, "use a positive sentence: if it is unknown", "The path, where it is none."},
	{`\b(is|are) theirs\b`, "name the owner", "Status is theirs."},
	{`\bis its matter\b`, "say which part decides", "That is its matter."},
	{`, please\b`, "instructions need no please", "Run it again, please."},
	{`\b[Rr]efusals?\b`, "API error", "A refusal has a code."},
	{`\b(blast|blasts|blasting)\b`, "panic", "The blast of a worker."},
	{`\bstory of\b`, "scenario", "The story of a room."},
	{`\bof (an? )?\w+ed one\b`, "repeat the noun", "The length of a lifted one."},
	{`\bis the answer of\b`, "is the response to", "Success is the answer of create."},
	{`\banswers (an|the|with|as|what|nothing|to)\b`, "responds, returns", "The service answers with a code."},
	{`\bits kin\b`, "name the others", "FormString and its kin."},
	{`\bA [a-zA-Z.]+ here\.\)`, "give the type in the field's declaration", "Time of entry. (A time.Time here.)"},
}

var compiled = func() []*regexp.Regexp {
	var list []*regexp.Regexp
	for _, p := range patterns {
		list = append(list, regexp.MustCompile(p.pattern))
	}
	return list
}()

// TestPlainEnglish reads every text of the repository that a person wrote.
func TestPlainEnglish(t *testing.T) {
	root := filepath.Join("..", "..")
	read := 0
	require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if entry.IsDir() {
			switch name {
			case "node_modules", "vendor", "testdata", "dist", "released", "target", "prose":
				return fs.SkipDir
			case "chatroom": // the client that a stock generator made for interop/go
				return fs.SkipDir
			}
			if path != root && strings.HasPrefix(name, ".") { // .git, and what toolchains build
				return fs.SkipDir
			}
			return nil
		}
		texts, err := textsOf(path)
		require.NoError(t, err, path)
		read += len(texts)
		for _, text := range texts {
			for i, found := range faults(text.text) {
				if found != "" {
					t.Errorf("%s:%d: %q: %s", strings.TrimPrefix(filepath.ToSlash(path), "../../"), text.line, found, patterns[i].instead)
				}
			}
		}
		return nil
	}))
	assert.Greater(t, read, 1000, "texts were passed over")
}

// TestEveryPatternFindsItsExample seeds each expression.
func TestEveryPatternFindsItsExample(t *testing.T) {
	for i, p := range patterns {
		assert.NotEmpty(t, faults(p.example)[i], p.pattern)
		assert.NotEmpty(t, p.instead, p.pattern)
	}
}

// faults returns what each pattern finds in a text.
func faults(text string) []string {
	found := make([]string, len(compiled))
	text = strings.Join(strings.Fields(text), " ") // an expression may run over the end of a line
	for i, p := range compiled {
		found[i] = p.FindString(text)
	}
	return found
}

// text is a comment, a literal or a paragraph, and the line where it begins.
type text struct {
	line int
	text string
}

// textsOf takes from a file what people read.
func textsOf(path string) ([]text, error) {
	switch base := filepath.Base(path); {
	case base == "CHANGELOG.md": // names what there was
		return nil, nil
	case strings.HasSuffix(base, "_test.go"), strings.HasSuffix(base, ".gen.go"):
		return nil, nil
	case strings.HasSuffix(base, ".go"):
		return goTexts(path)
	case strings.HasSuffix(base, ".md"), base == "openapi.yaml":
		content, err := os.ReadFile(path)
		return paragraphs(string(content)), err
	}
	return nil, nil
}

func goTexts(path string) ([]text, error) {
	positions := token.NewFileSet()
	file, err := parser.ParseFile(positions, path, nil, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	var list []text
	for _, group := range file.Comments {
		list = append(list, text{positions.Position(group.Pos()).Line, group.Text()})
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			list = append(list, text{positions.Position(literal.Pos()).Line, literal.Value})
		}
		return true
	})
	return list, nil
}

func paragraphs(content string) []text {
	var list []text
	line := 1
	for paragraph := range strings.SplitSeq(content, "\n\n") {
		list = append(list, text{line, paragraph})
		line += strings.Count(paragraph, "\n") + 2
	}
	return list
}
