package bench

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/nimroom/nimroom/gen"
)

// memberPage returns a response to membersByPage with n members like the one in the
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

// roomBody is a response to get.
const roomBody = `{"chatroom":{"roomid":66,"valid":true,"muted":false,"announcement":null,"name":"mychat room","broadcasturl":"xxxxxx","onlineusercount":1,"ext":"","creator":"zhangsan","queuelevel":0,"ionotify":true},"code":200}`

// BenchmarkDecode compares the generated decoders with encoding/json and plain structs.
func BenchmarkDecode(b *testing.B) {
	b.Run("100members", func(b *testing.B) {
		page := memberPage(100)
		pair(b, 10, func() {
			v, err := gen.DecodeListMembers(page)
			if err != nil || len(v.Desc.Data) != 100 {
				b.Fatal(err)
			}
		}, func() {
			var v memberList
			if err := json.Unmarshal(page, &v); err != nil || v.Code != 200 || len(v.Desc.Data) != 100 {
				b.Fatal(err)
			}
		})
	})
	b.Run("room", func(b *testing.B) {
		body := []byte(roomBody)
		pair(b, 200, func() {
			v, err := gen.DecodeGetChatroom(body)
			if err != nil || v.Chatroom.RoomID != 66 {
				b.Fatal(err)
			}
		}, func() {
			var v room
			if err := json.Unmarshal(body, &v); err != nil || v.Chatroom.RoomID != 66 {
				b.Fatal(err)
			}
		})
	})
}
