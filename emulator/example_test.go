package emulator_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/sign"
)

// In a test the server is one line; pass the test itself.
func ExampleStart() {
	t := new(exampleT) // your *testing.T
	defer t.done()
	srv := emulator.Start(t, emulator.WithCreatedAccounts("zhangsan", "lisi"))

	client, err := gen.NewClient(srv.URL, gen.WithRequestEditorFn(sign.NewSigner(srv.Credentials()).Edit))
	if err != nil {
		t.Fatalf("%v", err)
	}
	form := gen.CreateChatroomForm{Creator: "zhangsan", Name: "mychat room"}
	resp, err := client.CreateChatroomWithBody(context.Background(), "application/x-www-form-urlencoded", strings.NewReader(string(form.AppendForm(nil))))
	if err != nil {
		t.Fatalf("%v", err)
	}
	defer resp.Body.Close()

	if err := srv.Join(10_010_000_001, emulator.JoinOptions{Accid: "lisi", Nick: "Li Si", Tags: []string{"vip"}}); err != nil {
		t.Fatalf("%v", err)
	}
	room, err := srv.Room(10_010_000_001)
	if err != nil {
		t.Fatalf("%v", err)
	}
	for _, m := range room.Members {
		fmt.Println(m.Accid, m.Type, m.Online)
	}
	for _, r := range srv.Requests() {
		fmt.Println(r.Operation, r.Form["name"], r.Signature, r.Code)
	}
	// Output:
	// zhangsan CREATOR false
	// lisi TEMPORARY true
	// create mychat room ok 200
}

// A server that a program serves by itself.
func ExampleNew() {
	srv, err := emulator.New(emulator.WithStrict(true), emulator.WithAccounts(emulator.StrictAccounts))
	if err != nil {
		fmt.Println(err)
		return
	}
	server := httptest.NewServer(srv.Handler())
	defer server.Close()
	resp, err := http.Get(server.URL + "/_emulator/health")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	fmt.Println(resp.Status)
	// Output: 200 OK
}

// exampleT stands in for the *testing.T that an example does not have.
type exampleT struct{ cleanups []func() }

func (t *exampleT) Helper()                           {}
func (t *exampleT) Cleanup(f func())                  { t.cleanups = append(t.cleanups, f) }
func (t *exampleT) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }

func (t *exampleT) done() {
	for _, f := range t.cleanups {
		f()
	}
}
