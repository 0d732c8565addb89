package record

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/cassettes"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/check/evidence"
	"github.com/nimroom/nimroom/internal/golden"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

// examples are the examples of the pages.
func examples(t *testing.T) []*Recording {
	t.Helper()
	list, err := Examples(theEvidence(t))
	require.NoError(t, err)
	return list
}

// TestEveryDescribedOperationHasAnExample: an operation that only other evidence
// knows needs none.
func TestEveryDescribedOperationHasAnExample(t *testing.T) {
	shown := map[string]bool{}
	for _, r := range examples(t) {
		shown[r.Operation] = shown[r.Operation] || r.Scenario == "success"
	}
	for _, claim := range theEvidence(t).Of(evidence.Page).Claims() {
		o, err := operationAt(claim.Path)
		require.NoError(t, err)
		assert.True(t, shown[o.ID], "%s: no page that describes it has a cURL line and a response", o.ID)
	}
}

func TestBrokenFactsAreErrors(t *testing.T) {
	page := theEvidence(t).Of(evidence.Page).Facts[0].Source
	for name, bad := range map[string]map[string]evidence.Entry{
		"unknown path":   {"/chatroom/noSuchOperation.action": {Curl: &evidence.Curl{URL: "a"}}},
		"broken example": {"/chatroom/get.action": {Curl: &evidence.Curl{URL: "a"}, ExampleErrors: []string{"{"}}},
		"broken URL":     {"/chatroom/get.action": {Curl: &evidence.Curl{URL: ":"}}},
	} {
		_, err := Examples(&evidence.Evidence{Sources: []evidence.Source{page}, Facts: []evidence.Facts{{Source: page, Operations: bad}}})
		assert.Error(t, err, name)
	}
}

// pair is a field of a line.
type pair struct{ name, value string }

// TestTheSDKSendsWhatTheLinesSend, byte for byte where the line is a form as
// browsers send it. Of the others it says in what they differ, which is all in
// which they may.
func TestTheSDKSendsWhatTheLinesSend(t *testing.T) {
	p := player(t)
	counts := map[string]int{}
	for _, r := range examples(t) {
		if r.Scenario != "success" {
			continue // the same line
		}
		what, err := differs(r.Interactions[0].Request.Body, sends(t, p, r), r.Operation)
		if err != nil {
			t.Errorf("%s: %v", r.Name(), err)
		}
		counts["differ in: "+what]++
	}
	golden.Counts(t, "record: cURL lines of the pages", counts)
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func credentials(t *testing.T) sign.Credentials {
	t.Helper()
	c, err := sign.NewCredentials("a-key-of-this-test", "a-secret-of-this-test")
	require.NoError(t, err)
	return c
}

// sends is the form that the SDK sends for an example.
func sends(t *testing.T, p *Player, r *Recording) string {
	t.Helper()
	var sent string
	capture := wrapper.WithTransport(func(sign.Credentials, func() time.Time) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			text, err := io.ReadAll(r.Body)
			sent = string(text)
			return &http.Response{
				StatusCode: http.StatusOK, Header: usualResponse.Clone(), Body: io.NopCloser(strings.NewReader(`{"code":200}`)), Request: r,
			}, err
		})
	})
	_, _ = p.Example(t.Context(), r, credentials(t), capture) // the response is not the page's
	require.NotEmpty(t, sent, r.Name())
	return sent
}

// differs says in what a line and a form differ: the escapes of the line's
// values, the order of its fields, spaces in its JSON, and the words that the
// spec spells otherwise. Any other difference is an error.
func differs(line, sent, operation string) (string, error) {
	var fields []pair
	for part := range strings.SplitSeq(line, "&") {
		name, value, _ := strings.Cut(part, "=")
		plain, err := url.QueryUnescape(value)
		if err != nil {
			return "", err
		}
		fields = append(fields, pair{name, plain})
	}
	written := func() string {
		var b strings.Builder
		for i, f := range fields {
			if i > 0 {
				b.WriteByte('&')
			}
			b.WriteString(f.name + "=" + url.QueryEscape(f.value))
		}
		return b.String()
	}
	var steps []string
	step := func(what, before string) string {
		if after := written(); after != before {
			steps = append(steps, what)
			return after
		}
		return before
	}
	now := step("escapes", line)
	if now != sent {
		order := map[string]int{}
		for _, o := range gen.Operations {
			if o.ID == operation {
				for i, field := range o.Fields {
					order[field.Name] = i
				}
			}
		}
		slices.SortStableFunc(fields, func(a, b pair) int { return order[a.name] - order[b.name] })
		now = step("order", now)
	}
	if now != sent {
		for i := range fields {
			var b bytes.Buffer
			if json.Compact(&b, []byte(fields[i].value)) == nil {
				fields[i].value = b.String()
			}
		}
		now = step("JSON", now)
	}
	if now != sent {
		for i := range fields {
			if fields[i] == (pair{"orderby", "join"}) {
				fields[i].value = "enter" // settled in spec/RECONCILIATION.md
			}
		}
		now = step("spelling", now)
	}
	if now != sent {
		return "", fmt.Errorf("the line says %s, the SDK sends %s", now, sent)
	}
	return strings.Join(steps, " "), nil
}

// TestDifferenceFindsOthers: what a broken encoder would send.
func TestDifferenceFindsOthers(t *testing.T) {
	const line = `roomids=["6001","6002"]&needOnlineUserCount=true`
	for _, sent := range []string{
		`roomids[0]=6001&roomids[1]=6002&needOnlineUserCount=true`, `roomids=%5B%226001%22%5D&needOnlineUserCount=true`,
		`roomids=%5B%226001%22%2C%226002%22%5D`, `roomids=%5B6001%2C6002%5D&needOnlineUserCount=true`,
		`roomids=%5B%226001%22%2C%226002%22%5D&needOnlineUserCount=1`, `roomids=%5b%226001%22%2c%226002%22%5d&needOnlineUserCount=true`,
	} {
		_, err := differs(line, sent, "getChatrooms")
		assert.Error(t, err, sent)
	}
	what, err := differs(line, `roomids=%5B%226001%22%2C%226002%22%5D&needOnlineUserCount=true`, "getChatrooms")
	assert.NoError(t, err)
	assert.Equal(t, "escapes", what)
}

// TestTheSDKReadsWhatThePagesShow: every value of every example, under the
// spec's name for it, as the contract reads it without the SDK's decoders.
func TestTheSDKReadsWhatThePagesShow(t *testing.T) {
	c := theContract(t)
	p := player(t)
	values := 0
	for _, r := range examples(t) {
		name, i := r.Name(), r.Interactions[0]
		tape, err := cassettes.Open(name, cassettes.Record(false), cassettes.WithFile(r.File))
		require.NoError(t, err)
		response, err := p.Example(t.Context(), r, credentials(t), tape.Option())
		require.NoError(t, err, name)
		require.NoError(t, tape.Close(), name)
		want, _, err := c.Read(RequestOf(i).Path, i.Response.Body)
		require.NoError(t, err, name)
		if response.Code != http.StatusOK {
			assert.Equal(t, want.(map[string]any)["desc"], response.Desc, name)
			values++
			continue
		}
		got, _, err := c.Read(RequestOf(i).Path, string(response.Body))
		require.NoError(t, err, name)
		values += equal(t, name, want, got)
	}
	golden.Counts(t, "record: values of the pages' responses", map[string]int{"values": values})
}

// equal compares each value of want with got, where null, an empty text, false and 0
// may be left out, and returns how many there were.
func equal(t *testing.T, at string, want, got any) int {
	t.Helper()
	switch want := want.(type) {
	case map[string]any:
		object, _ := got.(map[string]any)
		n := 0
		for name, member := range want {
			n += equal(t, at+"."+name, member, object[name])
		}
		return n
	case []any:
		list, _ := got.([]any)
		if !assert.Len(t, list, len(want), at) {
			return 0
		}
		n := 0
		for i := range want {
			n += equal(t, fmt.Sprintf("%s.%d", at, i), want[i], list[i])
		}
		return n
	}
	if got == nil && (want == nil || want == "" || want == false || want == json.Number("0")) {
		return 1
	}
	if want == nil && got == "" {
		return 1
	}
	assert.Equal(t, want, got, at)
	return 1
}
