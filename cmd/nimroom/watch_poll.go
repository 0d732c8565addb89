package main

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/command"
	"github.com/nimroom/nimroom/wrapper"
)

// eventOpen says that a room was opened. Only polling sees it, because a closed room has no members who could
// receive an event.
const eventOpen emulator.EventKind = "open"

// aspect is a part of a room that is polled. Look compares it with what it was before, and returns what
// has happened; the first look only notes what is there.
type aspect struct {
	what  string // the action of its operation
	calls int
	look  func(ctx context.Context) ([]emulator.Event, error)
}

// poll asks the service for each aspect of the room, again and again.
func (w *watch) poll(ctx context.Context, room *wrapper.Chatroom) error {
	aspects := []aspect{
		{gen.GetChatroomEndpoint.Action, 1, w.roomChanges(room)},
		{gen.ListMembersEndpoint.Action, len(memberKinds), w.memberChanges()},
		{gen.ListQueueElementsEndpoint.Action, 1, w.queueChanges()},
	}
	if w.As != "" {
		aspects = append(aspects, aspect{gen.ListHistoryEndpoint.Action, 1, w.newMessages(w.now())})
	}
	calls := 0
	for _, a := range aspects {
		calls += a.calls
	}
	w.polls = true
	w.greet("The service is asked every %v, with %d calls an hour.", w.Interval, calls*int(time.Hour/w.Interval))
	failures := 0
	for {
		wait, failed := w.Interval, false
		for i := 0; i < len(aspects); i++ {
			events, err := aspects[i].look(ctx)
			if err == nil {
				for _, event := range events {
					if err := w.show(event); err != nil {
						return err
					}
				}
				continue
			}
			var e *wrapper.Error
			final := errors.As(err, &e) && e.Code != 0 && !temporary(err)
			switch {
			case ctx.Err() != nil || final && i == 0:
				return err
			case errors.Is(err, wrapper.ErrRoomClosed): // until it is opened
				continue
			case final: // such as a feature that is off
				w.say("%s is not watched: %v", aspects[i].what, command.ByAction(err))
				aspects = slices.Delete(aspects, i, i+1)
				i--
				continue
			}
			failures++
			wait = max(w.Interval, min(w.Interval<<min(failures, 10), maxPause))
			if e != nil {
				wait = max(wait, e.RetryAfter)
			}
			w.interrupted(command.ByAction(err))
			failed = true
			break
		}
		if !failed {
			failures = 0
			w.works()
		}
		if err := pause(ctx, wait); err != nil {
			return err
		}
	}
}

// temporary reports whether an error may be over at the next look.
func temporary(err error) bool {
	return errors.Is(err, wrapper.ErrRateLimited) || errors.Is(err, wrapper.ErrUnavailable) || errors.Is(err, wrapper.ErrServerFault) || errors.Is(err, wrapper.ErrBadResponse)
}

// happened returns an event that was found now.
func (w *watch) happened(kind emulator.EventKind, notification gen.NotificationID) emulator.Event {
	return emulator.Event{Kind: kind, NotificationID: int(notification), Time: emulator.Time{Time: w.now()}, RoomID: w.id}
}

// either returns the notification of a change, or that of taking it back.
func either(on bool, change, back gen.NotificationID) gen.NotificationID {
	if on {
		return change
	}
	return back
}

func valueOf[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

func profileOf(r *wrapper.Chatroom) emulator.RoomProfile {
	return emulator.RoomProfile{Name: r.Name, Announcement: r.Announcement, BroadcastURL: r.BroadcastURL, Ext: r.Ext, QueueLevel: valueOf(r.QueueLevel)}
}

// roomChanges finds what changes in the settings of the room.
func (w *watch) roomChanges(before *wrapper.Chatroom) func(context.Context) ([]emulator.Event, error) {
	return func(ctx context.Context) (events []emulator.Event, err error) {
		now, err := w.Rooms.Get(ctx, wrapper.GetChatroomForm{RoomID: w.id})
		if err != nil {
			return nil, err
		}
		if is := profileOf(now); is != profileOf(before) {
			e := w.happened(emulator.EventUpdate, gen.NotificationIDUpdated)
			e.Room = &is
			events = append(events, e)
		}
		if muted := valueOf(now.Muted); muted != valueOf(before.Muted) {
			e := w.happened(emulator.EventRoomMute, either(muted, gen.NotificationIDRoomMuted, gen.NotificationIDRoomUnmuted))
			e.Mute = &emulator.Muting{Muted: muted}
			events = append(events, e)
		}
		switch {
		case now.Valid && !before.Valid:
			events = append(events, w.happened(eventOpen, 0))
		case !now.Valid && before.Valid:
			events = append(events, w.happened(emulator.EventClose, gen.NotificationIDClosed))
		}
		before = now
		return events, nil
	}
}

// listed is a member as the service lists it, and the kind of members among which it was.
type listed struct {
	wrapper.Member
	kind wrapper.MemberKind
}

// memberKinds are those that are in the room.
var memberKinds = []wrapper.MemberKind{wrapper.MemberKindVisitors, wrapper.MemberKindOnlineFixed}

// memberChanges finds who entered and left, and what changed about those that are there. Of a large room
// the service lists those that entered last: whoever is not among them may still be there.
func (w *watch) memberChanges() func(context.Context) ([]emulator.Event, error) {
	limit := gen.ListMembersEndpoint.Page.Maximum
	var before map[string]listed
	horizons := map[wrapper.MemberKind]time.Time{} // all that entered after it were listed
	said := false
	return func(ctx context.Context) (events []emulator.Event, err error) {
		now, earlier := map[string]listed{}, maps.Clone(horizons)
		var order []string
		for _, kind := range memberKinds {
			page, err := w.Members.List(ctx, wrapper.ListMembersForm{RoomID: w.id, Type: &kind, Limit: limit})
			if err != nil {
				return nil, err
			}
			for _, m := range slices.Backward(page) { // the latest is the first
				now[m.Accid] = listed{m, kind}
				order = append(order, m.Accid)
			}
			horizons[kind] = time.Time{}
			if len(page) == limit {
				horizons[kind] = page[limit-1].EnterTime
				if !said {
					w.say("The room has many members: %d of each kind, the latest to enter, are compared.", limit)
				}
				said = true
			}
		}
		for _, accid := range slices.Sorted(maps.Keys(before)) {
			was, horizon := before[accid], horizons[before[accid].kind]
			if _, there := now[accid]; !there && (horizon.IsZero() || was.EnterTime.After(horizon)) {
				e := w.happened(emulator.EventLeave, gen.NotificationIDLeft)
				e.Target, e.Member = accid, presence(was.Member)
				events = append(events, e)
			}
		}
		for _, accid := range order {
			is := now[accid]
			was, known := before[accid]
			switch {
			case before == nil:
			case known:
				events = append(events, w.differences(was.Member, is.Member)...)
			case !is.EnterTime.Before(earlier[is.kind]):
				e := w.happened(emulator.EventEnter, gen.NotificationIDEntered)
				e.Time.Time, e.Target, e.Member = is.EnterTime, accid, presence(is.Member)
				events = append(events, e)
			}
		}
		before = now
		return events, nil
	}
}

func presence(m wrapper.Member) *emulator.Presence {
	return &emulator.Presence{Nick: m.Nick, Avatar: m.Avatar, Ext: m.Ext, Type: m.Type, IsRobot: m.IsRobot}
}

// differences finds what has changed about a member.
func (w *watch) differences(was, is wrapper.Member) (events []emulator.Event) {
	add := func(kind emulator.EventKind, notification gen.NotificationID, set func(*emulator.Event)) {
		e := w.happened(kind, notification)
		e.Target = is.Accid
		set(&e)
		events = append(events, e)
	}
	if was.TempMuted != is.TempMuted {
		add(emulator.EventMute, either(is.TempMuted, gen.NotificationIDTemporaryMuted, gen.NotificationIDTemporaryUnmuted), func(e *emulator.Event) {
			e.Mute = &emulator.Muting{Muted: is.TempMuted, MuteDuration: emulator.Duration{Duration: valueOf(is.TempMuteTTL)}}
		})
	}
	for _, change := range []struct {
		opt         gen.RoleOperation
		before, now bool
		set, unset  gen.NotificationID
	}{
		{gen.RoleOperationBlocked, was.Blacklisted, is.Blacklisted, gen.NotificationIDBlocked, gen.NotificationIDUnblocked},
		{gen.RoleOperationMuted, was.Muted, is.Muted, gen.NotificationIDMuted, gen.NotificationIDUnmuted},
		{gen.RoleOperationManager, was.Type == gen.RoleManager, is.Type == gen.RoleManager, gen.NotificationIDManagerSet, gen.NotificationIDManagerUnset},
		{gen.RoleOperationCommon, was.Type == gen.RoleCommon, is.Type == gen.RoleCommon, gen.NotificationIDCommonSet, gen.NotificationIDCommonUnset},
	} {
		if change.before != change.now {
			add(emulator.EventRole, either(change.now, change.set, change.unset), func(e *emulator.Event) {
				e.Role = &emulator.RoleChange{Opt: change.opt, OptValue: change.now, Type: is.Type}
			})
		}
	}
	if was.Nick != is.Nick || was.Avatar != is.Avatar || was.Ext != is.Ext {
		add(emulator.EventProfile, gen.NotificationIDProfileChanged, func(e *emulator.Event) { e.Member = presence(is) })
	}
	return events
}

// queueChanges finds what changes in the queue.
func (w *watch) queueChanges() func(context.Context) ([]emulator.Event, error) {
	var before []wrapper.Entry
	first := true
	return func(ctx context.Context) (events []emulator.Event, err error) {
		now, err := w.Queue.List(ctx, wrapper.ListQueueElementsForm{RoomID: w.id})
		if err != nil {
			return nil, err
		}
		add := func(change string, entry wrapper.Entry) {
			e := w.happened(emulator.EventQueue, gen.NotificationIDQueueChanged)
			e.Queue = &emulator.QueueChange{Change: change, Key: entry.Key, Content: entry.Value}
			events = append(events, e)
		}
		switch {
		case first:
		case len(now) == 0 && len(before) > 1:
			add("DROP", wrapper.Entry{})
		default:
			for _, entry := range before {
				if !slices.ContainsFunc(now, func(other wrapper.Entry) bool { return other.Key == entry.Key }) {
					add("POLL", entry)
				}
			}
			for _, entry := range now {
				if !slices.Contains(before, entry) {
					add("OFFER", entry)
				}
			}
		}
		before, first = now, false
		return events, nil
	}
}

// lateness is how much later than its time a message may appear in the history. The vendor's own tests
// wait five seconds for it.
const lateness = 10 * time.Second

// withoutNotifications are the types of messages. What notifications say is seen in the room itself.
const withoutNotifications = "0,1,2,3,4,6,10,11,100"

// newMessages finds the messages that were sent since a time.
func (w *watch) newMessages(since time.Time) func(context.Context) ([]emulator.Event, error) {
	type key struct {
		id, from string
		time     int64
	}
	seen := map[key]bool{}
	latest := since
	return func(ctx context.Context) (events []emulator.Event, err error) {
		from := latest.Add(-lateness)
		if from.Before(since) {
			from = since
		}
		types, forward := withoutNotifications, gen.HistoryDirectionForward
		list, err := w.History.List(ctx, wrapper.ListHistoryForm{
			RoomID: w.id, Accid: w.As, Timetag: from, Limit: gen.ListHistoryEndpoint.Page.Maximum, Reverse: &forward, Type: &types,
		})
		if err != nil {
			return nil, err
		}
		kept := map[key]bool{}
		for _, m := range list {
			k := key{m.MsgID, m.From, m.SendTime.UnixMilli()}
			if kept[k] = true; seen[k] {
				continue
			}
			e := w.happened(emulator.EventMessage, 0)
			e.Time.Time, e.Operator = m.SendTime, m.From
			e.Message = &emulator.Message{MsgID: m.MsgID, From: m.From, Type: gen.MessageType(m.Type), Attach: content(m.Body), Time: e.Time}
			events = append(events, e)
			if m.SendTime.After(latest) {
				latest = m.SendTime
			}
		}
		seen = kept
		return events, nil
	}
}

// content is the text of a message, or its content as JSON.
func content(body gen.HistoryBody) string {
	if body.Msg != "" || len(body.Extra) == 0 {
		return body.Msg
	}
	text, err := json.Marshal(body.Extra)
	if err != nil {
		return ""
	}
	return string(text)
}
