package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/eventtext"
	"github.com/nimroom/nimroom/internal/output"
)

// word returns a word of events.
func (w *watch) word(name string) string { return eventtext.Texts(w.language)[name] }

// greet prints what people want to know when a watch begins and ends. Programs do not.
func (w *watch) greet(format string, args ...any) {
	if w.Output == "text" {
		w.say(format, args...)
	}
}

// interrupted says, once until it works again, that the events do not come.
func (w *watch) interrupted(err error) {
	if w.down.IsZero() {
		w.down = time.Now()
		w.say("Interrupted: %v. Trying again until it works.", err)
	}
}

// works says that the events come again.
func (w *watch) works() {
	if !w.down.IsZero() {
		w.say("Working again after %s.", eventtext.Duration(w.language, time.Since(w.down).Round(time.Second)))
		w.down = time.Time{}
	}
}

// say prints what is no event.
func (w *watch) say(format string, args ...any) {
	fmt.Fprintln(w.err, output.Visible(w.text(format, args...)))
}

// quoted puts a text in quotes.
func (w *watch) quoted(text string) string { return fmt.Sprintf(w.word("event.quotes"), text) }

// line returns an event as a line for people: the local time, and what happened. The date is there when
// it is not that of the line before.
func (w *watch) line(e emulator.Event) string {
	at := e.Time.Local()
	layout := time.TimeOnly
	if before := cmp.Or(w.shown, time.Now()); before.Local().Format(time.DateOnly) != at.Format(time.DateOnly) {
		layout = time.DateTime
	}
	w.shown = at
	return w.paint(dim, at.Format(layout)) + "  " + w.colored(e, output.Visible(w.event(e)))
}

// colored gives a line the colour of what it says.
func (w *watch) colored(e emulator.Event, text string) string {
	switch e.Kind {
	case emulator.EventEnter:
		return w.paint(green, text)
	case emulator.EventClose, emulator.EventKick:
		return w.paint(red, text)
	case emulator.EventMute, emulator.EventTagMute, emulator.EventRoomMute, emulator.EventRole, emulator.EventRecall:
		return w.paint(yellow, text)
	case emulator.EventMessage:
		return text
	default:
		return w.paint(dim, text)
	}
}

// event says in a sentence what happened.
func (w *watch) event(e emulator.Event) string {
	optional := func(name, value string) string {
		if value == "" {
			return ""
		}
		return fmt.Sprintf(w.word("event."+name), value)
	}
	kind, parts := strconv.Itoa(e.NotificationID), map[string]string{"operator": e.Operator}
	if e.NotificationID == 0 {
		kind = string(e.Kind)
	}
	whom, nick, by := e.Target, "", e.Operator
	if e.Operator == e.Target {
		by = ""
	}
	var changes []string
	switch m := e.Member; {
	case m == nil:
	case e.Kind == emulator.EventTags:
		for _, tag := range m.Tags {
			changes = append(changes, w.quoted(tag))
		}
	default:
		nick = m.Nick
	}
	if m := e.Mute; m != nil {
		parts["tag"] = w.quoted(m.TargetTag)
		until := e.Time.Add(m.MuteDuration.Duration).Local()
		layout := time.TimeOnly
		if until.Format(time.DateOnly) != e.Time.Local().Format(time.DateOnly) {
			layout = time.DateTime
		}
		parts["until"], parts["left"] = until.Format(layout), eventtext.Duration(w.language, m.MuteDuration.Duration)
		if e.Kind == emulator.EventMute && m.Muted && m.MuteDuration.Duration == 0 {
			kind = "muted" // the service does not say until when
		}
	}
	if e.Room != nil {
		changes = w.roomChanged(*e.Room)
	}
	if q := e.Queue; q != nil {
		changes = w.elements(q)
		if w.word("event."+q.Change) != "" {
			kind = q.Change
		}
	}
	if e.Recalled != nil {
		parts["text"] = e.Recalled.MsgID
	}
	switch {
	case !w.polls:
	case e.Kind == emulator.EventLeave:
		kind = "gone" // left or was put out
	case e.Kind == emulator.EventMute && !e.Mute.Muted:
		kind = "over" // was lifted or has ended
	}
	if m := e.Message; e.Kind == emulator.EventMessage && m != nil {
		whom, nick = cmp.Or(m.From, e.Operator), m.FromNick
		parts["text"], parts["type"], parts["target"] = m.Attach, strconv.Itoa(int(m.Type)), e.Target
		if m.HighPriority {
			parts["priority"] = w.word("event.priority")
		}
		parts["priority"] += optional("audience", e.NotifyTargetTags)
		switch {
		case e.Resent:
			kind = "resent"
		case m.Type != gen.MessageTypeText:
			kind = "type." + parts["type"]
			if w.word("event."+kind) == "" {
				kind = "type"
			}
		}
	}
	if nick != "" && nick != whom {
		whom += " (" + nick + ")"
	}
	text := w.word("event." + kind)
	if text == "" {
		text, parts["text"] = w.word("event.unknown"), w.quoted(string(e.Kind))
	}
	parts["whom"], parts["by"], parts["agent"] = whom, optional("by", by), optional("agent", by)
	parts["changes"] = optional("changes", strings.Join(changes, w.word("event.comma")))
	var pairs []string
	for _, name := range []string{"whom", "by", "agent", "operator", "target", "tag", "until", "left", "text", "type", "priority", "changes"} {
		pairs = append(pairs, "{"+name+"}", parts[name])
	}
	return strings.NewReplacer(pairs...).Replace(text) + optional("extension", e.NotifyExt)
}

// roomChanged lists what an update has changed about the room, and remembers it.
func (w *watch) roomChanged(now emulator.RoomProfile) (list []string) {
	before := w.profile
	w.profile = now
	for _, field := range []struct{ name, before, now string }{
		{"name", before.Name, now.Name}, {"announcement", before.Announcement, now.Announcement}, {"broadcasturl", before.BroadcastURL, now.BroadcastURL},
		{"ext", before.Ext, now.Ext}, {"queuelevel", before.QueueLevel.String(), now.QueueLevel.String()},
	} {
		if field.before != field.now {
			list = append(list, w.word("room."+field.name)+" "+w.quoted(field.now))
		}
	}
	return list
}

// elements lists the elements of a queue that a change is about.
func (w *watch) elements(q *emulator.QueueChange) (list []string) {
	add := func(key, value string) { list = append(list, fmt.Sprintf(w.word("event.element"), key, value)) }
	if q.Key != "" {
		add(q.Key, q.Content)
	}
	for _, key := range slices.Sorted(maps.Keys(q.KVObject)) {
		add(key, q.KVObject[key])
	}
	for _, e := range q.Elements {
		add(e.Key, e.Value)
	}
	return list
}
