package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/internal/message"
)

const (
	// silence is how long a stream of events may be silent. An emulator sends something every 15 seconds.
	silence = 45 * time.Second
	// maxEvent bounds an event, in bytes.
	maxEvent = 1 << 20
	// firstPause is between two connections to a stream that ends; it doubles while nothing comes.
	firstPause = time.Second
)

// follow shows the events that an emulator sends, and connects again when the stream ends. An emulator
// keeps events for a minute, so that none is missed.
func (w *watch) follow(ctx context.Context) error {
	last, wait := "", firstPause
	for {
		came, err := w.read(ctx, &last)
		var refused *controlError
		switch {
		case ctx.Err() != nil || errors.Is(err, errSeen):
			return err
		case errors.As(err, &refused) && refused.status < http.StatusInternalServerError, errors.As(err, new(exitError)):
			return err
		}
		if came {
			wait = firstPause
		}
		w.interrupted(err)
		if err := pause(ctx, wait); err != nil {
			return err
		}
		wait = min(2*wait, maxPause)
	}
}

// read shows the events of one connection, and notes the id of the last. It reports whether any came.
func (w *watch) read(ctx context.Context, last *string) (came bool, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	ended := message.Errorf("the stream of events ended")
	watchdog := time.AfterFunc(silence, func() { cancel(ended) })
	defer watchdog.Stop()
	header := http.Header{"Accept": {"text/event-stream"}}
	if *last != "" {
		header.Set("Last-Event-ID", *last)
	}
	resp, err := w.open(ctx, "rooms/"+w.id.String()+"/events", header)
	if err != nil {
		return false, err
	}
	defer func() { _ = resp.Body.Close() }() // nothing was written
	scan := bufio.NewScanner(resp.Body)
	scan.Buffer(nil, maxEvent)
	var id, name string
	var data []byte
	complained := false
	for scan.Scan() {
		watchdog.Reset(silence)
		w.works()
		field, value, _ := strings.Cut(scan.Text(), ":")
		value = strings.TrimPrefix(value, " ")
		switch field {
		case "id":
			id = value
		case "event":
			name = value
		case "data":
			if data = append(data, value...); len(data) > maxEvent {
				return came, bufio.ErrTooLong
			}
		}
		if scan.Text() != "" {
			continue
		}
		bad := w.dispatch(name, data)
		if errors.Is(bad, errUnreadable) {
			if !complained {
				w.say("An event could not be read: %v", bad)
			}
			complained, bad = true, nil
		} else if len(data) > 0 && id != "" {
			*last, came = id, true
		}
		if bad != nil {
			return came, bad
		}
		id, name, data = "", "", data[:0]
	}
	if err := scan.Err(); err != nil && context.Cause(ctx) == nil {
		return came, err
	}
	return came, ended
}

// errUnreadable is the error of data that is no event.
var errUnreadable = message.Errorf("it is no event")

// dispatch shows an event of a stream.
func (w *watch) dispatch(name string, data []byte) error {
	if len(data) == 0 {
		return nil
	}
	if name == "lost" {
		var lost struct{ Lost int64 }
		if json.Unmarshal(data, &lost) == nil {
			w.say("Events lost: at most %d.", lost.Lost)
		}
		return nil
	}
	var e emulator.Event
	if json.Unmarshal(data, &e) != nil || e.Kind == "" {
		return errUnreadable
	}
	return w.show(e)
}
