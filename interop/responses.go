package main

import (
	"encoding/json"
	"net/http"

	"github.com/nimroom/nimroom/conformance"
)

// controlRespond is a control of this program: the next call gets a response,
// with a body and an HTTP status, that the emulator would not give.
const controlRespond = "respond"

// canned is such a response.
type canned struct {
	Status int    `json:"status"`
	Body   string `json:"body"`
}

func (c *canned) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	if json.Valid([]byte(c.Body)) {
		w.Header().Set("Content-Type", "application/json;charset=utf-8")
	} else {
		w.Header().Set("Content-Type", "text/html")
	}
	w.WriteHeader(c.Status)
	_, _ = w.Write([]byte(c.Body)) // the client reports a broken connection itself
}

// oddResponses returns a scenario for each response that a service or a gateway
// does give and that generated clients have stumbled over. A status without a
// code counts as the code.
func oddResponses(forms map[string]map[string]any) []conformance.Scenario {
	const room = `"roomid":66,"valid":true,"name":"n","creator":"c"`
	var scenarios []conformance.Scenario
	for _, odd := range []struct {
		name, operation string
		status          int
		body            string
		code            int
		response        map[string]string // a number is equal to its text
	}{
		{"id-above-2^53", "getChatroom", 200, `{"code":200,"chatroom":{"roomid":9007199254740993,"valid":true,"name":"n","creator":"c"}}`,
			200, map[string]string{"chatroom.roomid": "9007199254740993"}},
		{"nulls", "getChatroom", 200, `{"code":200,"chatroom":{"announcement":null,"broadcasturl":null,"ext":null,` + room + `}}`,
			200, map[string]string{"chatroom.roomid": "66", "chatroom.creator": "c"}},
		{"number-of-tomorrow", "getChatroom", 200, `{"code":200,"chatroom":{"queuelevel":7,` + room + `}}`,
			200, map[string]string{"chatroom.queuelevel": "7"}},
		{"role-of-tomorrow", "getMembers", 200, `{"code":200,"desc":{"data":[{"roomid":66,"accid":"a","type":"GUEST"}]}}`,
			200, map[string]string{"desc.data.0.type": "GUEST"}},
		{"type-of-tomorrow", "listTagMessages", 200, `{"code":200,"size":1,"msgs":[{"msgid":"m","from":"a","type":777,"sendtime":1666072906119,"body":{"new":[1]}}]}`,
			200, map[string]string{"msgs.0.type": "777", "msgs.0.body.new.0": "1"}},
		{"no-words", "getChatroom", 200, `{"code":404}`, 404, nil},
		{"null-for-words", "createChatroom", 200, `{"code":13002,"desc":null}`, 13002, nil},
		{"code-of-a-redirect", "sendMessage", 200, `{"code":301,"desc":"banned"}`, 301, nil},
		{"code-of-tomorrow", "muteMember", 200, `{"code":20001,"desc":"new"}`, 20001, nil},
		{"gateway", "getChatroom", http.StatusBadGateway, `<html>Bad Gateway</html>`, http.StatusBadGateway, nil},
		{"silent-gateway", "sendMessage", http.StatusGatewayTimeout, ``, http.StatusGatewayTimeout, nil},
	} {
		step := conformance.Step{Call: odd.operation, Form: forms[odd.operation], Code: odd.code, Response: map[string]conformance.Expectation{}}
		for path, want := range odd.response {
			step.Response[path] = conformance.Expectation{Value: want}
		}
		scenarios = append(scenarios, conformance.Scenario{Name: odd.operation + "/response-with-" + odd.name, Steps: []conformance.Step{
			{Control: controlRespond, With: map[string]any{"status": odd.status, "body": odd.body}}, step,
		}})
	}
	return scenarios
}
