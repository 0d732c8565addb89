package wrapper

import (
	"time"

	"github.com/nimroom/nimroom/wrapper/internal/retry"
)

// RetryPolicy says how often and how soon a call is sent again. It cannot say whether a call
// may be sent again: that depends on the operation and on the failed attempt, as the package
// documentation describes.
type RetryPolicy struct {
	// Attempts bounds how often a call is sent, including the first time. 1 means that it
	// is never sent again.
	Attempts int
	// Backoff returns the longest wait before attempt n (2, 3, ...). The actual wait is
	// a random part of it. Nil means a tenth of a second, doubled each time, up to five
	// seconds. When the service says how long to wait, the call waits that long instead.
	Backoff func(n int) time.Duration
	// Allow may forbid another attempt after an error. Nil allows every attempt.
	Allow func(err *Error) bool
}

// DefaultAttempts is how often a call is sent at most.
const DefaultAttempts = 4

// pause returns the wait before attempt n.
func (p RetryPolicy) pause(n int) time.Duration {
	if p.Backoff != nil {
		return retry.Jitter(p.Backoff(n))
	}
	return retry.Jitter(retry.Backoff(n))
}
