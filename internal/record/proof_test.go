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
			page, err := os.ReadFile(filepath.Join(folder, id+".txt"))
			require.NoError(t, err)
			d.Page = digest(string(page))
			for _, f := range list {
				assert.NoError(t, shown(string(page), f, headings(list)), "%s %s", id, f.Operation)
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

func headings(list []*Recording) []string {
	var found []string
	for _, f := range list {
		found = append(found, f.Heading)
	}
	return found
}

// shown checks that a page shows an example below its heading: the cURL line to the
// byte, the response except for spaces and comments.
func shown(page string, f *Recording, headings []string) error {
	i := f.Interactions[0]
	for section := range sections(page, f.Heading, headings) {
		_, after, ok := strings.Cut(section, "curl -X POST")
		line, rest, _ := strings.Cut(after, "\n")
		if !ok || !strings.Contains(line, " -d '"+i.Request.Body+"'") || !strings.Contains(line, i.Request.URL) {
			continue
		}
		for at := range rest {
			if rest[at] == '{' && bare(rest[at:]) == bare(i.Response.Body) {
				return nil
			}
		}
		return fmt.Errorf("the page does not show this response: %s", i.Response.Body)
	}
	return fmt.Errorf("the page does not show this cURL line: %s", i.Request.Body)
}

// sections are what follows a heading up to the next one.
func sections(page, heading string, headings []string) func(func(string) bool) {
	return func(yield func(string) bool) {
		var section strings.Builder
		inside := false
		for line := range strings.Lines(page) {
			if title := strings.TrimSpace(line); slices.Contains(headings, title) {
				if inside && !yield(section.String()) {
					return
				}
				inside = title == heading
				section.Reset()
			}
			section.WriteString(line)
		}
		if inside {
			yield(section.String())
		}
	}
}

// bare is the JSON object at the start of a text, without comments and spaces.
func bare(text string) string {
	var b strings.Builder
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quoted && c == '\\' && i+1 < len(text):
			b.WriteByte(c)
			i++
			c = text[i]
		case c == '"':
			quoted = !quoted
		case quoted:
		case strings.HasPrefix(text[i:], "//"):
			end := strings.IndexByte(text[i:], '\n')
			if end < 0 {
				return b.String()
			}
			i += end
			continue
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		case strings.IndexByte(" \t\r\n\xc2\xa0", c) >= 0:
			continue
		}
		b.WriteByte(c)
		if depth == 0 {
			return b.String()
		}
	}
	return b.String()
}

// TestShownFindsDifferences on a page of its own, so that it needs no document.
func TestShownFindsDifferences(t *testing.T) {
	list := examples(t)
	f := list[slices.IndexFunc(list, func(r *Recording) bool { return r.Operation == "setMemberRole" })]
	i := f.Interactions[0]
	page := "Another\ncurl -X POST -d 'a=b' 'x'\n{}\n" + f.Heading + "\ncurlcurl -X POST -H \"a: b\" -d '" + i.Request.Body + "' '" + i.Request.URL + "'\n" +
		"json\n" + strings.Replace(i.Response.Body, ",", ", // a comment \" here", 1) + "\nLast\n"
	all := []string{"Another", f.Heading, "Last"}
	require.NoError(t, shown(page, f, all))
	for old, other := range map[string]string{
		"target=lisi": "target=wangwu", `"COMMON"`: `"MANAGER"`, "setMemberRole": "setRole", f.Heading: "Another",
		`"level"`: `"Level"`,
	} {
		require.Contains(t, page, old)
		assert.Error(t, shown(strings.Replace(page, old, other, 1), f, all), old)
	}
}
