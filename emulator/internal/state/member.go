package state

import (
	"strings"
	"time"
)

// Role is what a member is in a room.
type Role string

// The roles that a room gives, spelt as the service spells them.
const (
	Creator   Role = "CREATOR"
	Manager   Role = "MANAGER"
	Common    Role = "COMMON"    // fixed member
	Limited   Role = "LIMITED"   // blocklisted, muted, or both
	Temporary Role = "TEMPORARY" // visitor
)

// Profile is how a member shows in a room.
type Profile struct {
	Nick   string `json:"nick"`
	Avatar string `json:"avator,omitempty"`
	Ext    string `json:"ext,omitempty"`
}

// Member is an account in a room. Fixed members (all roles but Temporary) stay
// when they go offline, visitors do not.
type Member struct {
	Accid string `json:"accid"`
	Profile
	// Saved is what a fixed member comes back with, nil for what the account
	// usually shows.
	Saved       *Profile `json:"saved,omitempty"`
	Role        Role     `json:"type"`
	Blacklisted bool     `json:"blacklisted,omitempty"`
	Muted       bool     `json:"muted,omitempty"`
	// EnterTime is when the member last entered, or became a fixed member
	// without entering, in Unix milliseconds.
	EnterTime int64 `json:"enterTime"`
	// RobotLeaves is when a robot leaves, in Unix milliseconds; 0 for people.
	RobotLeaves int64 `json:"robotLeaves,omitempty"`
	// Logins are the connections, the first one first.
	Logins List[Login] `json:"logins,omitempty"`
}

// Fixed reports whether the member stays when offline.
func (m *Member) Fixed() bool { return m.Role != Temporary }

// Online reports whether the member is in the room now, as a person or as a robot.
func (m *Member) Online() bool { return len(m.Logins) > 0 || m.IsRobot() }

// IsRobot reports whether the member is a robot.
func (m *Member) IsRobot() bool { return m.RobotLeaves > 0 }

// RobotLeft is how long a robot stays.
func (m *Member) RobotLeft(now time.Time) time.Duration { return left(m.RobotLeaves, now) }

func (m *Member) moment() int64 { return m.EnterTime }

// comesBackAs is the profile of a member that enters without giving one.
func (r *Room) comesBackAs(m *Member) Profile {
	if m.Saved == nil {
		return r.state.accounts.usual(m.Accid)
	}
	return *m.Saved
}

// save makes p the profile that a fixed member comes back with.
func (r *Room) save(m *Member, p Profile) {
	m.Saved = nil
	if p != r.state.accounts.usual(m.Accid) {
		m.Saved = &p
	}
}

// leave ends all connections, and a robot's stay.
func (r *Room) leave(m *Member) {
	m.Logins = nil
	m.RobotLeaves = 0
	m.Profile = r.comesBackAs(m)
}

// member finds an account's place in the room or makes one, which is kept
// once change gives it a time and a role or a connection.
func (r *Room) member(accid string) *Member {
	if m, ok := r.find(accid); ok {
		return m
	}
	m := &Member{Accid: strings.Clone(accid), Role: Temporary} // the request it came in is not kept for it
	m.Profile = r.comesBackAs(m)
	return m
}

// nextEntry is the time of entering now, moved by a millisecond where another
// member had the same.
func (r *Room) nextEntry(now time.Time) int64 {
	r.LastEntry = max(now.UnixMilli(), r.LastEntry+1)
	return r.LastEntry
}

// change is the one way to alter a member's role, presence or time: it takes
// the member out of the room's lists and puts it back where it then belongs.
func (r *Room) change(m *Member, alter func(*Member)) {
	r.noteMember(m.Accid)
	r.fixed.remove(m)
	r.fixedOnline.remove(m)
	r.visitors.remove(m)
	for _, l := range m.Logins {
		r.logins.remove(l)
	}
	alter(m)
	for _, l := range m.Logins {
		r.logins.insert(l)
	}
	switch {
	case m.Fixed():
		r.fixed.insert(m)
		if m.Online() {
			r.fixedOnline.insert(m)
		}
	case m.Online():
		r.visitors.insert(m)
	}
	r.enlist(m, m.Fixed() || m.Online())
}

// Member finds a member. Errors: ErrNoMember.
func (r *Room) Member(accid string) (*Member, error) {
	m, ok := r.find(accid)
	if !ok {
		return nil, ErrNoMember
	}
	return m, nil
}

// Kind selects members for a page.
type Kind int

// The kinds of members, numbered as the service numbers them.
const (
	FixedMembers Kind = iota
	Visitors
	OnlineFixedMembers
)

// Page lists up to limit members of a kind, the latest to enter first, who
// entered strictly before end (Unix milliseconds, 0 for all).
func (r *Room) Page(kind Kind, end int64, limit int) []*Member {
	switch kind {
	case Visitors:
		return r.visitors.page(end, limit, nil)
	case OnlineFixedMembers:
		return r.fixedOnline.page(end, limit, nil)
	default:
		return r.fixed.page(end, limit, nil)
	}
}

// MembersOf returns the members among the accounts, fixed members that are offline
// too, in the order asked for, each once.
func (r *Room) MembersOf(accids []string) []*Member {
	list := make([]*Member, 0, len(accids))
	for _, accid := range unique(accids) {
		if m, ok := r.find(accid); ok {
			list = append(list, m)
		}
	}
	return list
}

// Selection says which fixed members to list.
type Selection struct{ Creator, Managers, Blacklisted, Muted bool }

// Select lists the fixed members that a selection asks for, each once, the latest
// first whatever they are.
func (r *Room) Select(s Selection) []*Member {
	return r.fixed.page(0, len(r.fixed), func(m *Member) bool {
		return s.Creator && m.Role == Creator || s.Managers && m.Role == Manager ||
			s.Blacklisted && m.Blacklisted || s.Muted && m.Muted
	})
}

// ProfileChange says what to change of a profile; nil leaves as it is.
type ProfileChange struct {
	Nick, Avatar, Ext *string
	// Save keeps the change after the member has left, for fixed members.
	Save bool
}

// ChangeProfile changes how a member shows. Without Save the change lasts as
// long as the member stays online. Errors: ErrNoMember.
func (r *Room) ChangeProfile(now time.Time, accid string, c ProfileChange, notice Notice) error {
	m, err := r.Member(accid)
	if err != nil {
		return err
	}
	r.noteMember(m.Accid)
	if m.Online() || c.Save {
		c.apply(&m.Profile)
	}
	if c.Save && m.Fixed() {
		saved := r.comesBackAs(m)
		c.apply(&saved)
		r.save(m, saved)
	}
	r.notify(notice, Event{Kind: ProfileChanged, Time: now.UnixMilli(), Target: accid, Profile: m.Profile})
	return nil
}

func (c ProfileChange) apply(p *Profile) {
	for _, field := range []struct{ to, from *string }{{&p.Nick, c.Nick}, {&p.Avatar, c.Avatar}, {&p.Ext, c.Ext}} {
		if field.from != nil {
			*field.to = *field.from
		}
	}
}
