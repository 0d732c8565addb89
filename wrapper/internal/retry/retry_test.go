package retry_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/nimroom/nimroom/wrapper/internal/retry"
)

func TestBackoffDoublesUpToItsBound(t *testing.T) {
	want := []int{100, 200, 400, 800, 1600, 3200, 5000, 5000}
	for i, milliseconds := range want {
		assert.Equal(t, time.Duration(milliseconds)*time.Millisecond, retry.Backoff(i+2), "attempt %d", i+2)
	}
	assert.Equal(t, 5*time.Second, retry.Backoff(math.MaxInt))
	assert.Equal(t, 100*time.Millisecond, retry.Backoff(0))
}

func TestJitterStaysBelowTheLongestWait(t *testing.T) {
	for _, longest := range []time.Duration{math.MinInt64, -1, 0} {
		assert.Zero(t, retry.Jitter(longest))
	}
	var most time.Duration
	for range 1000 {
		d := retry.Jitter(time.Second)
		assert.GreaterOrEqual(t, d, time.Duration(0))
		assert.Less(t, d, time.Second)
		most = max(most, d)
	}
	assert.Greater(t, most, 900*time.Millisecond)
}

func TestBudgetIsRefundedInTenths(t *testing.T) {
	b := retry.NewBudget(2)
	take := func() (n int) {
		for b.Take() {
			n++
		}
		return n
	}
	assert.Equal(t, 2, take())
	for range 9 {
		b.Refund()
	}
	assert.Zero(t, take())
	b.Refund()
	assert.Equal(t, 1, take())
	for range 1000 {
		b.Refund()
	}
	assert.Equal(t, 2, take(), "it does not grow beyond its size")
	assert.False(t, retry.NewBudget(0).Take())
	assert.True(t, retry.NewBudget(math.MaxInt).Take())
}
