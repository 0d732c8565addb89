package emulator

import (
	"time"

	"github.com/nimroom/nimroom/emulator/internal/api"
	"github.com/nimroom/nimroom/emulator/internal/faults"
	"github.com/nimroom/nimroom/gen"
)

// FaultKind is what a [Fault] does to a response. It is a string, and its text
// is its name in the control plane.
type FaultKind = faults.Kind

const (
	// FaultCode ("code") responds with an error that has the Code of the fault.
	FaultCode FaultKind = faults.Code
	// FaultStatus ("status") responds with the HTTP Status of the fault and no
	// body, as a gateway does.
	FaultStatus FaultKind = faults.Status
	// FaultDelay ("delay") holds the request back for the Delay of the fault and
	// responds as if nothing had been.
	FaultDelay FaultKind = faults.Delay
	// FaultReset ("reset") resets the connection instead of responding.
	FaultReset FaultKind = faults.Reset
	// FaultTruncate ("truncate") ends the connection in the middle of the body.
	FaultTruncate FaultKind = faults.Truncate
	// FaultMalformed ("malformed") responds with HTTP 200 and a text that is no
	// JSON.
	FaultMalformed FaultKind = faults.Malformed
)

// The kinds of faults of callbacks, beside [FaultDelay], which waits by the
// server's clock. They have no Phase.
const (
	// FaultLoss ("loss") does not deliver a callback at all.
	FaultLoss FaultKind = faults.Loss
	// FaultDouble ("double") delivers a callback twice.
	FaultDouble FaultKind = faults.Double
	// FaultDisorder ("disorder") delivers a callback after the next one of its
	// room, for which it waits.
	FaultDisorder FaultKind = faults.Disorder
	// FaultSignature ("signature") sends a callback with a wrong CheckSum. It is
	// delivered again as any other that gets no status 200.
	FaultSignature FaultKind = faults.Signature
)

// FaultPhase says when a [Fault] applies. It is a string, and its text is its
// name in the control plane.
type FaultPhase = faults.Phase

const (
	// FaultBefore ("before") applies before the operation does anything: unless
	// the fault is a delay, the operation is not carried out.
	FaultBefore FaultPhase = faults.Before
	// FaultAfter ("after") applies when the operation is done: the message is
	// stored, and its sender does not learn of it.
	FaultAfter FaultPhase = faults.After
)

// Forever is the Times of a [Fault] that applies to every further request.
const Forever = faults.Forever

// Fault is something that goes wrong between a client and the service.
type Fault struct {
	// Operation is an action (sendMsg), an operationId (sendMessage), or "*"
	// for all. For a callback it is onMessage, onMember, onQueue or onLogin, or
	// "callbacks" for all.
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
	// Times is to how many requests the fault applies then: one when left 0,
	// all with [Forever], at most a million.
	Times int
}

// String reads like "status 502 after".
func (f Fault) String() string { return faults.Fault(f).String() }

// FaultState is a [Fault] that was added, and to how many requests it was
// applied.
type FaultState struct {
	Fault
	Applied int
}

// AddFault makes requests of an operation go wrong. A request counts when its
// signature is good and no rate limit stops it; whatever else is wrong with it,
// the fault comes first. Every fault counts the requests of its operation from
// the time it is added. One fault applies to a request: of several that are due,
// the one that was added first, and the others wait for the next request.
//
// The error names the field that makes no sense, and its limit. There are at
// most 1000 faults; spent ones count until they are cleared.
func (s *Server) AddFault(f Fault) error {
	_, err := s.api.Faults.Add(faults.Fault(f))
	return err
}

// Faults lists the faults that were added since the last [Server.ClearFaults],
// spent ones too, in the order in which they were added.
func (s *Server) Faults() []FaultState {
	states := s.api.Faults.States()
	list := make([]FaultState, len(states))
	for i, one := range states {
		list[i] = FaultState{Fault(one.Fault), one.Applied}
	}
	return list
}

// ClearFaults takes all faults away. Requests that one of them holds back go
// on at once.
func (s *Server) ClearFaults() { s.api.Faults.Clear(false) }

// Feature is a part of the service that is enabled app by app. An operation that
// needs it gets 403 where it is off. A feature is a string, and its text is its name in
// the control plane and the spec.
type Feature = gen.Feature

// Features lists all features, in the order of their names.
func Features() []Feature { return api.AllFeatures() }

// SetFeature switches a feature of the app on or off. The error names a feature
// that does not exist.
func (s *Server) SetFeature(f Feature, on bool) error {
	return s.api.Features.Set(map[Feature]bool{f: on})
}

// Features reports for every feature whether it is on.
func (s *Server) Features() map[Feature]bool { return s.api.Features.All() }
