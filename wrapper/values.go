package wrapper

import (
	"math"
	"time"
)

// Millis is a time in milliseconds since 1970-01-01 UTC, as EndTime, FromTime,
// ToTime and Timestamp take it; 0 for the zero time, which these fields take for
// now or for no bound.
func Millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// Time is the opposite of [Millis], for EnterTime, SendTime and a message's
// Time: the zero time for 0.
func Time(millis int64) time.Time {
	if millis == 0 {
		return time.Time{}
	}
	return time.UnixMilli(millis)
}

// Seconds is a duration in seconds, as MuteDuration takes it. Parts of a second
// count as a whole one, so that a short mute does not become 0, which would lift it.
func Seconds(d time.Duration) int64 {
	seconds := int64(d / time.Second)
	if d%time.Second > 0 {
		seconds++
	}
	return seconds
}

// Duration is the opposite of [Seconds], for TempMuteTTL and RobotExpireAt: 0
// for nil. What is longer than a Duration can be, 292 years, is cut off there.
func Duration[N int | int64](seconds *N) time.Duration {
	const most = math.MaxInt64 / int64(time.Second)
	return time.Duration(max(-most, min(most, int64(valueOf(seconds))))) * time.Second
}

// valueOf is what p points to, zero when nil.
func valueOf[T any](p *T) T {
	if p == nil {
		return *new(T)
	}
	return *p
}
