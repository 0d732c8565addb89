package wait_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/nimroom/nimroom/wrapper/internal/wait"
)

func TestForWaitsWithinTheContext(t *testing.T) {
	for _, tt := range []struct {
		name              string
		d, cancel, budget time.Duration
		took              time.Duration
		err               error
	}{
		{name: "the whole time", d: time.Second, took: time.Second},
		{name: "no time", d: 0},
		{name: "less than no time", d: -time.Hour},
		{name: "cancelled", d: time.Hour, cancel: time.Second, took: time.Second, err: context.Canceled},
		{name: "past the deadline", d: time.Hour, budget: time.Minute, err: context.DeadlineExceeded},
		{name: "within the deadline", d: time.Second, budget: time.Minute, took: time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if tt.cancel > 0 {
					time.AfterFunc(tt.cancel, cancel)
				}
				if tt.budget > 0 {
					ctx, cancel = context.WithTimeout(ctx, tt.budget)
					defer cancel()
				}
				start := time.Now()
				assert.Equal(t, tt.err, wait.For(ctx, tt.d))
				assert.Equal(t, tt.took, time.Since(start))
			})
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	assert.Equal(t, context.Canceled, wait.For(ctx, 0))
}
