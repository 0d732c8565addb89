package state

import (
	"encoding/json"
	"slices"
	"time"
)

// NotificationType is the type of a stored message that is a notification. From
// is then the operator, SubType the id, and Attach the JSON of a [Notified].
// Attach is empty if all it would say is that the operator is the target.
const NotificationType = 5

// notificationIDs gives the id under which the service notifies the members of
// an event. A test holds the table to the kinds of events.
var notificationIDs = map[EventKind]func(*Event) int{
	Said:           always(0),
	Entered:        always(301),
	Departed:       always(302),
	RoleSet:        roleID,
	MemberMuted:    either(314, 315),
	TagMuted:       either(321, 322),
	RoomMuted:      either(318, 319),
	RoomUpdated:    always(312),
	ProfileChanged: always(316),
	TagsChanged:    always(0), // no id is known
	RoomClosed:     always(311),
	Recalled:       always(323),
	QueueChanged:   always(317),
	QueueOffered:   always(324),
	QueueCleared:   always(320),
	MemberKicked:   always(313),
}

func always(id int) func(*Event) int { return func(*Event) int { return id } }

func either(on, off int) func(*Event) int {
	return func(e *Event) int {
		if e.Set || e.Length > 0 {
			return on
		}
		return off
	}
}

func roleID(e *Event) int {
	set := map[RoleChange]int{Block: 303, MuteMember: 305, MakeManager: 307, MakeCommon: 309}[e.Change]
	return either(set, set+1)(e)
}

// NotificationID returns the id of the notification that an event is, or 0 for
// a message and for an event without an id.
func (e *Event) NotificationID() int { return notificationIDs[e.Kind](e) }

// Notified is what a notification says beside its operator and its extension.
// The JSON is spelt as the API spells it. Lengths are in seconds.
type Notified struct {
	Target       []string `json:"target,omitempty"`
	TargetNick   []string `json:"tarNick,omitempty"`
	MuteDuration int64    `json:"muteDuration,omitempty"`
	Muted        bool     `json:"muted,omitempty"`
	TempMuted    bool     `json:"tempMuted,omitempty"`
	MuteTTL      int64    `json:"muteTtl,omitempty"`
	TargetTag    string   `json:"targetTag,omitempty"`
	MsgTime      int64    `json:"msgTime,omitempty"`
	MsgID        string   `json:"msgId,omitempty"`
	QueueChange  string   `json:"queueChange,omitempty"` // the JSON text of a [QueueChange]
}

// IsNotification reports whether a stored message is a notification.
func (m *Message) IsNotification() bool { return m.Type == NotificationType && m.ID == "" }

// note stores the notification that an event is in the history. It gives the
// event its time, because no two messages of a room have the same.
func (r *Room) note(id int, e *Event) {
	r.LastMessage = max(e.Time, r.LastMessage+1)
	e.Time = r.LastMessage
	m := &Message{RoomID: r.ID, Time: e.Time}
	m.Type, m.SubType, m.Ext, m.Target = NotificationType, id, e.Ext, e.To
	var target string
	said := Notified{MuteDuration: seconds(e.Length), TargetTag: e.Tag, MsgTime: e.MsgTime, MsgID: e.MsgID}
	if e.Target != "" {
		target, m.Nick = r.named(e.Target)
		if e.nick != "" {
			m.Nick = e.nick
		}
		said.Target, said.TargetNick = []string{target}, []string{m.Nick}
	}
	switch {
	case e.Operator != "":
		m.From, m.Nick = r.named(e.Operator)
	case e.Target != "":
		m.From = target
	default: // update names nobody
		m.From, m.Nick = r.named(r.Creator)
	}
	if e.Queue != nil {
		text, _ := json.Marshal(e.Queue) // has no error to give
		said.QueueChange = string(text)
	}
	if e.Kind == Entered {
		mute, muted := r.mutes[target]
		said.TempMuted = muted && mute.Ends > e.Time
		said.MuteTTL = seconds(time.Duration(max(0, mute.Ends-e.Time)) * time.Millisecond)
		entered, _ := r.find(target)
		said.Muted = entered.Muted
	}
	if m.From != target || said.MsgID != "" || said.MuteDuration > 0 || said.Muted || said.TempMuted {
		text, _ := json.Marshal(said) // has no error to give
		m.Attach = string(text)
	}
	r.take(m)
}

// named returns an account and its nickname in the room.
func (r *Room) named(accid string) (is, nick string) {
	if m, ok := r.find(accid); ok {
		return m.Accid, m.Nick
	}
	return accid, r.state.accounts.usual(accid).Nick
}

// seconds counts a part of a second as a whole one, as the wire does.
func seconds(d time.Duration) int64 { return int64((d + time.Second - 1) / time.Second) }

// notificationsKept is how many notifications the history of a room keeps at
// least. Messages have no such bound.
const notificationsKept = 1000

// bound takes the oldest notifications out of the history, once there are
// twice as many as it keeps.
func (r *Room) bound() {
	if r.notifications < 2*notificationsKept {
		return
	}
	surplus := r.notifications - notificationsKept
	for _, m := range r.history {
		if !m.IsNotification() {
			continue
		}
		if surplus--; surplus < 0 {
			r.forgetNotifications(m.Time)
			return
		}
	}
}

// forgetNotifications takes the notifications before a time out of the history.
func (r *Room) forgetNotifications(end int64) {
	r.changed(func(c *RoomChanges) { c.NotificationsFrom = end })
	r.history = slices.DeleteFunc(r.history, func(m *Message) bool {
		old := m.IsNotification() && m.Time < end
		if old {
			r.notifications--
		}
		return old
	})
}
