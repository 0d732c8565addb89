package command

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"30s": 30 * time.Second, "10m": 10 * time.Minute, "1h30m": 90 * time.Minute, "7d": 7 * day, "2w": 14 * day, "1w1d12h": 8*day + 12*time.Hour,
		"1.5d": 36 * time.Hour, "0.5h": 30 * time.Minute, "1h 30m": 90 * time.Minute, "-10m": -10 * time.Minute, "100ms": 100 * time.Millisecond, "0": 0, "0s": 0,
		"106751d": 106751 * day, "10min": 10 * time.Minute, "10 minutes": 10 * time.Minute, "1 Hour 30 Minutes": 90 * time.Minute, "1 day 2 hrs": 26 * time.Hour,
		" 90 SEC ": 90 * time.Second, "+1m": time.Minute, "- 1d2h": -26 * time.Hour, "10分钟": 10 * time.Minute, "1小时30分": 90 * time.Minute, "1 天": day, "2周1天": 15 * day, "-30秒": -30 * time.Second, "0.1s": 100 * time.Millisecond,
	} {
		got, err := ParseDuration(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
	for text, says := range map[string]string{
		"": WantDuration, "-": WantDuration, "d": WantDuration, "1h1d": WantDuration, "1m1m": WantDuration, "1d-2h": WantDuration, "1e3s": WantDuration,
		"١d": WantDuration, "1M": WantDuration, "10 moons": WantDuration, "1.s": WantDuration, "1h,30m": WantDuration,
		"10": `"10" has no unit; write 10s, 10m, 10h or 10d`, "1h30": "30s", "-1": `"-1" has no unit; write -1s, -1m, -1h or -1d`, "23:59": WantDuration, "10年": WantDuration, "--1h": WantDuration, "00 0": WantDuration, "1:30": WantDuration,
		"106752d": "292 years", "99999999999999999w": "292 years",
	} {
		_, err := ParseDuration(text)
		assert.ErrorContains(t, err, says, text)
	}
}

func TestParseTime(t *testing.T) {
	here := time.FixedZone("here", 8*60*60)
	now := time.Date(2026, 3, 1, 0, 30, 0, 0, here)
	utc := func(month time.Month, date, hour, minute, second int) time.Time {
		return time.Date(2026, month, date, hour, minute, second, 0, time.UTC)
	}
	evening := utc(1, 2, 12, 0, 0)
	for text, want := range map[string]time.Time{
		"2026-01-02T20:00+08:00": evening, "2026-01-02T20:00:00+08:00": evening, "2026-01-02T12:00Z": evening, "2026-01-02t12:00:00z": evening,
		"2026-01-02 20:00": evening, "2026-01-02T20:00": evening, "2026-01-02 20:00:00": evening, "2026-01-02 14:00 +02:00": evening, "2026-01-02T14:00+0200": evening,
		"2026-01-02T14:00+02": evening, " 2026-01-02 20:00 ": evening, "2026-01-02T20:00:00.250+08:00": evening.Add(250 * time.Millisecond), "2026-01-02 12:00 UTC": evening,
		"2026/01/02 20:00": evening, "2026-1-2 20:00": evening, "2026/1/2  20:00:00,25": evening.Add(250 * time.Millisecond), "2026-01-02T02:00-10:00": evening,
		"2026-01-02": utc(1, 1, 16, 0, 0), "2026/1/2": utc(1, 1, 16, 0, 0), "2024-02-29": time.Date(2024, 2, 28, 16, 0, 0, 0, time.UTC),
		"1767355200": evening, "1767355200250": evening.Add(250 * time.Millisecond),
		"now": now, "NOW": now, "today": utc(2, 28, 16, 0, 0), "yesterday": utc(2, 27, 16, 0, 0), "tomorrow": utc(3, 1, 16, 0, 0),
		"20:00": utc(3, 1, 12, 0, 0), "8:05:30": utc(3, 1, 0, 5, 30), "Yesterday 20:00": utc(2, 28, 12, 0, 0), "20:00Z": utc(2, 28, 20, 0, 0), "today 20:00+08:00": utc(3, 1, 12, 0, 0),
		"-1h": now.Add(-time.Hour), "1h ago": now.Add(-time.Hour), "+10m": now.Add(10 * time.Minute), "in 10 minutes": now.Add(10 * time.Minute),
		"now-1d": now.Add(-day), "now + 1h30m": now.Add(90 * time.Minute), "2 days ago": now.Add(-2 * day),
		"现在": now, "今天": utc(2, 28, 16, 0, 0), "昨天 20:00": utc(2, 28, 12, 0, 0), "明天": utc(3, 1, 16, 0, 0), "2小时前": now.Add(-2 * time.Hour), "10 分钟后": now.Add(10 * time.Minute), "现在-1天": now.Add(-day),
	} {
		got, err := ParseTime(text, now)
		require.NoError(t, err, text)
		assert.True(t, want.Equal(got), "%s: %s", text, got)
	}
	for text, says := range map[string]string{
		"": WantTime, "soon": WantTime, "2026-01-02T20": WantTime, "02.01.2026": WantTime, "2026-01-02+08:00": WantTime, "8pm": WantTime, "2026-01": WantTime,
		"2026-02-30": "the day 30, but 2026-02 has 28 days", "2025-02-29": "2025-02 has 28 days", "2026-01-00": "the day 0", "2026-13-01": "the month 13, want 1 to 12", "2026-00-01": "the month 0",
		"2026-01-02T25:00": "the hour 25, want 0 to 23", "24:00": "the hour 24", "20:60": "the minute 60, want 0 to 59", "20:00:60": "the second 60",
		"2026-01-02T20:00+99:00": "the zone +99:00", "20:00+08:60": "the zone +08:60",
		"176735520": `"176735520", want 10 digits for the seconds or 13 for the milliseconds since 1970`, "0": `"0", want 10 digits`, "20260102": `"20260102", want 10 digits`, "1767355200000000": `"1767355200000000", want 10 digits`,
		"1h": `"1h", want -1h for a time ago, or +1h`, "-10": `"-10" has no unit`, "+-1h": WantDuration, "1M ago": WantDuration, "in -1h": WantTime, "in +1h": WantTime, "in 5": "no unit", "-soon": WantDuration, "+8": "no unit",
	} {
		_, err := ParseTime(text, now)
		assert.ErrorContains(t, err, says, text)
	}
}

// TestLocalTimes is about zones whose clocks are put forward and back.
func TestLocalTimes(t *testing.T) {
	in := func(name string) time.Time {
		zone, err := time.LoadLocation(name)
		require.NoError(t, err)
		return time.Date(2026, 7, 1, 12, 0, 0, 0, zone)
	}
	for _, tt := range []struct{ zone, text, want, says string }{
		{"Europe/Berlin", "2026-03-29 01:59", "2026-03-29T01:59:00+01:00", ""},
		{"Europe/Berlin", "2026-03-29 02:30", "", "does not exist in the zone Europe/Berlin"},
		{"Europe/Berlin", "2026-03-29 03:00", "2026-03-29T03:00:00+02:00", ""},
		{"Europe/Berlin", "2026-10-25 02:30", "", "occurs twice in the zone Europe/Berlin, whose clocks go back then; add a zone such as +02:00"},
		{"Europe/Berlin", "2026-10-25 02:30+01:00", "2026-10-25T02:30:00+01:00", ""},
		{"Europe/Berlin", "2026-10-25 03:00", "2026-10-25T03:00:00+01:00", ""},
		{"Europe/Berlin", "2026-03-29", "2026-03-29T00:00:00+01:00", ""},
		{"Australia/Lord_Howe", "2026-04-05 01:45", "", "occurs twice"},
		{"Asia/Shanghai", "2026-03-29 02:30", "2026-03-29T02:30:00+08:00", ""},
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T01:00:00-02:00", ""}, // its clocks skip midnight
		{"America/Sao_Paulo", "2018-11-04 00:30", "", "does not exist"},
		{"America/New_York", "yesterday", "2026-06-30T00:00:00-04:00", ""},
	} {
		got, err := ParseTime(tt.text, in(tt.zone))
		if tt.says != "" {
			assert.ErrorContains(t, err, tt.says, tt.text)
			continue
		}
		require.NoError(t, err, tt.text)
		assert.Equal(t, tt.want, got.Format(time.RFC3339), tt.text)
	}
}

// FuzzUnits: whatever a text is, the time or the duration that it stands for is read again from the form that
// Go gives it, and spaces around the text change nothing.
func FuzzUnits(f *testing.F) {
	for _, text := range []string{"1w2d3h", "10 minutes", "-1.5h", "2026-01-02T20:00+08:00", "2026/1/2 20:00", "9999999999d", "0.1d", "yesterday 20:00", "1h ago", "now+1d", "1小时30分", "昨天 20:00", "2天前", "1767355200", "9999-12-31T23:59:59.999999999-14:00"} {
		f.Add(text)
	}
	now := time.Date(2026, 3, 1, 0, 30, 0, 0, time.FixedZone("", 8*60*60))
	f.Fuzz(func(t *testing.T, text string) {
		if d, err := ParseDuration(text); err == nil {
			d = d.Truncate(time.Millisecond) // there is no smaller unit
			if again, err := ParseDuration(d.String()); err != nil || again != d {
				t.Fatalf("%q: %v, %v %v", text, d, again, err)
			}
		}
		a, err := ParseTime(text, now)
		b, againErr := ParseTime(" "+text+" ", now)
		if (err == nil) != (againErr == nil) || err == nil && !a.Equal(b) {
			t.Fatalf("%q: %v %v, %v %v", text, a, err, b, againErr)
		}
		if err != nil || a.Year() < 0 || a.Year() > 9999 {
			return
		}
		if again, err := ParseTime(a.Format(time.RFC3339Nano), time.Time{}); err != nil || !again.Equal(a) {
			t.Fatalf("%q: %v, %v %v", text, a, again, err)
		}
	})
}
