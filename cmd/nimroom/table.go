package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wrapper"
)

// table prints the demo, with a row for each operation.
type table struct {
	streams
	ids, actions int             // widths
	done         map[string]bool // operations that succeeded
	failed       int
}

func newTable(s streams) *table {
	t := &table{streams: s, done: map[string]bool{}}
	for _, operation := range gen.Operations {
		t.ids = max(t.ids, len(operation.ID))
		t.actions = max(t.actions, len(operation.Action))
	}
	return t
}

// Codes of terminal styles.
const (
	bold   = "1"
	dim    = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
)

// paint colours a text where the output shows colours.
func (s streams) paint(color, text string) string {
	if !s.color {
		return text
	}
	return "\x1b[" + color + "m" + text + "\x1b[0m"
}

func (t *table) title(format string, args ...any) {
	fmt.Fprintf(t.out, "%s\n\n", t.paint(bold, fmt.Sprintf(format, args...)))
	t.row(bold, "operation", "action", "code", "time", "result")
}

// say prints a comment between the operations.
func (t *table) say(text string) { fmt.Fprintf(t.out, "%s\n", t.paint(dim, "# "+text)) }

// step runs an operation and prints its row.
func (t *table) step(id string, call func() (string, error)) {
	start := time.Now()
	result, err := call()
	took := time.Since(start)
	color, code := green, "200"
	if err != nil {
		color, code, result = red, "-", err.Error()
		var e *wrapper.Error
		if errors.As(err, &e) && e.Code != 0 {
			code = strconv.Itoa(e.Code)
		}
		t.failed++
	} else {
		t.done[id] = true
	}
	t.row(color, id, actionOf(id), code, fmt.Sprintf("%.2f ms", took.Seconds()*1000), result)
}

func (t *table) row(color, id, action, code, took, result string) {
	fmt.Fprintf(t.out, "%-*s  %-*s  %s  %8s  %s\n", t.ids, id, t.actions, action, t.paint(color, fmt.Sprintf("%4s", code)), took, result)
}

// must prints and counts an error of a call between the operations.
func (t *table) must(err error) {
	if err != nil {
		fmt.Fprintf(t.out, "%s\n", t.paint(red, "# "+err.Error()))
		t.failed++
	}
}

// finish prints the totals. It returns an error if a step failed or an operation was left
// out.
func (t *table) finish() error {
	fmt.Fprintf(t.out, "\n%d of %d operations succeeded\n", len(t.done), len(gen.Operations))
	if t.failed > 0 || len(t.done) < len(gen.Operations) {
		return exitError{fmt.Errorf("the demo failed: %d steps failed, %d of %d operations succeeded", t.failed, len(t.done), len(gen.Operations)), exitFailed}
	}
	return nil
}

func actionOf(id string) string {
	for _, operation := range gen.Operations {
		if operation.ID == id {
			return operation.Action
		}
	}
	return "-"
}

// describe returns what happened to a message.
func describe(err error) string {
	var e *wrapper.Error
	switch {
	case err == nil:
		return "sent"
	case errors.As(err, &e):
		return fmt.Sprintf("rejected with code %d", e.Code)
	}
	return err.Error()
}

func nicks(members []gen.Member) string {
	names := make([]string, len(members))
	for i, member := range members {
		names[i] = member.Nick
	}
	return strings.Join(names, ", ")
}

func roles(members []gen.Member) string {
	names := make([]string, len(members))
	for i, member := range members {
		names[i] = member.Accid + " " + member.Type.String()
	}
	return strings.Join(names, ", ")
}
