package bench

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wrapper"
)

// encoding is one form, written both ways.
type encoding struct {
	name string
	form gen.Form
	hand func() url.Values
}

func encodings() []encoding {
	attach := strings.Repeat("Hello, room 66! ", 16)
	ext := `{"color":"red","text":"你好"}`
	accids := make([]string, 100)
	for i := range accids {
		accids[i] = "user" + strconv.Itoa(i)
	}
	return []encoding{
		{"listTagMembers", gen.ListTagMembersForm{RoomID: 3001, Tag: "vip gold", EndTime: time.UnixMilli(1487145487971), Limit: 100}, func() url.Values {
			v := url.Values{}
			v.Set("roomid", strconv.FormatInt(3001, 10))
			v.Set("tag", "vip gold")
			v.Set("endTime", strconv.FormatInt(1487145487971, 10))
			v.Set("limit", strconv.Itoa(100))
			return v
		}},
		{"sendMessage", gen.SendMessageForm{RoomID: 36, MsgID: "c9e6c306-804f-4ec3-b8f0-573778829419", FromAccid: "zhangsan", Attach: &attach, Ext: &ext, MsgType: wrapper.Ptr(gen.MessageTypeText)}, func() url.Values {
			v := url.Values{}
			v.Set("roomid", strconv.FormatInt(36, 10))
			v.Set("msgId", "c9e6c306-804f-4ec3-b8f0-573778829419")
			v.Set("fromAccid", "zhangsan")
			v.Set("msgType", strconv.Itoa(0))
			v.Set("attach", attach)
			v.Set("ext", ext)
			return v
		}},
		{"addRobots100", gen.AddRobotsForm{RoomID: 70, Accids: accids}, func() url.Values {
			list, err := json.Marshal(accids)
			if err != nil {
				panic(err)
			}
			v := url.Values{}
			v.Set("roomid", strconv.FormatInt(70, 10))
			v.Set("accids", string(list))
			return v
		}},
	}
}

// TestEncodingsAgree checks that both sides of the benchmark encode the same form.
func TestEncodingsAgree(t *testing.T) {
	for _, e := range encodings() {
		got, err := url.ParseQuery(string(e.form.AppendForm(nil)))
		if err != nil || got.Encode() != e.hand().Encode() {
			t.Errorf("%s: %v, %v; want %v", e.name, got, err, e.hand())
		}
	}
}

// BenchmarkEncode compares the generated form encoders with url.Values.
func BenchmarkEncode(b *testing.B) {
	for _, e := range encodings() {
		b.Run(e.name, func(b *testing.B) {
			pair(b, 200, func() { e.form.AppendForm(nil) }, func() { _ = e.hand().Encode() })
		})
	}
}
