package bench

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/nimroom/nimroom/gen"
)

// member is what one would write by hand for encoding/json, with plain fields.
type member struct {
	RoomID        int64  `json:"roomid"`
	Accid         string `json:"accid"`
	Nick          string `json:"nick"`
	Avatar        string `json:"avator"`
	Ext           string `json:"ext"`
	Type          string `json:"type"`
	Level         int    `json:"level"`
	Online        bool   `json:"onlineStat"`
	EnterTime     int64  `json:"enterTime"`
	Blacklisted   bool   `json:"blacklisted"`
	Muted         bool   `json:"muted"`
	TempMuted     bool   `json:"tempMuted"`
	TempMuteTTL   int64  `json:"tempMuteTtl"`
	IsRobot       bool   `json:"isRobot"`
	RobotExpireAt int    `json:"robotExpirAt"`
}

type memberList struct {
	Code int `json:"code"`
	Desc struct {
		Data []member `json:"data"`
	} `json:"desc"`
}

type room struct {
	Code     int `json:"code"`
	Chatroom struct {
		RoomID          int64  `json:"roomid"`
		Valid           bool   `json:"valid"`
		Muted           bool   `json:"muted"`
		Announcement    string `json:"announcement"`
		Name            string `json:"name"`
		BroadcastURL    string `json:"broadcasturl"`
		OnlineUserCount int    `json:"onlineusercount"`
		Ext             string `json:"ext"`
		Creator         string `json:"creator"`
		QueueLevel      int    `json:"queuelevel"`
		EntryNotify     bool   `json:"ionotify"`
	} `json:"chatroom"`
}

// memberPage is an answer of membersByPage with n members, each as in the
// documents' example.
func memberPage(n int) []byte {
	var b strings.Builder
	b.WriteString(`{"desc":{"data":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"roomid":111,"accid":"user%03d","nick":"Nick %03d","avator":"http://nim.nos.netease.com/MTAxMTAwMg==/bmltYV8xNzg4NTA1NF8xNDU2Mjg0NDQ3MDcyX2E4NmYzNWI5LWRhYWEtNDRmNC05ZjU1LTJhMDUyMGE5MzQ4ZA==",`+
			`"ext":"ext %d","type":"MANAGER","level":2,"onlineStat":true,"enterTime":1487145487971,"blacklisted":true,"muted":true,"tempMuted":true,"tempMuteTtl":120,"isRobot":true,"robotExpirAt":120}`, i, i, i)
	}
	b.WriteString(`]},"code":200}`)
	return []byte(b.String())
}

const roomAnswer = `{"chatroom":{"roomid":66,"valid":true,"muted":false,"announcement":null,"name":"mychat room","broadcasturl":"xxxxxx","onlineusercount":1,"ext":"","creator":"zhangsan","queuelevel":0,"ionotify":true},"code":200}`

// BenchmarkDecode compares generated decoders with encoding/json into plain structs.
func BenchmarkDecode(b *testing.B) {
	page := memberPage(100)
	b.Run("100members/nimroom", func(b *testing.B) {
		report(b, page)
		for b.Loop() {
			v, err := gen.DecodeListMembers(page)
			if err != nil || len(v.Desc.Data) != 100 {
				b.Fatal(err)
			}
		}
	})
	b.Run("100members/encoding-json", func(b *testing.B) {
		report(b, page)
		for b.Loop() {
			var v memberList
			if err := json.Unmarshal(page, &v); err != nil || v.Code != 200 || len(v.Desc.Data) != 100 {
				b.Fatal(err)
			}
		}
	})
	body := []byte(roomAnswer)
	b.Run("get/nimroom", func(b *testing.B) {
		report(b, body)
		for b.Loop() {
			v, err := gen.DecodeGetChatroom(body)
			if err != nil || v.Chatroom.RoomID != 66 {
				b.Fatal(err)
			}
		}
	})
	b.Run("get/encoding-json", func(b *testing.B) {
		report(b, body)
		for b.Loop() {
			var v room
			if err := json.Unmarshal(body, &v); err != nil || v.Chatroom.RoomID != 66 {
				b.Fatal(err)
			}
		}
	})
}

func report(b *testing.B, body []byte) {
	b.ReportAllocs()
	b.SetBytes(int64(len(body)))
}
