package wrapper

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/nimroom/nimroom/gen"
)

// Outcome is the result of a batch for one of its elements.
type Outcome[K comparable, V any] struct {
	// Key is the element, as it was given.
	Key K
	// Value is the room, the member or the message, if Status is [ItemDone].
	Value V
	// Status says what happened.
	Status ItemStatus
	// Err is nil for [ItemDone], [ItemUnchanged] and [ItemMissing]. Otherwise it is an
	// *[Error], which the call that the element was part of returned.
	Err error
}

// The outcomes of the batches.
type (
	// RoomOutcome is keyed by the room's id.
	RoomOutcome = Outcome[gen.RoomID, gen.Chatroom]
	// MemberOutcome is keyed by the account.
	MemberOutcome = Outcome[string, gen.Member]
	// RobotOutcome is keyed by the account.
	RobotOutcome = Outcome[string, struct{}]
	// MessageOutcome is keyed by the MsgID.
	MessageOutcome = Outcome[string, gen.SentMessage]
)

// ItemStatus says what happened to an element of a batch.
type ItemStatus int

const (
	// ItemUnknown means that the operation may have been carried out for the element or
	// not: the response was lost or does not mention the element. Find out before sending
	// it again.
	ItemUnknown ItemStatus = iota
	// ItemDone means that the service found the room or the member, added or removed the
	// robot, or sent the message.
	ItemDone
	// ItemUnchanged means that the account already was a robot in the room.
	ItemUnchanged
	// ItemMissing means that the room does not exist, or that the account is not online
	// in the room.
	ItemMissing
	// ItemFailed means that the service reports that it failed for this element
	// ([ErrItemFailed]), or left it out of the response ([ErrBadResponse]).
	ItemFailed
	// ItemError means that the call failed with Err and had no effect.
	ItemError
	// ItemNotSent means that the context ended before the element was sent.
	ItemNotSent
)

// String returns the status in one or two words.
func (s ItemStatus) String() string {
	names := [...]string{"unknown", "done", "unchanged", "missing", "failed", "error", "not sent"}
	if s < 0 || int(s) >= len(names) {
		return "status " + strconv.Itoa(int(s))
	}
	return names[s]
}

// ErrItemFailed is the error of an element that the service reports as failed. The reason is
// the Message of the *[Error], which is empty if the service gives none.
var ErrItemFailed = errors.New("the service reports that it failed")

// BatchError lists the elements of a batch that failed. [errors.Is] and [errors.As] find
// their errors in it.
type BatchError struct {
	// Operation is the operation's id, such as getChatrooms.
	Operation string
	// Total counts the elements of the input.
	Total int
	// Failures holds the elements that failed, grouped by the call they were part of.
	Failures []*BatchFailure
}

// BatchFailure is a group of elements that share an error.
type BatchFailure struct {
	// Items are positions in the input, from 0, ascending.
	Items []int
	// Status is the status of these elements.
	Status ItemStatus
	// Err is the error of these elements.
	Err error
}

// batchError groups the failures, in the order of the input. It is nil if nothing failed.
func batchError(operation string, failures []*BatchFailure) error {
	var groups []*BatchFailure
	for i, f := range failures {
		if f == nil {
			continue
		}
		if f.Items == nil {
			groups = append(groups, f)
		}
		f.Items = append(f.Items, i)
	}
	if groups == nil {
		return nil
	}
	return &BatchError{Operation: operation, Total: len(failures), Failures: groups}
}

// maxListed bounds how many failures the text of a BatchError lists, and how many ranges
// of items in each.
const maxListed = 5

// Error returns how many elements failed and the first failures, as in:
//
//	getChatrooms: 21 of 60 items failed: 20-39 (error): getChatrooms: code 500: server fault; 45 (failed): ...
func (e *BatchError) Error() string {
	failed := 0
	for _, f := range e.Failures {
		failed += len(f.Items)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d of %d items failed", e.Operation, failed, e.Total)
	separator := ": "
	for i, f := range e.Failures {
		if i == maxListed {
			fmt.Fprintf(&b, "; and %d more failures", len(e.Failures)-i)
			break
		}
		fmt.Fprintf(&b, "%s%s (%s): %v", separator, ranges(f.Items), f.Status, f.Err)
		separator = "; "
	}
	return b.String()
}

// Unwrap returns the errors of all failures.
func (e *BatchError) Unwrap() []error {
	errs := make([]error, len(e.Failures))
	for i, f := range e.Failures {
		errs[i] = f.Err
	}
	return errs
}

// ranges returns ascending numbers in the form 0-19, 25.
func ranges(numbers []int) string {
	var parts []string
	for len(numbers) > 0 {
		if len(parts) == maxListed {
			return strings.Join(append(parts, "..."), ", ")
		}
		n := 1
		for n < len(numbers) && numbers[n] == numbers[0]+n {
			n++
		}
		part := strconv.Itoa(numbers[0])
		if n > 1 {
			part += "-" + strconv.Itoa(numbers[n-1])
		}
		parts, numbers = append(parts, part), numbers[n:]
	}
	return strings.Join(parts, ", ")
}
