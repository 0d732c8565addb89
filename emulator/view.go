package emulator

import (
	"encoding/json"
	"math"
	"strconv"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
)

// Room is a room with everything in it, as it was when it was asked for. Its
// JSON is spelt as the API spells the same things.
type Room struct {
	RoomID       gen.RoomID     `json:"roomid"`
	Name         string         `json:"name"`
	Creator      string         `json:"creator"`
	Announcement string         `json:"announcement"`
	BroadcastURL string         `json:"broadcasturl"`
	Ext          string         `json:"ext"`
	QueueLevel   gen.QueueLevel `json:"queuelevel"`
	// Valid reports whether the room is open, Muted whether it is muted as a
	// whole, and EntryNotify whether entering and leaving are announced.
	Valid       bool `json:"valid"`
	Muted       bool `json:"muted"`
	EntryNotify bool `json:"ionotify"`
	// OnlineUserCount counts accounts, robots among them.
	OnlineUserCount int `json:"onlineusercount"`
	// Members are the fixed members and then the visitors, the latest to enter
	// first in each.
	Members []Member `json:"members"`
	// TempMutes and TagMutes give what is left, by account and by tag. The muted
	// accounts need not be members.
	TempMutes map[string]Duration `json:"tempMutes"`
	TagMutes  map[string]Duration `json:"tagMutes"`
	// Messages are those of the history, oldest first.
	Messages []Message `json:"messages"`
	// Queue holds the elements of the queue in their order, QueueSizeLimit of them
	// at most.
	Queue          []QueueElement `json:"queue"`
	QueueSizeLimit int            `json:"queueSizeLimit"`
}

// QueueElement is an element of the queue of a [Room].
type QueueElement struct {
	Key   string `json:"key"`
	Value string `json:"value"`
	// Accid is the owner. Transient elements go when it leaves.
	Accid     string `json:"accid"`
	Transient bool   `json:"transient"`
}

// Member is a member of a [Room].
type Member struct {
	Accid       string   `json:"accid"`
	Nick        string   `json:"nick"`
	Avatar      string   `json:"avator"`
	Ext         string   `json:"ext"`
	Type        gen.Role `json:"type"`
	Online      bool     `json:"onlineStat"`
	EnterTime   Time     `json:"enterTime"`
	Blacklisted bool     `json:"blacklisted"`
	Muted       bool     `json:"muted"`
	IsRobot     bool     `json:"isRobot"`
	// RobotExpireAt is what is left of a robot's stay, 0 for people.
	RobotExpireAt Duration `json:"robotExpirAt"`
	Logins        []Login  `json:"logins"`
}

// Login is one connection of a [Member].
type Login struct {
	ClientType       gen.LinkType `json:"clienttype"`
	Tags             []string     `json:"tags"`
	NotifyTargetTags string       `json:"notifyTargetTags"`
	EnterTime        Time         `json:"enterTime"`
}

// Message is a message in the history of a [Room].
type Message struct {
	MsgID            string          `json:"msgid"`
	From             string          `json:"from"`
	FromNick         string          `json:"fromNick"`
	Type             gen.MessageType `json:"type"`
	SubType          int             `json:"subType"`
	Attach           string          `json:"attach"`
	Ext              string          `json:"ext"`
	Time             Time            `json:"time"`
	HighPriority     bool            `json:"highPriority"`
	NotifyTargetTags string          `json:"notifyTargetTags"`
}

// viewRoom returns a room as it is, or with the first members and the latest messages alone, of each
// up to a limit above 0.
func viewRoom(r *state.Room, now time.Time, limit int) Room {
	v := Room{
		RoomID:          gen.RoomID(r.ID),
		Name:            r.Name,
		Creator:         r.Creator,
		Announcement:    r.Announcement,
		BroadcastURL:    r.BroadcastURL,
		Ext:             r.Ext,
		QueueLevel:      gen.QueueLevel(r.QueueLevel),
		Valid:           r.Open,
		Muted:           r.Muted,
		EntryNotify:     r.EntryNotify,
		OnlineUserCount: r.CountOnline(),
		Members:         []Member{},
		TempMutes:       map[string]Duration{},
		TagMutes:        map[string]Duration{},
		Messages:        []Message{},
		Queue:           []QueueElement{},
		QueueSizeLimit:  r.QueueSize(),
	}
	if limit == 0 {
		limit = math.MaxInt
	}
	members := r.Members()
	for _, m := range members[:min(limit, len(members))] {
		v.Members = append(v.Members, viewMember(m, now))
	}
	for accid, left := range r.Mutes(now) {
		v.TempMutes[accid] = inSeconds(left)
	}
	for tag, left := range r.TagMutes(now) {
		v.TagMutes[tag] = inSeconds(left)
	}
	for _, e := range r.Queue() {
		v.Queue = append(v.Queue, QueueElement{e.Key, e.Value, e.Owner, e.Transient})
	}
	for _, m := range r.Messages(0, limit) {
		v.Messages = append(v.Messages, viewMessage(m))
	}
	return v
}

func viewMember(m *state.Member, now time.Time) Member {
	v := Member{
		Accid:         m.Accid,
		Nick:          m.Nick,
		Avatar:        m.Avatar,
		Ext:           m.Ext,
		Type:          gen.Role(m.Role),
		Online:        m.Online(),
		EnterTime:     Time{wire.FromMillis(m.EnterTime)},
		Blacklisted:   m.Blacklisted,
		Muted:         m.Muted,
		IsRobot:       m.IsRobot(),
		RobotExpireAt: inSeconds(m.RobotLeft(now)),
		Logins:        []Login{},
	}
	for _, l := range m.Logins {
		v.Logins = append(v.Logins, Login{
			ClientType:       gen.LinkType(l.ClientType),
			Tags:             append([]string{}, l.Tags...),
			NotifyTargetTags: l.Notify.String(),
			EnterTime:        Time{wire.FromMillis(l.EnterTime)},
		})
	}
	return v
}

func viewMessage(m *state.Message) Message {
	return Message{
		MsgID:            m.ID,
		From:             m.From,
		FromNick:         m.Nick,
		Type:             gen.MessageType(m.Type),
		SubType:          m.SubType,
		Attach:           m.Attach,
		Ext:              m.Ext,
		Time:             Time{wire.FromMillis(m.Time)},
		HighPriority:     m.HighPriority,
		NotifyTargetTags: m.Target.String(),
	}
}

// Time is a time, in UTC, that JSON shows as the API does: in milliseconds
// since 1970.
type Time struct{ time.Time }

// MarshalJSON writes milliseconds since 1970, 0 for the zero time.
func (t Time) MarshalJSON() ([]byte, error) {
	return strconv.AppendInt(nil, wire.Millis(t.Time), 10), nil
}

// UnmarshalJSON reads milliseconds since 1970.
func (t *Time) UnmarshalJSON(text []byte) error {
	var n int64
	if err := json.Unmarshal(text, &n); err != nil {
		return err
	}
	t.Time = wire.FromMillis(n)
	return nil
}

// Duration is a length of time that JSON shows as the API does: in seconds,
// rounded up.
type Duration struct{ time.Duration }

// MarshalJSON writes seconds, rounded up.
func (d Duration) MarshalJSON() ([]byte, error) {
	return strconv.AppendInt(nil, wire.Seconds(d.Duration), 10), nil
}

// UnmarshalJSON reads seconds.
func (d *Duration) UnmarshalJSON(text []byte) error {
	var n int64
	if err := json.Unmarshal(text, &n); err != nil {
		return err
	}
	d.Duration = wire.FromSeconds(n)
	return nil
}

// inSeconds rounds up to whole seconds, as the wire does: what is not over has
// at least one left.
func inSeconds(d time.Duration) Duration { return Duration{wire.FromSeconds(wire.Seconds(d))} }
