package wrapper_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/nimroom/nimroom/wrapper"
)

func TestTimes(t *testing.T) {
	at := time.Date(2022, 11, 25, 8, 17, 29, 123e6, time.UTC)
	assert.Equal(t, int64(1669364249123), wrapper.Millis(at))
	assert.True(t, at.Equal(wrapper.Time(wrapper.Millis(at))))
	assert.Zero(t, wrapper.Millis(time.Time{}), "no time is no time on the wire either")
	assert.True(t, wrapper.Time(0).IsZero())
	assert.Equal(t, int64(1), wrapper.Millis(wrapper.Time(1)))
}

func TestSeconds(t *testing.T) {
	for _, tt := range []struct {
		d    time.Duration
		want int64
	}{
		{0, 0},
		{time.Second, 1},
		{time.Millisecond, 1},
		{1500 * time.Millisecond, 2},
		{30 * 24 * time.Hour, 2_592_000},
		{-time.Second, -1},
		{math.MaxInt64, 9_223_372_037},
	} {
		assert.Equal(t, tt.want, wrapper.Seconds(tt.d), tt.d)
	}
}

func TestDurations(t *testing.T) {
	assert.Equal(t, 2*time.Minute, wrapper.Duration(wrapper.Ptr[int64](120)))
	assert.Equal(t, 24*time.Hour, wrapper.Duration(wrapper.Ptr(86_400)))
	assert.Zero(t, wrapper.Duration[int](nil))
	assert.Greater(t, wrapper.Duration(wrapper.Ptr[int64](math.MaxInt64)), 290*365*24*time.Hour)
	assert.Less(t, wrapper.Duration(wrapper.Ptr[int64](math.MinInt64)), -290*365*24*time.Hour)
}
