package clock_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/nimroom/nimroom/wrapper/internal/clock"
)

func TestLearn(t *testing.T) {
	for _, tt := range []struct {
		name     string
		off      time.Duration // of the service
		took     time.Duration // the round trip
		age      string
		rejected bool
		moved    bool
	}{
		{name: "same time", off: 0},
		{name: "small difference", off: 59 * time.Second},
		{name: "minutes", off: 2 * time.Minute, moved: true},
		{name: "minutes behind", off: -2 * time.Minute, moved: true},
		{name: "a day, though the signature passed", off: 24 * time.Hour},
		{name: "a day, and the signature did not pass", off: 24 * time.Hour, rejected: true, moved: true},
		{name: "from a cache", off: 2 * time.Minute, age: "7"},
		{name: "after a slow round trip", off: 2 * time.Minute, took: 11 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := clock.New(nil)
				sent := c.Local(time.Now())
				header := http.Header{"Date": {sent.Add(tt.took / 2).Add(tt.off).UTC().Format(http.TimeFormat)}}
				if tt.age != "" {
					header.Set("Age", tt.age)
				}
				time.Sleep(tt.took) //nolint:forbidigo // the bubble's time
				assert.Equal(t, tt.moved, c.Learn(header, sent, 0, tt.rejected))
				want := time.Duration(0)
				if tt.moved {
					want = tt.off
				}
				assert.InDelta(t, want.Seconds(), c.Offset().Seconds(), 0.6)
				assert.Equal(t, c.Offset(), time.Until(c.Now()))
			})
		})
	}
}

func TestLearnReadsNothingElse(t *testing.T) {
	c := clock.New(nil)
	for _, date := range []string{"", "soon", "2026-11-29T00:00:00Z"} {
		assert.False(t, c.Learn(http.Header{"Date": {date}}, time.Now(), 0, true), "%q", date)
	}
	assert.False(t, c.Learn(nil, time.Now(), 0, true))
	assert.Zero(t, c.Offset())
}

// TestLocalClock follows a clock that a test moves.
func TestLocalClock(t *testing.T) {
	now := time.Date(2024, time.March, 15, 6, 31, 51, 0, time.UTC)
	c := clock.New(func() time.Time { return now })
	assert.Equal(t, now, c.Now())
	assert.Equal(t, now, c.Local(time.Now()))
	header := http.Header{"Date": {now.Add(3 * time.Minute).Format(http.TimeFormat)}}
	assert.True(t, c.Learn(header, now, 0, false))
	assert.Equal(t, now.Add(3*time.Minute+time.Second/2), c.Now())
}
