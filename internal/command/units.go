package command

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// WantDuration and WantTime show how people write a duration and a time.
const (
	WantDuration = "a duration such as 30s, 10m, 1h30m or 7d"
	WantTime     = "a time such as 2026-01-02T20:00+08:00, 2026-01-02 20:00 or 2026-01-02 (without a zone it is local)"
)

// days finds the weeks and days at the beginning of a duration.
var days = regexp.MustCompile(`^(?:(\d+(?:\.\d+)?)w)?(?:(\d+(?:\.\d+)?)d)?(.*)$`)

// longest is the length of the longest duration, 292 years, in days.
const longest = 106_751

// ParseDuration reads a duration such as 30s, 1h30m or 7d. Weeks (w) and days of 24 hours (d) come
// before the units of [time.ParseDuration].
func ParseDuration(text string) (time.Duration, error) {
	parts := days.FindStringSubmatch(strings.ReplaceAll(text, " ", ""))
	if parts == nil {
		return 0, fmt.Errorf("%q, want %s", text, WantDuration)
	}
	n := number(parts[1])*7 + number(parts[2])
	var rest time.Duration
	var err error
	hasDays := parts[1]+parts[2] != ""
	if parts[3] != "" || !hasDays {
		rest, err = time.ParseDuration(parts[3])
	}
	if err != nil || n > longest || n == longest && rest > 0 || hasDays && rest < 0 {
		return 0, fmt.Errorf("%q, want %s", text, WantDuration)
	}
	return time.Duration(n*float64(24*time.Hour)) + rest, nil
}

// number returns the number that a text of digits is, or 0 if it is empty.
func number(text string) float64 {
	n, _ := strconv.ParseFloat(text, 64) // the text has digits only
	return n
}

// ParseTime reads a time: a date, also with the hour and minute, with seconds and with a zone, as in
// 2026-01-02T20:00+08:00. A space may stand in place of the T. Without a zone, the time is local.
func ParseTime(text string) (time.Time, error) {
	compact := strings.ToUpper(strings.TrimSpace(text))
	if date, clock, found := strings.Cut(compact, " "); found {
		compact = date + "T" + strings.ReplaceAll(clock, " ", "")
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04"} {
		for _, zone := range []string{"Z07:00", "Z0700", "Z07", ""} {
			if t, err := time.ParseInLocation(layout+zone, compact, time.Local); err == nil {
				return t, nil
			}
		}
	}
	t, err := time.ParseInLocation(time.DateOnly, compact, time.Local)
	if err != nil {
		return t, fmt.Errorf("%q, want %s", text, WantTime)
	}
	return t, nil
}
