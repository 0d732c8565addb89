package rules_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nimroom/nimroom/internal/check/evidence"
)

// rule is a statement of a document about behaviour, in our own words, and the
// tests that hold the emulator to it. Those of a package below are named with
// it.
type rule struct {
	heading string
	says    string
	tests   []string
}

func by(tests ...string) []string { return tests }

// documented are all statements of the three documents about behaviour, by document
// and in its order. What the documents leave open is in README.md instead.
var documented = map[string][]rule{
	"en-chatroom-2022-11-25": slices.Concat(roomRules, roleRules, messageRules, robotRules, muteRules, readingRules, tagRules),
	"en-members-2022-12-13":  memberListRules,
	"zh-tags-2024-03-15":     chineseTagRules,
}

// source is a page and a heading on it, as in the spec's x-source.
type source struct{ page, heading string }

// sources reads which headings there are.
func sources(t *testing.T) map[source]int {
	t.Helper()
	all, err := evidence.Load("../../../spec/evidence")
	if err != nil {
		t.Fatal(err)
	}
	known := map[source]int{}
	for _, claim := range all.Of(evidence.Page).Claims() {
		known[source{claim.Source.ID, claim.At}] = 0
	}
	return known
}

// testNames lists the tests of a package, prefixed.
func testNames(t *testing.T, dir, prefix string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("%s: no tests, %v", dir, err)
	}
	var names []string
	for _, path := range paths {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && strings.HasPrefix(f.Name.Name, "Test") {
				names = append(names, prefix+f.Name.Name)
			}
		}
	}
	return names
}

// TestEveryDocumentedRuleHasATest holds the list of rules to the documents: no
// entry of a document is without a rule, no rule without a heading that is
// there and tests that are there.
func TestEveryDocumentedRuleHasATest(t *testing.T) {
	known := sources(t)
	names := slices.Concat(testNames(t, ".", ""), testNames(t, "../state", "state."), testNames(t, "../api", "api."), testNames(t, "../../../tagexpr", "tagexpr."))
	for document, list := range documented {
		for _, r := range list {
			from := source{document, r.heading}
			if _, ok := known[from]; !ok {
				t.Errorf("%s has no heading %q", document, r.heading)
			}
			known[from]++
			if r.says == "" || len(r.tests) == 0 {
				t.Errorf("%v: a rule without words or tests: %q", from, r.says)
			}
			for _, name := range r.tests {
				if !slices.Contains(names, name) {
					t.Errorf("%v, %q: no test %s", from, r.says, name)
				}
			}
		}
	}
	for from, count := range known {
		if count == 0 {
			t.Errorf("%v has no rule", from)
		}
	}
}

// TestRulesAreListedOnce finds a statement that was written down twice.
func TestRulesAreListedOnce(t *testing.T) {
	seen := map[string]bool{}
	for document, list := range documented {
		for _, r := range list {
			key := fmt.Sprint(document, r.heading, r.says)
			if seen[key] {
				t.Errorf("%s, %s: %q twice", document, r.heading, r.says)
			}
			seen[key] = true
		}
	}
}
