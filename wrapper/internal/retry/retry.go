// Package retry holds the pace of retries and the budget that bounds them.
package retry

import (
	"math"
	"math/rand/v2"
	"sync/atomic"
	"time"
)

const (
	firstBackoff   = 100 * time.Millisecond
	longestBackoff = 5 * time.Second
)

// Backoff returns the longest wait before attempt n, where n is at least 2. It is a tenth of
// a second, doubled with each attempt, up to five seconds.
func Backoff(n int) time.Duration {
	if n >= 8 { // a tenth of a second doubled six times is more than five seconds
		return longestBackoff
	}
	return min(longestBackoff, firstBackoff<<max(0, n-2))
}

// Jitter returns a random wait below the longest one, so that clients that failed at the same
// time do not return at the same time.
func Jitter(longest time.Duration) time.Duration {
	if longest <= 0 {
		return 0
	}
	return rand.N(longest)
}

// Budget is the number of attempts beyond the first that a client may still make. It is
// counted in tenths.
type Budget struct {
	full int64
	left atomic.Int64
}

// NewBudget returns a budget of n attempts.
func NewBudget(n int) *Budget {
	b := &Budget{full: min(int64(n), math.MaxInt64/10) * 10}
	b.left.Store(b.full)
	return b
}

// Take takes one attempt from the budget and reports whether there was one.
func (b *Budget) Take() bool {
	if b.left.Add(-10) >= 0 {
		return true
	}
	b.left.Add(10)
	return false
}

// Refund puts back a tenth of an attempt, for a call that succeeded.
func (b *Budget) Refund() {
	if left := b.left.Load(); left < b.full {
		b.left.CompareAndSwap(left, left+1) // losing a refund to a concurrent one does no harm
	}
}
