package wrapper_test

import (
	"context"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wrapper"
)

// losing is a client of an emulator in whose room three robots are, and a function that
// loses the next response, before or after the operation is carried out.
func losing(t *testing.T) (client *wrapper.Client, room gen.AddRobotsForm, lose func(emulator.FaultPhase)) {
	t.Helper()
	srv := emulator.Start(t, emulator.WithoutPort())
	client, err := wrapper.New(srv.Credentials(), wrapper.WithBaseURL(srv.URL), wrapper.WithHTTPClient(srv.Client()),
		wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 3, Backoff: func(int) time.Duration { return 0 }}))
	require.NoError(t, err)
	id, err := srv.CreateRoom(gen.CreateChatroomForm{Creator: "host", Name: "n"})
	require.NoError(t, err)
	robots := gen.AddRobotsForm{RoomID: id, Accids: []string{"a", "b", "c"}}
	_, err = client.Robots.AddBatch(t.Context(), robots)
	require.NoError(t, err)
	return client, robots, func(phase emulator.FaultPhase) {
		require.NoError(t, srv.AddFault(emulator.Fault{Operation: "*", Kind: emulator.FaultReset, Phase: phase}))
	}
}

// TestClearResult checks that 0 is a result only if no response was lost.
func TestClearResult(t *testing.T) {
	client, robots, lose := losing(t)
	form := gen.ClearRobotsForm{RoomID: robots.RoomID}

	lose(emulator.FaultBefore)
	n, err := client.Robots.Clear(t.Context(), form)
	require.NoError(t, err, "the lost attempt did nothing, as the number shows")
	assert.Equal(t, 3, n)

	n, err = client.Robots.Clear(t.Context(), form)
	require.NoError(t, err)
	assert.Zero(t, n, "nothing was lost: there were none")

	_, err = client.Robots.AddBatch(t.Context(), robots)
	require.NoError(t, err)
	lose(emulator.FaultAfter)
	_, err = client.Robots.Clear(t.Context(), form)
	require.ErrorIs(t, err, wrapper.ErrResultUnknown)
	require.ErrorIs(t, err, wrapper.ErrOutcomeUnknown)
	require.ErrorContains(t, err, "desc.size")
	var e *wrapper.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, "listMembers", e.Ask)
}

// TestRemoveResult: an account that is reported as failed after a lost response may have been
// removed by the lost attempt.
func TestRemoveResult(t *testing.T) {
	client, robots, lose := losing(t)
	remove := func(accids ...string) (*gen.RemovedRobots, error) {
		return client.Robots.RemoveBatch(t.Context(), gen.RemoveRobotsForm{RoomID: robots.RoomID, Accids: accids})
	}
	lose(emulator.FaultBefore)
	removed, err := remove("a")
	require.NoError(t, err)
	assert.Equal(t, []string{"a"}, removed.SuccessAccids)

	removed, err = remove("a")
	require.NoError(t, err, "nothing was lost")
	assert.Equal(t, []string{"a"}, removed.FailedAccids)

	lose(emulator.FaultAfter)
	removed, err = remove("b", "x")
	require.ErrorIs(t, err, wrapper.ErrResultUnknown)
	require.NotNil(t, removed, "the result is there all the same")
	assert.ElementsMatch(t, []string{"b", "x"}, removed.FailedAccids)

	lose(emulator.FaultAfter)
	outcomes, err := client.Robots.RemoveMany(t.Context(), gen.RemoveRobotsForm{RoomID: robots.RoomID, Accids: []string{"c", "x"}})
	require.ErrorIs(t, err, wrapper.ErrResultUnknown)
	for _, o := range outcomes {
		assert.Equal(t, wrapper.ItemUnknown, o.Status, "%s", o.Key)
	}
}

// TestRemoveManyResult: who is named as removed was.
func TestRemoveManyResult(t *testing.T) {
	s := &script{steps: []step{lost, says(`{"code":200,"desc":{"successAccids":"[\"a\"]","failAccids":"[\"b\"]"}}`)}}
	client := newTransportClient(t, s.RoundTrip, wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 2, Backoff: func(int) time.Duration { return 0 }}))
	outcomes, err := client.Robots.RemoveMany(t.Context(), gen.RemoveRobotsForm{RoomID: 1, Accids: []string{"a", "b"}})
	require.ErrorIs(t, err, wrapper.ErrResultUnknown)
	assert.Equal(t, wrapper.ItemDone, outcomes[0].Status)
	assert.NoError(t, outcomes[0].Err)
	assert.Equal(t, wrapper.ItemUnknown, outcomes[1].Status)
}

// TestRepeatsOfOtherChangesReturnTheState: the results of the other operations are true, even
// if an earlier attempt made it so.
func TestRepeatsOfOtherChangesReturnTheState(t *testing.T) {
	client, robots, lose := losing(t)
	lose(emulator.FaultAfter)
	added, err := client.Robots.AddBatch(t.Context(), gen.AddRobotsForm{RoomID: robots.RoomID, Accids: []string{"c", "d"}})
	require.NoError(t, err)
	assert.ElementsMatch(t, []string{"c", "d"}, added.OldAccids, "robots there, by whichever attempt")

	lose(emulator.FaultAfter)
	room, err := client.Rooms.Update(t.Context(), gen.UpdateChatroomForm{RoomID: robots.RoomID, Name: wrapper.Ptr("new")})
	require.NoError(t, err)
	assert.Equal(t, "new", room.Name)

	lose(emulator.FaultAfter)
	require.NoError(t, client.Rooms.Mute(t.Context(), wrapper.RoomMuteForm{RoomID: robots.RoomID, Operator: "host"}))
}

// TestUnclearResultsThroughDo: Do does not look inside, and so every repeat is unclear.
func TestUnclearResultsThroughDo(t *testing.T) {
	client, robots, lose := losing(t)
	form := url.Values{"roomid": {robots.RoomID.String()}}
	_, err := client.Do(t.Context(), "/chatroom/cleanRobot.action", form)
	require.NoError(t, err)
	lose(emulator.FaultAfter)
	_, err = client.Do(t.Context(), "/chatroom/cleanRobot.action", form)
	require.ErrorIs(t, err, wrapper.ErrResultUnknown)
	lose(emulator.FaultAfter)
	_, err = client.Do(t.Context(), "/chatroom/get.action", form)
	require.NoError(t, err)
}

// TestReadsAreAskedAnew: a read that the service takes for its own repeat is sent
// again under another id; a change is not, and neither is a read that lost nothing.
func TestReadsAreAskedAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		duplicate := says(`{"code":431,"desc":"duplicate"}`)
		var ids []string
		run := func(call func(*wrapper.Client) error, steps ...step) (sent int, err error) {
			ids = nil
			s := &script{steps: steps}
			client := newTransportClient(t, s.RoundTrip, wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 4}),
				wrapper.WithHooks(wrapper.Hooks{Attempt: func(_ context.Context, a wrapper.AttemptInfo) {
					ids = append(ids, a.RequestID)
				}}))
			err = call(client)
			return len(s.forms), err
		}
		read := func(c *wrapper.Client) error { return get(t, c) }
		sent, err := run(read, lost, duplicate, lost, says(okRoom))
		require.NoError(t, err)
		assert.Equal(t, 4, sent)
		assert.Equal(t, ids[0], ids[1])
		assert.NotEqual(t, ids[1], ids[2], "the id by which it was taken for a repeat")
		assert.Equal(t, ids[2], ids[3])

		sent, err = run(read, lost, duplicate)
		require.ErrorIs(t, err, wrapper.ErrDuplicate, "within the policy")
		require.NotErrorIs(t, err, wrapper.ErrOutcomeUnknown)
		assert.Equal(t, 4, sent)

		sent, err = run(read, duplicate, says(okRoom))
		require.ErrorIs(t, err, wrapper.ErrDuplicate)
		assert.Equal(t, 1, sent)

		sent, err = run(func(c *wrapper.Client) error {
			_, err := c.Rooms.Update(t.Context(), gen.UpdateChatroomForm{RoomID: 66})
			return err
		}, lost, duplicate, says(okRoom))
		require.ErrorIs(t, err, wrapper.ErrOutcomeUnknown)
		assert.Equal(t, 2, sent)
	})
}

// A repeat that finds nothing left to do, after an attempt that may have done it, has succeeded.
func TestARepeatThatFindsTheWorkDone(t *testing.T) {
	for _, first := range []step{lost, says(`{"code":500}`)} {
		s := &script{steps: []step{first, says(`{"code":404,"desc":"gone"}`)}}
		client := newTransportClient(t, s.RoundTrip, wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 2, Backoff: func(int) time.Duration { return 0 }}))
		require.NoError(t, client.Members.Kick(t.Context(), gen.KickMemberForm{RoomID: 1, TargetAccid: "a", Accid: "b"}))

		s.forms, s.steps = nil, []step{first, says(`{"code":404,"desc":"gone"}`)}
		require.NoError(t, client.History.Delete(t.Context(), gen.DeleteHistoryMessageForm{RoomID: 1, FromAcc: "a", MsgTimetag: time.Unix(1, 0)}))

		s.forms, s.steps = nil, []step{first, says(`{"code":404,"desc":"gone"}`)}
		raw, err := client.Do(t.Context(), "/chatroom/kickMember.action", url.Values{"roomid": {"1"}})
		require.NoError(t, err)
		assert.JSONEq(t, `{"code":200}`, string(raw))

		s.forms, s.steps = nil, []step{first, says(`{"code":404,"desc":"gone"}`)}
		_, err = client.Queue.PollKey(t.Context(), gen.PollQueueElementForm{RoomID: 1, Key: wrapper.Ptr("k")})
		require.ErrorIs(t, err, wrapper.ErrResultUnknown)
		require.ErrorIs(t, err, wrapper.ErrOutcomeUnknown)
	}
	s := &script{steps: []step{says(`{"code":404,"desc":"gone"}`)}}
	client := newTransportClient(t, s.RoundTrip)
	err := client.Members.Kick(t.Context(), gen.KickMemberForm{RoomID: 1, TargetAccid: "a", Accid: "b"})
	require.ErrorIs(t, err, wrapper.ErrNotFound, "nothing was lost")
}
