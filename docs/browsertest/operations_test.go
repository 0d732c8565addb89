package browsertest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
)

type step struct {
	operation string
	form      form
	sent      map[string]string // the values of fields whose form on the wire differs
}

// steps call every operation, in an order in which each succeeds.
var steps = []step{
	{operation: "createChatroom", form: form{"creator": "lena", "name": "Evening show & 朋友 = 😀", "announcement": "50% off + more"}},
	{operation: "updateChatroom", form: form{"announcement": "We are live", "needNotify": "true"}},
	{operation: "setEntryNotification", form: form{"close": "true"}},
	{operation: "requestAddress", form: form{"accid": "ben", "clienttype": "1"}},
	{operation: "listUserChatrooms", form: form{"creator": "lena"}},
	{operation: "setMemberRole", form: form{"operator": "lena", "target": "mia", "opt": "1", "optvalue": "true"}},
	{operation: "getChatroom", form: form{"needOnlineUserCount": "true"}},
	{operation: "getChatrooms", form: form{"needOnlineUserCount": "false"}},
	{operation: "listMembers", form: form{"type": "1", "endtime": "0", "limit": "100"}},
	{operation: "getMembers", form: form{"accids": []string{"ada", "ben", "zoe"}}, sent: map[string]string{"accids": `["ada","ben","zoe"]`}},
	{operation: "updateMember", form: form{"accid": "ada", "nick": "Ada L."}},
	{operation: "sendMessage", form: form{"msgId": "m1", "fromAccid": "lena", "msgType": "0", "attach": "欢迎 & welcome", "notifyTargetTags": `{"tag":"vip"}`}},
	{operation: "sendMessageToAccounts", form: form{"msgId": "m2", "fromAccid": "lena", "toAccids": []string{"ben"}, "msgType": "0", "attach": "hi"}, sent: map[string]string{"toAccids": `["ben"]`}},
	{operation: "sendMessages", form: form{"fromAccid": "lena", "msgList": []string{`{"msgId":"m3","msgType":0}`}}, sent: map[string]string{"msgList": `["{\"msgId\":\"m3\",\"msgType\":0}"]`}},
	{operation: "sendMessagesToAccounts", form: form{"fromAccid": "lena", "toAccids": []string{"ben"}, "msgList": []string{`{"msgId":"m4","msgType":0}`}}, sent: map[string]string{"toAccids": `["ben"]`, "msgList": `["{\"msgId\":\"m4\",\"msgType\":0}"]`}},
	{operation: "broadcastMessage", form: form{"msgId": "m5", "fromAccid": "lena", "msgType": "0", "attach": "On air"}},
	{operation: "listHistory", form: form{"accid": "lena", "timetag": "0", "limit": "100"}},
	{operation: "deleteHistoryMessage", form: form{"fromAcc": "lena", "msgTimetag": "the last message"}},
	{operation: "recallMessage", form: form{"msgTimetag": "1669118400000", "msgId": "m1", "fromAcc": "lena", "operatorAcc": "lena"}},
	{operation: "initQueue", form: form{"sizeLimit": "10"}},
	{operation: "offerQueueElement", form: form{"key": "seat 1", "value": "ben"}},
	{operation: "offerQueueElements", form: form{"elements": []string{`{"key":"seat 2","value":"ada"}`}}, sent: map[string]string{"elements": `["{\"key\":\"seat 2\",\"value\":\"ada\"}"]`}},
	{operation: "updateQueueElements", form: form{"operator": "lena", "elements": `{"seat 1":"ada"}`}},
	{operation: "listQueueElements", form: form{}},
	{operation: "getQueueElements", form: form{"keys": []string{"seat 1"}}, sent: map[string]string{"keys": `["seat 1"]`}},
	{operation: "pollQueueElement", form: form{"key": "seat 1"}},
	{operation: "dropQueue", form: form{}},
	{operation: "setDelayedClosing", form: form{"delayClosePolicy": "1", "delaySeconds": "600"}},
	{operation: "createAccount", form: form{"accid": "eva", "name": "Eva"}},
	{operation: "muteMember", form: form{"operator": "mia", "target": "ben", "muteDuration": "600"}},
	{operation: "listMembersByRole", form: form{"roles": `{"creator":true,"manager":true}`}},
	{operation: "muteChatroom", form: form{"operator": "lena", "mute": "true"}},
	{operation: "addRobots", form: form{"accids": []string{"r1", "r2"}}, sent: map[string]string{"accids": `["r1","r2"]`}},
	{operation: "removeRobots", form: form{"accids": []string{"r1"}}, sent: map[string]string{"accids": `["r1"]`}},
	{operation: "clearRobots", form: form{"notify": "true"}},
	{operation: "countTagMembers", form: form{"tag": "vip"}},
	{operation: "updateMemberTags", form: form{"accid": "ben", "tags": []string{"fan"}}, sent: map[string]string{"tags": `["fan"]`}},
	{operation: "listTagMembers", form: form{"tag": "vip", "endTime": "0", "limit": "100"}},
	{operation: "muteTag", form: form{"operator": "mia", "targetTag": "fan", "muteDuration": "60"}},
	{operation: "listTagMessages", form: form{"tags": []string{"vip"}, "types": []string{"0"}}, sent: map[string]string{"tags": `["vip"]`, "types": `[0]`}},
	{operation: "listTopChatrooms", form: form{"topn": "3", "period": "hour", "orderby": "enter"}},
	{operation: "kickMember", form: form{"accid": "lena", "targetAccid": "ada"}},
	{operation: "toggleChatroom", form: form{"operator": "lena", "valid": "false"}},
}

func TestEveryOperationWorksFromThePage(t *testing.T) {
	tags := map[string]string{}
	for _, op := range gen.Operations {
		tags[op.ID] = op.Service
	}
	for language, accepted := range map[string]string{"en": "code 200 OK The operation was carried out.", "zh": "code 200 OK 操作已执行。"} {
		t.Run(language, func(t *testing.T) {
			srv := emulator.Start(t)
			root := strings.TrimSuffix(srv.URL, "/nimserver")
			p := open(t, root+"/docs?lang="+language, root)
			called := map[string]bool{}
			var room int64
			for _, step := range steps {
				if step.operation == "deleteHistoryMessage" {
					messages, err := srv.Messages(gen.RoomID(room))
					if err != nil || len(messages) == 0 {
						t.Fatalf("%d messages, %v", len(messages), err)
					}
					step.form = form{"fromAcc": "lena", "msgTimetag": strconv.FormatInt(messages[len(messages)-1].Time.UnixMilli(), 10)}
				}
				o := p.operation(tags[step.operation], step.operation)
				o.fill(step.form)
				if said := strings.Join(strings.Fields(o.execute()), " "); said != accepted {
					t.Errorf("%s: the page says %q", step.operation, said)
				}
				log := srv.Requests(step.operation)
				if len(log) != 1 {
					t.Fatalf("%s: %d requests", step.operation, len(log))
				}
				entry := log[0]
				if want := step.wanted(room, slices.Collect(maps.Keys(o.fields()))); entry.Signature != emulator.SignatureOK || entry.Code != gen.CodeOK || !maps.Equal(entry.Form, want) {
					t.Errorf("%s: signature %s, code %d %s, form %q, want %q", step.operation, entry.Signature, entry.Code, entry.Desc, entry.Form, want)
				}
				called[step.operation] = true
				if room == 0 {
					room = created(o)
					enter(t, root, room)
				}
				if step.operation == "getMembers" {
					eval[chromedp.Void](p, fmt.Sprintf("document.querySelector('%s').scrollIntoView()", o.selector))
					p.shot("executed-" + language)
				}
				p.click(o.selector + " .opblock-summary-control") // collapse it to keep the page short
			}
			if len(called) != len(gen.Operations) {
				t.Errorf("%d operations, want %d", len(called), len(gen.Operations))
			}
		})
	}
}

// wanted returns the fields that a step sends. The page fills in the ids of rooms.
func (s *step) wanted(room int64, fields []string) map[string]string {
	want := map[string]string{}
	for name, value := range s.form {
		if text, ok := value.(string); ok {
			want[name] = text
		}
	}
	maps.Copy(want, s.sent)
	for _, name := range fields {
		switch {
		case name == "roomids":
			want[name] = fmt.Sprintf(`["%d"]`, room)
		case slices.Contains(roomFields, name):
			want[name] = strconv.FormatInt(room, 10)
		}
	}
	return want
}

// created reads the id of the new room from the response on the page.
func created(o operation) int64 {
	o.t.Helper()
	body := o.text(o.selector + " .live-responses-table .response-col_description pre")
	var response struct {
		Chatroom struct{ RoomID int64 }
	}
	if err := json.Unmarshal([]byte(body), &response); err != nil || response.Chatroom.RoomID == 0 {
		o.t.Fatalf("%v in %s", err, body)
	}
	return response.Chatroom.RoomID
}

// enter lets members into a room through the control plane, because no operation does.
func enter(t *testing.T, root string, room int64) {
	t.Helper()
	for _, member := range []string{`{"accid":"lena"}`, `{"accid":"mia"}`, `{"accid":"ben","tags":["vip"]}`, `{"accid":"ada","tags":["vip"]}`} {
		resp, err := http.Post(fmt.Sprintf("%s/_emulator/rooms/%d/join", root, room), "application/json", strings.NewReader(member))
		if err != nil {
			t.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s, %v", member, resp.Status, err)
		}
	}
}
