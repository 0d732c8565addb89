package faults

import (
	"fmt"
	"slices"
	"sync"

	"github.com/nimroom/nimroom/gen"
)

// Set holds the faults of a server. It is safe for use by several goroutines.
type Set struct {
	mu   sync.Mutex
	list []*fault
	held *held
}

// State is a fault that was added, and to how many requests it has applied.
type State struct {
	Fault
	Applied int
}

// fault is one that was added.
type fault struct {
	State
	skipped int
}

// held are the requests that faults hold back at a time.
type held struct {
	released chan struct{}
	// dropped says that the requests which are released do not go on. It is set
	// before they are.
	dropped bool
}

// NewSet returns an empty set.
func NewSet() *Set { return &Set{held: newHeld()} }

func newHeld() *held { return &held{released: make(chan struct{})} }

// Add adds a fault, of which there are at most 1000, and returns it with what
// was left out. The error names the field that makes no sense.
func (s *Set) Add(f Fault) (Fault, error) {
	f, err := f.complete()
	if err != nil {
		return f, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.list) == most {
		return f, fmt.Errorf("faults: %d already, at most %d", most, most)
	}
	s.list = append(s.list, &fault{State: State{Fault: f}})
	return f, nil
}

// States lists the faults in the order in which they were added.
func (s *Set) States() []State {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]State, len(s.list))
	for i, one := range s.list {
		list[i] = one.State
	}
	return list
}

// Clear takes all faults away and releases the requests that they hold back.
// With drop these requests do not go on.
func (s *Set) Clear(drop bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = nil
	s.held.dropped = drop
	close(s.held.released)
	s.held = newHeld()
}

// Next counts a request of an operation and returns the fault that applies to
// it, or nil.
func (s *Set) Next(op *gen.Operation) *Applied {
	return s.next(nil, allOperations, op.Action, op.ID)
}

// NextCallback counts a callback and returns the fault that applies to it, or nil.
func (s *Set) NextCallback(t gen.CallbackType) *Fault {
	var except []Kind
	if t == gen.CallbackTypeLogin {
		except = notOfQuestions
	}
	if applied := s.next(except, allCallbacks, Callback(t)); applied != nil {
		return &applied.Fault
	}
	return nil
}

// next counts what goes by these names, for faults of all kinds but some.
func (s *Set) next(except []Kind, names ...string) *Applied {
	s.mu.Lock()
	defer s.mu.Unlock()
	var applied *Applied
	for _, one := range s.list {
		switch {
		case !slices.Contains(names, one.Operation) || slices.Contains(except, one.Kind):
		case one.skipped < one.Skip:
			one.skipped++
		case applied == nil && (one.Times == Forever || one.Applied < one.Times):
			one.Applied++
			applied = &Applied{Fault: one.Fault, held: s.held}
		}
	}
	return applied
}
