package conformance

import (
	"context"
	"encoding/json"
)

const codeOK = 200

// Target is a client and the service behind it, which the suite plays against.
type Target interface {
	// Call runs an operation, given by its id, with the texts that its form's
	// fields hold. Raw asks to send them without the client's own checks. An
	// API error is a Response; the error is for everything else.
	Call(ctx context.Context, operation string, form map[string]string, raw bool) (Response, error)
	// Control performs a control: action is the name of a Step's control, room an id
	// or empty, and with the body of the request.
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
