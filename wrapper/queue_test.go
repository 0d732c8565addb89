package wrapper_test

import (
	"errors"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wrapper"
)

// A poll without a key takes another element each time, so that it is not repeated.
func TestAPollIsRepeatedOnlyWithAKey(t *testing.T) {
	srv, client, room := emulated(t)
	for _, key := range []string{"a", "b", "c", "d"} {
		require.NoError(t, client.Queue.Offer(t.Context(), wrapper.OfferQueueElementForm{RoomID: room, Key: key, Value: key}))
	}
	lost := func(times int) {
		require.NoError(t, srv.AddFault(emulator.Fault{Operation: "queuePoll", Kind: emulator.FaultReset, Phase: emulator.FaultAfter, Times: times}))
	}
	failure := func(err error) *wrapper.Error {
		var e *wrapper.Error
		require.ErrorAs(t, err, &e)
		return e
	}
	lost(1)
	_, err := client.Queue.Poll(t.Context(), wrapper.QueueHeadForm{RoomID: room})
	e := failure(err)
	require.ErrorIs(t, err, wrapper.ErrOutcomeUnknown)
	require.Equal(t, 1, e.Attempts)
	require.Equal(t, "listQueueElements", e.Ask)
	lost(1)
	_, err = client.Do(t.Context(), "/chatroom/queuePoll.action", url.Values{"roomid": {room.String()}})
	require.Equal(t, 1, failure(err).Attempts)

	lost(1)
	_, err = client.Queue.PollKey(t.Context(), wrapper.PollQueueElementForm{RoomID: room, Key: wrapper.Ptr("d")})
	e = failure(err)
	require.ErrorIs(t, err, wrapper.ErrResultUnknown)
	require.NotErrorIs(t, err, wrapper.ErrNotFound)
	require.Equal(t, 2, e.Attempts)
	require.True(t, e.MayHaveTakenEffect, "the first attempt took the element")

	_, err = client.Queue.PollKey(t.Context(), wrapper.PollQueueElementForm{RoomID: room})
	require.True(t, errors.Is(err, wrapper.ErrBadParameter) && failure(err).Field == "key", err)
	list, err := client.Queue.List(t.Context(), wrapper.ListQueueElementsForm{RoomID: room})
	require.NoError(t, err)
	require.Equal(t, []wrapper.Entry{{Key: "c", Value: "c"}}, list)
}

// Each shape in which a list of elements may come keeps its order.
func TestElementsKeepTheirOrder(t *testing.T) {
	want := []wrapper.Entry{{Key: "b", Value: "1"}, {Key: "a", Value: "2"}, {Key: "c", Value: `{"x":1}`}}
	for _, list := range []string{
		`[{"b":"1"},{"a":"2"},{"c":"{\"x\":1}"}]`, `[{"b":1},{"a":2},{"c":{"x":1}}]`, `[{"b":"1","a":"2","c":"{\"x\":1}"}]`,
		`{"b":"1","a":"2","c":"{\"x\":1}"}`, `"[{\"b\":\"1\"},{\"a\":\"2\"},{\"c\":{\"x\":1}}]"`,
	} {
		response, err := gen.DecodeListQueueElements([]byte(`{"desc":{"list":` + list + `},"code":200}`))
		require.NoError(t, err, list)
		require.Equal(t, want, response.Desc.List, list)
	}
	failed, err := gen.DecodeOfferQueueElements([]byte(`{"desc":{"failedKeys":"[\"a\",\"b\"]"},"code":200}`))
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b"}, failed.Desc.FailedKeys)
}
