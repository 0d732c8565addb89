// Package faults holds what goes wrong on purpose between a client and the
// service, and applies it to requests.
package faults

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/rules"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/clip"
)

// Kind is what a [Fault] does to a response.
type Kind string

// The kinds of faults.
const (
	Code      Kind = "code"
	Status    Kind = "status"
	Delay     Kind = "delay"
	Reset     Kind = "reset"
	Truncate  Kind = "truncate"
	Malformed Kind = "malformed"
)

// The kinds of faults of callbacks, beside Delay.
const (
	Loss      Kind = "loss"
	Double    Kind = "double"
	Disorder  Kind = "disorder"
	Signature Kind = "signature"
)

// Kinds lists the kinds of faults, first those of requests.
var Kinds = []Kind{Code, Status, Delay, Reset, Truncate, Malformed, Loss, Double, Disorder, Signature}

// Phase says when a [Fault] applies.
type Phase string

// The phases: before the operation does anything, and after it is done.
const (
	Before Phase = "before"
	After  Phase = "after"
)

// Forever is the Times of a [Fault] that applies to every further request.
const Forever = -1

const (
	most     = 1000
	maxDelay = time.Hour
	maxCount = 1_000_000
	// allOperations is the Operation of a fault that applies to any.
	allOperations = "*"
	// allCallbacks is the Operation of a fault that applies to any callback.
	allCallbacks = "callbacks"
)

// Callback returns the Operation of faults of a kind of callback.
func Callback(t gen.CallbackType) string { return "on" + t.String() }

// Callbacks are the Operations of faults of callbacks: of any, and of each kind that the emulator sends.
var Callbacks = []string{
	allCallbacks, Callback(gen.CallbackTypeMessage), Callback(gen.CallbackTypeMember), Callback(gen.CallbackTypeQueue), Callback(gen.CallbackTypeLogin),
}

// Fault is something that goes wrong. Package emulator documents its fields.
type Fault struct {
	Operation string        `json:"operation" required:"an action, an operationId or *" doc:"An action (sendMsg), an operationId (sendMessage), *, or a kind of callbacks."`
	Kind      Kind          `json:"kind" required:"a kind such as code, status, delay or reset" doc:"What happens."`
	Code      int           `json:"code,omitempty" doc:"The code of the response."`
	Desc      string        `json:"desc,omitempty" doc:"The text of the response; the text of the service if left out."`
	Status    int           `json:"status,omitempty" doc:"The HTTP status."`
	Delay     time.Duration `json:"-"`
	Phase     Phase         `json:"phase" doc:"before or after the operation."`
	Skip      int           `json:"skip" doc:"How many requests pass first."`
	Times     int           `json:"times" doc:"To how many requests the fault applies: 1 if left out, -1 for ever."`
}

// String reads like "status 502 after".
func (f Fault) String() string {
	text := string(f.Kind)
	switch f.Kind {
	case Code:
		text += " " + strconv.Itoa(f.Code)
	case Status:
		text += " " + strconv.Itoa(f.Status)
	case Delay:
		text += " " + f.Delay.String()
	case Reset, Truncate, Malformed:
	case Loss, Double, Disorder, Signature:
		return text
	}
	if f.Phase == "" { // of a callback
		return text
	}
	return text + " " + string(f.Phase)
}

// notOfQuestions are the kinds of faults that a question does not have, because it is asked once.
var notOfQuestions = []Kind{Double, Disorder}

// complete fills in what was left out and drops what the kind has no use for.
// The error names the field that makes no sense.
func (f Fault) complete() (Fault, error) {
	if f.Operation == "" {
		return f, errors.New("operation is empty, want an action, an operationId or " + allOperations)
	}
	ofCallback := slices.Contains(Callbacks, f.Operation)
	if f.Operation != allOperations && !ofCallback && !rules.Known(f.Operation) {
		return f, fmt.Errorf("operation: %s, want an action such as sendMsg, an operationId such as sendMessage, or %s; for callbacks %s, or %s",
			clip.Text(f.Operation), allOperations, strings.Join(Callbacks[1:], ", "), allCallbacks)
	}
	done := Fault{Operation: f.Operation, Kind: f.Kind, Phase: f.Phase, Skip: f.Skip, Times: f.Times}
	if done.Phase == "" && !ofCallback {
		done.Phase = Before
	}
	if done.Times == 0 {
		done.Times = 1
	}
	switch kinds := []Kind{Loss, Delay, Double, Disorder, Signature}; {
	case ofCallback && !slices.Contains(kinds, f.Kind):
		return f, fmt.Errorf("kind: %s, want loss, delay, double, disorder or signature for a callback", clip.OrNone(string(f.Kind)))
	case f.Operation == Callback(gen.CallbackTypeLogin) && slices.Contains(notOfQuestions, f.Kind):
		return f, fmt.Errorf("kind: %s, want loss, delay or signature for %s, which is asked once", f.Kind, f.Operation)
	case ofCallback && f.Phase != "":
		return f, fmt.Errorf("phase: %s, a fault of a callback has none", clip.Text(string(f.Phase)))
	}
	switch f.Kind {
	case Code:
		if f.Code < 1 || f.Code > 99_999 || f.Code == gen.CodeOK {
			return f, fmt.Errorf("code: %d, want from 1 to 99999 and not %d", f.Code, gen.CodeOK)
		}
		if done.Code, done.Desc = f.Code, clip.Text(f.Desc); f.Desc == "" {
			done.Desc = rules.UsualDesc(f.Code)
		}
	case Status:
		if done.Status = f.Status; f.Status < 200 || f.Status > 599 {
			return f, fmt.Errorf("status: %d, want from 200 to 599", f.Status)
		}
	case Delay:
		if done.Delay = f.Delay; f.Delay <= 0 || f.Delay > maxDelay {
			return f, fmt.Errorf("delay: %v, want more than 0 and at most %v", f.Delay, maxDelay)
		}
	case Reset, Truncate, Malformed:
	case Loss, Double, Disorder, Signature:
		if !ofCallback {
			return f, fmt.Errorf("kind: %s is for callbacks, such as operation onMessage", f.Kind)
		}
	default:
		return f, fmt.Errorf("kind: %s, want code, status, delay, reset, truncate or malformed", clip.OrNone(string(f.Kind)))
	}
	switch {
	case !ofCallback && done.Phase != Before && done.Phase != After:
		return f, fmt.Errorf("phase: %s, want before or after", clip.Text(string(f.Phase)))
	case f.Skip < 0 || f.Skip > maxCount:
		return f, fmt.Errorf("skip: %d, want from 0 to %d", f.Skip, maxCount)
	case f.Times < Forever || f.Times > maxCount:
		return f, fmt.Errorf("times: %d, want from 1 to %d, or %d for ever", f.Times, maxCount, Forever)
	}
	return done, nil
}
