package gentest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/nimroom/nimroom/gen"
)

// TestBodiesThatTheVendorsGoSDKLoses: from the shapes of these responses the
// vendor's Go SDK 1.0.0 makes a success without data, for 10 of the operations of
// its documents and 5 of the others. The bodies are ours.
func TestBodiesThatTheVendorsGoSDKLoses(t *testing.T) {
	const member = `{"desc":{"data":[{"roomid":7,"accid":"ann","nick":"Ann","type":"CREATOR","level":0,"onlineStat":true}]},"code":200}`
	for _, tt := range []struct {
		decode func([]byte) (any, error)
		body   string
		want   string // of the SDK's value, as JSON
	}{
		{decoder(gen.DecodeGetChatrooms), `{"noExistRooms":[8],"succRooms":[{"roomid":7,"valid":true,"name":"n","creator":"ann"}],"failRooms":[],"code":200}`, "roomid:7"},
		{decoder(gen.DecodeSendMessage), `{"desc":{"time":"1710484311000","msgid_client":"m","roomId":"7","fromAccount":"ann","type":"0"},"code":200}`, "time:1710484311000"},
		{decoder(gen.DecodeAddRobots), `{"desc":{"failAccids":"[]","successAccids":"[\"bob\"]","oldAccids":"[]"},"code":200}`, `successAccids:["bob"]`},
		{decoder(gen.DecodeRemoveRobots), `{"desc":{"failAccids":"[\"bob\"]","successAccids":"[]"},"code":200}`, `failAccids:["bob"]`},
		{decoder(gen.DecodeListMembers), member, "accid:ann"},
		{decoder(gen.DecodeGetMembers), member, "accid:ann"},
		{decoder(gen.DecodeListMembersByRole), member, "accid:ann"},
		{decoder(gen.DecodeListTagMembers), `{"desc":{"data":[{"roomid":7,"accid":"ann","type":"COMMON","enterTime":"1710484311000","tags":"a,b"}]},"code":200}`, "tags:a,b"},
		{decoder(gen.DecodeListTagMessages), `{"size":1,"msgs":[{"msgid":"m","from":"ann","type":0,"sendtime":1710484311000,"body":{"msg":"hi"}}],"code":200}`, "msg:hi"},
		{decoder(gen.DecodeListUserChatrooms), `{"desc":{"roomids":["7","8"]},"code":200}`, "roomids:[7 8]"},
		{decoder(gen.DecodeOfferQueueElements), `{"desc":{"failedKeys":["k2"]},"code":200}`, "failedKeys:[k2]"},
		{decoder(gen.DecodeUpdateQueueElements), `{"desc":{"noExistElementKey":["k2"]},"code":200}`, "noExistElementKey:[k2]"},
		{decoder(gen.DecodeListQueueElements), `{"desc":{"list":[{"k1":"v1"},{"k2":"v2"}]},"code":200}`, "list:[map[k1:v1] map[k2:v2]]"},
		{decoder(gen.DecodePollQueueElement), `{"desc":{"value":"v1","key":"k1"},"code":200}`, "map[key:k1 value:v1]"},
		{decoder(gen.DecodeGetQueueElements), `{"desc":{"list":[{"k1":"v1"}]},"code":200}`, "list:[map[k1:v1]]"},
		// It loses time, roomId and type of these, strings on the wire and numbers in its types.
		{decoder(gen.DecodeSendMessageToAccounts), `{"desc":{"time":"1710484311000","msgid_client":"m","roomId":"7","fromAccount":"ann","type":"100"},"code":200}`, "roomId:7 time:1710484311000 type:100"},
		{decoder(gen.DecodeBroadcastMessage), `{"desc":{"time":"1710484311000","msgid_client":"m","roomId":"7","fromAccount":"ann","type":"100"},"code":200}`, "roomId:7 time:1710484311000 type:100"},
	} {
		got, err := tt.decode([]byte(tt.body))
		if err != nil {
			t.Errorf("%s: %v", tt.body, err)
			continue
		}
		text, err := json.Marshal(got)
		var value any
		if err == nil {
			err = json.Unmarshal(text, &value)
		}
		if shown := fmt.Sprintf("%v", value); err != nil || !strings.Contains(shown, tt.want) {
			t.Errorf("%s: %s without %s, %v", tt.body, shown, tt.want, err)
		}
	}
}

// decoder returns a decoder whose result may be of any type.
func decoder[R any](decode func([]byte) (*R, error)) func([]byte) (any, error) {
	return func(body []byte) (any, error) {
		v, err := decode(body)
		return v, err
	}
}
