// Driver makes the calls that it reads, a line each, through the generated
// client. ../README.md has the format.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"nimroom.example/interop/chatroom"
	"nimroom.example/interop/nimroom"
)

type request struct {
	Operation string
	Form      map[string]json.RawMessage
	Now       int64
}

type reply struct {
	Response      any     `json:"response,omitempty"`
	Code          int32   `json:"code,omitempty"`
	Desc          *string `json:"desc,omitempty"`
	Status        int     `json:"status,omitempty"`
	Inexpressible string  `json:"inexpressible,omitempty"`
	Error         string  `json:"error,omitempty"`
}

func main() {
	var now time.Time
	config := chatroom.NewConfiguration()
	config.Servers = chatroom.ServerConfigurations{{URL: os.Getenv("NIM_BASE_URL")}}
	config.HTTPClient = &http.Client{Transport: &nimroom.Transport{
		AppKey: os.Getenv("NIM_APP_KEY"), AppSecret: os.Getenv("NIM_APP_SECRET"),
		Now: func() time.Time { return now },
	}}
	client := chatroom.NewAPIClient(config)

	in, out := bufio.NewScanner(os.Stdin), json.NewEncoder(os.Stdout)
	in.Buffer(nil, 16<<20)
	for in.Scan() {
		var r request
		err := json.Unmarshal(in.Bytes(), &r)
		now = time.Unix(r.Now, 0)
		answer := reply{Error: fmt.Sprint(err)}
		if err == nil {
			answer = perform(client, r)
		}
		if err := out.Encode(answer); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

func perform(client *chatroom.APIClient, r request) reply {
	call, ok := operations[r.Operation]
	if !ok {
		return reply{Error: "no such operation"}
	}
	f := &form{fields: r.Form}
	execute := call(context.Background(), client, f)
	if err := f.problem(); err != nil {
		return reply{Inexpressible: err.Error()}
	}
	answer, response, err := execute()
	var failed *chatroom.GenericOpenAPIError
	switch {
	case err == nil:
		forget(answer)
		return reply{Response: answer}
	case errors.As(err, &failed):
		if refusal, ok := failed.Model().(chatroom.Error); ok && refusal.Code != 0 {
			return reply{Code: refusal.Code, Desc: refusal.Desc.Get()}
		}
		if response.StatusCode != http.StatusOK {
			return reply{Status: response.StatusCode}
		}
	case response == nil: // the client's own checks
		return reply{Inexpressible: err.Error()}
	}
	return reply{Error: err.Error()}
}
