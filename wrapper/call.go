package wrapper

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wrapper/internal/conn"
	"github.com/nimroom/nimroom/wrapper/internal/hosts"
	"github.com/nimroom/nimroom/wrapper/internal/response"
)

// A stage does its part of a call and calls the next stage for the rest.
type stage func(ctx context.Context, c *call) *Error

// A layer puts a stage in front of the next one.
type layer func(next stage) stage

// call is the state of one call, which the stages share.
type call struct {
	settings
	typed
	info        CallInfo
	invalid     error  // the error of the call's options
	body        []byte // the encoded form
	deadline    time.Time
	ownDeadline bool // the deadline is that of WithTimeout, not that of the caller's context
	attempts    int
	ambiguous   bool        // an attempt may have been carried out, and no response says so
	marked      bool        // a deduplicated form is marked as one that may have arrived before
	reconnects  int         // how often the call found a dead idle connection
	requestID   *[1]string  // the header's values
	checkSums   []string    // those of the attempts, which are secret
	watch       *conn.Watch // that of the attempt
	attempt     attempt
	spare       spare
}

// typed is the part of a call that depends on the types of its operation.
type typed interface {
	// validate checks the form.
	validate() error
	// identify gives a deduplicated form an id, unless it has one, and marks it as one that
	// may have arrived before if mark is true and the caller has not decided. It reports
	// whether the form is marked.
	identify(id string, mark bool) bool
	// room returns the room that the form names, or 0.
	room() gen.RoomID
	// encode returns the form's body.
	encode() []byte
	// post sends the form. The editors are called in order before it is sent.
	post(raw gen.ClientInterface, ctx context.Context, contentType string, body io.Reader, editors ...gen.RequestEditorFn) (*http.Response, error)
	// decode reads a body into the result. Its error is an API error unless the
	// body is that of a success, or the context's error if that ended first.
	decode(ctx context.Context, body []byte) error
	// empty sets the result to that of a response that holds only its code.
	empty()
	// unclear reports whether the result may leave out changes of an earlier attempt.
	unclear() bool
}

// attempt is the state of one attempt, which the stages share.
type attempt struct {
	began      time.Time // zero until the attempt has its turn
	host       *hosts.Host
	signed     bool // the request was signed and passed on
	stale      bool // the request used a dead idle connection
	response   *http.Response
	body       *response.Body // nil unless it was read completely
	clockMoved bool           // the response corrected the clock
}

// spare holds the memory for values that nearly every call needs, in the one allocation of
// the call.
type spare struct {
	requestID [1]string
	checkSum  [1]string
	editors   [3]gen.RequestEditorFn
	watch     conn.Watch

	attemptTimeout, callTimeout timeout
}

// changes reports whether the operation changes anything, so that an attempt with an
// unknown outcome matters.
func (c *call) changes() bool { return c.info.Operation.Idempotency != gen.Safe }

// overdue reports whether the call's time is over.
func (c *call) overdue() bool { return !c.deadline.IsZero() && !time.Now().Before(c.deadline) }
