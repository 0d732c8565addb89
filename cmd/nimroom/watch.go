package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/alecthomas/kong"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/command"
	"github.com/nimroom/nimroom/internal/eventtext"
	"github.com/nimroom/nimroom/internal/message"
	"github.com/nimroom/nimroom/wrapper"
)

// watchCommand shows what happens in a room.
type watchCommand struct {
	Room         string `arg:"" complete:"room" help:"Id of the room."`
	serviceFlags `embed:""`
	secretFlags  `embed:""`

	ControlToken     string `env:"NIM_EMULATOR_CONTROL_TOKEN" placeholder:"T" help:"Token of the emulator's control plane, if it has one."`
	ControlTokenFile string `env:"NIM_EMULATOR_CONTROL_TOKEN_FILE" placeholder:"FILE" help:"File that holds the token."`

	As          string        `placeholder:"ACCOUNT" complete:"account" help:"Show messages of the real service, too, whose history is read on behalf of this account. An emulator shows them without it."`
	Interval    time.Duration `default:"5s" help:"Time between two looks at a room of the real service, 1s or more. A look is four calls, or five with --as."`
	For         time.Duration `placeholder:"DURATION" help:"Stop after this time. The default is to go on until you press Ctrl-C."`
	UntilClosed bool          `help:"Stop when the room is closed."`
	Output      string        `short:"o" enum:"text,ndjson" default:"text" help:"text: sentences for people. ndjson: one event a line, as a JSON object with the fields of the emulator's events."`
	Timeout     time.Duration `default:"10s" help:"Time limit for each call."`
}

// Help says how a room is watched.
func (*watchCommand) Help() string {
	return `Each entry, exit, message, mute, change of a role, of the queue and of the room is a line. What is no event, such as a
lost connection, goes to the standard error.

An emulator sends its events (see emulator/README.md, Events). The real service is asked again and again: for the
room, its visitors, its fixed members that are online, its queue, and with --as its messages. What has changed since
is what happened. It does not say who did it, and what begins and ends between two looks is not seen. Only polling has
events of the kind "open": the room was opened again.`
}

// errSeen ends a watch that has shown all it was to show.
var errSeen = message.Errorf("the room is closed")

// watch is a room that is being watched.
type watch struct {
	*watchCommand
	*service
	streams
	id    wrapper.RoomID
	polls bool // the real service, whose changes have no operators

	shown   time.Time // of the last line
	lines   int64     // how many events were shown
	putOut  string    // the account that the event before has put out
	down    time.Time // since when no events come; zero while they do
	profile emulator.RoomProfile
}

// Run watches the room until it is interrupted.
func (c *watchCommand) Run(ctx context.Context, s streams, k *kong.Context) error {
	id, err := wrapper.ParseRoomID(c.Room)
	switch {
	case err != nil:
		return usage("room %q: want the id of a room, such as 66", c.Room)
	case c.Interval < time.Second:
		return usage("--interval %v: want 1s or more, so that the calls stay within the quota", c.Interval)
	case c.For < 0 || c.For == 0 && onCommandLine(k, "for"):
		return usage("--for %v: must be more than 0, such as 10m", c.For)
	case c.Timeout <= 0:
		return usage("--timeout %v: must be more than 0", c.Timeout)
	}
	token, err := secretOf(s, k, "control-token", c.ControlToken, c.ControlTokenFile, "")
	if err != nil {
		return err
	}
	secret, err := c.secret(s, k, "")
	if err != nil {
		return err
	}
	app, err := c.settings(s, secret)
	if err != nil {
		return err
	}
	client, err := newService(app, wrapper.WithTimeout(c.Timeout), wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 1}))
	if err != nil {
		return err
	}
	client.token = token
	return (&watch{watchCommand: c, service: client, streams: s, id: id}).run(ctx)
}

// run shows what happens until the time is over or the caller interrupts it.
func (w *watch) run(ctx context.Context) error {
	if w.For > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, w.For)
		defer cancel()
	}
	all, began := true, time.Now()
	room, err := w.Rooms.Get(ctx, wrapper.GetChatroomForm{RoomID: w.id, NeedOnlineUserCount: &all})
	if err != nil { // also if the time was over before: nothing was watched
		return w.failed(err)
	}
	w.begin(room)
	switch {
	case w.UntilClosed && !room.Valid:
		err = errSeen
	case w.isEmulator():
		err = w.follow(ctx)
	default:
		err = w.poll(ctx, room)
	}
	if ctx.Err() == nil && !errors.Is(err, errSeen) {
		return w.failed(err)
	}
	w.greet("Watched for %s. Events: %d.", eventtext.Duration(w.language, time.Since(began).Round(time.Second)), w.lines)
	return nil
}

// begin says what the room is like and how it is watched.
func (w *watch) begin(room *wrapper.Chatroom) {
	state := w.text("open")
	if !room.Valid {
		state = w.text("closed")
	}
	online := 0
	if room.OnlineUserCount != nil {
		online = *room.OnlineUserCount
	}
	w.profile = profileOf(room)
	w.greet("Room %v (%s, owner %s) is %s. Members online: %d. Press Ctrl-C to stop.", w.id, w.quoted(room.Name), room.Creator, state, online)
}

// failed returns the error of a call with its advice and its exit code.
func (w *watch) failed(err error) error {
	var refused *controlError
	var own exitError
	switch {
	case errors.As(err, &own):
		return err
	case !errors.As(err, &refused):
		return exitError{apiCall{}.explained(command.ByAction(err), w.language), outcome(err)}
	case refused.status == http.StatusNotFound: // it was there when the watch began
		return exitError{message.Errorf("the emulator has no room %v any more; it was reset or started again", w.id), exitFailed}
	case refused.status == http.StatusUnauthorized:
		return usage("%w; give the token of the emulator with --control-token-file or NIM_EMULATOR_CONTROL_TOKEN", err)
	}
	return exitError{err, exitFailed}
}

// show prints an event. It returns an error when there is nothing more to show.
func (w *watch) show(e emulator.Event) error {
	if w.Output == "text" && e.Kind == emulator.EventLeave && e.Target == w.putOut {
		return nil // the event before said so; each connection has one
	}
	if w.putOut = ""; e.Kind == emulator.EventKick || e.NotificationID == int(gen.NotificationIDBlocked) {
		w.putOut = e.Target
	}
	if w.lines++; e.ID == 0 { // polling gives none
		e.ID = w.lines
	}
	var err error
	if w.Output == "ndjson" {
		encoder := json.NewEncoder(w.out)
		encoder.SetEscapeHTML(false)
		err = encoder.Encode(e)
	} else {
		_, err = fmt.Fprintln(w.out, w.line(e))
	}
	if err != nil {
		return exitError{message.Errorf("the event cannot be written: %w", err), exitFailed}
	}
	if w.UntilClosed && e.Kind == emulator.EventClose {
		return errSeen
	}
	return nil
}

// pause waits for a time, or until the context ends.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// maxPause is the longest pause after errors.
const maxPause = time.Minute
