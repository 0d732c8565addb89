// Driver reads calls, one from each line, and makes them through the generated
// client. ../README.md describes the format.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"reflect"
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
		result := reply{Error: fmt.Sprint(err)}
		if err == nil {
			result = perform(client, r)
		}
		if err := out.Encode(result); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

// perform makes a call by the generated method.
func perform(client *chatroom.APIClient, r request) reply {
	call, err := newRequest(client, r.Operation)
	if err != nil {
		return reply{Error: err.Error()}
	}
	for field, value := range r.Form {
		if call, err = set(call, field, value); err != nil {
			return reply{Inexpressible: err.Error()}
		}
	}
	body, response, err := execute(call)
	var failed *chatroom.GenericOpenAPIError
	switch {
	case err == nil:
		forget(reflect.ValueOf(body))
		return reply{Response: body}
	case errors.As(err, &failed):
		if apiError, ok := failed.Model().(chatroom.Error); ok && apiError.Code != 0 {
			return reply{Code: apiError.Code, Desc: apiError.Desc.Get()}
		}
		if response.StatusCode != http.StatusOK {
			return reply{Status: response.StatusCode}
		}
	case response == nil: // the client's own checks
		return reply{Inexpressible: err.Error()}
	}
	return reply{Error: err.Error()}
}
