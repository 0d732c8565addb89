package cassettes_test

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
	"github.com/nimroom/nimroom/internal/check/contract"
	"github.com/nimroom/nimroom/internal/record"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

// examples are the cassettes of the documents, one each.
func examples(t *testing.T) []*cassettes.File {
	t.Helper()
	var list []*cassettes.File
	for name, f := range files(t) {
		if f.Source.Kind == cassettes.Document {
			require.Len(t, f.Interactions, 1, name)
			list = append(list, f)
		}
	}
	require.Len(t, list, 34, "30 cURL lines, 4 of whose operations show a refusal")
	return list
}

// pair is a field of a line.
type pair struct{ name, value string }

// TestTheSDKSendsWhatTheLinesSend, byte for byte where the line is a form as
// browsers send it. Of the others it says in what they differ, which is all in
// which they may.
func TestTheSDKSendsWhatTheLinesSend(t *testing.T) {
	p := player(t, ".")
	counts := map[string]int{}
	for _, f := range examples(t) {
		if f.Source.Scenario != "success" {
			continue // the same line
		}
		name := f.Source.Operation + " " + f.Source.Document
		sent := sends(t, p, *f.Source)
		differs, err := difference(f.Interactions[0].Request.Body, sent, f.Source.Operation)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		counts[differs]++
	}
	assert.Equal(t, map[string]int{
		"": 10, "order": 8, "escapes": 8, "escapes order": 1, "escapes JSON": 2, "order spelling": 1,
	}, counts)
}

// sends is the form that the SDK sends for an example.
func sends(t *testing.T, p *record.Player, source cassettes.Source) string {
	t.Helper()
	var sent string
	capture := wrapper.WithTransport(func(sign.Credentials, func() time.Time) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			text, err := io.ReadAll(r.Body)
			sent = string(text)
			return response(r, `{"code":200}`), err
		})
	})
	_, _ = p.Example(t.Context(), source, credentials(t), capture) // the answer is not the page's
	require.NotEmpty(t, sent, source.Operation)
	return sent
}

// difference tells in what a line and a form differ: the escapes of the line's
// values, the order of its fields, spaces in its JSON, and the words that the
// spec spells otherwise. Any other difference is an error.
func difference(line, sent, operation string) (string, error) {
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
	var differs []string
	step := func(what, before string) string {
		if after := written(); after != before {
			differs = append(differs, what)
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
	return strings.Join(differs, " "), nil
}

// TestDifferenceFindsOthers: what a broken encoder would send.
func TestDifferenceFindsOthers(t *testing.T) {
	const line = `roomids=["6001","6002"]&needOnlineUserCount=true`
	for _, sent := range []string{
		`roomids[0]=6001&roomids[1]=6002&needOnlineUserCount=true`, `roomids=%5B%226001%22%5D&needOnlineUserCount=true`,
		`roomids=%5B%226001%22%2C%226002%22%5D`, `roomids=%5B6001%2C6002%5D&needOnlineUserCount=true`,
		`roomids=%5B%226001%22%2C%226002%22%5D&needOnlineUserCount=1`, `roomids=%5b%226001%22%2c%226002%22%5d&needOnlineUserCount=true`,
	} {
		_, err := difference(line, sent, "getChatrooms")
		assert.Error(t, err, sent)
	}
	differs, err := difference(line, `roomids=%5B%226001%22%2C%226002%22%5D&needOnlineUserCount=true`, "getChatrooms")
	assert.NoError(t, err)
	assert.Equal(t, "escapes", differs)
}

// TestTheSDKReadsWhatThePagesShow: every value of every example, under the
// spec's name for it, as the contract reads it without the SDK's decoders.
func TestTheSDKReadsWhatThePagesShow(t *testing.T) {
	c, err := contract.New(theSpec(t))
	require.NoError(t, err)
	p := player(t, ".")
	values := 0
	for _, f := range examples(t) {
		name := record.Name(*f.Source)
		i := f.Interactions[0]
		tape := replay(t, strings.TrimSuffix(name, ".yaml"))
		answer, err := p.Example(t.Context(), *f.Source, credentials(t), tape.Option())
		require.NoError(t, err, name)
		require.NoError(t, tape.Close(), name)
		want, _, err := c.Read(record.RequestOf(i).Path, i.Response.Body)
		require.NoError(t, err, name)
		if answer.Code != http.StatusOK {
			assert.Equal(t, want.(map[string]any)["desc"], answer.Desc, name)
			values++
			continue
		}
		got, _, err := c.Read(record.RequestOf(i).Path, string(answer.Body))
		require.NoError(t, err, name)
		values += same(t, name, want, got)
	}
	assert.Equal(t, 255, values, "values of the pages' answers")
}

// same holds each value of want to got, where null, an empty text, false and 0
// may be left out, and returns how many there were.
func same(t *testing.T, at string, want, got any) int {
	t.Helper()
	switch want := want.(type) {
	case map[string]any:
		object, _ := got.(map[string]any)
		n := 0
		for name, member := range want {
			n += same(t, at+"."+name, member, object[name])
		}
		return n
	case []any:
		list, _ := got.([]any)
		if !assert.Len(t, list, len(want), at) {
			return 0
		}
		n := 0
		for i := range want {
			n += same(t, fmt.Sprintf("%s.%d", at, i), want[i], list[i])
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
