package emulator

import (
	"slices"

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
	// EventClose says that Operator closed the room. Its members are put out
	// without further events.
	EventClose EventKind = "close"
)

// Event is a message or a notification, as the members of a room receive it.
type Event struct {
	// ID counts the events of a room, from when it was first watched. An
	// account does not receive all, and so sees gaps.
	ID     int64      `json:"id"`
	Kind   EventKind  `json:"kind"`
	Time   Time       `json:"time"`
	RoomID gen.RoomID `json:"roomid"`
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
	Resent bool         `json:"resent,omitempty"`
	Member *Presence    `json:"member,omitempty"`
	Role   *RoleChange  `json:"role,omitempty"`
	Mute   *Muting      `json:"mute,omitempty"`
	Room   *RoomProfile `json:"room,omitempty"`
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

// eventView says how a kind of event is written: its kind on the wire, and what
// sets the field that the kind has beside the common ones.
type eventView struct {
	kind EventKind
	set  func(*Event, *state.Event)
}

// eventViews holds one for each kind of event. A kind at the end of the list in
// package state that is missing here does not compile.
var eventViews [state.EventKinds]eventView = [...]eventView{
	state.Said: {EventMessage, func(v *Event, e *state.Event) {
		m := viewMessage(e.Message)
		v.Message, v.Resent = &m, e.Resent
	}},
	state.Entered:  {EventEnter, viewPresence},
	state.Departed: {EventLeave, viewPresence},
	state.RoleSet: {EventRole, func(v *Event, e *state.Event) {
		v.Role = &RoleChange{gen.RoleOperation(e.Change), e.Set, gen.Role(e.Role)}
	}},
	state.MemberMuted: {EventMute, viewMuting},
	state.TagMuted:    {EventTagMute, viewMuting},
	state.RoomMuted:   {EventRoomMute, func(v *Event, e *state.Event) { v.Mute = &Muting{Muted: e.Set} }},
	state.RoomUpdated: {EventUpdate, func(v *Event, e *state.Event) {
		v.Room = &RoomProfile{e.Room.Name, e.Room.Announcement, e.Room.BroadcastURL, e.Room.Ext, gen.QueueLevel(e.Room.QueueLevel)}
	}},
	state.ProfileChanged: {EventProfile, viewPresence},
	state.TagsChanged:    {EventTags, viewPresence},
	state.RoomClosed:     {EventClose, func(*Event, *state.Event) {}},
}

func viewEvent(roomID gen.RoomID, e *state.Event) Event {
	view := eventViews[e.Kind]
	v := Event{
		ID:               e.ID,
		Kind:             view.kind,
		Time:             Time{wire.FromMillis(e.Time)},
		RoomID:           roomID,
		Operator:         e.Operator,
		Target:           e.Target,
		NotifyExt:        e.Ext,
		NotifyTargetTags: e.To.String(),
	}
	view.set(&v, e)
	return v
}

func viewWireEvent(roomID gen.RoomID, e *state.Event) (kind string, event any) {
	v := viewEvent(roomID, e)
	return string(v.Kind), v
}

func viewPresence(v *Event, e *state.Event) {
	v.Member = &Presence{
		Nick:    e.Profile.Nick,
		Avatar:  e.Profile.Avatar,
		Ext:     e.Profile.Ext,
		Type:    gen.Role(e.Role),
		Tags:    slices.Clone(e.Tags),
		IsRobot: e.Robot,
	}
}

func viewMuting(v *Event, e *state.Event) {
	v.Mute = &Muting{Muted: e.Length > 0, MuteDuration: inSeconds(e.Length), TargetTag: e.Tag}
}
