package conformance

import (
	"context"
	"encoding/json"
)

const codeOK = 200

// Target is what the suite plays against: a client and the service behind it.
type Target interface {
	// Call runs an operation, given by its id, with the texts that its form's
	// fields hold. Raw asks to send them without the client's own checks. An
	// API error is a Response; the error is for everything else.
	Call(ctx context.Context, operation string, form map[string]string, raw bool) (Response, error)
	// Control does to the service what no operation does: action is one of
	// Step's, room an id or empty, and with the JSON of the details.
	Control(ctx context.Context, action, room string, with json.RawMessage) (Response, error)
}

// Response is what a service responded.
type Response struct {
	Code int
	// Desc is the text of an API error.
	Desc string
	// Body is a success as JSON in the spelling and the shapes of the spec.
	Body json.RawMessage
}
