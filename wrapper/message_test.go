package wrapper_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wrapper"
)

// contents are one of each kind, with the attach that the vendor's examples
// show.
var contents = []struct {
	content wrapper.Content
	kind    gen.MessageType
	attach  string
}{
	{wrapper.Text(`1 < 2 & "3"`), gen.MessageTypeText, `1 < 2 & "3"`},
	{
		wrapper.Image{Name: "p", MD5: "9894907e", URL: "http://h/a?b=1&c=2", Ext: "jpg", Width: 6814, Height: 2332, Size: 388245},
		gen.MessageTypeImage, `{"name":"p","md5":"9894907e","url":"http://h/a?b=1&c=2","ext":"jpg","w":6814,"h":2332,"size":388245}`,
	},
	{
		wrapper.Audio{Duration: 4551 * time.Millisecond, MD5: "87b94a09", URL: "http://h/a", Ext: "aac", Size: 16420},
		gen.MessageTypeAudio, `{"dur":4551,"md5":"87b94a09","url":"http://h/a","ext":"aac","size":16420}`,
	},
	{
		wrapper.Video{Duration: 8003 * time.Millisecond, MD5: "da2cef3e", URL: "http://h/v", Width: 360, Height: 480, Ext: "mp4", Size: 16420},
		gen.MessageTypeVideo, `{"dur":8003,"md5":"da2cef3e","url":"http://h/v","w":360,"h":480,"ext":"mp4","size":16420}`,
	},
	{
		wrapper.Location{Title: "Hangzhou", Longitude: 120.1908686708565, Latitude: 30.18704515647036},
		gen.MessageTypeLocation, `{"title":"Hangzhou","lng":120.1908686708565,"lat":30.18704515647036}`,
	},
	{wrapper.Location{}, gen.MessageTypeLocation, `{"title":"","lng":0,"lat":0}`},
	{
		wrapper.File{Name: "a.ttf", MD5: "79d62a35", URL: "http://h/f", Ext: "ttf", Size: 91680},
		gen.MessageTypeFile, `{"name":"a.ttf","md5":"79d62a35","url":"http://h/f","ext":"ttf","size":91680}`,
	},
	{wrapper.File{URL: "http://h/f"}, gen.MessageTypeFile, `{"url":"http://h/f"}`},
	{wrapper.Tip("Welcome <all>"), gen.MessageTypeTip, `{"msg":"Welcome <all>"}`},
	{wrapper.Custom{Value: map[string]int{"gift": 7}}, gen.MessageTypeCustom, `{"gift":7}`},
	{wrapper.Custom{Value: json.RawMessage(`{"a": [1]}`)}, gen.MessageTypeCustom, `{"a":[1]}`},
	{wrapper.Custom{Value: "text"}, gen.MessageTypeCustom, `"text"`},
}

func TestMessages(t *testing.T) {
	for _, tt := range contents {
		message, err := wrapper.NewMessage(36, "zhangsan", tt.content)
		require.NoError(t, err)
		assert.Equal(t, &tt.kind, message.MsgType)
		assert.Equal(t, tt.attach, *message.Attach)
		assert.Equal(t, gen.RoomID(36), message.RoomID)
		assert.Equal(t, "zhangsan", message.FromAccid)
		assert.NoError(t, message.Validate())
	}
}

func TestEachMessageHasAnIDOfItsOwn(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		message, err := wrapper.NewMessage(1, "a", wrapper.Text("x"))
		require.NoError(t, err)
		assert.Len(t, message.MsgID, 32)
		seen[message.MsgID] = true
	}
	assert.Len(t, seen, 1000)
}

func TestContentThatCannotBeSent(t *testing.T) {
	long := strings.Repeat("é", 4096)
	tests := []struct {
		content wrapper.Content
		says    string
	}{
		{nil, "no content"},
		{(*wrapper.Image)(nil), "no content"},
		{wrapper.Text("a\xff"), "text: not UTF-8"},
		{wrapper.Text(""), "text is empty"},
		{wrapper.Text(long + "é"), "4097 characters, at most 4096"},
		{wrapper.Tip(""), "msg is empty"},
		{wrapper.Tip(long), "at most 4096"},
		{wrapper.Image{}, "url is empty"},
		{wrapper.Image{URL: "u", Width: -1}, "w: -1"},
		{wrapper.Image{URL: "u", Size: -1}, "size: -1"},
		{wrapper.Audio{Duration: time.Second}, "url is empty"},
		{wrapper.Audio{URL: "u", Duration: -time.Second}, "dur: -"},
		{wrapper.Video{URL: "u", Height: -2}, "h: -2"},
		{wrapper.File{Name: "n"}, "url is empty"},
		{wrapper.Location{Longitude: 181}, "lng: 181 degrees, at most 180"},
		{wrapper.Location{Latitude: -90.5}, "lat: -90.5 degrees"},
		{wrapper.Location{Latitude: math.NaN()}, "lat: NaN"},
		{wrapper.Location{Longitude: math.Inf(1)}, "lng: +Inf"},
		{wrapper.Custom{}, "nil"},
		{wrapper.Custom{Value: func() {}}, "unsupported type"},
		{wrapper.Custom{Value: json.RawMessage(`{`)}, "JSON"},
	}
	for _, tt := range tests {
		_, err := wrapper.NewMessage(1, "a", tt.content)
		assert.ErrorIs(t, err, wrapper.ErrBadParameter, "%#v", tt.content)
		assert.ErrorContains(t, err, tt.says)
		var e *wrapper.Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, "attach", e.Field)
	}
	_, err := wrapper.NewMessage(1, "a", wrapper.Text(long))
	assert.NoError(t, err, "the limit counts characters")
	_, err = wrapper.NewMessage(0, "a", wrapper.Text("x"))
	var e *wrapper.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, "roomid", e.Field)
}

// TestMessagesReachTheHistory sends one of each kind and reads them back.
func TestMessagesReachTheHistory(t *testing.T) {
	srv := emulator.Start(t)
	client, err := wrapper.New(srv.Credentials(), wrapper.WithBaseURL(srv.URL))
	require.NoError(t, err)
	room, err := client.Rooms.Create(t.Context(), gen.CreateChatroomForm{Creator: "owner", Name: "room"})
	require.NoError(t, err)
	for _, tt := range contents {
		message, err := wrapper.NewMessage(room.RoomID, "owner", tt.content)
		require.NoError(t, err)
		message.NotifyTargetTags = wrapper.Ptr(wrapper.Tag("a"))
		sent, err := client.Messages.Send(t.Context(), message)
		require.NoError(t, err)
		assert.Equal(t, tt.attach, sent.Attach)
	}
	request := gen.ListTagMessagesForm{RoomID: room.RoomID, Tags: []string{"a"}, Reverse: wrapper.Ptr(gen.HistoryOrderOldestFirst)}
	i := 0
	for message, err := range client.Tags.AllMessages(t.Context(), request) {
		require.NoError(t, err)
		assert.Equal(t, contents[i].kind, message.Type)
		i++
	}
	assert.Equal(t, len(contents), i)
}

// FuzzMessages: whatever text goes in comes out of the JSON again.
func FuzzMessages(f *testing.F) {
	f.Add("Welcome", "http://h/a?b=1&c=<2>")
	f.Add("\"\\\x00\u2028", "é\xff")
	f.Fuzz(func(t *testing.T, text, url string) {
		for _, content := range []wrapper.Content{wrapper.Tip(text), wrapper.Image{Name: text, URL: url}, wrapper.Custom{Value: text}} {
			message, err := wrapper.NewMessage(1, "a", content)
			if err != nil {
				continue
			}
			var back any
			if err := json.Unmarshal([]byte(*message.Attach), &back); err != nil {
				t.Fatalf("%q: %v", *message.Attach, err)
			}
			if s, ok := back.(string); ok && utf8.ValidString(text) && s != text {
				t.Fatalf("%q became %q", text, s)
			}
		}
	})
}
