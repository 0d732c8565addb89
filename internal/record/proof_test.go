package record

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"

	"github.com/nimroom/nimroom/internal/audit/page"
	"github.com/nimroom/nimroom/internal/check/facts"
	"github.com/nimroom/nimroom/spec"
)

// TestTranscriptionsAreThoseOfThePages holds each recording of a page's example against
// the record of the page in spec/evidence/records.
func TestTranscriptionsAreThoseOfThePages(t *testing.T) {
	for _, r := range examples(t) {
		assert.NoError(t, shown(recordOf(t, r.Page), r), r.Name())
	}
}

func recordOf(t *testing.T, id string) *page.Record {
	t.Helper()
	f, err := spec.Records().Open(id + ".yaml")
	require.NoError(t, err)
	defer func() { _ = f.Close() }() // the file was only read
	record, err := page.Decode(f)
	require.NoError(t, err)
	return record
}

// shown checks that a page shows an example below its heading: the cURL line to the
// byte, the response except for spaces and comments.
func shown(p *page.Record, r *Recording) error {
	i := r.Interactions[0]
	want := facts.Summary(page.Entry{Text: i.Response.Body})
	for _, o := range p.Operations {
		if o.Heading != r.Heading || !slices.ContainsFunc(o.Curl, func(e page.Entry) bool {
			c := page.ReadCurl(e.Text)
			return c.URL == i.Request.URL && c.Body == i.Request.Body
		}) {
			continue
		}
		if slices.ContainsFunc(o.Examples, func(e page.Entry) bool { return facts.Summary(e) == want }) {
			return nil
		}
		return fmt.Errorf("the page does not show this response: %s", i.Response.Body)
	}
	return fmt.Errorf("the page does not show this cURL line: %s", i.Request.Body)
}

// TestShownFindsDifferences changes one thing at a time in a recording.
func TestShownFindsDifferences(t *testing.T) {
	list := examples(t)
	r := list[slices.IndexFunc(list, func(r *Recording) bool { return r.Operation == "setMemberRole" })]
	record := recordOf(t, r.Page)
	require.NoError(t, shown(record, r))
	for old, other := range map[string]string{
		"target=lisi": "target=wangwu", `"COMMON"`: `"MANAGER"`, "/setMemberRole.action": "/setRole.action", r.Heading: "Another", `"level"`: `"Level"`,
	} {
		changed := *r
		changed.Heading = strings.Replace(r.Heading, old, other, 1)
		i := *r.Interactions[0]
		changed.Interactions = []*cassette.Interaction{&i}
		i.Request.URL = strings.Replace(i.Request.URL, old, other, 1)
		i.Request.Body = strings.Replace(i.Request.Body, old, other, 1)
		i.Response.Body = strings.Replace(i.Response.Body, old, other, 1)
		assert.Error(t, shown(record, &changed), old)
	}
}
