package evidence_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/internal/check/evidence"
)

const (
	page  = "- {id: a, kind: page, title: A, language: en, date: '2022-11-25'}\n"
	facts = `spellings:
  - {printed: b, settled: c, why: a slip}
operations:
  /a.action:
    at: Making an a
    request:
      - {name: b, type: int, required: unknown, max: 3, settled: {max: 4, why: tried}}
    response:
      - {field: code, json: number}
    example_response: '{"code": 200}'
`
)

// load writes a folder of evidence and loads it.
func load(t *testing.T, files map[string]string) (*evidence.Evidence, error) {
	t.Helper()
	folder := t.TempDir()
	for name, text := range files {
		require.NoError(t, os.MkdirAll(filepath.Join(folder, filepath.Dir(name)), 0o750))
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600))
	}
	return evidence.Load(folder)
}

func TestLoad(t *testing.T) {
	e, err := load(t, map[string]string{
		"evidence.yaml": page + "- {id: b, kind: sdk, title: B, version: '1', date: '2022'}\n- {id: c, kind: live, title: C, date: 2022-05}\n",
		"pages/a.yaml":  facts,
		"sdk/b.yaml":    "operations: {/a.action: {at: Rooms.make}, /b.action: {at: Rooms.drop}}",
	})
	require.NoError(t, err)
	assert.Equal(t, evidence.Live, e.Source("c").Kind)
	assert.Nil(t, e.Source("d"))
	var claims []string
	for _, claim := range e.Claims() {
		claims = append(claims, claim.Path+" "+claim.Source.ID+" "+claim.At)
	}
	assert.Equal(t, []string{"/a.action a Making an a", "/a.action b Rooms.make", "/b.action b Rooms.drop"}, claims)
	assert.Len(t, e.Of(evidence.Page).Claims(), 1)
	row := e.Claims()[0].Request[0]
	assert.Equal(t, map[string]string{"max": "4"}, row.ExpectedLimits())
	assert.Equal(t, "unknown", row.ExpectedRequired())
}

// TestFaultsAreNamed seeds one fault at a time.
func TestFaultsAreNamed(t *testing.T) {
	for says, files := range map[string]map[string]string{
		"evidence.yaml":                  {},
		"a.yaml":                         {"evidence.yaml": page},
		`kind "book"`:                    {"evidence.yaml": "- {id: a, kind: book, title: A, date: '2022'}"},
		`date "soon"`:                    {"evidence.yaml": "- {id: a, kind: live, title: A, date: soon}"},
		"title is missing":               {"evidence.yaml": "- {id: a, kind: live, date: '2022'}"},
		"a table, and nothing else, has": {"evidence.yaml": "- {id: a, kind: table, title: A, date: '2022'}"},
		"is not a row of the table":      {"evidence.yaml": "- {id: a, kind: table, title: A, language: zh, date: '2022'}", "tables/a.yaml": "operations: {/a/b.action: {at: A heading}}"},
		"tables/a.yaml":                  {"evidence.yaml": "- {id: a, kind: table, title: A, language: zh, date: '2022'}"},
		"has a language":                 {"evidence.yaml": "- {id: a, kind: page, title: A, date: '2022'}"},
		"has a version":                  {"evidence.yaml": "- {id: a, kind: sdk, title: A, date: '2022'}"},
		"two entries":                    {"evidence.yaml": page + page, "pages/a.yaml": facts},
		"sdk/b.yaml is not listed":       {"evidence.yaml": page, "pages/a.yaml": facts, "sdk/b.yaml": facts},
		"field heading not found":        {"evidence.yaml": page, "pages/a.yaml": "operations: {/a.action: {heading: A}}"},
		"is not a heading":               {"evidence.yaml": page, "pages/a.yaml": "operations: {/a.action: {at: ''}}"},
		"is settled with a reason":       {"evidence.yaml": page, "pages/a.yaml": "spellings: [{printed: a, settled: b}]"},
		"the path is settled as printed": {"evidence.yaml": page, "pages/a.yaml": "operations: {/a.action: {at: An a, url: 'x/nimserver/a', settled: {path: /a, why: x}}}"},
		"reason go together":             {"evidence.yaml": page, "pages/a.yaml": "operations: {/a.action: {at: An a, settled: {codes: [200]}}}"},
		`required "" is not`:             {"evidence.yaml": page, "pages/a.yaml": "operations: {/a.action: {at: An a, request: [{name: b}]}}"},
		`format "xml" is not`:            {"evidence.yaml": page, "pages/a.yaml": "operations: {/a.action: {at: An a, request: [{name: b, required: true, format: xml}]}}"},
		"max is settled as printed":      {"evidence.yaml": page, "pages/a.yaml": "operations: {/a.action: {at: An a, request: [{name: b, required: true, max: 3, settled: {max: 3, why: x}}]}}"},
		"the example has the members":    {"evidence.yaml": page, "pages/a.yaml": `operations: {/a.action: {at: An a, example_response: '{"code": 200}', response: [{field: code, json: string}]}}`},
	} {
		_, err := load(t, files)
		assert.ErrorContains(t, err, says)
	}
}
