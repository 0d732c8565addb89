package wrapper_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/wrapper"
)

// TestACallThatMayHaveBeenSentBefore reads responses as those to a repeat, from the first
// attempt on.
func TestACallThatMayHaveBeenSentBefore(t *testing.T) {
	kick := func(body string, options ...wrapper.CallOption) error {
		client := newTransportClient(t, roundTrip(says(body)))
		return client.Members.Kick(t.Context(), wrapper.KickMemberForm{RoomID: 1, Accid: "lena", TargetAccid: "ben"}, options...)
	}
	const gone = `{"code":404,"desc":"not in the room"}`
	var e *wrapper.Error
	require.ErrorAs(t, kick(gone), &e)
	assert.False(t, e.MayHaveTakenEffect)
	require.NoError(t, kick(gone, wrapper.WithEarlierAttempt()), "code 404 after an earlier attempt")
	require.ErrorAs(t, kick(`{"code":403,"desc":"no"}`, wrapper.WithEarlierAttempt()), &e)
	assert.True(t, e.MayHaveTakenEffect, "the earlier attempt may have been carried out")
}

func TestWithRequestID(t *testing.T) {
	var sent []string
	client := newTransportClient(t, func(r *http.Request) (*http.Response, error) {
		sent = append(sent, r.Header.Get("RequestId"))
		return respond(r, 200, okRoom), nil
	})
	require.NoError(t, get(t, client, wrapper.WithRequestID("line-17")))
	require.NoError(t, get(t, client))
	require.Len(t, sent, 2)
	assert.Equal(t, "line-17", sent[0])
	assert.Len(t, sent[1], 32)
	for _, id := range []string{"", "a b", "é", "a\n", strings.Repeat("x", 65)} {
		assert.ErrorContains(t, get(t, client, wrapper.WithRequestID(id)), "must be 1 to 64 printable ASCII characters")
	}
}
