package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nimroom/nimroom/conformance"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

// TestMain makes this program the driver of its own tests when it is started with
// the name of a behaviour: the Go SDK, with a fault on purpose or without.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "driver" {
		if err := drive(os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func drive(behaviour string) error {
	env := os.Getenv //nolint:forbidigo // the settings of a driver
	credentials, err := sign.NewCredentials(env("NIM_APP_KEY"), env("NIM_APP_SECRET"))
	if err != nil {
		return err
	}
	var now int64
	client, err := wrapper.New(credentials, wrapper.WithBaseURL(env("NIM_BASE_URL")), wrapper.WithLimiter(nil),
		wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 1}), wrapper.WithClock(func() time.Time { return time.Unix(now, 0) }))
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var r Request
		d := json.NewDecoder(strings.NewReader(lines.Text()))
		d.UseNumber()
		if err := d.Decode(&r); err != nil {
			return err
		}
		now = r.Now
		reply := map[string]any{}
		switch {
		case behaviour == "ends":
			return nil
		case behaviour == "babbles":
			fmt.Println("hello")
			continue
		case behaviour == "cannot create" && r.Operation == "createChatroom":
			reply["inexpressible"] = "I cannot"
		case behaviour == "twice":
			performed(client, r)
			reply = performed(client, r)
		case behaviour == "loses a field":
			reply = performed(client, r)
			if response, ok := reply["response"].(json.RawMessage); ok {
				reply["response"] = json.RawMessage(strings.ReplaceAll(string(response), `"creator"`, `"author"`))
			}
		case behaviour == "adds a field":
			if r.Operation == "createChatroom" {
				r.Form["queuelevel"] = json.Number("0")
			}
			reply = performed(client, r)
		case behaviour == "another code":
			if reply = performed(client, r); reply["code"] != nil {
				reply["code"] = 500
			}
		default:
			reply = performed(client, r)
		}
		if err := json.NewEncoder(os.Stdout).Encode(reply); err != nil {
			return err
		}
	}
	return lines.Err()
}

// performed makes a call, checked as the SDK's methods check.
func performed(client *wrapper.Client, r Request) map[string]any {
	values := url.Values{}
	for name, value := range r.Form {
		switch v := value.(type) {
		case string:
			values.Set(name, v)
		case map[string]any, []any:
			text, _ := json.Marshal(v)
			values.Set(name, string(text))
		default:
			values.Set(name, fmt.Sprint(v))
		}
	}
	o := gen.Operations[slices.IndexFunc(gen.Operations, func(o *gen.Operation) bool { return o.ID == r.Operation })]
	fields, err := wire.ParseForm(values.Encode())
	if err != nil {
		return map[string]any{"error": err.Error()}
	}
	if _, err := o.Bind(fields); err != nil || len(fields.Unknown()) > 0 {
		return map[string]any{"inexpressible": fmt.Sprint(err, fields.Unknown())}
	}
	response, err := client.Do(context.Background(), o.Path, values)
	var failure *wrapper.Error
	switch {
	case err == nil:
		return map[string]any{"response": response}
	case errors.As(err, &failure) && failure.Code != 0:
		var apiError struct { // the SDK's message also has members that the spec does not list
			Desc *string `json:"desc"`
		}
		if err := json.Unmarshal(failure.Body, &apiError); err != nil {
			return map[string]any{"error": err.Error()}
		}
		return map[string]any{"code": failure.Code, "desc": apiError.Desc}
	case errors.As(err, &failure):
		return map[string]any{"status": failure.HTTPStatus}
	}
	return map[string]any{"error": err.Error()}
}

func play(t *testing.T, behaviour, scenarios string) (*Score, error) {
	t.Helper()
	suite, err := loadSuite()
	if err != nil {
		t.Fatal(err)
	}
	suite.Scenarios = slices.DeleteFunc(suite.Scenarios, func(s conformance.Scenario) bool { return !strings.HasPrefix(s.Name, scenarios) })
	folder := &Folder{Driver: []string{os.Args[0], "driver"}}
	return Play(t.Context(), suite, folder, &Client{Name: "test", Generator: "none", Arguments: []string{behaviour}})
}

func TestAGoodClientPassesAll(t *testing.T) {
	score, err := play(t, "good", "")
	if err != nil {
		t.Fatal(err)
	}
	if err := score.complete(); err != nil {
		t.Error(err)
	}
	for _, o := range gen.Operations {
		cell := score.Operations[o.ID]
		for _, code := range o.StatusCodes {
			if cell.Codes[code] == 0 {
				t.Errorf("%s: code %d was not met", o.ID, code)
			}
		}
	}
	if score.Operations["getChatroom"].Inexpressible == 0 {
		t.Error("a form without a room went through a typed method")
	}
}

// TestFaultsOfAClientAreFound: each of them is an error of Play.
func TestFaultsOfAClientAreFound(t *testing.T) {
	for behaviour, want := range map[string]string{
		"ends":          "driver: it ended",
		"babbles":       `driver: "hello"`,
		"twice":         "2 requests arrived",
		"loses a field": "chatroom.creator: nothing there",
		"adds a field":  "queuelevel arrived",
		"another code":  "the client returned 500",
		"cannot create": "not expressible: I cannot",
	} {
		t.Run(behaviour, func(t *testing.T) {
			if _, err := play(t, behaviour, "createChatroom/"); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v, want %q", err, want)
			}
		})
	}
}

// TestAllOperationsAreNeeded: a client that passes without having called each
// operation is not complete.
func TestAllOperationsAreNeeded(t *testing.T) {
	score, err := play(t, "good", "createChatroom/")
	if err != nil {
		t.Fatal(err)
	}
	if err := score.complete(); err == nil || strings.Contains(err.Error(), "createChatroom") || !strings.Contains(err.Error(), "updateMemberTags") {
		t.Errorf("got %v", err)
	}
}

// TestResultsKeepTheOtherClients: a client's results replace its own alone.
func TestResultsKeepTheOtherClients(t *testing.T) {
	file := filepath.Join(t.TempDir(), resultsFile)
	for _, name := range []string{"B", "A", "C", "B"} {
		results, err := readResults(file)
		if err != nil {
			t.Fatal(err)
		}
		score := newScore()
		score.add([]call{{operation: "x", code: gen.CodeOK}, {operation: "x", reason: "?"}, {operation: "y", code: gen.CodeNotFound}})
		results.put(&Folder{Spec: "s"}, &Client{Name: name, Generator: "g"}, score)
		if err := results.write(file); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	const client = `{"name":"A","generator":"g","spec":"s","scenarios":1,"succeeded":1,"failed":1,"inexpressible":1}`
	want := "{\"clients\":[\n" + client + ",\n" + strings.Replace(client, "A", "B", 1) + ",\n" + strings.Replace(client, "A", "C", 1) + "]}\n"
	if string(text) != want {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
}

func TestExtendReachesEveryObject(t *testing.T) {
	got, err := extend([]byte(`{"desc":{"data":[{"roomid":9007199254740993}]},"code":200}`))
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(got), unknownMember); n != 3 || !strings.Contains(string(got), ":9007199254740993") {
		t.Errorf("got %s", got)
	}
}
