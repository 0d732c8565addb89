package state

import (
	"slices"
	"time"

	"github.com/nimroom/nimroom/tagexpr"
)

// Draft is a message before it is sent.
type Draft struct {
	// ID is the sender's own, by which a message sent again is known.
	ID   string `json:"msgid"`
	From string `json:"from"`
	Type int    `json:"type"`
	// SubType is the sender's own kind of custom message.
	SubType int    `json:"subType,omitempty"`
	Attach  string `json:"attach,omitempty"`
	Ext     string `json:"ext,omitempty"`
	// Resend asks to drop the message when its ID was seen in this room.
	Resend bool `json:"-"`
	// To are the accounts that alone get the message; nil for all.
	To []string `json:"toAccids,omitempty"`
	// IgnoreMute lets the sender speak through a temporary mute.
	IgnoreMute bool `json:"-"`
	// PriorityOnly refuses a high-priority message that would go as an ordinary one.
	PriorityOnly bool `json:"-"`
	// SkipHistory keeps the message out of the history.
	SkipHistory bool `json:"skipHistory,omitempty"`
	// AbandonRatio is the chance to drop the message, in ten-thousandths; nil
	// where it was not given, which is not the same as 0: see HighPriority.
	AbandonRatio *int `json:"-"`
	// HighPriority has no effect when AbandonRatio is given.
	HighPriority bool `json:"highPriority,omitempty"`
	// RepeatOnReturn delivers a high-priority message again to accounts that come
	// back.
	RepeatOnReturn bool `json:"needHighPriorityMsgResend,omitempty"`
	// Target selects the connections that get the message.
	Target tagexpr.Expr `json:"notifyTargetTags,omitzero"`
	// NotCopied keeps the message from the app's server. Env names the address
	// that it is copied to.
	NotCopied bool   `json:"-"`
	Env       string `json:"-"`
}

// Message is a message as the room took it. It does not change any more.
type Message struct {
	Draft

	RoomID int64 `json:"-"`
	// Time is in Unix milliseconds, different for each message of a room.
	Time int64 `json:"time"`
	// Nick and Avatar are the sender's in the room.
	Nick   string `json:"fromNick"`
	Avatar string `json:"fromAvator,omitempty"`
	// Abandoned says that chance dropped the message: nobody got it.
	Abandoned bool `json:"abandoned,omitempty"`
	// Removed says that it was recalled or deleted; its id is still known.
	Removed bool `json:"removed,omitempty"`
}

func (m *Message) moment() int64 { return m.Time }

// priorityLimit is how many high-priority messages a room takes in a second.
const priorityLimit = 10

// priorityWindow counts the high-priority messages of one second of the clock.
type priorityWindow struct {
	Second int64 `json:"second"` // Unix seconds
	Count  int   `json:"count"`
}

func (p *priorityWindow) take(now time.Time) bool {
	if second := now.Unix(); second != p.Second {
		*p = priorityWindow{Second: second}
	}
	if p.Count >= priorityLimit {
		return false
	}
	p.Count++
	return true
}

// Send takes a message into a room. The sender need not be in it. The eleventh
// high-priority message of a second, and those after it, go as ordinary ones or
// are refused. A draft with Resend whose ID the room has seen changes nothing and
// returns the message of then, even when the sender could not speak any more. A
// message to some accounts does not count in the figures.
//
// Errors: ErrNoAccount, ErrClosed, ErrBlocked, ErrMuted, ErrRoomMuted, ErrTooUrgent.
func (s *State) Send(now time.Time, r *Room, d Draft) (*Message, error) {
	if !s.HasAccount(d.From) {
		return nil, ErrNoAccount
	}
	if was, seen := r.sent[d.ID]; seen && d.Resend {
		return was, nil
	}
	if err := r.speaks(now, d.From, d.IgnoreMute); err != nil {
		return nil, err
	}
	if d.HighPriority = d.HighPriority && d.AbandonRatio == nil; d.HighPriority && !r.priority.take(now) {
		if d.PriorityOnly {
			return nil, ErrTooUrgent
		}
		d.HighPriority = false
	}
	r.LastMessage = max(now.UnixMilli(), r.LastMessage+1)
	shows := r.state.accounts.usual(d.From)
	if sender, ok := r.find(d.From); ok {
		shows = sender.Profile
	}
	m := &Message{Draft: d, RoomID: r.ID, Time: r.LastMessage, Nick: shows.Nick, Avatar: shows.Avatar}
	if d.AbandonRatio != nil {
		m.Abandoned = s.random.IntN(10_000) < *d.AbandonRatio
	}
	r.take(m)
	if m.Abandoned {
		return m, nil
	}
	if m.To == nil {
		s.figures.count(now, r, d.From, Tally{Messages: 1})
	}
	r.emit(m.said(m.Time))
	if !m.NotCopied {
		r.tell(Happening{Time: m.Time, Message: m})
	}
	return m, nil
}

// Broadcast sends a message to everyone who is online in an open room. It belongs
// to no room and no history has it. A draft with Resend whose ID was broadcast
// before changes nothing and returns the message of then. Errors: ErrNoAccount.
func (s *State) Broadcast(now time.Time, d Draft) (*Message, error) {
	if !s.HasAccount(d.From) {
		return nil, ErrNoAccount
	}
	if was, seen := s.broadcasts[d.ID]; seen && d.Resend {
		return was, nil
	}
	shows := s.accounts.usual(d.From)
	m := &Message{Draft: d, Time: now.UnixMilli(), Nick: shows.Nick, Avatar: shows.Avatar}
	s.broadcasts[d.ID] = m
	if s.track != nil {
		s.track.broadcasts = append(s.track.broadcasts, m)
	}
	for _, r := range s.watched { // nobody else receives events
		if r.settle(now); r.Open {
			r.emit(m.said(m.Time))
		}
	}
	return m, nil
}

// said returns the event of a message that goes out at a time.
func (m *Message) said(at int64) Event {
	return Event{Kind: Said, Time: at, Operator: m.From, To: m.Target, Only: m.To, Message: m}
}

// take takes a message that is new.
func (r *Room) take(m *Message) {
	r.noteMessage(m)
	r.keep(m)
	r.bound()
}

// keep remembers a message by its id and, unless nobody got it or its sender
// does not want that, in the history.
func (r *Room) keep(m *Message) {
	if m.IsNotification() {
		r.history.insert(m)
		r.notifications++
		return
	}
	if r.sent == nil {
		r.sent = map[string]*Message{}
	}
	r.sent[m.ID] = m
	if !m.Abandoned && !m.SkipHistory && !m.Removed {
		r.history.insert(m)
	}
	r.remember(m)
}

// Recall takes a message out of the room: out of the history, and of what is
// sent again to accounts that come back. Members are notified even if there is
// none, because the service does not look for it.
func (r *Room) Recall(now time.Time, operator, sender, id string, at int64, notice Notice) {
	r.remove(func(m *Message) bool { return m.ID == id && m.From == sender })
	r.notify(notice, Event{
		Kind: Recalled, Time: now.UnixMilli(), Operator: operator, Target: sender, MsgID: id, MsgTime: at,
	})
}

// Delete takes the message that a sender sent at a time out of the room. Nobody
// is notified. Errors: ErrNoMessage.
func (r *Room) Delete(sender string, at int64) error {
	if !r.remove(func(m *Message) bool { return m.From == sender && m.Time == at }) {
		return ErrNoMessage
	}
	return nil
}

// remove takes the messages out that match, and reports whether the history had
// one. Their ids are known as before.
func (r *Room) remove(match func(*Message) bool) bool {
	var ids []string
	gone := func(m *Message) bool {
		if m.IsNotification() || !match(m) {
			return false
		}
		ids = append(ids, m.ID)
		r.noteRemoved(m)
		return true
	}
	r.urgent = slices.DeleteFunc(r.urgent, gone)
	stored := len(r.history)
	r.history = slices.DeleteFunc(r.history, gone)
	for _, id := range ids {
		r.markRemoved(id, match)
	}
	return len(r.history) < stored
}

// markRemoved marks the message that is known by an id as removed, if it matches.
func (r *Room) markRemoved(id string, match func(*Message) bool) {
	if m, ok := r.sent[id]; ok && match(m) {
		r.noteRemoved(m)
		removed := *m
		removed.Removed = true
		r.sent[id] = &removed
	}
}

// Search says which stored messages to find.
type Search struct {
	// Tags are those of which a message's target names at least one. A message
	// for everyone names none. All messages are found when it is empty, and
	// notifications too.
	Tags []string
	// Types are the message types; all when empty.
	Types []int
	// From and To bound the time, both included, in Unix milliseconds; 0 is open.
	From, To int64
	Limit    int
	// OldestFirst turns the order round, and with it which end Limit keeps.
	OldestFirst bool
}

// Search finds stored messages, newest first unless asked otherwise.
func (r *Room) Search(s Search) []*Message {
	from, to := 0, len(r.history)
	if s.From > 0 {
		from = r.history.search(s.From)
	}
	if s.To > 0 {
		to = max(from, r.history.search(s.To+1))
	}
	found := []*Message{}
	for i := range to - from {
		m := r.history[to-1-i]
		if s.OldestFirst {
			m = r.history[from+i]
		}
		if len(found) == s.Limit {
			break
		}
		if s.wants(m) {
			found = append(found, m)
		}
	}
	return found
}

func (s Search) wants(m *Message) bool {
	return (len(s.Tags) == 0 || !m.IsNotification() && m.Target.Names(s.Tags)) && (len(s.Types) == 0 || slices.Contains(s.Types, m.Type))
}

// resendTime is how long a high-priority message is sent again to accounts that
// were away when it came.
const resendTime = 30 * time.Second

// remember keeps a message for accounts that come back in time.
func (r *Room) remember(m *Message) {
	if m.HighPriority && m.RepeatOnReturn && !m.Removed {
		r.forgetOld(m.Time)
		r.urgent = append(r.urgent, m)
	}
}

func (r *Room) forgetOld(now int64) {
	for len(r.urgent) > 0 && r.urgent[0].Time+resendTime.Milliseconds() <= now {
		r.urgent = r.urgent[1:]
	}
}

// resend sends an account that has come back the high-priority messages that
// were sent while it was away. One that was never there before, or still is with
// another connection, missed none.
func (r *Room) resend(now time.Time, l *Login) {
	seen, wasHere := r.departed[l.Accid]
	if !wasHere {
		return
	}
	delete(r.departed, l.Accid)
	r.noteDeparture(l.Accid)
	r.forgetOld(now.UnixMilli())
	for _, m := range r.urgent {
		if m.Time > seen && m.Target.Matches(l.Tags) {
			again := m.said(now.UnixMilli())
			again.Target, again.Own, again.Only, again.Resent = l.Accid, l.Accid, []string{l.Accid}, true
			r.emit(again)
		}
	}
}
