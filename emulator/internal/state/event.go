package state

import (
	"slices"
	"time"

	"github.com/nimroom/nimroom/tagexpr"
)

// EventKind is the kind of an event.
type EventKind string

// The kinds of events, by their names on the wire.
const (
	Said           EventKind = "message"
	Entered        EventKind = "enter"
	Departed       EventKind = "leave"
	RoleSet        EventKind = "role"
	MemberMuted    EventKind = "mute"
	TagMuted       EventKind = "tagMute"
	RoomMuted      EventKind = "roomMute"
	RoomUpdated    EventKind = "update"
	ProfileChanged EventKind = "profile"
	TagsChanged    EventKind = "tags"
	RoomClosed     EventKind = "close"
	Recalled       EventKind = "recall"
	QueueChanged   EventKind = "queue"
	QueueOffered   EventKind = "queueOffer"
	QueueCleared   EventKind = "queueClear"
	MemberKicked   EventKind = "kick"
)

// Event is a message or a notification, as it goes out to the members of a
// room. Which of the fields below Target are set depends on the kind. It is
// not changed once it is out.
type Event struct {
	// ID counts the events of a room, from its first watcher on.
	ID   int64
	Kind EventKind
	// Time is in Unix milliseconds.
	Time     int64
	Operator string
	// Target is the account that the event is about.
	Target string
	// Ext is the extension that the operator gave the notification.
	Ext string
	// To selects the connections that receive it.
	To tagexpr.Expr
	// Own is an account that receives the event whatever To selects.
	Own string
	// Only are the accounts that alone receive the event; nil for all.
	Only []string

	Message *Message // of Said
	Resent  bool
	Profile Profile // of Entered and ProfileChanged
	Tags    []string
	Robot   bool
	Role    Role // of Entered and RoleSet
	Change  RoleChange
	Set     bool          // of RoleSet and RoomMuted
	Length  time.Duration // of MemberMuted and TagMuted; 0 takes the mute back
	Tag     string
	Room    Settings     // of RoomUpdated
	Queue   *QueueChange // of QueueChanged, QueueOffered and QueueCleared
	MsgID   string       // of Recalled
	MsgTime int64        // of Recalled

	nick string // of Target, if it is no longer in the room
}

// Notice says how members are notified of a change.
type Notice struct {
	Silent bool
	// Ext travels with the notification.
	Ext string
	// To selects the connections that receive it.
	To tagexpr.Expr
}

// emit stores the notification that an event is, and hands the event to the
// watchers of the room.
func (r *Room) emit(e Event) {
	if id := e.NotificationID(); id != 0 {
		r.note(id, &e)
	}
	if r.watch != nil {
		r.watch.spread(r, e)
	}
}

// notify emits the event of a change, unless the change is to be silent.
func (r *Room) notify(n Notice, e Event) {
	if !n.Silent {
		e.Ext, e.To = n.Ext, n.To
		r.emit(e)
	}
}

// reaches reports whether a connection of an account gets e.
func (r *Room) reaches(e *Event, accid string) bool {
	m, known := r.find(accid)
	switch {
	case !known || len(m.Logins) == 0:
		return false
	case e.Own == accid:
		return true
	case e.Only != nil && !slices.Contains(e.Only, accid):
		return false
	}
	return slices.ContainsFunc(m.Logins, func(l *Login) bool { return e.To.Matches(l.Tags) })
}

// welcome emits the event of a login of m.
func (r *Room) welcome(m *Member, l *Login) {
	if r.EntryNotify {
		r.emit(Event{
			Kind: Entered, Time: l.EnterTime, Target: m.Accid, To: l.Notify,
			Profile: m.Profile, Role: m.Role, Tags: l.Tags,
		})
	}
}

// putOut ends all that keeps m in the room, and emits the event of each
// connection to those that it was to notify.
func (r *Room) putOut(at int64, m *Member, move Move) {
	logins, robot, nick := m.Logins, m.IsRobot(), m.Nick
	defer r.clearQueue(at, m.Accid)
	r.depart(at, m, move)
	if !r.EntryNotify {
		return
	}
	for _, l := range logins {
		r.emit(Event{Kind: Departed, Time: at, Target: m.Accid, To: l.Notify, Tags: l.Tags, nick: nick})
	}
	if robot {
		r.emit(Event{Kind: Departed, Time: at, Target: m.Accid, Robot: true, nick: nick})
	}
}

// depart does the same without an event, and remembers up to which message m
// was there.
func (r *Room) depart(at int64, m *Member, move Move) {
	r.tellMoves(at, m, move)
	if len(m.Logins) > 0 {
		if r.departed == nil {
			r.departed = map[string]int64{}
		}
		r.departed[m.Accid] = r.LastMessage
		r.noteDeparture(m.Accid)
	}
	r.change(m, r.leave)
	r.LastExit = max(r.LastExit, at)
}
