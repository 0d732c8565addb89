package record

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/nimroom/nimroom/internal/audit/page"
)

// The pages are not part of the repository. Put them into ../shared/docs, as seen
// from the repository, or name their folder in NIMROOM_DOCS: then the test compares
// the transcriptions with them. Elsewhere it compares digests of the transcriptions
// with those in testdata/pages.yaml, which were written by
// `go test ./internal/record -run Pages -prove` after a comparison that found nothing.
var prove = flag.Bool("prove", false, "write the digests of transcriptions that were compared with the pages")

const digestsFile = "testdata/pages.yaml"

// digests are those of a page and of what was transcribed from it.
type digests struct{ Page, Transcriptions string }

func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:])
}

// byPage sorts the examples by their page and name.
func byPage(list []*Recording) map[string][]*Recording {
	slices.SortFunc(list, func(a, b *Recording) int {
		return strings.Compare(a.Name(), b.Name())
	})
	sorted := map[string][]*Recording{}
	for _, f := range list {
		sorted[f.Page] = append(sorted[f.Page], f)
	}
	return sorted
}

func transcriptions(list []*Recording) string {
	var parts []string
	for _, f := range list {
		i := f.Interactions[0]
		parts = append(parts, f.Heading, i.Request.URL, i.Request.Body, i.Response.Body)
	}
	return digest(parts...)
}

// TestTranscriptionsAreThoseOfThePages, compared now where the pages are, or as they
// were compared last.
func TestTranscriptionsAreThoseOfThePages(t *testing.T) {
	found := map[string]digests{}
	folder, there := pages(t)
	for id, list := range byPage(examples(t)) {
		d := digests{Transcriptions: transcriptions(list)}
		if there {
			name := filepath.Join(folder, id+".txt")
			text, err := os.ReadFile(name)
			require.NoError(t, err)
			d.Page = digest(string(text))
			p, err := page.Read(name, text, nil)
			require.NoError(t, err)
			for _, r := range list {
				assert.NoError(t, shown(p, r), r.Name())
			}
		}
		found[id] = d
	}
	if *prove && there && !t.Failed() {
		text, err := yaml.Marshal(found)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(digestsFile, text, 0o600))
	}
	text, err := os.ReadFile(digestsFile)
	require.NoError(t, err)
	var proven map[string]digests
	require.NoError(t, yaml.Unmarshal(text, &proven))
	for id, d := range found {
		assert.Equal(t, proven[id].Transcriptions, d.Transcriptions,
			"%s: the transcriptions are not those that were compared with the page; compare them with -prove", id)
		if there {
			assert.Equal(t, proven[id].Page, d.Page, "%s: the page is another one than then", id)
		}
	}
	t.Logf("compared with the pages now: %t", there)
}

// pages finds the folder of the pages. A folder that was named must exist.
func pages(t *testing.T) (folder string, there bool) {
	t.Helper()
	folder, named := os.LookupEnv("NIMROOM_DOCS")
	if !named {
		folder = filepath.FromSlash("../../shared/docs")
	}
	_, err := os.Stat(folder)
	if named || !errors.Is(err, fs.ErrNotExist) {
		require.NoError(t, err)
	}
	return folder, err == nil
}

// shown checks that a page shows an example below its heading: the cURL line to the
// byte, the response except for spaces and comments.
func shown(p *page.Page, r *Recording) error {
	i := r.Interactions[0]
	want := values(page.ReadExample(i.Response.Body))
	for _, o := range p.Operations {
		if o.Heading.Value != r.Heading || o.Curl == nil || o.Curl.URL != i.Request.URL || o.Curl.Body != i.Request.Body {
			continue
		}
		if slices.ContainsFunc(o.Examples, func(e page.Example) bool { return slices.Equal(values(e), want) }) {
			return nil
		}
		return fmt.Errorf("the page does not show this response: %s", i.Response.Body)
	}
	return fmt.Errorf("the page does not show this cURL line: %s", i.Request.Body)
}

// values are those of an example, each with its path and kind.
func values(e page.Example) []string {
	list := []string{fmt.Sprint(e.Err)}
	for _, f := range e.Fields {
		list = append(list, f.Path+" "+f.Kind+" "+f.Value)
	}
	return list
}

// TestShownFindsDifferences on a page of its own, so that it runs without the pages.
func TestShownFindsDifferences(t *testing.T) {
	list := examples(t)
	r := list[slices.IndexFunc(list, func(r *Recording) bool { return r.Operation == "setMemberRole" })]
	i := r.Interactions[0]
	read := func(text string) *page.Page {
		p, err := page.Read("page.md", []byte(text), nil)
		require.NoError(t, err)
		return p
	}
	text := "# A page\n\n## " + r.Heading + "\n\n```\nPOST " + i.Request.URL + " HTTP/1.1\n```\n\n```\ncurl -X POST -H \"a: b\" -d '" + i.Request.Body +
		"' '" + i.Request.URL + "'\n```\n\n```json\n" + strings.Replace(i.Response.Body, ",", ", // a comment \" here\n", 1) + "\n```\n"
	require.NoError(t, shown(read(text), r))
	for old, other := range map[string]string{
		"target=lisi": "target=wangwu", `"COMMON"`: `"MANAGER"`, "/setMemberRole.action'": "/setRole.action'", r.Heading: "Another", `"level"`: `"Level"`,
	} {
		require.Contains(t, text, old)
		assert.Error(t, shown(read(strings.Replace(text, old, other, 1)), r), old)
	}
}
