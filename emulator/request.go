package emulator

import (
	"context"
	"fmt"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/api"
	"github.com/nimroom/nimroom/gen"
)

// SignatureOK is the Signature of a request whose signature was good.
const SignatureOK = api.SignatureOK

// Request is an entry of the request log.
type Request struct {
	// ID counts the requests since the start or the last [Server.Reset], from 1.
	ID   int64     `json:"id"`
	Time time.Time `json:"time"`
	// Operation is the action, sendMsg, and OperationID the id of the same in
	// the spec, sendMessage. Both are empty for an unknown path.
	Operation   string `json:"operation"`
	OperationID string `json:"operationId"`
	Method      string `json:"method"`
	// Path is below the base URL.
	Path string `json:"path"`
	// Form holds the fields, and the first value of a field that was sent twice.
	// Long forms are cut.
	Form map[string]string `json:"form"`
	// Signature is "ok" or what was wrong; it is empty when the signature was
	// not checked.
	Signature string `json:"signature"`
	// Unknown names fields that the operation does not have, and unknown members
	// of objects in JSON fields (roles.x, msgList[].x). Duplicated names fields that
	// were sent twice.
	Unknown    []string `json:"unknown,omitempty"`
	Duplicated []string `json:"duplicated,omitempty"`
	// NotEmulated names fields that the emulator accepts and does not carry out,
	// each with the reason: "bid: The emulator checks no content."
	NotEmulated []string `json:"notEmulated,omitempty"`
	// Notices says in words what is odd about the request, such as parameters in
	// the URL.
	Notices []string `json:"notices,omitempty"`
	// Fault is the fault that was applied, such as "status 502 after".
	Fault string `json:"fault,omitempty"`
	// Stub reports whether the response was a stub's; see [Server.Stub].
	Stub bool `json:"stub,omitempty"`
	// Code is that of the response, 501 for a path that is not emulated, and Desc the text of an error. A fault that
	// was applied after the operation does not change them. Where a fault was
	// applied before it, so that nothing was done, Code is 0 or that of the fault.
	Code int    `json:"code"`
	Desc string `json:"desc,omitempty"`
	// Circumstance names the entry of x-advice in the spec that fits an error best,
	// Meaning says what is wrong and Advice what to do next, in the language of
	// [WithLanguage]. They may say more than the text of the response does.
	Circumstance string `json:"circumstance,omitempty"`
	Meaning      string `json:"meaning,omitempty"`
	Advice       string `json:"advice,omitempty"`
}

// Requests lists the requests to the API, oldest first: the last 1000 of all,
// or those among them of an operation, given by its action (sendMsg) or its id
// (sendMessage).
func (s *Server) Requests(operation ...string) []Request {
	var query api.Query
	if len(operation) > 0 {
		query.Operation = operation[0]
	}
	entries := s.api.Log.Latest(query)
	list := make([]Request, len(entries))
	for i, e := range entries {
		list[i] = Request(e)
	}
	return list
}

// RequestFilter selects requests of the log. A field that is left out selects all.
type RequestFilter struct {
	// Operation is an action (sendMsg) or its id (sendMessage).
	Operation string
	// RoomID is a room that the form names, in roomid or in the list roomids.
	RoomID gen.RoomID
	// Code is that of the response.
	Code int
	// Form holds fields that the form must have, with exactly these values. The others do not count.
	Form map[string]string
	// Since selects requests with a greater [Request.ID].
	Since int64
}

// AwaitRequest returns the first request that the filter selects: one that the log of the last
// 1000 requests holds, or else the next that arrives. The request is in the log before its response
// is sent.
//
// The error names a field of the filter that can select nothing, or wraps the cause of ctx's end;
// then it names the request that differs least.
func (s *Server) AwaitRequest(ctx context.Context, f RequestFilter) (Request, error) {
	e, err := s.api.Log.Await(ctx, api.Query{Operation: f.Operation, Room: f.RoomID, Code: f.Code, Form: f.Form, Since: f.Since})
	if err != nil {
		return Request{}, fmt.Errorf("emulator: %w", err)
	}
	return Request(e), nil
}
