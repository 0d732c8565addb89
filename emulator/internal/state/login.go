package state

import (
	"slices"
	"time"

	"github.com/nimroom/nimroom/tagexpr"
)

// Login is one connection of an account to a room.
type Login struct {
	Accid      string   `json:"-"` // that of the member
	ClientType int      `json:"clienttype"`
	Tags       []string `json:"tags,omitempty"`
	// Notify selects the connections that are notified of this one entering and
	// leaving.
	Notify tagexpr.Expr `json:"notifyTargetTags,omitzero"`
	// EnterTime is in Unix milliseconds.
	EnterTime int64 `json:"enterTime"`
}

func (l *Login) moment() int64 { return l.EnterTime }

// Join lets an account into a room, as a client does that logs in. Each call
// is one more connection. A person that joins takes the place of a robot of
// the same account.
//
// Errors: ErrNoAccount, ErrNoRoom, ErrClosed, ErrBlocked.
func (s *State) Join(now time.Time, roomID int64, login Login, profile ProfileChange) error {
	if !s.HasAccount(login.Accid) {
		return ErrNoAccount
	}
	r, err := s.Room(now, roomID)
	if err != nil {
		return err
	}
	m := r.member(login.Accid)
	switch {
	case !r.Open:
		return r.Closed()
	case m.Blacklisted:
		return ErrBlocked
	}
	l := login
	l.Tags = slices.Clone(login.Tags)
	l.Accid = m.Accid
	l.EnterTime = r.nextEntry(now)
	r.change(m, func(m *Member) {
		if m.IsRobot() {
			r.leave(m)
		}
		m.Logins = append(m.Logins, &l)
		m.EnterTime = l.EnterTime
		profile.apply(&m.Profile)
	})
	s.figures.count(now, r, m.Accid, Tally{Entries: 1})
	r.welcome(m, &l)
	r.tell(Happening{Time: l.EnterTime, Member: m, Login: &l, Move: MoveIn})
	r.resend(now, &l)
	return nil
}

// Leave ends all of an account's connections to a room. Errors: ErrNoRoom,
// ErrNoMember when it has none.
func (s *State) Leave(now time.Time, roomID int64, accid string) error {
	r, err := s.Room(now, roomID)
	if err != nil {
		return err
	}
	m, err := r.Member(accid)
	if err != nil {
		return err
	}
	if len(m.Logins) == 0 {
		return ErrNoMember
	}
	r.putOut(now.UnixMilli(), m, MoveOut)
	return nil
}

// SetTags replaces the tags of an account's connections and, where notify is
// given, which others they notify. Its own connections receive the change, and
// those that notify selects. Tags belong to connections, so nothing changes for
// a member without one. Errors: ErrNoMember for an account that is no member.
func (r *Room) SetTags(now time.Time, accid string, tags []string, notify *tagexpr.Expr) error {
	m, err := r.Member(accid)
	if err != nil {
		return err
	}
	if len(m.Logins) == 0 {
		return nil
	}
	changed := Event{Kind: TagsChanged, Time: now.UnixMilli(), Target: accid, Own: accid, Tags: slices.Clone(tags)}
	if notify != nil {
		changed.To = *notify
	}
	r.noteMember(m.Accid)
	for _, l := range m.Logins {
		l.Tags = slices.Clone(tags)
		if notify != nil {
			l.Notify = *notify
		}
	}
	r.emit(changed)
	return nil
}

// CountTag counts the accounts that are online with a tag, each once.
func (r *Room) CountTag(tag string) int {
	count := 0
	for _, list := range []timeline[*Member]{r.fixedOnline, r.visitors} {
		for _, m := range list {
			if slices.ContainsFunc(m.Logins, func(l *Login) bool { return slices.Contains(l.Tags, tag) }) {
				count++
			}
		}
	}
	return count
}

// TagLogins lists up to limit connections with a tag, the latest first, that
// entered strictly before end (Unix milliseconds, 0 for all).
func (r *Room) TagLogins(tag string, end int64, limit int) []*Login {
	return r.logins.page(end, limit, func(l *Login) bool { return slices.Contains(l.Tags, tag) })
}
