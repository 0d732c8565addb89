package wrapper_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wrapper"
)

// emulated returns a server, a client of it and a room in it.
func emulated(t testing.TB, options ...emulator.Option) (*emulator.Server, *wrapper.Client, gen.RoomID) {
	t.Helper()
	srv := emulator.Start(t, append(options, emulator.WithoutPort())...)
	client, err := wrapper.New(srv.Credentials(), wrapper.WithBaseURL(srv.URL), wrapper.WithHTTPClient(srv.Client()), wrapper.WithClock(srv.Now))
	require.NoError(t, err)
	room, err := srv.CreateRoom(gen.CreateChatroomForm{Creator: "owner", Name: "room"})
	require.NoError(t, err)
	return srv, client, room
}

// TestPagesOfTheEmulator reads lists of several pages of the service's own
// kinds.
func TestPagesOfTheEmulator(t *testing.T) {
	srv, client, room := emulated(t)
	for i := range 250 {
		require.NoError(t, srv.Join(room, emulator.JoinOptions{Accid: fmt.Sprint("v", i), Tags: []string{"a"}}))
	}
	require.NoError(t, srv.Join(room, emulator.JoinOptions{Accid: "v7", Tags: []string{"a", "b"}})) // a second login
	members, err := collect(client.Members.All(t.Context(), gen.ListMembersForm{RoomID: room, Type: wrapper.Ptr(gen.MemberKindVisitors)}))
	require.NoError(t, err)
	assert.Len(t, members, 250)
	assert.Len(t, unique(members, func(m gen.Member) string { return m.Accid }), 250)

	fixed, err := collect(client.Members.All(t.Context(), gen.ListMembersForm{RoomID: room, Type: wrapper.Ptr(gen.MemberKindFixed)}))
	require.NoError(t, err)
	require.Len(t, fixed, 1)
	assert.Equal(t, gen.RoleCreator, fixed[0].Type)

	logins, err := collect(client.Tags.AllMembers(t.Context(), gen.ListTagMembersForm{RoomID: room, Tag: "a", Limit: 40}))
	require.NoError(t, err)
	assert.Len(t, logins, 251)
	assert.Len(t, unique(logins, func(m gen.TagMember) string { return m.Accid }), 250)
}

func TestHistoryOfTheEmulator(t *testing.T) {
	_, client, room := emulated(t)
	var times []time.Time
	for i := range 45 {
		message, err := wrapper.NewMessage(room, "owner", wrapper.Text(strconv.Itoa(i)))
		require.NoError(t, err)
		message.NotifyTargetTags = wrapper.Ptr(wrapper.Tag("a"))
		sent, err := client.Messages.Send(t.Context(), message)
		require.NoError(t, err)
		times = append(times, sent.Time)
	}
	request := gen.ListTagMessagesForm{RoomID: room, Tags: []string{"a"}, Limit: wrapper.Ptr(10)}
	newest, err := collect(client.Tags.AllMessages(t.Context(), request))
	require.NoError(t, err)
	request.Reverse = wrapper.Ptr(gen.HistoryOrderOldestFirst)
	oldest, err := collect(client.Tags.AllMessages(t.Context(), request))
	require.NoError(t, err)
	require.Len(t, newest, 45)
	require.Len(t, oldest, 45)
	for i := range 45 {
		assert.Equal(t, strconv.Itoa(i), oldest[i].Body.Msg)
		assert.Equal(t, strconv.Itoa(i), newest[44-i].Body.Msg)
	}
	request.FromTime, request.ToTime = &times[5], &times[34]
	for _, order := range []gen.HistoryOrder{gen.HistoryOrderNewestFirst, gen.HistoryOrderOldestFirst} {
		request.Reverse = &order
		window, err := collect(client.Tags.AllMessages(t.Context(), request))
		require.NoError(t, err)
		assert.Len(t, window, 30, "both ends of the emulator's window are in it")
	}
}

// TestHistory reads a history with notifications, in pages and in both orders.
func TestHistory(t *testing.T) {
	_, client, room := emulated(t)
	for range 30 {
		_, err := client.Tags.Mute(t.Context(), gen.MuteTagForm{RoomID: room, Operator: "owner", TargetTag: "a", MuteDuration: time.Minute})
		require.NoError(t, err)
		_, err = client.Messages.Send(t.Context(), gen.SendMessageForm{RoomID: room, FromAccid: "owner", Attach: wrapper.Ptr("x"), MsgType: wrapper.Ptr(gen.MessageTypeText)})
		require.NoError(t, err)
	}
	for _, order := range []gen.HistoryDirection{gen.HistoryDirectionForward, gen.HistoryDirectionBackward} {
		request := wrapper.ListHistoryForm{RoomID: room, Accid: "owner", Limit: 7, Reverse: &order}
		all, err := collect(client.History.All(t.Context(), request))
		require.NoError(t, err)
		assert.Len(t, unique(all, func(e gen.HistoryEntry) string { return e.MsgID }), 60)
		assert.Len(t, all, 60)
		request.Type = wrapper.Ptr("5")
		notifications, err := collect(client.History.All(t.Context(), request))
		require.NoError(t, err)
		require.Len(t, notifications, 30)
		body := notifications[0].Body
		assert.Equal(t, gen.NotificationIDTagMuted, body.ID)
		assert.Equal(t, gen.NotificationData{Operator: "owner", OpeNick: "owner", MuteDuration: time.Minute, TargetTag: "a"}, *body.Data)
		require.NoError(t, client.History.Delete(t.Context(), gen.DeleteHistoryMessageForm{RoomID: room, FromAcc: "owner", MsgTimetag: all[1].SendTime}), "%v", all[1])
		require.ErrorIs(t, client.History.Delete(t.Context(), gen.DeleteHistoryMessageForm{RoomID: room, FromAcc: "owner", MsgTimetag: all[1].SendTime}), wrapper.ErrNotFound)
		_, err = client.Messages.Send(t.Context(), gen.SendMessageForm{RoomID: room, FromAccid: "owner", Attach: wrapper.Ptr("x"), MsgType: wrapper.Ptr(gen.MessageTypeText)})
		require.NoError(t, err)
	}
}

// TestANotificationOfTomorrow checks that an unknown id, and what it says, are kept.
func TestANotificationOfTomorrow(t *testing.T) {
	var entry wrapper.HistoryEntry
	require.NoError(t, json.Unmarshal([]byte(`{"from":"a","msgid":"m","sendtime":1669118400000,"type":5,"body":"{\"id\":999,\"data\":{\"operator\":\"a\",\"new\":[1]}}"}`), &entry))
	assert.Equal(t, wrapper.NotificationID(999), entry.Body.ID)
	assert.False(t, entry.Body.ID.Known())
	require.NotNil(t, entry.Body.Data)
	assert.Equal(t, "a", entry.Body.Data.Operator)
	assert.JSONEq(t, `[1]`, string(entry.Body.Data.Extra["new"]))
}

func unique[T any, K comparable](list []T, key func(T) K) map[K]bool {
	keys := map[K]bool{}
	for _, v := range list {
		keys[key(v)] = true
	}
	return keys
}

// TestDays reads the rankings of several days and counts the requests.
func TestDays(t *testing.T) {
	start := time.Date(2022, 11, 25, 20, 0, 0, 0, time.UTC) // in China the 26th
	srv, client, room := emulated(t, emulator.WithClock(func() time.Time { return start }))
	for day := range 3 {
		for range day + 1 {
			_, err := client.Messages.Send(t.Context(), gen.SendMessageForm{RoomID: room, FromAccid: "owner", Attach: wrapper.Ptr("x"), MsgType: wrapper.Ptr(gen.MessageTypeText)})
			require.NoError(t, err)
		}
		require.NoError(t, srv.Advance(24*time.Hour))
	}
	request := gen.ListTopChatroomsForm{OrderBy: wrapper.Ptr(gen.RankingOrderMessage)}
	all := client.Statistics.Days(t.Context(), start.Add(-24*time.Hour), srv.Now(), request)
	for range 2 { // it ranges again
		days, err := collect(all)
		require.NoError(t, err)
		require.Len(t, days, 5)
		for i, day := range days {
			assert.Equal(t, fmt.Sprintf("2022-11-%d 00:00:00 +0800", 25+i), day.Day.Format("2006-01-02 15:04:05 -0700"))
			if i == 0 || i == 4 { // nothing happened; not over yet
				assert.Empty(t, day.Rooms)
				continue
			}
			require.Len(t, day.Rooms, 1)
			assert.Equal(t, int64(i), day.Rooms[0].Msgs)
			assert.Equal(t, gen.RankingGranularityDay, day.Rooms[0].Period)
		}
	}
	asked := len(srv.Requests("topn"))
	for range all {
		break
	}
	assert.Len(t, srv.Requests("topn"), asked+1, "a break stops the requests")
	assert.Nil(t, request.Period, "the request stays as it is")

	for _, to := range []time.Time{start.AddDate(0, 0, 31), start.AddDate(0, 0, -1), {}} {
		_, err := collect(client.Statistics.Days(t.Context(), start, to, request))
		assert.ErrorIs(t, err, wrapper.ErrBadParameter)
	}
	assert.Len(t, srv.Requests("topn"), asked+1)
	days, err := collect(client.Statistics.Days(t.Context(), start, start.AddDate(0, 0, 30), request))
	require.NoError(t, err)
	assert.Len(t, days, 31)
}
