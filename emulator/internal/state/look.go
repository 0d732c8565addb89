package state

import (
	"slices"
	"time"
)

// Latest lists up to limit stored messages and notifications that keep wants, the
// latest first.
func (r *Room) Latest(limit int, keep func(*Message) bool) []*Message {
	return r.history.page(0, limit, keep)
}

// Receives reports whether a connection that an account has now was there when a
// stored message came, and received it.
func (r *Room) Receives(m *Message, accid string) bool {
	member, known := r.find(accid)
	return known && (m.To == nil || slices.Contains(m.To, accid)) &&
		slices.ContainsFunc(member.Logins, func(l *Login) bool { return l.EnterTime <= m.Time && m.Target.Matches(l.Tags) })
}

// ClosesIn is how long it takes until an open room closes by itself, and 0 if it
// does not.
func (r *Room) ClosesIn(now time.Time) time.Duration { return left(r.closesAt(), now) }
