package callback

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/nimroom/nimroom/gen"
)

// The kinds of errors, for [errors.Is].
var (
	// ErrConfig: an argument of New makes no sense (status 500); see [Receiver.Err].
	ErrConfig = errors.New("wrong configuration")
	// ErrMethod: the request is no POST (405).
	ErrMethod = errors.New("wrong method")
	// ErrBadSignature: a signing header is missing, repeated or wrong (401). [Error.Header]
	// names it.
	ErrBadSignature = errors.New("bad signature")
	// ErrClock: CurTime is more than five minutes off this machine's time (401).
	ErrClock = errors.New("clock is off")
	// ErrTooLarge: the body has more bytes than [WithMaxBody] allows (413).
	ErrTooLarge = errors.New("body too large")
	// ErrBadBody: the body cannot be read to its end or is no JSON object (400).
	ErrBadBody = errors.New("unreadable body")
	// ErrBadMember: a member of the callback cannot be read, and [Handlers] has no OnUnknown,
	// which gets such callbacks (400).
	ErrBadMember = errors.New("unreadable member")
	// ErrBusy: too many callbacks are being handled, or this one already is (503).
	ErrBusy = errors.New("busy")
	// ErrLate: the function takes longer than [WithTimeout] allows (503).
	ErrLate = errors.New("late")
	// ErrHandler: the function returned an error or panicked (500).
	ErrHandler = errors.New("the function failed")
	// ErrMemory: the [Memory] failed (503; 200 if the callback was handled before).
	ErrMemory = errors.New("the memory failed")
)

// advice says what to do about each kind.
var advice = map[error]string{
	ErrConfig:       "Correct the arguments of callback.New.",
	ErrMethod:       "Send callbacks with POST.",
	ErrBadSignature: "Check that the app key and the secret are those of the app in the console, and that nothing between the service and this server changes headers or body.",
	ErrClock:        "Set this machine's clock. If an emulator sent the callback, give callback.WithClock its clock (Server.Now). Somebody may also have sent an old callback again.",
	ErrTooLarge:     "If the service sends such bodies, raise the limit with callback.WithMaxBody.",
	ErrBadBody:      "Check that nothing between the service and this server changes or cuts off the body.",
	ErrBadMember:    "Set OnUnknown of callback.Handlers, which gets callbacks with such members, and report the member to the authors of this package.",
	ErrBusy:         "Deliver the callback again. If this is frequent, make the functions faster or raise callback.WithConcurrency.",
	ErrLate:         "Deliver the callback again. Put what takes long into a queue of your own, and return.",
	ErrHandler:      "Deliver the callback again after the function's error has been mended.",
	ErrMemory:       "Deliver the callback again. Check the store of the memory.",
}

// Error is a callback that was not handled. [errors.Is] compares it with the kinds of errors, and
// finds its cause, such as [sign.ErrCheckSum].
type Error struct {
	// Kind is one of the Err variables.
	Kind error
	// Status is the HTTP status of the response.
	Status int
	// Header is the name of the signing header that is wrong; empty in other cases.
	Header string
	// AppKey and Type are those of the callback; zero if it was rejected before they were known.
	AppKey string
	Type   gen.CallbackType
	// Stack is the stack of a function that panicked.
	Stack []byte

	cause error
}

// later returns an error after which the service is to deliver a callback again.
func later(kind error, app string, c gen.Callback, cause error) *Error {
	return &Error{Kind: kind, Status: http.StatusServiceUnavailable, AppKey: app, Type: c.Type(), cause: cause}
}

// maxMessage bounds an error's text, in bytes.
const maxMessage = 500

// Error returns one line with the kind, the type of the callback and the cause.
func (e *Error) Error() string {
	text := "callback: " + e.Kind.Error()
	if e.Type != 0 {
		text += ": " + e.Type.String()
	}
	if e.cause != nil {
		text += ": " + e.cause.Error()
	}
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > maxMessage {
		text = strings.ToValidUTF8(text[:maxMessage], "") + "..."
	}
	return text
}

// Advice says what to do.
func (e *Error) Advice() string { return advice[e.Kind] }

// Unwrap returns the kind and the cause.
func (e *Error) Unwrap() []error {
	if e.cause == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.cause}
}

// write responds with the error. What the app's own code said stays here.
func (e *Error) write(w http.ResponseWriter) {
	shown := *e
	if errors.Is(e.Kind, ErrHandler) || errors.Is(e.Kind, ErrMemory) || errors.Is(e.Kind, ErrConfig) {
		shown.cause = nil
	}
	text, _ := json.Marshal(struct {
		Error  string `json:"error"`
		Advice string `json:"advice"`
	}{shown.Error(), e.Advice()}) // texts: no error
	w.Header().Set("Content-Type", "application/json")
	if e.Status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "1")
	}
	w.WriteHeader(e.Status)
	_, _ = w.Write(append(text, '\n'))
}
