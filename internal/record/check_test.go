package record

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"

	"github.com/nimroom/nimroom/cassettes"
	"github.com/nimroom/nimroom/internal/check/contract"
	"github.com/nimroom/nimroom/internal/check/mutation"
	"github.com/nimroom/nimroom/internal/long"
)

// TestEveryInteractionKeepsToTheSpec, in both directions.
func TestEveryInteractionKeepsToTheSpec(t *testing.T) {
	c := theContract(t)
	for _, r := range all(t) {
		if err := r.Check(c); err != nil {
			t.Errorf("%s: %v", r.Name(), err)
		}
	}
}

// TestTheRecordingsNoticeFaultsOfTheSpec: of each kind of fault that changes what is
// sent, the recordings contradict one of the few that are seeded.
func TestTheRecordingsNoticeFaultsOfTheSpec(t *testing.T) {
	const few = 5
	spec, err := mutation.Read(theSpec(t))
	require.NoError(t, err)
	seeded := map[string][]mutation.Mutant{}
	for _, m := range mutation.Sample(spec.Mutants(spec), few, mutation.ByKind) {
		seeded[m.Kind] = append(seeded[m.Kind], m)
	}
	recordings := distinct(all(t))
	kinds := []string{
		"encodings dropped", "enum alias lost", "enum value lost", "enum value wrong", "form field lost", "form field misspelt",
		"format wrong", "limit of a form invented", "method wrong", "operation lost", "path misspelt", "property-aliases lost",
		"reference to another schema", "required field that is none", "required mark of a form wrong", "schema of JSON text wrong",
		"security dropped", "signing header misspelt", "status of the response", "type wrong",
	}
	for _, kind := range kinds[:long.Rounds(t, 3, len(kinds))] {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			require.NotEmpty(t, seeded[kind], "no such fault is seeded")
			assert.True(t, slices.ContainsFunc(seeded[kind], func(m mutation.Mutant) bool {
				c, err := contract.New(t.Context(), m.Text())
				return err == nil && slices.ContainsFunc(recordings, func(r *Recording) bool { return r.Check(c) != nil })
			}), "no recording contradicts one of %v", seeded[kind])
		})
	}
}

// distinct are the interactions of all recordings, each once: most scenarios begin
// alike.
func distinct(recordings []*Recording) []*Recording {
	var list []*Recording
	seen := map[string]bool{}
	for _, r := range recordings {
		for n, i := range r.Interactions {
			source := r.Source
			source.Invalid = nil
			if slices.Contains(r.Invalid, n) {
				source.Invalid = []int{0}
			}
			key := fmt.Sprint(source.Kind, source.Dialect, source.Invalid, i.Request.URL, i.Request.Body, i.Response.Body)
			if !seen[key] {
				seen[key] = true
				list = append(list, &Recording{source, &cassettes.File{Version: r.Version, Interactions: []*cassette.Interaction{i}}})
			}
		}
	}
	return list
}

// TestARecordingThatTheSpecDoesNotAllowFails: the contract's own tests have what
// can be wrong with a form or a response; these are about what a recording may say.
func TestARecordingThatTheSpecDoesNotAllowFails(t *testing.T) {
	const (
		room    = "emulator/getChatroom/success"
		members = "emulator/listMembersByRole/success"
		top     = "emulator/listTopChatrooms/success"
		invalid = "emulator/createChatroom/missing-fields"
	)
	response := func(old, other string) func(*testing.T, *Recording) {
		return func(t *testing.T, r *Recording) {
			i := r.Interactions[len(r.Interactions)-1]
			require.Contains(t, i.Response.Body, old)
			edit(&i.Response.Body, old, other)
		}
	}
	request := func(old, other string) func(*testing.T, *Recording) {
		return func(t *testing.T, r *Recording) {
			i := r.Interactions[len(r.Interactions)-1]
			require.Contains(t, i.Request.Body, old)
			edit(&i.Request.Body, old, other)
		}
	}
	c := theContract(t)
	for _, m := range []struct {
		what, name string
		mutate     func(*testing.T, *Recording)
	}{
		{"envelope of another dialect", room, response(`"chatroom"`, `"chat room"`)},
		{"word of another dialect", members, response(`"CREATOR"`, `"owner"`)},
		{"text of another dialect", room, response(`"queuelevel":0`, `"queuelevel":"0"`)},
		{"unknown member", room, response(`"valid"`, `"extra":1,"valid"`)},
		{"text where the dialect en-2022 has none", room + ".en-2022", response(`"queuelevel":0`, `"queuelevel":"0"`)},
		{"alias where the dialect text has none", room + ".text", response(`"chatroom"`, `"chat room"`)},
		{"form in the spelling of a page", top, request("orderby=enter", "orderby=join")},
		{"form without a required field", room, request("roomid=", "room=")},
		{"unsigned", room, func(_ *testing.T, r *Recording) { r.Interactions[0].Request.Headers.Del("CheckSum") }},
		{"another method", room, func(_ *testing.T, r *Recording) { r.Interactions[0].Request.Method = http.MethodGet }},
		{"another path", room, func(_ *testing.T, r *Recording) { r.Interactions[0].Request.URL += "x" }},
		{"status of a gateway", room, func(_ *testing.T, r *Recording) { r.Interactions[0].Response.Code = http.StatusBadGateway }},
		{"marked as invalid", room, func(_ *testing.T, r *Recording) { r.Invalid = []int{0} }},
		{"invalid but carried out", invalid, func(t *testing.T, r *Recording) {
			r.Interactions[0].Response.Body = find(t, "emulator/createChatroom/success").Interactions[0].Response.Body
		}},
		{"no longer marked as invalid", invalid, func(_ *testing.T, r *Recording) { r.Invalid = nil }},
	} {
		t.Run(m.what, func(t *testing.T) {
			r := find(t, m.name)
			require.NoError(t, r.Check(c))
			m.mutate(t, r)
			assert.Error(t, r.Check(c))
		})
	}
}

func edit(text *string, old, other string) { *text = strings.Replace(*text, old, other, 1) }
