package output

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rivo/uniseg"

	"github.com/nimroom/nimroom/internal/command"
	"github.com/nimroom/nimroom/internal/described"
	"github.com/nimroom/nimroom/internal/wire"
)

// readable returns a value as people read it: a time in the local zone, a duration such as 10m, the
// name that flags take for a number that stands for something, the text of an object that has
// nothing else, and others as they are.
func readable(value json.RawMessage, s *described.Schema) string {
	if s != nil && s.TextProperty != "" {
		switch list, ok := members(value); {
		case ok && len(list) == 0:
			return ""
		case len(list) == 1 && list[0].name == s.TextProperty:
			return text(list[0].value)
		}
	}
	plain := text(value)
	n, err := strconv.ParseInt(plain, 10, 64)
	switch {
	case s == nil:
	case err == nil && len(s.Names) > 0:
		if i := slices.IndexFunc(s.Values(), func(known any) bool { return fmt.Sprint(known) == plain }); i >= 0 {
			return command.Names(s)[i]
		}
	case err != nil || s.Time == "" && s.Duration == "":
	case n == 0:
		return ""
	case s.Duration != "":
		return command.Written(s, plain)
	case s.Time == "seconds":
		return local(wire.FromUnix(n))
	default:
		return local(wire.FromMillis(n))
	}
	return plain
}

// local returns a time in the local zone, with its milliseconds if it has any: they are part of what identifies a
// message.
func local(t time.Time) string {
	layout := time.DateTime
	if t.Nanosecond() != 0 {
		layout += ".000"
	}
	return t.Local().Format(layout)
}

// Visible returns a text in one line, in which characters that control a terminal, or that change the
// direction of what follows, are escapes such as \u001b.
func Visible(text string) string {
	return VisibleLines(strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\t", " ").Replace(text))
}

// VisibleLines writes such characters as escapes, but keeps tabs and the ends of lines.
func VisibleLines(text string) string {
	if strings.IndexFunc(text, wire.Disturbs) < 0 {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '\n' || r == '\t' || !wire.Disturbs(r):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// cut shortens a text to a number of cells of a terminal. A Chinese character takes two of them.
func cut(text string, width int) string {
	if uniseg.StringWidth(text) <= width {
		return text
	}
	var b strings.Builder
	state, used := -1, 0
	for rest := text; rest != ""; {
		var cluster string
		var wide int
		cluster, rest, wide, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if used += wide; used >= width {
			break
		}
		b.WriteString(cluster)
	}
	return b.String() + "…"
}

// pad fills a text with spaces up to a number of cells.
func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-uniseg.StringWidth(text)))
}
