package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
)

// logFlags say how serve reports requests.
type logFlags struct {
	Quiet bool   `help:"Do not print requests."`
	Log   string `enum:"auto,text,json" default:"auto" help:"Print a line for each request: text (aligned, for people), json (one object, for programs; all other output goes to stderr), or auto (text on a terminal, otherwise nothing)."`
}

// languages are the values of --lang.
var languages = map[string]emulator.Language{"en": emulator.English, "zh": emulator.Chinese}

// hook returns the function that prints a request, or nil.
func (f logFlags) hook(s streams) func(emulator.Request, time.Duration) {
	log := &requestLog{streams: s}
	for _, operation := range gen.Operations {
		log.actions = max(log.actions, len(operation.Action))
	}
	switch {
	case f.Quiet || f.Log == "auto" && !s.terminal:
		return nil
	case f.Log == "json":
		return log.object
	}
	return log.line
}

// requestLog prints requests, one at a time.
type requestLog struct {
	streams
	actions int // width
	mu      sync.Mutex
}

// line prints a request for people: time, operation, room, code, duration, and what there is to
// say about it.
func (l *requestLog) line(r emulator.Request, took time.Duration) {
	color := green
	switch {
	case r.Stub || len(r.Unknown)+len(r.Duplicated)+len(r.NotEmulated)+len(r.Notices) > 0 && r.Code == gen.CodeOK:
		color = yellow
	case r.Code != gen.CodeOK:
		color = red
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintf(l.out, "%s  %s  %s  %s  %8s  %s\n",
		l.paint(dim, r.Time.UTC().Format("15:04:05.000")), pad(printable(cmp.Or(r.Operation, r.Path)), l.actions),
		pad(printable(cmp.Or(r.Form["roomid"], r.Form["roomId"], "-")), 12), l.paint(color, fmt.Sprintf("%6d", r.Code)),
		fmt.Sprintf("%.2f ms", took.Seconds()*1000), strings.Join(l.remarks(r), " "))
}

// remarks lists what there is to say about a request, without control characters.
func (l *requestLog) remarks(r emulator.Request) []string {
	var list []string
	if r.Fault != "" {
		list = append(list, l.paint(yellow, "["+printable(r.Fault)+"]"))
	}
	if r.Desc != "" {
		list = append(list, printable(r.Desc)+".")
	}
	if r.Meaning != "" {
		list = append(list, printable(r.Meaning), l.paint(bold, printable(r.Advice)))
	}
	for _, name := range r.Unknown {
		list = append(list, "? "+printable(name))
	}
	for _, name := range r.Duplicated {
		list = append(list, "2x "+printable(name))
	}
	for _, text := range append(r.NotEmulated, r.Notices...) {
		list = append(list, printable(text))
	}
	return list
}

// printable returns a text that was in a request without control characters, which a terminal
// would carry out.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if !strconv.IsPrint(r) {
			return '?'
		}
		return r
	}, text)
}

// pad fills a text with spaces up to a width. Letters of East Asia are two columns wide.
func pad(text string, columns int) string {
	for _, r := range text {
		if columns--; unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana) || r >= 0xFF01 && r <= 0xFF60 || r >= 0x3000 && r <= 0x303F {
			columns--
		}
	}
	return text + strings.Repeat(" ", max(0, columns))
}

// object prints a request for programs: its entry in the log, and how long it took.
func (l *requestLog) object(r emulator.Request, took time.Duration) {
	text, err := json.Marshal(struct {
		emulator.Request
		TookMillis float64 `json:"tookMillis"`
	}{r, took.Seconds() * 1000})
	if err != nil {
		text = strconv.AppendQuote(nil, err.Error())
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	_, _ = l.out.Write(append(text, '\n'))
}
