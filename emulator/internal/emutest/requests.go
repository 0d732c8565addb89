// Package emutest helps the tests of the emulator and its rooms: requests to a
// server, rooms to begin with, and the events in words.
package emutest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/api"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/tagexpr"
)

// client sends the requests of tests. It gives up on a server that hangs.
var client = &http.Client{Timeout: time.Minute}

// Ask sends a form with the generated client and decodes the response.
func Ask[F gen.Form, R any](t testing.TB, srv *emulator.Server, e gen.Endpoint[F, R], form F) (*R, error) {
	t.Helper()
	generated, err := gen.NewClient(srv.URL, gen.WithRequestEditorFn(sign.NewSigner(srv.Credentials(), sign.WithClock(srv.Now)).Edit))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := e.Send(generated, t.Context(), api.FormType, strings.NewReader(string(form.AppendForm(nil))))
	if err != nil {
		t.Fatal(err)
	}
	return e.Decode(ReadAll(t, resp))
}

// Get sends a form that must succeed.
func Get[F gen.Form, R any](t testing.TB, srv *emulator.Server, e gen.Endpoint[F, R], form F) *R {
	t.Helper()
	response, err := Ask(t, srv, e, form)
	if err != nil {
		t.Fatalf("%s: %v", e.Action, err)
	}
	return response
}

// WantCode sends a form that must get an error with a code.
func WantCode[F gen.Form, R any](t testing.TB, srv *emulator.Server, e gen.Endpoint[F, R], form F, code int) {
	t.Helper()
	_, err := Ask(t, srv, e, form)
	var apiError *wire.APIError
	if !errors.As(err, &apiError) || apiError.Code != code {
		t.Errorf("%s: got %v, want code %d", e.Action, err, code)
	}
}

// ReadAll reads the body of a response and closes it.
func ReadAll(t testing.TB, resp *http.Response) []byte {
	t.Helper()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return body
}

// Post sends a signed form as it is written, as cURL does, and returns the
// response's code and its body.
func Post(t testing.TB, srv *emulator.Server, path, form string) (int, string) {
	t.Helper()
	return Send(t, SignedRequest(t, srv, path, form))
}

// Request returns a request to a server that is not signed yet.
func Request(t testing.TB, srv *emulator.Server, method, path, body string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, srv.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", api.FormType)
	return req
}

// Send sends a request and returns the code of the response and its body.
func Send(t testing.TB, req *http.Request) (int, string) {
	t.Helper()
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	body := ReadAll(t, resp)
	return CodeOf(t, body), string(body)
}

// CodeOf returns the code of a response.
func CodeOf(t testing.TB, body []byte) int {
	t.Helper()
	var apiError *wire.APIError
	_, err := gen.DecodeUpdateMember(body) // the response of which nothing but the code is known
	switch {
	case err == nil:
		return gen.CodeOK
	case errors.As(err, &apiError):
		return apiError.Code
	}
	t.Fatalf("no response: %s", body)
	return 0
}

// NewRoom opens a room of zhangsan with the manager wangwu.
func NewRoom(t testing.TB, srv *emulator.Server) gen.RoomID {
	t.Helper()
	id := Get(t, srv, gen.CreateChatroomEndpoint, gen.CreateChatroomForm{Creator: "zhangsan", Name: "mychat room"}).Chatroom.RoomID
	Get(t, srv, gen.SetMemberRoleEndpoint, Role(id, "zhangsan", "wangwu", gen.RoleOperationManager, true))
	return id
}

// Join lets an account into a room with tags.
func Join(t testing.TB, srv *emulator.Server, id gen.RoomID, accid string, tags ...string) {
	t.Helper()
	if err := srv.Join(id, emulator.JoinOptions{Accid: accid, Tags: tags}); err != nil {
		t.Fatal(err)
	}
}

// Ptr returns a pointer to v.
func Ptr[T any](v T) *T { return &v }

// Expr returns a tag expression, or what text that is none becomes.
func Expr(text string) *tagexpr.Expr {
	e, _ := tagexpr.Parse(text)
	return &e
}

// WantDesc compares an error; a text that ends in "..." is a beginning.
func WantDesc(t testing.TB, code int, body string, wantCode int, want string) {
	t.Helper()
	var apiError struct{ Desc string }
	if err := json.Unmarshal([]byte(body), &apiError); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	beginning, isBeginning := strings.CutSuffix(want, "...")
	said := apiError.Desc == want || isBeginning && strings.HasPrefix(apiError.Desc, beginning)
	if code != wantCode || !said {
		t.Errorf("got %d %q, want %d %q", code, apiError.Desc, wantCode, want)
	}
}

// Role returns a form that sets or unsets a role.
func Role(id gen.RoomID, operator, target string, opt gen.RoleOperation, set bool) gen.SetMemberRoleForm {
	return gen.SetMemberRoleForm{RoomID: id, Operator: operator, Target: target, Opt: opt, OptValue: Ptr(set)}
}

// ControlCall sends a request to the control plane and returns the status and
// the response.
func ControlCall(t testing.TB, srv *emulator.Server, method, path, body string) (int, map[string]any) {
	t.Helper()
	url := strings.TrimSuffix(srv.URL, ApiPath) + "/_emulator/" + path
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	var response map[string]any
	raw := ReadAll(t, resp)
	if err := json.Unmarshal(raw, &response); err != nil {
		t.Fatalf("%s %s: %v: %s", method, path, err, raw)
	}
	return resp.StatusCode, response
}

// FakeT is a test that fails without stopping.
type FakeT struct {
	Failed   string
	Cleanups []func()
}

// Helper does nothing.
func (f *FakeT) Helper() {}

// Cleanup keeps a function to be called at the end of the test.
func (f *FakeT) Cleanup(c func()) { f.Cleanups = append(f.Cleanups, c) }

// Fatalf notes a failure.
func (f *FakeT) Fatalf(format string, args ...any) { f.Failed = fmt.Sprintf(format, args...) }

// SignedRequest is a signed request to a server, to be sent by a client of the test.
func SignedRequest(t testing.TB, srv *emulator.Server, path, form string) *http.Request {
	t.Helper()
	req := Request(t, srv, http.MethodPost, path, form)
	if err := sign.NewSigner(srv.Credentials(), sign.WithClock(srv.Now)).Edit(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	return req
}

// AddFault adds a fault.
func AddFault(t testing.TB, srv *emulator.Server, f emulator.Fault) {
	t.Helper()
	if err := srv.AddFault(f); err != nil {
		t.Fatal(err)
	}
}

// Seen is what a client sees of a response: a code, an HTTP status, a text that
// is no JSON, or an error.
func Seen(t testing.TB, srv *emulator.Server, path, form string) string {
	t.Helper()
	resp, err := client.Do(SignedRequest(t, srv, path, form))
	if err != nil {
		if errors.Is(err, syscall.ECONNRESET) {
			return "reset"
		}
		return err.Error()
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "cut short"
	case err != nil:
		return err.Error()
	case resp.StatusCode != http.StatusOK:
		return fmt.Sprint("HTTP ", resp.StatusCode, " ", string(body))
	case body[0] != '{':
		return "no JSON"
	}
	return strconv.Itoa(CodeOf(t, body))
}

// Example returns the example form of an operation, about a room with an id.
func Example(t testing.TB, op *gen.Operation, id gen.RoomID) url.Values {
	t.Helper()
	form, err := url.ParseQuery(op.Example)
	if err != nil || op.Example == "" {
		t.Fatalf("%s: example %q: %v", op.ID, op.Example, err)
	}
	if name := RoomField(op); name != "" {
		form.Set(name, id.String())
	}
	return form
}

// RoomField names the field that says which room an operation is about; it is
// empty where there is none.
func RoomField(op *gen.Operation) string {
	for _, f := range op.Fields {
		if strings.EqualFold(f.Name, "roomId") {
			return f.Name
		}
	}
	return ""
}

// CreateUserPath is the path of user/create.
const CreateUserPath = "/user/create.action"

// ApiPath is where the API is below a host.
const ApiPath = "/nimserver"
