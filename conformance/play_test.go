package conformance

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

// script is a target that always responds the same.
type script struct {
	response Response
	err      error
}

func (s script) Call(context.Context, string, map[string]string, bool) (Response, error) {
	return s.response, s.err
}

func (s script) Control(context.Context, string, string, json.RawMessage) (Response, error) {
	return s.response, s.err
}

// TestPlayFindsWhatIsWrong: a response that differs from what the step expects
// is an error that names the step and the place.
func TestPlayFindsWhatIsWrong(t *testing.T) {
	ok := Response{Code: 200, Body: json.RawMessage(`{"desc":{"size":2},"code":200}`)}
	failed := Response{Code: 403, Desc: "no permission"}
	tests := []struct {
		name, step string
		script     script
		want       string
	}{
		{"right", `{"call":"clearRobots","response":{"desc.size":2},"absent":["desc.level"],"save":{"n":"desc.size"}}`, script{response: ok}, ""},
		{"right API error", `{"call":"clearRobots","code":403,"desc":"no permission"}`, script{response: failed}, ""},
		{"right control", `{"control":"reset"}`, script{response: Response{Code: 200}}, ""},
		{"failure", `{"call":"clearRobots"}`, script{err: errors.New("cut off")}, "step 1 (clearRobots): cut off"},
		{"API error", `{"call":"clearRobots"}`, script{response: failed}, `code 403 "no permission", want 200`},
		{"no API error", `{"call":"clearRobots","code":403}`, script{response: ok}, "code 200"},
		{"another API error", `{"call":"clearRobots","code":404}`, script{response: failed}, "want 404"},
		{"another desc", `{"call":"clearRobots","code":403,"desc":"not you"}`, script{response: failed}, `desc: "no permission", want "not you"`},
		{"another value", `{"call":"clearRobots","response":{"desc.size":3}}`, script{response: ok}, "desc.size: 2, want 3"},
		{"no value", `{"call":"clearRobots","response":{"desc.count":2}}`, script{response: ok}, "desc.count: nothing there"},
		{"too much", `{"call":"clearRobots","absent":["desc.size"]}`, script{response: ok}, "desc.size: 2, want nothing"},
		{"nothing to save", `{"call":"clearRobots","save":{"n":"desc.count"}}`, script{response: ok}, "desc.count: nothing there"},
		{"not saved", `{"call":"clearRobots","form":{"roomid":"$room"}}`, script{response: ok}, "roomid: $room was not saved"},
		{"not saved for a room", `{"control":"join","room":"$room"}`, script{response: ok}, "$room was not saved"},
		{"no JSON", `{"call":"clearRobots"}`, script{response: Response{Code: 200, Body: json.RawMessage(`<html>`)}}, "response <html>"},
		{"control with an API error", `{"control":"reset"}`, script{response: failed}, "step 1 (reset): code 403"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			suite := &Suite{Given: map[string][]Step{}}
			if err := suite.add([]byte(scenario(tt.step))); err != nil {
				t.Fatal(err)
			}
			err := suite.Play(t.Context(), suite.Scenarios[0], tt.script)
			switch {
			case tt.want == "" && err != nil:
				t.Error(err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("%v, want %s", err, tt.want)
			}
		})
	}
}

// TestTypedCallsSendTheWholeForm: a form that the typed method cannot hold is an
// error, not a shorter request.
func TestTypedCallsSendTheWholeForm(t *testing.T) {
	target, srv := emulate(t, Options{})
	for _, form := range []map[string]string{
		{"roomid": "1", "roomId": "1"},
		{"roomid": "many"},
		{},
	} {
		if response, err := target.Call(t.Context(), "getChatroom", form, false); err == nil || !strings.Contains(err.Error(), "only raw can send") {
			t.Errorf("%v: %+v, %v", form, response, err)
		}
	}
	if n := len(srv.Requests()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

func TestUnknownStepsAreErrors(t *testing.T) {
	target, _ := emulate(t, Options{})
	if _, err := target.Call(t.Context(), "noSuchOperation", nil, true); err == nil {
		t.Error("calls noSuchOperation")
	}
	if _, err := target.Control(t.Context(), "faults", "", nil); err == nil {
		t.Error("controls faults")
	}
	if _, err := target.Control(t.Context(), "join", "", nil); err == nil {
		t.Error("joins no room")
	}
}
