package state

import (
	"slices"
	"time"
)

// Who may change a room's queue.
const (
	QueueEveryone = 0
	QueueManagers = 1
)

// Settings are what a room's owner can set.
type Settings struct {
	Name         string `json:"name"`
	Announcement string `json:"announcement,omitempty"`
	BroadcastURL string `json:"broadcasturl,omitempty"`
	Ext          string `json:"ext,omitempty"`
	QueueLevel   int    `json:"queuelevel"`
}

// RoomData is a room without the lists in it.
type RoomData struct {
	ID      int64  `json:"roomid"`
	Creator string `json:"creator"`
	Settings
	// Open is false from closing until opening again. ClosedAt is when the room
	// was closed the last time, in Unix milliseconds.
	Open     bool  `json:"valid"`
	ClosedAt int64 `json:"closedAt,omitempty"`
	// Muted lets only the owner and managers speak.
	Muted bool `json:"muted"`
	// EntryNotify announces accounts that enter and leave.
	EntryNotify bool `json:"ionotify"`
	// Closing is nil until someone says whether the room closes by itself.
	Closing *DelayedClosing `json:"delayInfo,omitempty"`
	// LastExit is when the last member left, in Unix milliseconds.
	LastExit int64 `json:"lastExit,omitempty"`
	// LastEntry and LastMessage are the last times given.
	LastEntry   int64 `json:"lastEntry"`
	LastMessage int64 `json:"lastMessage,omitempty"`
	// QueueLimit is how many elements the queue holds, nil for [QueueSize].
	QueueLimit *int `json:"queueSizeLimit,omitempty"`
}

// Room is a chat room with everything in it.
type Room struct {
	RoomData

	state       *State
	roster      map[string]*Member // by account, once there are many: see find
	fixed       timeline[*Member]
	fixedOnline timeline[*Member]
	visitors    timeline[*Member]
	logins      timeline[*Login]
	robots      []robot // the first one leaves first

	mutes    map[string]MuteSnapshot // by account
	tagMutes map[string]MuteSnapshot // by tag

	history timeline[*Message]
	sent    map[string]*Message // by the sender's message id
	// notifications counts those in the history.
	notifications int
	priority      priorityWindow
	urgent        []*Message       // high-priority ones, for accounts that come back: see resend
	departed      map[string]int64 // account to the latest message when it left

	queue []Element // in order

	active [2]activity // hourly and daily

	watch   *watch   // nil until someone watches
	touched *touched // nil unless the step may have changed the room
}

// Update changes the settings.
func (r *Room) Update(now time.Time, settings Settings, notice Notice) {
	r.Settings = settings
	r.notify(notice, Event{Kind: RoomUpdated, Time: now.UnixMilli(), Room: settings})
}

// SetOpen opens or closes the room, for the creator alone. Opening starts the
// time of a timed closing anew. Errors: ErrForbidden, ErrDuplicate.
func (r *Room) SetOpen(now time.Time, operator string, open bool) error {
	switch {
	case operator != r.Creator:
		return r.onlyOwner(operator)
	case open == r.Open:
		return ErrDuplicate
	}
	if !open {
		r.shut(now.UnixMilli(), operator)
		return nil
	}
	r.Open = true
	if d := r.Closing; d != nil {
		r.Closing = &DelayedClosing{d.Policy, d.Seconds, now.UnixMilli()}
	}
	return nil
}

// SetMuted mutes or unmutes the whole room, for the owner and managers.
// Errors: ErrForbidden.
func (r *Room) SetMuted(now time.Time, operator string, muted bool, notice Notice) error {
	if !r.operates(operator) {
		return r.onlyStaff(operator)
	}
	r.Muted = muted
	r.notify(notice, Event{Kind: RoomMuted, Time: now.UnixMilli(), Operator: operator, Set: muted})
	return nil
}

// CountOnline counts the accounts in the room, robots among them, each once.
func (r *Room) CountOnline() int { return len(r.fixedOnline) + len(r.visitors) }

// CountMembers counts the members, those that are offline too.
func (r *Room) CountMembers() int { return len(r.fixed) + len(r.visitors) }

// operates reports whether an account is the owner or a manager.
func (r *Room) operates(accid string) bool {
	m, ok := r.find(accid)
	return ok && (m.Role == Creator || m.Role == Manager)
}

// online lists the members that are in the room, in no order that matters.
func (r *Room) online() []*Member {
	list := make([]*Member, 0, r.CountOnline())
	list = append(list, r.fixedOnline...)
	return append(list, r.visitors...)
}

// rosterFrom is how many members make looking one up by account worth an
// index. Below it the lists that there are anyway are short enough, and most
// rooms are small.
const rosterFrom = 32

// find finds a member by account.
func (r *Room) find(accid string) (*Member, bool) {
	if r.roster != nil {
		m, ok := r.roster[accid]
		return m, ok
	}
	for _, list := range [...]timeline[*Member]{r.fixed, r.visitors} {
		for _, m := range list {
			if m.Accid == accid {
				return m, true
			}
		}
	}
	return nil, false
}

// enlist notes in the index, where there is one, whether m is a member.
func (r *Room) enlist(m *Member, is bool) {
	switch {
	case r.roster != nil && is:
		r.roster[m.Accid] = m
	case r.roster != nil:
		delete(r.roster, m.Accid)
	case len(r.fixed)+len(r.visitors) >= rosterFrom:
		r.roster = make(map[string]*Member, 2*rosterFrom)
		for _, list := range [...]timeline[*Member]{r.fixed, r.visitors} {
			for _, m := range list {
				r.roster[m.Accid] = m
			}
		}
	}
}

// FirstRooms lists the rooms among the first n that were created. Rooms of a
// restored state that have other ids are not among them.
func (s *State) FirstRooms(n int) []*Room {
	var list []*Room
	for id := int64(firstRoomID); id < min(s.nextRoomID, firstRoomID+int64(n)); id++ {
		if r, ok := s.rooms[id]; ok {
			list = append(list, r)
		}
	}
	return list
}

// Members lists the fixed members and then the visitors, the latest to enter
// first in each.
func (r *Room) Members() []*Member {
	list := r.fixed.page(0, len(r.fixed), nil)
	return append(list, r.visitors.page(0, len(r.visitors), nil)...)
}

// Mutes gives what is left of each temporary mute, by account.
func (r *Room) Mutes(now time.Time) map[string]time.Duration { return running(r.mutes, now) }

// TagMutes gives what is left of each tag's mute.
func (r *Room) TagMutes(now time.Time) map[string]time.Duration { return running(r.tagMutes, now) }

// Messages lists the latest stored messages before a time (Unix milliseconds, 0 for all) without
// the notifications, up to limit of them, oldest first.
func (r *Room) Messages(before int64, limit int) []*Message {
	list := r.history.page(before, limit, func(m *Message) bool { return !m.IsNotification() })
	slices.Reverse(list)
	return list
}

func running(mutes map[string]MuteSnapshot, now time.Time) map[string]time.Duration {
	list := map[string]time.Duration{}
	for whom, mute := range mutes {
		if d := left(mute.Ends, now); d > 0 {
			list[whom] = d
		}
	}
	return list
}
