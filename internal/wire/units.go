package wire

import (
	"math"
	"strconv"
	"time"
)

// Times and durations are integers on the wire. These functions convert them to Go's types and
// back. A value that is too large for the other type becomes that type's largest value. Times
// are in UTC, and the zero time is 0, which the service takes for now, for no bound, or for
// nothing.

// The range of seconds that 64 bits of milliseconds can hold.
const (
	earliest = math.MinInt64/1000 + 1
	latest   = math.MaxInt64/1000 - 1
)

// Millis returns t in milliseconds since 1970, rounded down.
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

// FromMillis is the inverse of [Millis].
func FromMillis(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMilli(max(earliest*1000, min(n, latest*1000+999))).UTC()
}

// Unix returns t in seconds since 1970, rounded down.
func Unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return max(earliest, min(t.Unix(), latest))
}

// FromUnix is the inverse of [Unix].
func FromUnix(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(max(earliest, min(n, latest)), 0).UTC()
}

// Timestamp returns t in seconds since 1970, or in milliseconds if t is not a whole second. It
// is the inverse of [FromTimestamp]. Times before 1973 are always in seconds, because in
// milliseconds they would look like seconds.
func Timestamp(t time.Time) int64 {
	millis, seconds := Millis(t), Unix(t)
	switch {
	case isSeconds(millis), millis%1000 == 0 && isSeconds(seconds):
		return seconds
	}
	return millis
}

// fromMilliseconds is the smallest timestamp that is taken for milliseconds. It is a time in
// the year 5138 in seconds, and in 1973 in milliseconds.
const fromMilliseconds = 100_000_000_000

func isSeconds(n int64) bool { return -fromMilliseconds < n && n < fromMilliseconds }

// FromTimestamp returns the time for n seconds or milliseconds since 1970. Numbers below 10^11
// are seconds.
func FromTimestamp(n int64) time.Time {
	if isSeconds(n) {
		return FromUnix(n)
	}
	return FromMillis(n)
}

// Seconds returns d in seconds, rounded away from zero, so that a short mute does not become 0,
// which would lift the mute, and a negative duration does not become valid.
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

// FromSeconds is the inverse of [Seconds]. The longest duration is 292 years.
func FromSeconds(n int64) time.Duration {
	const most = math.MaxInt64 / int64(time.Second)
	return time.Duration(max(-most, min(n, most))) * time.Second
}

// Nearest reads an integer that is a time or a length of time. It is like [Integer], but an
// integer of more than 64 bits becomes the nearest one of 64 bits.
func (d *Decoder) Nearest() (n int64, ok bool) {
	if n, _, ok = d.integer(true); ok {
		d.seen++
	}
	return n, ok
}

// ReadConverted reads a decimal integer and converts it with from.
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

// ParseID reads an id from decimal text. An id is an integer of 64 bits that is at least 1. The
// error is a *FieldError that names field.
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
