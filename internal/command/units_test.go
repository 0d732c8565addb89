package command

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseDuration(t *testing.T) {
	const day = 24 * time.Hour
	for text, want := range map[string]time.Duration{
		"30s": 30 * time.Second, "10m": 10 * time.Minute, "1h30m": 90 * time.Minute, "7d": 7 * day, "2w": 14 * day, "1w1d12h": 8*day + 12*time.Hour,
		"1.5d": 36 * time.Hour, "0.5h": 30 * time.Minute, "1h 30m": 90 * time.Minute, "-10m": -10 * time.Minute, "100ms": 100 * time.Millisecond, "0": 0,
		"106751d": 106751 * day,
	} {
		got, err := ParseDuration(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "d", "10", "10 minutes", "1h1d", "-1d", "1d-2h", "106752d", "106751d1s", "99999999999999999w", "7 days", "1e3s", "١d"} {
		_, err := ParseDuration(text)
		assert.ErrorContains(t, err, "want "+WantDuration, text)
	}
}

func TestParseTime(t *testing.T) {
	local := time.Local
	time.Local = time.FixedZone("here", 8*60*60)
	t.Cleanup(func() { time.Local = local })
	evening := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"2026-01-02T20:00+08:00": evening, "2026-01-02T20:00:00+08:00": evening, "2026-01-02T12:00Z": evening, "2026-01-02t12:00:00z": evening,
		"2026-01-02 20:00": evening, "2026-01-02T20:00": evening, "2026-01-02 20:00:00": evening, "2026-01-02 14:00 +02:00": evening, "2026-01-02T14:00+0200": evening,
		"2026-01-02T14:00+02": evening, " 2026-01-02 20:00 ": evening, "2026-01-02T20:00:00.250+08:00": evening.Add(250 * time.Millisecond),
		"2026-01-02": time.Date(2026, 1, 1, 16, 0, 0, 0, time.UTC), "2024-02-29": time.Date(2024, 2, 28, 16, 0, 0, 0, time.UTC),
	} {
		got, err := ParseTime(text)
		require.NoError(t, err, text)
		assert.True(t, want.Equal(got), "%s: %s", text, got)
	}
	for _, text := range []string{"", "yesterday", "2026-13-01", "2025-02-29", "2026-01-02T25:00", "20:00", "2026-01-02T20", "02.01.2026", "2026-01-02T20:00+99:00"} {
		_, err := ParseTime(text)
		assert.ErrorContains(t, err, "want "+WantTime, text)
	}
}

// FuzzUnits: whatever a text is, the same text with spaces around it is the same time.
func FuzzUnits(f *testing.F) {
	for _, text := range []string{"1w2d3h", "2026-01-02T20:00+08:00", "9999999999d", "0.1d"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		_, _ = ParseDuration(text)
		a, err := ParseTime(text)
		b, again := ParseTime(" " + text + " ")
		if (err == nil) != (again == nil) || err == nil && !a.Equal(b) {
			t.Fatalf("%q: %v %v, %v %v", text, a, err, b, again)
		}
		if err == nil && !strings.ContainsAny(text, "0123456789") {
			t.Fatal(text)
		}
	})
}
