package command

import (
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/nimroom/nimroom/internal/message"
)

// WantDuration and WantTime show how people write a duration and a time.
const (
	WantDuration = "a duration such as 30s, 10m, 1h30m, 7d or 2w"
	WantTime     = "a time such as 2026-01-02 20:00, 2026-01-02T20:00+08:00, 2026-01-02, 20:00, now, today, yesterday, -1h, +10m or 1767355200"
)

const (
	day  = 24 * time.Hour
	week = 7 * day
)

// durationUnits are the units of durations by their names.
var durationUnits = map[string]time.Duration{
	"w": week, "week": week, "weeks": week, "d": day, "day": day, "days": day,
	"h": time.Hour, "hr": time.Hour, "hrs": time.Hour, "hour": time.Hour, "hours": time.Hour,
	"m": time.Minute, "min": time.Minute, "mins": time.Minute, "minute": time.Minute, "minutes": time.Minute,
	"s": time.Second, "sec": time.Second, "secs": time.Second, "second": time.Second, "seconds": time.Second,
	"ms": time.Millisecond, "millisecond": time.Millisecond, "milliseconds": time.Millisecond,
	"周": week, "星期": week, "天": day, "日": day, "小时": time.Hour, "分钟": time.Minute, "分": time.Minute, "秒": time.Second, "秒钟": time.Second, "毫秒": time.Millisecond,
}

// days are the days from today by their names.
var days = map[string]int{"today": 0, "yesterday": -1, "tomorrow": 1, "今天": 0, "昨天": -1, "明天": 1}

// quantity finds a number with its unit at the beginning of a text.
var quantity = regexp.MustCompile(`^(\d{1,18}(?:\.\d{1,18})?) *(\p{Han}+|[a-zA-Z]*) *`)

// ParseDuration reads a duration such as 30s, 1h30m, 10 minutes, 7d or 2小时: numbers with units from weeks to
// milliseconds, larger ones first, and a sign before all of them. A number without a unit is an error.
func ParseDuration(text string) (time.Duration, error) {
	rest := strings.TrimSpace(text)
	sign := rest[:len(rest)-len(strings.TrimLeft(rest, "+-"))]
	rest = strings.TrimSpace(rest[len(sign):])
	wrong := message.Errorf("%q, want %s", text, message.Of(WantDuration))
	if rest == "" || len(sign) > 1 {
		return 0, wrong
	}
	sum, last := new(big.Rat), time.Duration(1<<63-1)
	for rest != "" {
		parts := quantity.FindStringSubmatch(rest)
		if parts == nil {
			return 0, wrong
		}
		unit, known := durationUnits[strings.ToLower(parts[2])]
		switch n, _ := new(big.Rat).SetString(parts[1]); { // it has digits only
		case parts[2] == "" && n.Sign() == 0 && parts[0] == rest && sum.Sign() == 0:
			return 0, nil
		case parts[2] == "" && parts[0] == rest:
			n := parts[1]
			if sum.Sign() == 0 {
				n = sign + n
			}
			return 0, message.Errorf("%q has no unit; write %ss, %sm, %sh or %sd", text, n, n, n, n)
		case parts[2] == "M", !known, unit >= last: // M might be months
			return 0, wrong
		default:
			sum.Add(sum, n.Mul(n, new(big.Rat).SetInt64(int64(unit))))
		}
		rest, last = rest[len(parts[0]):], unit
	}
	whole := new(big.Int).Quo(sum.Num(), sum.Denom())
	if !whole.IsInt64() {
		return 0, message.Errorf("%q, want at most 292 years", text)
	}
	if sign == "-" {
		return time.Duration(-whole.Int64()), nil
	}
	return time.Duration(whole.Int64()), nil
}

var (
	digits   = regexp.MustCompile(`^\d+$`)
	relative = regexp.MustCompile(`(?i)^(?:(?:(?:now|现在) *)?([+-].+)|in (\d.*)|(.+)后|(.+?)(?: ago|前))$`)
	moment   = regexp.MustCompile(`(?i)^(?:(today|yesterday|tomorrow|今天|昨天|明天)|(\d{4})[-/](\d{1,2})[-/](\d{1,2}))?` +
		`(?:(?:^|(?:t| +))(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)? *(z|utc|gmt|[+-]\d{2}(?::?\d{2})?)?)?$`)
)

// ParseTime reads a time as people write it: a day (2026-01-02, 2026/1/2, today, yesterday, tomorrow), a time
// of the day (20:00, 20:00:30), or both with a space or T between them; now; a duration from now (-1h, 1h ago,
// +10m, in 10m), with the Chinese words for days, now, ago and units, too (昨天 20:00, 2小时前); or the seconds
// (10 digits) or milliseconds (13 digits) since 1970. A time of the day may have a zone (Z, +08:00); without one it is
// in the zone of now. A day alone is its beginning, a time of the day alone is today. The error says what is wrong,
// also about a time that the zone does not have, or has twice.
func ParseTime(text string, now time.Time) (time.Time, error) {
	compact := strings.TrimSpace(text)
	if strings.EqualFold(compact, "now") || compact == "现在" {
		return now, nil
	}
	if digits.MatchString(compact) {
		return parseStamp(compact)
	}
	if parts := relative.FindStringSubmatch(compact); parts != nil {
		d, err := ParseDuration(strings.Join(parts[1:], ""))
		if parts[4] != "" {
			d = -d
		}
		return now.Add(d), err
	}
	parts := moment.FindStringSubmatch(compact)
	if parts == nil || compact == "" {
		if _, err := ParseDuration(compact); err == nil && compact != "0" {
			return time.Time{}, message.Errorf("%q, want -%s for a time ago, or +%s for a time to come", text, compact, compact)
		}
		return time.Time{}, message.Errorf("%q, want %s", text, message.Of(WantTime))
	}
	return parseMoment(text, parts, now)
}

// parseStamp reads a time in digits. Nobody means the seconds of 1970 to 2001, or the milliseconds of 1970.
func parseStamp(text string) (time.Time, error) {
	n, _ := strconv.ParseInt(text, 10, 64) // it has digits only
	switch len(text) {
	case len("1767355200"):
		return time.Unix(n, 0), nil
	case len("1767355200000"):
		return time.UnixMilli(n), nil
	}
	return time.Time{}, message.Errorf("%q, want 10 digits for the seconds or 13 for the milliseconds since 1970", text)
}

// parseMoment reads a day and a time of the day in the parts of a text that is a moment.
func parseMoment(text string, parts []string, now time.Time) (time.Time, error) {
	n := make([]int, len(parts))
	for i, part := range parts {
		n[i], _ = strconv.Atoi(part) // what is no number stays 0
	}
	zone := now.Location()
	if name := parts[9]; name != "" {
		offset := 0
		if name[0] == '+' || name[0] == '-' {
			hhmm, _ := strconv.Atoi(strings.ReplaceAll(name[1:], ":", ""))
			if len(name) == len("+08") {
				hhmm *= 100
			}
			if hhmm > 1400 || hhmm%100 > 59 {
				return time.Time{}, message.Errorf("%q has the zone %s, want -14:00 to +14:00", text, name)
			}
			if offset = hhmm/100*3600 + hhmm%100*60; name[0] == '-' {
				offset = -offset
			}
		}
		zone = time.FixedZone("", offset)
	}
	year, month, date := n[2], n[3], n[4]
	if parts[2] == "" {
		y, m, d := now.In(zone).AddDate(0, 0, days[strings.ToLower(parts[1])]).Date()
		year, month, date = y, int(m), d
	}
	for _, limit := range []struct {
		name             message.Text
		value, low, high int
	}{{message.Of("month"), month, 1, 12}, {message.Of("hour"), n[5], 0, 23}, {message.Of("minute"), n[6], 0, 59}, {message.Of("second"), n[7], 0, 59}} {
		if limit.value < limit.low || limit.value > limit.high {
			return time.Time{}, message.Errorf("%q has the %v %d, want %d to %d", text, limit.name, limit.value, limit.low, limit.high)
		}
	}
	if last := time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day(); date < 1 || date > last {
		return time.Time{}, message.Errorf("%q has the day %d, but %04d-%02d has %d days", text, date, year, month, last)
	}
	nanos, _ := strconv.Atoi((parts[8] + "000000000")[:9])
	return inZone(text, time.Date(year, time.Month(month), date, n[5], n[6], n[7], nanos, time.UTC), zone, parts[5] == "")
}

// inZone returns the time at which the clocks of a zone show what those of UTC show at a time. They skip an
// hour when summer time begins, and show an hour twice when it ends: then a day begins at the first of the
// times, and a time of the day is an error.
func inZone(text string, clock time.Time, zone *time.Location, beginsDay bool) (time.Time, error) {
	var shown []time.Time
	for _, side := range []time.Duration{-day, day} {
		_, offset := clock.Add(side).In(zone).Zone()
		t := clock.Add(-time.Duration(offset) * time.Second).In(zone)
		if beginsDay {
			return t, nil
		}
		if t.Format(time.DateTime) == clock.Format(time.DateTime) && (shown == nil || !shown[0].Equal(t)) {
			shown = append(shown, t)
		}
	}
	switch len(shown) {
	case 0:
		return time.Time{}, message.Errorf("%q does not exist in the zone %s, whose clocks go forward then; add a zone such as +08:00", text, zone)
	case 1:
		return shown[0], nil
	}
	return time.Time{}, message.Errorf("%q occurs twice in the zone %s, whose clocks go back then; add a zone such as %s", text, zone, shown[0].Format("-07:00"))
}
