package page_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/internal/audit"
	"github.com/nimroom/nimroom/internal/audit/page"
	"github.com/nimroom/nimroom/spec"
)

// lockers is the reference for the pages in testdata.
func lockers(t testing.TB) *audit.Reference {
	t.Helper()
	text, err := os.ReadFile("../testdata/spec.yaml")
	require.NoError(t, err)
	record, err := os.ReadFile("../testdata/reconciliation.yaml")
	require.NoError(t, err)
	ref, err := audit.NewReference(text, record)
	require.NoError(t, err)
	return ref
}

// findings are the findings of a page, without the lines, and its counts.
func findings(t testing.TB, ref *audit.Reference, file, text string) (list []string, counts map[string]audit.Count) {
	t.Helper()
	p, err := page.Read(file, []byte(text), ref.Known)
	require.NoError(t, err)
	report := audit.Compare(ref, []*page.Page{p})
	for _, f := range report.Findings {
		if f.Page != "none" && !strings.HasPrefix(f.Page, "no ") && f.Aspect != "record" && f.Place != "page" && f.Status != audit.Note {
			assert.Positive(t, f.Line, f)
		}
		list = append(list, fmt.Sprintf("%s %s/%s %s %s %s: %q, %q %s", f.Status, f.Document, f.Operation, f.Place, f.Field, f.Aspect, f.Page, f.Spec, f.Reconciliation))
	}
	return list, report.Pages[0].Counts
}

// TestFormatsGiveTheSameFindings converts pages, as they are and with a change in
// each, and expects no difference.
func TestFormatsGiveTheSameFindings(t *testing.T) {
	check := func(t *testing.T, ref *audit.Reference, text string) []string {
		t.Helper()
		want, counts := findings(t, ref, "page.txt", text)
		got, gotCounts := findings(t, ref, "page.html", page.TextAsHTML(text, ref.Known))
		assert.Equal(t, want, got, "HTML")
		assert.Equal(t, counts, gotCounts, "HTML")
		got, gotCounts = findings(t, ref, "page.md", page.TextAsMarkdown(text, ref.Known))
		assert.Equal(t, want, got, "Markdown")
		assert.Equal(t, counts, gotCounts, "Markdown")
		return want
	}
	for _, file := range []string{"lockers.en.txt", "lockers.zh.txt"} {
		t.Run(file, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("../testdata", file))
			require.NoError(t, err)
			ref := lockers(t)
			for _, f := range check(t, ref, string(text)) {
				assert.Regexp(t, "^(covered|note) ", f)
			}
			changed := strings.NewReplacer("64", "65", "courier", "rider", "JAMMED", "BROKEN").Replace(string(text))
			assert.NotEmpty(t, check(t, ref, changed))
		})
	}
	for _, file := range []string{"en-chatroom-2022-11-25.txt", "en-members-2022-12-13.txt", "zh-tags-2024-03-15.txt"} {
		t.Run(file, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("../../../../shared/docs", file))
			if os.IsNotExist(err) {
				t.Skipf("NOT TESTED: the page is not here: %v", err)
			}
			require.NoError(t, err)
			canonical, err := spec.Read(spec.Variant{})
			require.NoError(t, err)
			ref, err := audit.NewReference(canonical, spec.Reconciliation())
			require.NoError(t, err)
			for _, f := range check(t, ref, string(text)) {
				assert.Regexp(t, "^(covered|note) ", f)
			}
		})
	}
}
