package emulator

import (
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/nimroom/nimroom/gen"
)

// FaultKind is what a [Fault] does to an answer.
type FaultKind string

const (
	// FaultCode refuses with the Code of the fault.
	FaultCode FaultKind = "code"
	// FaultStatus answers with the HTTP Status of the fault and no body, as a
	// gateway does.
	FaultStatus FaultKind = "status"
	// FaultDelay holds the request back for the Delay of the fault and answers
	// as if nothing had been.
	FaultDelay FaultKind = "delay"
	// FaultReset resets the connection instead of answering.
	FaultReset FaultKind = "reset"
	// FaultTruncate ends the connection in the middle of the body.
	FaultTruncate FaultKind = "truncate"
	// FaultMalformed answers HTTP 200 with a text that is no JSON.
	FaultMalformed FaultKind = "malformed"
)

// FaultPhase says when a [Fault] strikes.
type FaultPhase string

const (
	// FaultBefore strikes before the operation does anything: unless the fault
	// is a delay, it does nothing at all.
	FaultBefore FaultPhase = "before"
	// FaultAfter strikes when the operation is done: the message is stored, and
	// its sender does not learn of it.
	FaultAfter FaultPhase = "after"
)

// Forever is the Times of a [Fault] that never has enough.
const Forever = -1

const (
	maxFaults     = 1000
	maxFaultDelay = time.Hour
	maxFaultCount = 1_000_000
	// allOperations is the Operation of a fault that strikes any.
	allOperations = "*"
)

// Fault is something that goes wrong between a client and the service.
type Fault struct {
	// Operation is an action (sendMsg), an operationId (sendMessage), or "*"
	// for all.
	Operation string
	Kind      FaultKind
	// Code is that of [FaultCode], from 1 to 99999 and not 200. Desc is the
	// text beside it; left empty it is the service's, where that is known.
	Code int
	Desc string
	// Status is that of [FaultStatus], from 200 to 599.
	Status int
	// Delay is that of [FaultDelay], at most an hour. It is of the machine's
	// time, in which clients wait, so [Server.Advance] does not end it.
	Delay time.Duration
	// Phase is [FaultBefore] when left empty.
	Phase FaultPhase
	// Skip lets so many requests pass first, up to a million.
	Skip int
	// Times is how many requests it strikes then: one when left 0, all with
	// [Forever], at most a million.
	Times int
}

// String reads like "status 502 after".
func (f Fault) String() string {
	text := string(f.Kind)
	switch f.Kind {
	case FaultCode:
		text += " " + strconv.Itoa(f.Code)
	case FaultStatus:
		text += " " + strconv.Itoa(f.Status)
	case FaultDelay:
		text += " " + f.Delay.String()
	case FaultReset, FaultTruncate, FaultMalformed:
	}
	return text + " " + string(f.Phase)
}

// complete fills in what was left out, drops what the kind has no use for, and
// refuses what makes no sense.
func (f Fault) complete() (Fault, error) {
	if f.Operation == "" {
		return f, errors.New("operation is empty, want an action, an operationId or " + allOperations)
	}
	if f.Operation != allOperations && !isOperation(f.Operation) {
		return f, fmt.Errorf("operation: %s, want an action such as sendMsg, an operationId such as sendMessage, or %s",
			shorten(f.Operation), allOperations)
	}
	done := Fault{Operation: f.Operation, Kind: f.Kind, Phase: f.Phase, Skip: f.Skip, Times: f.Times}
	if done.Phase == "" {
		done.Phase = FaultBefore
	}
	if done.Times == 0 {
		done.Times = 1
	}
	switch f.Kind {
	case FaultCode:
		if f.Code < 1 || f.Code > 99_999 || f.Code == gen.CodeOK {
			return f, fmt.Errorf("code: %d, want from 1 to 99999 and not %d", f.Code, gen.CodeOK)
		}
		if done.Code, done.Desc = f.Code, shorten(f.Desc); f.Desc == "" {
			done.Desc = usualDesc(f.Code)
		}
	case FaultStatus:
		if done.Status = f.Status; f.Status < 200 || f.Status > 599 {
			return f, fmt.Errorf("status: %d, want from 200 to 599", f.Status)
		}
	case FaultDelay:
		if done.Delay = f.Delay; f.Delay <= 0 || f.Delay > maxFaultDelay {
			return f, fmt.Errorf("delay: %v, want more than 0 and at most %v", f.Delay, maxFaultDelay)
		}
	case FaultReset, FaultTruncate, FaultMalformed:
	default:
		return f, fmt.Errorf("kind: %s, want code, status, delay, reset, truncate or malformed", shorten(valueOrNone(string(f.Kind))))
	}
	switch {
	case done.Phase != FaultBefore && done.Phase != FaultAfter:
		return f, fmt.Errorf("phase: %s, want before or after", shorten(string(f.Phase)))
	case f.Skip < 0 || f.Skip > maxFaultCount:
		return f, fmt.Errorf("skip: %d, want from 0 to %d", f.Skip, maxFaultCount)
	case f.Times < Forever || f.Times > maxFaultCount:
		return f, fmt.Errorf("times: %d, want from 1 to %d, or %d for ever", f.Times, maxFaultCount, Forever)
	}
	return done, nil
}

// FaultState is a [Fault] that was added, and how often it has struck.
type FaultState struct {
	Fault
	Struck int
}

// AddFault makes requests of an operation go wrong. Those count whose signature
// is good and whom no rate limit stops; whatever else is wrong with them, the
// fault comes first. Every fault counts the requests of its operation from the
// time it is added. One fault strikes a request: of several that are due, the
// one that was added first, and the others wait for the next request.
//
// The error names the field that makes no sense, and its limit. There are at
// most 1000 faults; spent ones count until they are cleared.
func (s *Server) AddFault(f Fault) error {
	f, err := f.complete()
	if err != nil {
		return err
	}
	return s.faults.add(f)
}

// Faults lists the faults that were added since the last [Server.ClearFaults],
// spent ones too, in the order in which they were added.
func (s *Server) Faults() []FaultState { return s.faults.states() }

// ClearFaults takes all faults away. Requests that one of them holds back go
// on at once.
func (s *Server) ClearFaults() { s.faults.clear(false) }

// faults are those of a server.
type faults struct {
	mu   sync.Mutex
	list []*fault
	held *held
}

// fault is one that was added.
type fault struct {
	FaultState
	skipped int
}

// held are the requests that faults hold back at a time.
type held struct {
	released chan struct{}
	// dropped tells those that are released not to go on. It is set before.
	dropped bool
}

func newFaults() *faults { return &faults{held: newHeld()} }

func newHeld() *held { return &held{released: make(chan struct{})} }

func (f *faults) add(one Fault) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.list) == maxFaults {
		return fmt.Errorf("faults: %d already, at most %d", maxFaults, maxFaults)
	}
	f.list = append(f.list, &fault{FaultState: FaultState{Fault: one}})
	return nil
}

func (f *faults) states() []FaultState {
	f.mu.Lock()
	defer f.mu.Unlock()
	list := make([]FaultState, len(f.list))
	for i, one := range f.list {
		list[i] = one.FaultState
	}
	return list
}

// clear takes all faults away and releases what they hold back. With drop
// these requests come to nothing.
func (f *faults) clear(drop bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = nil
	f.held.dropped = drop
	close(f.held.released)
	f.held = newHeld()
}

// next counts a request of an operation and returns the fault that strikes it,
// or nil.
func (f *faults) next(op *gen.Operation) *strike {
	f.mu.Lock()
	defer f.mu.Unlock()
	var struck *strike
	for _, one := range f.list {
		switch {
		case !one.matches(op):
		case one.skipped < one.Skip:
			one.skipped++
		case struck == nil && (one.Times == Forever || one.Struck < one.Times):
			one.Struck++
			struck = &strike{Fault: one.Fault, held: f.held}
		}
	}
	return struck
}

func (f *fault) matches(op *gen.Operation) bool {
	return f.Operation == allOperations || f.Operation == op.Action || f.Operation == op.ID
}
