package emulator

import (
	"context"
	"iter"
	"maps"
	"slices"

	"github.com/nimroom/nimroom/emulator/internal/events"
	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
)

// EventKind is the kind of an [Event].
type EventKind string

// The kinds of events, with the fields of an [Event] that each sets beside the
// common ones.
const (
	// EventMessage is a message of Operator: Message, Resent.
	EventMessage EventKind = "message"
	// EventEnter says that a connection of Target, or a robot, has come: Member.
	EventEnter EventKind = "enter"
	// EventLeave says that it has gone: Member, with its tags.
	EventLeave EventKind = "leave"
	// EventRole says that Operator changed the role of Target: Role.
	EventRole EventKind = "role"
	// EventMute says that Operator muted Target for a while: Mute.
	EventMute EventKind = "mute"
	// EventTagMute says that Operator muted a tag for a while: Mute.
	EventTagMute EventKind = "tagMute"
	// EventRoomMute says that Operator muted the whole room: Mute.
	EventRoomMute EventKind = "roomMute"
	// EventUpdate says that the room was updated: Room.
	EventUpdate EventKind = "update"
	// EventProfile says that the profile of Target was changed: Member.
	EventProfile EventKind = "profile"
	// EventTags says that the tags of Target were changed: Member.
	EventTags EventKind = "tags"
	// EventClose says that Operator closed the room, or nobody when its time was
	// over. Its members are put out
	// without further events.
	EventClose EventKind = "close"
	// EventRecall says that Operator recalled a message of Target: Recalled.
	EventRecall EventKind = "recall"
	// EventQueue says that the queue was changed: Queue. EventQueueOffer says that
	// elements were offered together, and EventQueueClear that transient elements
	// went because Operator left.
	EventQueue      EventKind = "queue"
	EventQueueOffer EventKind = "queueOffer"
	EventQueueClear EventKind = "queueClear"
	// EventKick says that Operator put Target out.
	EventKick EventKind = "kick"
)

// Event is a message or a notification, as the members of a room receive it.
type Event struct {
	// ID counts the events of a room, from when it was first watched. An
	// account does not receive all, and so sees gaps.
	ID   int64     `json:"id"`
	Kind EventKind `json:"kind"`
	// NotificationID is the id under which the clients of the service know the
	// event, 0 for a message and where none is known.
	NotificationID int        `json:"notificationId,omitempty"`
	Time           Time       `json:"time"`
	RoomID         gen.RoomID `json:"roomid"`
	// Operator is the account that made the change, Target the account that it
	// concerns.
	Operator string `json:"operator,omitempty"`
	Target   string `json:"target,omitempty"`
	// NotifyExt is the extension that the operator gave.
	NotifyExt string `json:"notifyExt,omitempty"`
	// NotifyTargetTags is the tag expression that selects the connections which
	// receive the event; all when empty.
	NotifyTargetTags string `json:"notifyTargetTags,omitempty"`

	Message *Message `json:"message,omitempty"`
	// Resent says that a high-priority message was sent again, to Target alone,
	// which was away when it came.
	Resent   bool             `json:"resent,omitempty"`
	Member   *Presence        `json:"member,omitempty"`
	Role     *RoleChange      `json:"role,omitempty"`
	Mute     *Muting          `json:"mute,omitempty"`
	Room     *RoomProfile     `json:"room,omitempty"`
	Recalled *RecalledMessage `json:"recalled,omitempty"`
	Queue    *QueueChange     `json:"queueChange,omitempty"`
}

// Presence is how a member of an [Event] shows.
type Presence struct {
	Nick   string   `json:"nick,omitempty"`
	Avatar string   `json:"avator,omitempty"`
	Ext    string   `json:"ext,omitempty"`
	Type   gen.Role `json:"type,omitempty"` // of an account that enters
	// Tags are those of the connection that enters or leaves, or the new ones.
	Tags    []string `json:"tags,omitempty"`
	IsRobot bool     `json:"isRobot,omitempty"`
}

// RoleChange is what setMemberRole was asked for, and the role that came of it.
type RoleChange struct {
	Opt      gen.RoleOperation `json:"opt"`
	OptValue bool              `json:"optvalue"`
	Type     gen.Role          `json:"type"`
}

// Muting is a mute, or the end of one before its time.
type Muting struct {
	// Muted is false when the mute is taken back.
	Muted bool `json:"muted"`
	// MuteDuration is 0 for a room's mute, which has no end.
	MuteDuration Duration `json:"muteDuration,omitzero"`
	TargetTag    string   `json:"targetTag,omitempty"`
}

// RoomProfile is what a room shows after an update.
type RoomProfile struct {
	Name         string         `json:"name"`
	Announcement string         `json:"announcement"`
	BroadcastURL string         `json:"broadcasturl"`
	Ext          string         `json:"ext"`
	QueueLevel   gen.QueueLevel `json:"queuelevel"`
}

// RecalledMessage names a message as the recall request did.
type RecalledMessage struct {
	MsgID string `json:"msgid"`
	Time  Time   `json:"time"`
}

// QueueChange is a change of a queue, as the service tells clients of it.
type QueueChange struct {
	// Change is OFFER, POLL, DROP, BATCH_UPDATE, BATCH_OFFER or PARTCLEAR.
	Change string `json:"_e"`
	// Key and Content are the element of OFFER and POLL.
	Key     string `json:"key,omitempty"`
	Content string `json:"content,omitempty"`
	// KVObject holds the values by key of BATCH_UPDATE and PARTCLEAR.
	KVObject map[string]string `json:"kvObject,omitempty"`
	// Elements are those of BATCH_OFFER.
	Elements []OfferedElement `json:"elements,omitempty"`
	// HighPriority says that the notification has high priority.
	HighPriority bool `json:"highPriority,omitempty"`
}

// OfferedElement is an element of a [QueueChange], with its owner.
type OfferedElement struct {
	Key   string `json:"key"`
	Value string `json:"value"`
	Accid string `json:"accid"`
	Nick  string `json:"nick"`
}

func viewEvent(roomID gen.RoomID, e *state.Event) Event {
	v := Event{
		ID:               e.ID,
		Kind:             EventKind(e.Kind),
		NotificationID:   e.NotificationID(),
		Time:             Time{wire.FromMillis(e.Time)},
		RoomID:           roomID,
		Operator:         e.Operator,
		Target:           e.Target,
		NotifyExt:        e.Ext,
		NotifyTargetTags: e.To.String(),
		Resent:           e.Resent,
	}
	switch e.Kind {
	case state.Said:
		m := viewMessage(e.Message)
		v.Message = &m
	case state.Entered, state.Departed, state.ProfileChanged, state.TagsChanged:
		v.Member = &Presence{e.Profile.Nick, e.Profile.Avatar, e.Profile.Ext, gen.Role(e.Role), slices.Clone(e.Tags), e.Robot}
	case state.RoleSet:
		v.Role = &RoleChange{gen.RoleOperation(e.Change), e.Set, gen.Role(e.Role)}
	case state.MemberMuted, state.TagMuted, state.RoomMuted:
		v.Mute = &Muting{e.Set || e.Length > 0, inSeconds(e.Length), e.Tag}
	case state.RoomUpdated:
		v.Room = &RoomProfile{e.Room.Name, e.Room.Announcement, e.Room.BroadcastURL, e.Room.Ext, gen.QueueLevel(e.Room.QueueLevel)}
	case state.Recalled:
		v.Recalled = &RecalledMessage{e.MsgID, Time{wire.FromMillis(e.MsgTime)}}
	case state.QueueChanged, state.QueueOffered, state.QueueCleared:
		q := e.Queue
		v.Queue = &QueueChange{q.Change, q.Key, q.Content, maps.Clone(q.Values), nil, q.HighPriority}
		for _, element := range q.Elements {
			v.Queue.Elements = append(v.Queue.Elements, OfferedElement{element.Key, element.Value, element.Owner, element.Nick})
		}
	case state.RoomClosed, state.MemberKicked:
	}
	return v
}

// EventOptions say what of a room's events to read.
type EventOptions struct {
	// Accid is the account that receives them: what its connections with their
	// tags get while they are in the room. Empty reads everything that anyone
	// could receive.
	Accid string
	// Since is the id of the last event that was read before, for a reader that
	// comes back: events after it that are still kept are read first. A room
	// keeps the latest 1024 of each reading account, up to a minute after the
	// last reader of it has gone. Nil reads only what is to come.
	Since *int64
}

// EventStream reads the events of a room. The events of a call are there when
// the call returns: a test acts, and then looks at [EventStream.Pending].
//
// The methods may be called by several goroutines; each event goes to one.
type EventStream struct{ stream *events.Stream }

// Events begins to read the events of a room. A slow reader holds nobody up: of
// more than 1024 unread events the oldest are lost, and counted.
//
// The stream ends by Close, by [Server.Reset], with a restored state and with
// the test of [Start]. Until then its room notes events, so close it when
// done. The error is a [*APIError] with code 404.
func (s *Server) Events(roomID gen.RoomID, o EventOptions) (*EventStream, error) {
	since := int64(-1)
	if o.Since != nil {
		since = *o.Since
	}
	stream, err := events.Open(s.engine, roomID, o.Accid, since)
	if err != nil {
		return nil, public(err)
	}
	return &EventStream{stream}, nil
}

// Pending returns the events that have come and were not read yet, without
// waiting for any.
func (e *EventStream) Pending() []Event {
	pending, _ := e.stream.Rest()
	list := make([]Event, len(pending))
	for i, event := range pending {
		list[i] = viewEvent(e.stream.RoomID, &event.Event)
	}
	return list
}

// All reads the events one by one and waits for those to come, until the
// stream or ctx ends. It can be ranged again: it goes on where it was left.
func (e *EventStream) All(ctx context.Context) iter.Seq[Event] {
	return func(yield func(Event) bool) {
		for {
			event, wake := e.stream.Next()
			switch {
			case event != nil:
				if !yield(viewEvent(e.stream.RoomID, &event.Event)) {
					return
				}
			case wake == nil:
				return
			default:
				select {
				case <-wake:
				case <-e.stream.Closed():
					return
				case <-ctx.Done():
					return
				}
			}
		}
	}
}

// Lost returns how many events have been lost so far.
func (e *EventStream) Lost() int64 { return e.stream.Lost() }

// Close ends the stream. Unread events are dropped.
func (e *EventStream) Close() { e.stream.Close() }
