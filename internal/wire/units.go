package wire

import (
	"math"
	"strconv"
	"time"
)

// Times and durations are integers on the wire. The functions here turn them
// into Go's types and back; what is too large for the other side becomes the
// largest there is. Times are in UTC, and the zero time is 0, which the service
// takes for now, for no bound, or for nothing.

// The whole seconds that milliseconds in 64 bits reach, and so the times here.
const (
	earliest = math.MinInt64/1000 + 1
	latest   = math.MaxInt64/1000 - 1
)

// Millis is t in milliseconds since 1970, rounded down.
func Millis(t time.Time) int64 {
	switch seconds := t.Unix(); {
	case t.IsZero():
		return 0
	case seconds < earliest:
		return earliest * 1000
	case seconds > latest:
		return latest*1000 + 999
	}
	return t.UnixMilli()
}

// FromMillis is the opposite of [Millis].
func FromMillis(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMilli(max(earliest*1000, min(n, latest*1000+999))).UTC()
}

// Unix is t in seconds since 1970, rounded down.
func Unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return max(earliest, min(t.Unix(), latest))
}

// FromUnix is the opposite of [Unix].
func FromUnix(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(max(earliest, min(n, latest)), 0).UTC()
}

// Timestamp is t in seconds since 1970 or, where that would lose a part of one,
// in milliseconds. It writes what [FromTimestamp] reads: a time of the years to
// 1973, where the two cannot be distinguished, in seconds always.
func Timestamp(t time.Time) int64 {
	millis, seconds := Millis(t), Unix(t)
	switch {
	case isSeconds(millis), millis%1000 == 0 && isSeconds(seconds):
		return seconds
	}
	return millis
}

// fromMilliseconds is where a timestamp can no longer be in seconds: in those
// it is in the year 5138, in milliseconds in 1973.
const fromMilliseconds = 100_000_000_000

func isSeconds(n int64) bool { return -fromMilliseconds < n && n < fromMilliseconds }

// FromTimestamp reads seconds or milliseconds since 1970, whichever n must be:
// seconds below 10^11.
func FromTimestamp(n int64) time.Time {
	if isSeconds(n) {
		return FromUnix(n)
	}
	return FromMillis(n)
}

// Seconds is d in seconds. Parts of a second count as a whole one, so that a
// short mute does not become 0, which would lift it, nor one that is less than 0
// become good.
func Seconds(d time.Duration) int64 {
	n := int64(d / time.Second)
	switch part := d % time.Second; {
	case part > 0:
		n++
	case part < 0:
		n--
	}
	return n
}

// FromSeconds is the opposite of [Seconds]. It reaches 292 years.
func FromSeconds(n int64) time.Duration {
	const most = math.MaxInt64 / int64(time.Second)
	return time.Duration(max(-most, min(n, most))) * time.Second
}

// Nearest reads an integer that is a time or a length of time: what
// [Integer] reads, and the nearest of 64 bits for one that has more.
func (d *Decoder) Nearest() (n int64, ok bool) {
	if n, _, ok = d.integer(true); ok {
		d.seen++
	}
	return n, ok
}

// ReadConverted reads a decimal integer as what from makes of it.
func ReadConverted[T any](from func(int64) T) Reader[T] {
	return func(text string, p *T) string {
		var n int64
		want := ReadInt(text, &n)
		if want == "" {
			*p = from(n)
		}
		return want
	}
}

// ParseID reads an id from its decimal text. The error is a *FieldError that
// names field: an id is a whole number of 1 or more that fits into 64 bits.
func ParseID[N ~int64](field, text string) (N, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case text == "":
		return 0, &FieldError{Field: field, Problem: Missing}
	case err != nil || n < 1:
		got := strconv.Quote(text[:min(len(text), excerptSize)])
		return 0, &FieldError{Field: field, Problem: Malformed, Got: got, Want: "a decimal integer from 1 to " + strconv.FormatInt(math.MaxInt64, 10)}
	}
	return N(n), nil
}
