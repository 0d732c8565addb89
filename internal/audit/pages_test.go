package audit_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/internal/audit"
	"github.com/nimroom/nimroom/internal/audit/page"
	"github.com/nimroom/nimroom/internal/check/evidence"
	"github.com/nimroom/nimroom/spec"
)

// docs is where the public pages are, beside the repository. They are not part of
// it; .ci/run says when they are missing.
const docs = "../../../shared/docs"

// sample is a plain text page with what is known of it without the reader.
type sample struct {
	name string
	text string
	ref  *audit.Reference
	// form and response are the names of the rows of each operation's tables, in the
	// page's order of operations; examples are the numbers of fields of each.
	headings []string
	form     [][]string
	response [][]string
}

func reference(t testing.TB, specText, record []byte) *audit.Reference {
	t.Helper()
	ref, err := audit.NewReference(specText, record)
	require.NoError(t, err)
	return ref
}

func readFile(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	return text
}

func lockerReference(t testing.TB) *audit.Reference {
	t.Helper()
	return reference(t, readFile(t, "testdata/spec.yaml"), readFile(t, "testdata/reconciliation.yaml"))
}

func roomReference(t testing.TB) *audit.Reference {
	t.Helper()
	text, err := spec.Read(spec.Variant{})
	require.NoError(t, err)
	return reference(t, text, spec.Reconciliation())
}

// ownSamples are the pages of testdata.
func ownSamples(t testing.TB) []sample {
	t.Helper()
	open := []string{"lockerid", "courier", "side", "note", "loud", "holdTime", "light", "labels"}
	response := [][]string{nil, {"lockerid", "openedAt", "state", "parcels"}}
	ref := lockerReference(t)
	return []sample{
		{
			"lockers.en.txt", string(readFile(t, "testdata/lockers.en.txt")), ref,
			[]string{"Opening a locker", "Listing lockers"}, [][]string{open, {"limit", "filter"}}, response,
		},
		{
			"lockers.zh.txt", string(readFile(t, "testdata/lockers.zh.txt")), ref,
			[]string{"打开柜门", "柜子列表"}, [][]string{open, {"limit", "filter"}}, response,
		},
	}
}

// publicSamples are the public pages, with the rows that spec/evidence lists,
// which was read from them by hand. Without the pages the test is skipped,
// in so many words.
func publicSamples(t testing.TB) []sample {
	t.Helper()
	if _, err := os.Stat(docs); err != nil {
		t.Skipf("NOT TESTED: the public pages are not here: %v", err)
	}
	known, err := evidence.Load("../../spec/evidence")
	require.NoError(t, err)
	claims := known.Of(evidence.Page).Claims()
	ref := roomReference(t)
	var samples []sample
	files, err := filepath.Glob(filepath.Join(docs, "*.txt"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		s := sample{name: filepath.Base(file), text: string(readFile(t, file)), ref: ref}
		for line := range strings.Lines(s.text) {
			for _, claim := range claims {
				if claim.Source.ID+".txt" != s.name || strings.TrimSpace(line) != claim.At || claim.At == claim.Source.Title {
					continue
				}
				var form, response []string
				for _, r := range claim.Request {
					form = append(form, r.Name)
				}
				for _, r := range claim.Response {
					if r.Type != "" {
						response = append(response, r.Field[strings.LastIndexByte(r.Field, '.')+1:])
					}
				}
				s.headings, s.form, s.response = append(s.headings, claim.At), append(s.form, form), append(s.response, response)
			}
		}
		samples = append(samples, s)
	}
	return samples
}

func (s sample) read(t testing.TB, text string) *page.Page {
	t.Helper()
	p, err := page.Read(s.name, []byte(text), s.ref.Known)
	require.NoError(t, err)
	return p
}

var (
	// exampleLine begins with a field, but for the line of the content type.
	exampleLine = regexp.MustCompile(`^"[^"C][^"]*"\s*:|^\{"(?:code|lockerid)"`)
	// jsonField is a field of a printed example: a name with a colon behind it.
	jsonField = regexp.MustCompile(`"[^"\\:]+"\s*:`)
)

// TestEveryRowIsRead holds the reader to what was counted without it: the rows of
// each table by name, the fields of the examples, the cURL lines and the codes.
func TestEveryRowIsRead(t *testing.T) {
	check := func(t *testing.T, s sample) {
		t.Helper()
		p := s.read(t, s.text)
		require.Len(t, p.Operations, len(s.headings))
		named := 0
		for i, op := range p.Operations {
			assert.Equal(t, s.headings[i], op.Heading.Value)
			assert.Equal(t, s.form[i], names(op.Form), s.headings[i])
			assert.Equal(t, s.response[i], names(op.Response), s.headings[i])
			assert.Empty(t, op.Unknown)
			for _, e := range op.Examples {
				assert.NoError(t, e.Err)
				for _, f := range e.Fields {
					if !strings.HasSuffix(f.Path, "[]") {
						named++
					}
				}
			}
			for _, row := range append(op.Form, op.Response...) {
				line := strings.Split(s.text, "\n")[row.Line-1]
				assert.True(t, strings.HasPrefix(line, row.Name), "line %d: %s", row.Line, line)
			}
		}
		printed := 0
		for line := range strings.Lines(strings.ReplaceAll(s.text, "\u00a0", " ")) {
			if line = strings.TrimSpace(line); exampleLine.MatchString(line) {
				code, _, _ := strings.Cut(line+" ", " //")
				printed += len(jsonField.FindAllString(code, -1))
			}
		}
		assert.Equal(t, strings.Count(s.text, "curlcurl "), curls(p))
		assert.Equal(t, printed, named, "fields of the examples")

		report := audit.Compare(s.ref, []*page.Page{p})
		assert.False(t, report.Drift)
		for _, f := range report.Findings {
			assert.False(t, f.Drift(), f)
		}
		for kind, n := range report.Pages[0].Counts {
			assert.Zero(t, n.Unexplained, kind)
			assert.Equal(t, n.Total, n.Accounted, kind)
		}
		counts := report.Pages[0].Counts
		assert.Equal(t, total(s.form), counts["form rows"].Total)
		assert.Equal(t, total(s.response), counts["response rows"].Total)
	}
	for _, s := range ownSamples(t) {
		t.Run(s.name, func(t *testing.T) { check(t, s) })
	}
	t.Run("public", func(t *testing.T) {
		for _, s := range publicSamples(t) {
			t.Run(s.name, func(t *testing.T) { check(t, s) })
		}
	})
}

func names(rows []page.Row) []string {
	var list []string
	for _, row := range rows {
		list = append(list, row.Name)
	}
	return list
}

func curls(p *page.Page) int {
	n := 0
	for _, op := range p.Operations {
		if op.Curl != nil {
			n++
		}
	}
	return n
}

func total(lists [][]string) int {
	n := 0
	for _, list := range lists {
		n += len(list)
	}
	return n
}
