package gentest

import (
	"reflect"
	"testing"
)

// spelling is a response as the pages of different languages and the running
// service give it. Every one of bodies decodes to the same value.
type spelling struct {
	operation string
	bodies    []string
}

// spellings covers wire-facts of names, roles and shapes, with the documents'
// own examples (their // comments left out).
var spellings = []spelling{
	{"createChatroom", []string{
		`{"chatroom":{"roomid":66,"valid":true,"announcement":null,"name":"mychat room","broadcasturl":"xxxxxx","ext":"","creator":"zhangsan"},"code":200}`,
		`{"chat room":{"roomid":66,"valid":true,"announcement":null,"name":"mychat room","broadcasturl":"xxxxxx","ext":"","creator":"zhangsan"},"code":200}`,
		`{"code":"200","chatroom":"{\"roomid\":\"66\",\"valid\":\"TRUE\",\"name\":\"mychat room\",\"broadcasturl\":\"xxxxxx\",\"creator\":\"zhangsan\"}"}`,
	}},
	{"getChatroom", []string{
		`{"chatroom":{"roomid":66,"valid":true,"muted":false,"announcement":null,"name":"mychat room","broadcasturl":"xxxxxx","onlineusercount":1,"ext":"","creator":"zhangsan","queuelevel":0,"ionotify":true},"code":200}`,
		`{"chat room":{"roomid":66,"valid":1,"muted":"false","name":"mychat room","broadcasturl":"xxxxxx","onlineusercount":"1","creator":"zhangsan","queuelevel":"0","ionotify":"true"},"code":200}`,
	}},
	{"getChatrooms", []string{
		`{"noExistRooms":[6001],"succRooms":[{"roomid":6002,"valid":true,"announcement":"hi,this is announcement","muted":false,"name":"6002 chat room","broadcasturl":"","onlineusercount":0,"ext":"6002 ext","creator":"zhangsan","queuelevel":0,"ionotify":true}],"failRooms":[6003],"code":200}`,
		`{"noExistRooms":["6001"],"succRooms":"[{\"roomid\":6002,\"valid\":true,\"announcement\":\"hi,this is announcement\",\"muted\":false,\"name\":\"6002 chat room\",\"onlineusercount\":0,\"ext\":\"6002 ext\",\"creator\":\"zhangsan\",\"queuelevel\":0,\"ionotify\":true}]","failRooms":"[6003]","code":200}`,
	}},
	{"toggleChatroom", []string{
		`{"desc":{"roomid":13,"valid":true,"announcement":"This is a chat room","name":"myChat room","broadcasturl":"http://www.xxxx.com/xxxxxx","ext":"","creator":"zhangsan"},"code":200}`,
		`{"desc":"{\"roomid\":13,\"valid\":\"1\",\"announcement\":\"This is a chat room\",\"name\":\"myChat room\",\"broadcasturl\":\"http://www.xxxx.com/xxxxxx\",\"ext\":null,\"creator\":\"zhangsan\"}","code":200}`,
	}},
	{"setMemberRole", []string{
		`{"desc":{"roomid":16,"level":10,"accid":"zhangsan","type":"MANAGER"},"code":200}`,
		`{"desc":{"roomid":16,"level":10,"accid":"zhangsan","type":"administrator"},"code":200}`,
		`{"desc":{"roomid":"16","level":"10","accid":"zhangsan","type":"MANAGER"},"code":200}`,
	}},
	{"setMemberRole", []string{
		`{"desc":{"roomid":16,"accid":"zhangsan","type":"CREATOR"},"code":200}`,
		`{"desc":{"roomid":16,"level":null,"accid":"zhangsan","type":"owner"},"code":200}`,
	}},
	{"requestAddress", []string{
		`{"addr":["testchat.netease.im:6666","testchat.netease.im:8888"],"code":200}`,
		`{"addr":"[\"testchat.netease.im:6666\",\"testchat.netease.im:8888\"]","code":200}`,
	}},
	{"sendMessage", []string{
		`{"code":200,"desc":{"time":"1456396333115","fromAvator":"http://b12026.nos.netease.com/x","msgid_client":"c9e6c306","fromClientType":"REST","attach":"This+is+test+msg","roomId":"36","fromAccount":"zhangsan","fromNick":"Zhang San","type":"0","ext":"","highPriorityFlag":1,"msgAbandonFlag":"1"}}`,
		`{"code":200,"desc":{"time":1456396333115,"fromAvator":"http://b12026.nos.netease.com/x","msgid_client":"c9e6c306","fromClientType":"REST","attach":"This+is+test+msg","roomId":36,"fromAccount":"zhangsan","fromNick":"Zhang San","type":0,"ext":null,"highPriorityFlag":"1","msgAbandonFlag":1}}`,
	}},
	{"addRobots", []string{
		`{"desc":{"failAccids":"[\"hzzhangsan\"]","successAccids":"[\"hzlisi\"]","oldAccids":"[\"hzwangwu\"]"},"code":200}`,
		`{"desc":{"failAccids":["hzzhangsan"],"successAccids":["hzlisi"],"oldAccids":["hzwangwu"]},"code":200}`,
	}},
	{"removeRobots", []string{
		`{"desc":{"failAccids":"[]","successAccids":"[\"hzlisi\"]"},"code":200}`,
		`{"desc":{"failAccids":"","successAccids":["hzlisi"]},"code":200}`,
	}},
	{"muteChatroom", []string{`{"desc":{"success":true},"code":200}`, `{"desc":{"success":"true"},"code":200}`, `{"desc":{"success":1},"code":200}`}},
	{"clearRobots", []string{`{"code":200,"desc":{"size":2}}`, `{"code":200,"desc":{"size":"2"}}`, `{"code":200,"desc":"{\"size\":2}"}`}},
	{"listTopChatrooms", []string{
		`{"code":200,"data":[{"activeNums":5955,"datetime":1471712400,"enterNums":18621,"msgs":2793,"period":"HOUR","roomId":3571337}]}`,
		`{"code":200,"data":[{"activeNums":5955,"datetime":1471712400,"joinNums":18621,"msgs":2793,"period":"HOUR","roomId":3571337}]}`,
		`{"code":200,"data":"[{\"activeNums\":\"5955\",\"datetime\":\"1471712400\",\"joinNums\":\"18621\",\"msgs\":\"2793\",\"period\":\"HOUR\",\"roomId\":\"3571337\"}]"}`,
	}},
	{"listMembers", []string{
		`{"desc":{"data":[{"roomid":111,"accid":"abc","nick":"abc","avator":"http://nim.nos.netease.com/x","ext":"ext","type":"MANAGER","level":2,"onlineStat":true,"enterTime":1487145487971,"blacklisted":true,"muted":true,"tempMuted":true,"tempMuteTtl":120,"isRobot":true,"robotExpirAt":120}]},"code":200}`,
		`{"desc":{"data":[{"roomid":111,"accid":"abc","nick":"abc","avator":"http://nim.nos.netease.com/x","ext":"ext","type":"administrator","level":2,"onlineStat":true,"joinTime":1487145487971,"Blocklisted":true,"muted":true,"tempMuted":true,"tempMuteTtl":120,"isRobot":true,"robotExpirAt":120}]},"code":200}`,
		`{"desc":{"data":"[{\"roomid\":\"111\",\"accid\":\"abc\",\"nick\":\"abc\",\"avator\":\"http://nim.nos.netease.com/x\",\"ext\":\"ext\",\"type\":\"MANAGER\",\"level\":\"2\",\"onlineStat\":\"true\",\"enterTime\":\"1487145487971\",\"blacklisted\":1,\"muted\":\"1\",\"tempMuted\":\"TRUE\",\"tempMuteTtl\":\"120\",\"isRobot\":true,\"robotExpirAt\":\"120\"}]"},"code":200}`,
	}},
	{"getMembers", []string{
		`{"desc":{"data":[{"roomid":111,"accid":"abc","nick":"cba","type":"CREATOR","onlineStat":true}]},"code":200}`,
		`{"desc":{"data":[{"roomid":111,"accid":"abc","nick":"cba","type":"owner","onlineStat":true,"level":null,"avator":null}]},"code":200}`,
	}},
	{"listUserChatrooms", []string{
		`{"code":200,"desc":{"roomids":["1015","2016","23037398"]}}`,
		`{"code":200,"desc":{"roomids":[1015,2016,23037398]}}`,
		`{"code":200,"desc":{"roomids":"[\"1015\",2016,\"23037398\"]"}}`,
	}},
	{"countTagMembers", []string{`{"data":{"tag":"abc","onlineUserCount":222},"code":200}`, `{"data":"{\"tag\":\"abc\",\"onlineUserCount\":\"222\"}","code":200}`}},
	{"listTagMembers", []string{
		`{"desc":{"data":[{"roomid":111,"accid":"abc","type":"MANAGER","enterTime":"1487145487971","blacklisted":true,"tags":"aaa","notifyTargetTags":"{\"tag\": \"abc\"} and {\"tag\": \"def\"}"}]},"code":200}`,
		`{"desc":{"data":[{"roomid":111,"accid":"abc","type":"administrator","joinTime":1487145487971,"Blocklisted":"true","tags":"aaa","notifyTargetTags":"{\"tag\": \"abc\"} and {\"tag\": \"def\"}"}]},"code":200}`,
	}},
	{"listTagMessages", []string{
		`{"msgs":[{"msgid":"0fb86152","from":"jiajia01","type":0,"sendtime":1666072906119,"body":{"msg":"this is message attachment 3"},"fromclienttype":64}],"code":200,"size":1}`,
		`{"msgs":[{"msgid":"0fb86152","from":"jiajia01","type":"0","sendtime":"1666072906119","body":"{\"msg\":\"this is message attachment 3\"}","fromclienttype":"64"}],"code":200,"size":"1"}`,
		`{"size":1,"code":200,"msgs":"[{\"msgid\":\"0fb86152\",\"from\":\"jiajia01\",\"type\":0,\"sendtime\":1666072906119,\"body\":\"this is message attachment 3\",\"fromclienttype\":64}]"}`,
	}},
}

func TestSpellingsDecodeAlike(t *testing.T) {
	for _, s := range spellings {
		e := find(t, s.operation)
		want, err := e.decode([]byte(s.bodies[0]))
		if err != nil {
			t.Errorf("%s: %s: %v", s.operation, s.bodies[0], err)
			continue
		}
		for _, body := range s.bodies[1:] {
			if got, err := e.decode([]byte(body)); err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %s\n got %+v, %v\nwant %+v", s.operation, body, got, err, want)
			}
		}
	}
}
