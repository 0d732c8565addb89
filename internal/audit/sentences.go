package audit

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/nimroom/nimroom/internal/audit/page"
)

// differences returns the sentences that only the record has, and those that only the
// page has. How a text is cut into lines and paragraphs does not matter, and if only the
// order is another one, all sentences differ.
func differences(old, now []page.Entry) (lost, added []page.Entry) {
	if squeezed(old) == squeezed(now) {
		return nil, nil
	}
	old, now = page.Pieces(old), page.Pieces(now)
	lost, added = without(old, now), without(now, old)
	if len(lost)+len(added) == 0 {
		return old, now
	}
	return lost, added
}

// without returns the texts of one list that another lacks, or has less often.
func without(list, other []page.Entry) []page.Entry {
	count := map[string]int{}
	for _, t := range other {
		count[page.Squeeze(t.Text)]++
	}
	return slices.DeleteFunc(slices.Clone(list), func(t page.Entry) bool {
		count[page.Squeeze(t.Text)]--
		return count[page.Squeeze(t.Text)] >= 0
	})
}

func squeezed(texts []page.Entry) string { return page.Squeeze(join(texts)) }

func join(texts []page.Entry) string {
	lines := make([]string, len(texts))
	for i, t := range texts {
		lines[i] = t.Text
	}
	return strings.Join(lines, "\n")
}

// literal is a number, or a name or value of the API, in a sentence. It is a fact that
// other words for the same thing keep.
type literal struct{ aspect, old, new string }

var (
	numberIn = regexp.MustCompile(`(^|[^\w.])(-?)(\d+(?:[,_']\d{3})*(?:\.\d+)?)\s?(days?\b|hours?\b|h\b|minutes?\b|weeks?\b|天|日|小时|分钟|周)?`)
	// valueIn finds the values of an enum as pages write them: in capitals, or with slashes between them.
	valueIn = regexp.MustCompile(`\b[A-Z][A-Z_]{3,}\b|\b[a-z]+(?:/[a-z]+)+\b`)
	// nameIn finds names of fields: quoted, or with a capital inside.
	nameIn = regexp.MustCompile(`"[A-Za-z_]\w*"|\b[a-z]+[A-Z]\w*\b`)
	link   = regexp.MustCompile(`https?://\S+`)
	// Units longer than a second, in seconds.
	unitSeconds = map[string]float64{"day": 86400, "hour": 3600, "h": 3600, "minute": 60, "week": 604800, "天": 86400, "日": 86400, "小时": 3600, "分钟": 60, "周": 604800}
)

// literals returns the literals that replace others in a text: the numbers and names
// of a cell, and the values in a list of values anywhere. A literal that other words
// leave out or add is none, unless the rest of a list of values stays.
func literals(before, after string, cell bool) []literal {
	var list []literal
	old, now := matches(valueIn, before), matches(valueIn, after)
	lost, added := minus(old, now, after), minus(now, old, before)
	if len(lost) > 0 && len(added) > 0 || len(old) > len(lost) && len(now) > len(added) && len(lost)+len(added) > 0 {
		list = append(list, literal{"value", strings.Join(lost, ", "), strings.Join(added, ", ")})
	}
	replaced := func(aspect string, old, now map[string]bool) []literal {
		lost, added := minus(old, now, ""), minus(now, old, "")
		if !cell || len(lost) == 0 || len(added) == 0 {
			return nil
		}
		return []literal{{aspect, strings.Join(lost, ", "), strings.Join(added, ", ")}}
	}
	list = append(list, replaced("name", matches(nameIn, before), matches(nameIn, after))...)
	if spans := replaced("number", Numbers(before, true), Numbers(after, true)); spans != nil {
		list = append(list, replaced("number", Numbers(before, false), Numbers(after, false))...)
	}
	return list
}

// minus returns the members of a that neither b nor the other text has, sorted.
func minus(a, b map[string]bool, other string) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(a)), func(member string) bool {
		return b[member] || other != "" && regexp.MustCompile(`(?i)\b`+regexp.QuoteMeta(member)+`\b`).MatchString(other)
	})
}

func matches(form *regexp.Regexp, text string) map[string]bool {
	set := map[string]bool{}
	for _, word := range form.FindAllString(link.ReplaceAllString(text, ""), -1) {
		for part := range strings.SplitSeq(strings.Trim(word, `"`), "/") {
			set[part] = true
		}
	}
	return set
}

// Numbers returns the numbers in a text, if wanted with spans of time in seconds.
func Numbers(text string, seconds bool) map[string]bool {
	set := map[string]bool{}
	for _, m := range numberIn.FindAllStringSubmatch(page.Fold(text), -1) {
		value, err := strconv.ParseFloat(strings.NewReplacer(",", "", "_", "", "'", "").Replace(m[3]), 64)
		if err != nil {
			continue
		}
		if unit := unitSeconds[strings.ToLower(strings.TrimSuffix(m[4], "s"))]; seconds && unit > 0 {
			value *= unit
		}
		set[m[2]+strconv.FormatFloat(value, 'f', -1, 64)] = true
	}
	return set
}
