package state

import (
	"time"

	"github.com/nimroom/nimroom/internal/advice"
)

// RoleChange is what an operator does to a member, numbered as the service
// numbers it.
type RoleChange int

// The role changes.
const (
	MakeManager RoleChange = 1
	MakeCommon  RoleChange = 2
	Block       RoleChange = -1
	MuteMember  RoleChange = -2
)

// SetRole sets a role or takes it back. Managers are made by the owner alone;
// no one changes the owner, and managers do not change managers.
//
// A member is one thing at a time, except that blocklisted and muted go
// together: both make it Limited, and end its being a manager or a common
// member. The latter two in turn take it off both lists. Who is none of these
// is a visitor. Being blocklisted puts a member out of the room.
//
// Errors: ErrForbidden, ErrDuplicate when nothing would change.
func (r *Room) SetRole(now time.Time, operator, target string, change RoleChange, set bool, notice Notice) (*Member, error) {
	if err := r.actsOn(operator, target); err != nil {
		return nil, err
	}
	if change == MakeManager && operator != r.Creator {
		return nil, r.onlyOwner(operator)
	}
	m := r.member(target)
	if change.holds(m) == set {
		return nil, ErrDuplicate
	}
	r.change(m, func(m *Member) {
		if !m.Fixed() {
			r.save(m, m.Profile) // a new fixed member comes back as it was
		}
		if m.EnterTime == 0 {
			m.EnterTime = r.nextEntry(now)
		}
		m.set(change, set)
	})
	r.notify(notice, Event{
		Kind: RoleSet, Time: now.UnixMilli(), Operator: operator, Target: target, Change: change, Set: set, Role: m.Role,
	})
	if m.Blacklisted && m.Online() {
		r.putOut(now.UnixMilli(), m, MoveOut)
	}
	return m, nil
}

// Kick ends a member's stay in the room. The operator needs the rank by which
// it could set the member's role. Errors: ErrForbidden, ErrNoMember when the
// target is not in the room.
func (r *Room) Kick(now time.Time, operator, target string, notice Notice) error {
	if err := r.actsOn(operator, target); err != nil {
		return err
	}
	m, ok := r.find(target)
	if !ok || !m.Online() {
		return ErrNoMember
	}
	r.notify(notice, Event{Kind: MemberKicked, Time: now.UnixMilli(), Operator: operator, Target: target})
	r.putOut(now.UnixMilli(), m, MoveKick)
	return nil
}

// actsOn returns an ErrForbidden unless an operator ranks above a target.
func (r *Room) actsOn(operator, target string) error {
	m, ok := r.find(target)
	switch {
	case !r.operates(operator):
		return r.onlyStaff(operator)
	case target == r.Creator:
		return advice.Because(ErrForbidden, advice.OwnerIsProtected, "owner", target)
	case ok && m.Role == Manager && operator != r.Creator:
		return r.onlyOwner(operator)
	}
	return nil
}

func (c RoleChange) holds(m *Member) bool {
	switch c {
	case MakeManager:
		return m.Role == Manager
	case MakeCommon:
		return m.Role == Common
	case Block:
		return m.Blacklisted
	default:
		return m.Muted
	}
}

func (m *Member) set(c RoleChange, set bool) {
	switch c {
	case Block:
		m.Blacklisted = set
	case MuteMember:
		m.Muted = set
	default:
		m.Blacklisted, m.Muted = false, false
	}
	switch {
	case m.Blacklisted || m.Muted:
		m.Role = Limited
	case c == MakeManager && set:
		m.Role = Manager
	case c == MakeCommon && set:
		m.Role = Common
	default:
		m.Role = Temporary
	}
}
