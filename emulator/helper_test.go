package emulator

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/nimroom/nimroom/emulator/internal/api"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/sign"
)

// ask sends a form with the generated client and decodes the answer.
func ask[F gen.Form, R any](t testing.TB, srv *Server, e gen.Endpoint[F, R], form F) (*R, error) {
	t.Helper()
	client, err := gen.NewClient(srv.URL, gen.WithRequestEditorFn(sign.NewSigner(srv.Credentials(), sign.WithClock(srv.Now)).Edit))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := e.Send(client, t.Context(), api.FormType, strings.NewReader(string(form.AppendForm(nil))))
	if err != nil {
		t.Fatal(err)
	}
	return e.Decode(readAll(t, resp))
}

// get asks for what must succeed.
func get[F gen.Form, R any](t testing.TB, srv *Server, e gen.Endpoint[F, R], form F) *R {
	t.Helper()
	answer, err := ask(t, srv, e, form)
	if err != nil {
		t.Fatalf("%s: %v", e.Action, err)
	}
	return answer
}

// refused asks for what must be refused with a code.
func refused[F gen.Form, R any](t testing.TB, srv *Server, e gen.Endpoint[F, R], form F, code int) {
	t.Helper()
	_, err := ask(t, srv, e, form)
	var refusal *wire.APIError
	if !errors.As(err, &refusal) || refusal.Code != code {
		t.Errorf("%s: got %v, want code %d", e.Action, err, code)
	}
}

func readAll(t testing.TB, resp *http.Response) []byte {
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

// post sends a signed form as it is written, as cURL does, and returns the
// answer's code and its body.
func post(t testing.TB, srv *Server, path, form string) (int, string) {
	t.Helper()
	req := request(t, srv, http.MethodPost, path, form)
	if err := sign.NewSigner(srv.Credentials(), sign.WithClock(srv.Now)).Edit(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	return send(t, req)
}

func request(t testing.TB, srv *Server, method, path, body string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, srv.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", api.FormType)
	return req
}

func send(t testing.TB, req *http.Request) (int, string) {
	t.Helper()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	body := readAll(t, resp)
	return codeOf(t, body), string(body)
}

func codeOf(t testing.TB, body []byte) int {
	t.Helper()
	var refusal *wire.APIError
	_, err := gen.DecodeUpdateMember(body) // the answer of which nothing but the code is known
	switch {
	case err == nil:
		return gen.CodeOK
	case errors.As(err, &refusal):
		return refusal.Code
	}
	t.Fatalf("no answer: %s", body)
	return 0
}

// newRoom opens a room of zhangsan with the manager wangwu.
func newRoom(t testing.TB, srv *Server) gen.RoomID {
	t.Helper()
	id := get(t, srv, gen.CreateChatroomEndpoint, gen.CreateChatroomForm{Creator: "zhangsan", Name: "mychat room"}).Chatroom.RoomID
	get(t, srv, gen.SetMemberRoleEndpoint, gen.SetMemberRoleForm{
		RoomID: id, Operator: "zhangsan", Target: "wangwu", Opt: gen.RoleOperationManager, OptValue: ptr(true),
	})
	return id
}

func join(t testing.TB, srv *Server, id gen.RoomID, accid string, tags ...string) {
	t.Helper()
	if err := srv.Join(id, JoinOptions{Accid: accid, Tags: tags}); err != nil {
		t.Fatal(err)
	}
}

func ptr[T any](v T) *T { return &v }

// deref returns what p points to, or the zero value.
func deref[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

// roomIDField is the spelling of two operations for what all others call roomid.
const roomIDField = "roomId"

func namesRoomID(op *gen.Operation) bool {
	return slices.ContainsFunc(op.Fields, func(f gen.Field) bool { return f.Name == roomIDField })
}
