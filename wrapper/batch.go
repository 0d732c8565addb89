package wrapper

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
)

// DefaultConcurrency is how many calls of a batch run at once.
const DefaultConcurrency = 4

// WithConcurrency sets how many calls of a batch run at once. The default is
// [DefaultConcurrency].
func WithConcurrency(calls int) BatchOption {
	return batchOption(func(c *batchConfig) error {
		if calls < 1 {
			return fmt.Errorf("concurrency %d: must be at least 1", calls)
		}
		c.concurrency = calls
		return nil
	})
}

// WithProgress sets a function that a batch calls after each of its calls, with the
// number of elements whose outcome is known and the number of all elements. The batch
// calls it from other goroutines, but never from two at once.
func WithProgress(report func(done, total int)) BatchOption {
	return batchOption(func(c *batchConfig) error {
		if report == nil {
			return errors.New("progress: nil")
		}
		c.progress = report
		return nil
	})
}

// batch calls an operation that takes a list, for any number of elements. Each call takes
// as many elements as the spec allows.
type batch[F gen.Form, K comparable, V any] struct {
	operation *gen.Operation
	// form makes the request for some of the elements.
	form func([]K) F
	// send makes one call and notes what the response says about each element.
	send func(ctx context.Context, part F, options []CallOption, note noter[K, V]) error
	// inOrder makes one call after another, unless the caller asks for more at once.
	inOrder bool
	// silent is the status of an element that the response does not mention.
	silent ItemStatus
	// same reports whether two spellings mean the same element. It is nil if an element
	// has only one spelling.
	same func(a, b K) bool
}

// noter notes the status of an element, with its value or the reason why it failed.
type noter[K comparable, V any] func(key K, status ItemStatus, value V, reason string)

// slot is an element of a batch and its positions in the input.
type slot[K comparable, V any] struct {
	key     K
	at      []int
	status  ItemStatus
	value   V
	failure *BatchFailure // shared by the elements that failed for the same reason
}

func (s *slot[K, V]) fail(f *BatchFailure) { s.status, s.failure = f.Status, f }

// run sends each distinct element once and returns the outcomes in the order of the
// input.
func (b *batch[F, K, V]) run(ctx context.Context, keys []K, options []BatchOption) ([]Outcome[K, V], error) {
	config := batchConfig{concurrency: DefaultConcurrency}
	if b.inOrder {
		config.concurrency = 1
	}
	for i, option := range options {
		err := fmt.Errorf("batch option %d is nil", i+1)
		if option != nil {
			err = option.applyToBatch(&config)
		}
		if err != nil { // every call returns this error
			config.calls = append(config.calls, callOption(func(*settings) error { return err }))
		}
	}

	if ctx == nil {
		ctx = context.Background() //nolint:contextcheck // the caller gave none
		config.calls = append(config.calls, callOption(func(*settings) error { return errNoContext }))
	}
	slots, invalid := b.slots(keys)
	report := b.reporter(config.progress, len(keys))
	if len(invalid) > 0 {
		report(invalid)
	}
	chunks := slices.Collect(slices.Chunk(slots, b.operation.Batch.Maximum))
	var next atomic.Int64
	var workers sync.WaitGroup
	var panicked atomic.Pointer[any]
	for range min(config.concurrency, len(chunks)) {
		workers.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					panicked.CompareAndSwap(nil, &p)
				}
			}()
			for i := next.Add(1); i <= int64(len(chunks)) && ctx.Err() == nil && panicked.Load() == nil; i = next.Add(1) {
				b.call(ctx, chunks[i-1], config.calls)
				report(chunks[i-1])
			}
		})
	}
	workers.Wait()
	if p := panicked.Load(); p != nil {
		panic(*p) // a hook may have panicked; the caller can recover here, as in other calls
	}
	if err := ctx.Err(); err != nil {
		late := &BatchFailure{Status: ItemNotSent, Err: &Error{Operation: b.operation.ID, cause: fmt.Errorf("not sent: %w", err)}}
		for _, s := range slots {
			if s.status == ItemNotSent {
				s.fail(late)
			}
		}
	}
	return b.outcomes(append(slots, invalid...), len(keys))
}

// slots returns the distinct elements. It separates those that are not valid, so that
// the calls do not fail because of them.
func (b *batch[F, K, V]) slots(keys []K) (valid, invalid []*slot[K, V]) {
	known := make(map[K]*slot[K, V], len(keys))
	for i, key := range keys {
		s, again := known[key]
		if !again {
			s = &slot[K, V]{key: key, status: ItemNotSent}
			known[key] = s
			if err := b.check(key, i); err == nil {
				valid = append(valid, s)
			} else {
				invalid = append(invalid, s)
				s.fail(&BatchFailure{Status: ItemError, Err: err})
			}
		}
		s.at = append(s.at, i)
	}
	return valid, invalid
}

// check returns an error if the element at position i itself is not valid. Mistakes in
// the rest of the form fail the calls instead.
func (b *batch[F, K, V]) check(key K, i int) error {
	var field *wire.FieldError
	if !errors.As(b.form([]K{key}).Validate(), &field) || !strings.HasPrefix(field.Field, b.operation.Batch.Field+"[") {
		return nil
	}
	moved := *field
	_, inside, _ := strings.Cut(field.Field, "]")
	moved.Field = b.operation.Batch.Field + "[" + strconv.Itoa(i) + "]" + inside
	return &Error{Operation: b.operation.ID, Field: moved.Field, kind: ErrBadParameter, cause: &moved}
}

// call carries out the operation for one chunk.
func (b *batch[F, K, V]) call(ctx context.Context, chunk []*slot[K, V], options []CallOption) {
	keys := make([]K, len(chunk))
	silent := make(map[K]*slot[K, V], len(chunk))
	for i, s := range chunk {
		keys[i] = s.key
		silent[s.key] = s
	}
	failed := map[string]*BatchFailure{} // by reason
	err := b.send(ctx, b.form(keys), options, func(key K, status ItemStatus, value V, reason string) {
		for _, s := range b.meant(silent, key) {
			delete(silent, s.key)
			if s.status, s.value = status, value; status == ItemFailed {
				if failed[reason] == nil {
					failed[reason] = &BatchFailure{Status: ItemFailed, Err: &Error{Operation: b.operation.ID, Message: reason, kind: ErrItemFailed}}
				}
				s.fail(failed[reason])
			}
		}
	})
	if err != nil {
		lost := &BatchFailure{Status: ItemError, Err: err}
		if errors.Is(err, ErrOutcomeUnknown) {
			lost.Status = ItemUnknown
		}
		for _, s := range silent { // these are all elements, unless there is a result in spite of the error
			s.fail(lost)
		}
		return
	}
	notMentioned := &Error{Operation: b.operation.ID, kind: ErrBadResponse, cause: errors.New("the response does not mention it")}
	if b.silent == ItemUnknown {
		notMentioned.MayHaveTakenEffect, notMentioned.Ask = true, b.operation.Ask
	}
	unmentioned := &BatchFailure{Status: b.silent, Err: notMentioned}
	for _, s := range silent {
		if s.status = b.silent; s.status != ItemMissing {
			s.fail(unmentioned)
		}
	}
}

// meant returns the elements that the response means by a key, among those that it has not
// mentioned yet. It returns none for a key that is not in the request, and for a repeated
// one.
func (b *batch[F, K, V]) meant(silent map[K]*slot[K, V], key K) []*slot[K, V] {
	if s, ok := silent[key]; ok {
		return []*slot[K, V]{s}
	}
	var alike []*slot[K, V]
	for k, s := range silent {
		if b.same != nil && b.same(k, key) {
			alike = append(alike, s)
		}
	}
	return alike
}

// outcomes puts the slots into the order of the input.
func (b *batch[F, K, V]) outcomes(slots []*slot[K, V], total int) ([]Outcome[K, V], error) {
	list := make([]Outcome[K, V], total)
	failures := make([]*BatchFailure, total)
	for _, s := range slots {
		for _, i := range s.at {
			list[i] = Outcome[K, V]{Key: s.key, Value: s.value, Status: s.status}
			if failures[i] = s.failure; s.failure != nil {
				list[i].Err = s.failure.Err
			}
		}
	}
	return list, batchError(b.operation.ID, failures)
}

// reporter returns a function that adds the elements of a chunk to the number of finished
// elements and reports it. Calls of that function wait for each other.
func (b *batch[F, K, V]) reporter(progress func(done, total int), total int) func([]*slot[K, V]) {
	if progress == nil {
		return func([]*slot[K, V]) {}
	}
	var mu sync.Mutex
	done := 0
	return func(chunk []*slot[K, V]) {
		mu.Lock()
		defer mu.Unlock()
		for _, s := range chunk {
			done += len(s.at)
		}
		progress(done, total)
	}
}
