package wire

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestTimesOnTheWire(t *testing.T) {
	at := time.Date(2022, 11, 25, 8, 17, 29, 123456789, time.FixedZone("", 8*60*60))
	for _, tc := range []struct {
		t                          time.Time
		millis, seconds, timestamp int64
	}{
		{time.Time{}, 0, 0, 0},
		{at, 1669335449123, 1669335449, 1669335449123},
		{at.Truncate(time.Second), 1669335449000, 1669335449, 1669335449},
		{time.Unix(0, 0), 0, 0, 0},
		{time.UnixMilli(-1), -1, -1, -1},
		{time.UnixMilli(1500), 1500, 1, 1},
		{time.Unix(99_999_999, 999_000_000), 99_999_999_999, 99_999_999, 99_999_999},
		{time.Unix(100_000_000, 1_000_000), 100_000_000_001, 100_000_000, 100_000_000_001},
		{time.Unix(100_000_000_000, 0), 100_000_000_000_000, 100_000_000_000, 100_000_000_000_000},
		{time.UnixMilli(math.MaxInt64), latest*1000 + 999, latest, latest*1000 + 999},
		{time.UnixMilli(math.MinInt64), earliest * 1000, earliest, earliest * 1000},
		{time.Unix(latest, 999_999_999), latest*1000 + 999, latest, latest*1000 + 999},
		{time.Unix(1<<60, 0), latest*1000 + 999, latest, latest*1000 + 999},
		{time.Unix(-1<<60, 0), earliest * 1000, earliest, earliest * 1000},
	} {
		if got := Millis(tc.t); got != tc.millis {
			t.Errorf("%v: %d milliseconds, want %d", tc.t, got, tc.millis)
		}
		if got := Unix(tc.t); got != tc.seconds {
			t.Errorf("%v: %d seconds, want %d", tc.t, got, tc.seconds)
		}
		if got := Timestamp(tc.t); got != tc.timestamp {
			t.Errorf("%v: timestamp %d, want %d", tc.t, got, tc.timestamp)
		}
	}
	for _, from := range []func(int64) time.Time{FromMillis, FromUnix, FromTimestamp} {
		if !from(0).IsZero() {
			t.Error("0 is no time")
		}
		if got := from(math.MaxInt64); got.Location() != time.UTC || got.Year() != 292278994 {
			t.Errorf("got %v", got)
		}
		if got := from(math.MinInt64); got.Year() > 0 {
			t.Errorf("got %v", got)
		}
	}
	for _, n := range []int64{1471781873, 1471781873000} {
		if got := FromTimestamp(n).Format(time.RFC3339); got != "2016-08-21T12:17:53Z" {
			t.Errorf("%d: %s", n, got)
		}
	}
}

func TestDurationsOnTheWire(t *testing.T) {
	for d, want := range map[time.Duration]int64{
		0: 0, 1: 1, time.Millisecond: 1, time.Second: 1, 1500 * time.Millisecond: 2, 30 * 24 * time.Hour: 2_592_000,
		-1: -1, -time.Second: -1, -1500 * time.Millisecond: -2, math.MaxInt64: 9_223_372_037, math.MinInt64: -9_223_372_037,
	} {
		if got := Seconds(d); got != want {
			t.Errorf("%v: %d, want %d", d, got, want)
		}
	}
	for n, want := range map[int64]time.Duration{
		120: 2 * time.Minute, -5: -5 * time.Second, 0: 0, 9_223_372_036: 9_223_372_036 * time.Second,
		9_223_372_037: 9_223_372_036 * time.Second, math.MaxInt64: 9_223_372_036 * time.Second, math.MinInt64: -9_223_372_036 * time.Second,
	} {
		if got := FromSeconds(n); got != want {
			t.Errorf("%d: %v, want %v", n, got, want)
		}
	}
}

// TestNearestClamps: a number that is too large does not spoil a response.
func TestNearestClamps(t *testing.T) {
	seconds := func(d *Decoder, p *time.Duration) bool {
		n, ok := d.Nearest()
		*p = FromSeconds(n)
		return ok
	}
	most := FromSeconds(math.MaxInt64).String()
	for text, want := range map[string]string{
		`120`: "2m0s", `"120"`: "2m0s", `1.2e2`: "2m0s", `null`: "absent", `""`: "absent",
		`9223372036854775807`: most, `99999999999999999999`: most, `"99999999999999999999"`: most, `1e400`: most, `-1e400`: "-" + most, `-9223372036854775809`: "-" + most,
		`1.5`: "error", `"inf"`: "error", `"0x1p80"`: "error", `"1e400x"`: "error", `true`: "error", `{}`: "error",
	} {
		if got := read(text, 0, seconds); !matches(got, want) {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	if got := read(`99999999999999999999`, int64(0), Integer[int64]); !matches(got, "error") {
		t.Errorf("another integer: %s", got)
	}
}

// FuzzUnits: what has come over the wire goes back as it came, as far as Go's
// types reach, and what is made of it does not panic.
func FuzzUnits(f *testing.F) {
	for _, n := range []int64{0, 1, -1, 1471781873, 1471781873123, fromMilliseconds, -fromMilliseconds, math.MaxInt64, math.MaxInt64 - 81, math.MinInt64} {
		f.Add(n)
	}
	f.Fuzz(func(t *testing.T, n int64) {
		if got, want := Millis(FromMillis(n)), max(earliest*1000, min(n, latest*1000+999)); got != want {
			t.Errorf("%d milliseconds became %d", n, got)
		}
		if got, want := Unix(FromUnix(n)), max(earliest, min(n, latest)); got != want {
			t.Errorf("%d seconds became %d", n, got)
		}
		if got, want := Seconds(FromSeconds(n)), max(-9_223_372_036, min(n, 9_223_372_036)); got != want {
			t.Errorf("a length of %d seconds became %d", n, got)
		}
		if at := FromTimestamp(n); !FromTimestamp(Timestamp(at)).Equal(at) {
			t.Errorf("timestamp %d: %v became %v", n, at, FromTimestamp(Timestamp(at)))
		}
		d := time.Duration(n)
		if s := Seconds(d); (s == 0) != (d == 0) || s < 0 != (d < 0) || FromSeconds(s).Abs() < d.Abs() && s < 9_223_372_036 && s > -9_223_372_036 {
			t.Errorf("%v became %d seconds", d, s)
		}
		for _, at := range []time.Time{FromMillis(n), FromUnix(n), FromTimestamp(n)} {
			_ = at.Format(time.RFC3339Nano) + fmt.Sprint(at)
		}
		var text Check
		text.MinOf("seconds", "x", n, 1)
		if (text.Err() == nil) != (n >= 1) {
			t.Errorf("%d: %v", n, text.Err())
		}
	})
}

func TestUnitsInErrors(t *testing.T) {
	var c Check
	c.MaxOf("seconds", "muteDuration", 2_592_001, 2_592_000)
	if got := c.Err().Error(); got != "muteDuration: 2592001, at most 2592000 seconds" {
		t.Error(got)
	}
}

func TestParseID(t *testing.T) {
	for text, want := range map[string]string{
		"66": "66", "10010000001": "10010000001", "9223372036854775807": "9223372036854775807",
		"": "room id is empty", "0": `room id: "0", want a decimal integer from 1 to 9223372036854775807`,
		"-1": `room id: "-1", want`, "9223372036854775808": `room id: "9223372036854775808", want`, "6 6": `room id: "6 6", want`, "abc": `room id: "abc", want`,
		"1.0": `room id: "1.0", want`, "0x10": `room id: "0x10", want`, "1_000": `room id: "1_000", want`,
		strings.Repeat("9", 100): `room id: "` + strings.Repeat("9", excerptSize) + `", want`,
	} {
		n, err := ParseID[int64]("room id", text)
		got := strconv.FormatInt(n, 10)
		if err != nil {
			got = err.Error()
		}
		if len(got) < len(want) || got[:len(want)] != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
