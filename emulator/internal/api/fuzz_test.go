package api_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/api"
	"github.com/nimroom/nimroom/emulator/internal/control"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/sign"
)

// FuzzForm sends any body to any operation, over a room in which something has
// happened. Whatever comes, the response is HTTP 200, valid JSON, and no server
// fault.
func FuzzForm(f *testing.F) {
	for i, op := range gen.Operations {
		f.Add(uint8(i), emutest.Example(f, op, 10010000001).Encode())
	}
	f.Add(uint8(2), `roomids=["1",2,null]`)
	f.Add(uint8(7), `roomid=10010000001&msgId=1&fromAccid=a&msgType=0&notifyTargetTags=({"tag":"a"}`)
	f.Add(uint8(16), `roomid=10010000001&roles={"creator":"true","manager":1,"x":[]}`)
	f.Add(uint8(0), "creator=%zz&=&&;name")
	f.Fuzz(func(t *testing.T, index uint8, body string) {
		srv, err := emulator.New()
		if err != nil {
			t.Fatal(err)
		}
		do := func(path, body string) []byte {
			req := httptest.NewRequest(http.MethodPost, emutest.ApiPath+path, strings.NewReader(body))
			req.Header.Set("Content-Type", api.FormType)
			if err := sign.NewSigner(srv.Credentials()).Edit(t.Context(), req); err != nil {
				t.Fatal(err)
			}
			w := httptest.NewRecorder()
			srv.Handler().ServeHTTP(w, req)
			if w.Code != http.StatusOK || !json.Valid(w.Body.Bytes()) {
				t.Fatalf("%s: %d %s", path, w.Code, w.Body)
			}
			return w.Body.Bytes()
		}
		do("/chatroom/create.action", "creator=a&name=n")
		do("/chatroom/sendMsg.action", `roomid=10010000001&msgId=1&fromAccid=a&msgType=0&notifyTargetTags={"tag":"t"}`)
		if err := srv.Join(10_010_000_001, emulator.JoinOptions{Accid: "a", Tags: []string{"t"}}); err != nil {
			t.Fatal(err)
		}
		op := gen.Operations[int(index)%len(gen.Operations)]
		if response := do(op.Path, body); emutest.CodeOf(t, response) == gen.CodeServerFault {
			t.Errorf("%s %q: %s", op.Action, body, response)
		}
		if _, err := json.Marshal(srv.Requests()); err != nil {
			t.Error(err)
		}
		if r, err := srv.Room(10_010_000_001); err != nil || r.OnlineUserCount < 0 {
			t.Errorf("%+v, %v", r, err)
		}
	})
}

// FuzzControl sends any body to the control plane: never a server error.
func FuzzControl(f *testing.F) {
	f.Add("clock", `{"advance":"24h"}`)
	f.Add("accounts", `{"accids":["a"]}`)
	f.Add("rooms/1/join", `{"accid":"a","tags":["x"],"clienttype":2}`)
	f.Add("rooms/-1/leave", `[`)
	f.Add("faults", `{"operation":"*","kind":"delay","delay":"1s","phase":"after","skip":1,"times":-1}`)
	f.Add("features", `{"search":false}`)
	f.Fuzz(func(t *testing.T, path, body string) {
		srv, err := emulator.New()
		if err != nil {
			t.Fatal(err)
		}
		req := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		req.URL.Path = control.Path + path
		w := httptest.NewRecorder()
		srv.Handler().ServeHTTP(w, req)
		if w.Code >= http.StatusInternalServerError {
			t.Errorf("%s %q: %d %s", path, body, w.Code, w.Body)
		}
	})
}
