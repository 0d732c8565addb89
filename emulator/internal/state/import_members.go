package state

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/nimroom/nimroom/tagexpr"
)

func (r *Room) importMembers(snap *RoomSnapshot) error {
	order := byTime(snap.Members, func(m *MemberSnapshot) int64 { return m.EnterTime })
	for n, i := range order {
		m, err := snap.Members[i].member()
		switch _, twice := r.find(snap.Members[i].Accid); {
		case err != nil:
			return fmt.Errorf("members[%d].%w", i, err)
		case twice:
			return fmt.Errorf("members[%d].accid: %q is there twice", i, m.Accid)
		case n > 0 && m.EnterTime == snap.Members[order[n-1]].EnterTime:
			return fmt.Errorf("members[%d].enterTime: %d, which another member has", i, m.EnterTime)
		case (m.Role == Creator) != (m.Accid == r.Creator):
			return fmt.Errorf("members[%d].type: %s, but the creator is %q", i, m.Role, r.Creator)
		}
		r.change(m, func(*Member) {})
		if m.IsRobot() {
			r.robots = append(r.robots, robot{m, m.robotLeaves})
		}
		r.lastEntry = max(r.lastEntry, m.EnterTime)
	}
	slices.SortStableFunc(r.robots, func(a, b robot) int { return cmp.Compare(a.leaves, b.leaves) })
	if _, ok := r.find(r.Creator); !ok {
		return fmt.Errorf("members: the creator %q is missing", r.Creator)
	}
	for i, l := range r.logins {
		if i > 0 && r.logins[i-1].EnterTime == l.EnterTime {
			return fmt.Errorf("members: two logins at %d", l.EnterTime)
		}
		r.lastEntry = max(r.lastEntry, l.EnterTime)
	}
	if snap.LastEntry < r.lastEntry {
		return errors.New("lastEntry: before a member's enterTime")
	}
	r.lastEntry = snap.LastEntry
	return nil
}

// member makes a member that is in no room yet.
func (snap *MemberSnapshot) member() (*Member, error) {
	m := &Member{
		Profile:     Profile(snap.ProfileSnapshot),
		Accid:       snap.Accid,
		Role:        snap.Role,
		Blacklisted: snap.Blacklisted,
		Muted:       snap.Muted,
		EnterTime:   snap.EnterTime,
		robotLeaves: snap.RobotLeaves,
	}
	if snap.Saved != nil {
		m.save(Profile(*snap.Saved))
	}
	for i := range snap.Logins {
		l, err := snap.Logins[i].login(snap.Accid)
		if err != nil {
			return nil, fmt.Errorf("logins[%d].%w", i, err)
		}
		m.logins = append(m.logins, l)
	}
	switch {
	case m.Accid == "":
		return nil, errors.New("accid: empty")
	case m.EnterTime <= 0:
		return nil, fmt.Errorf("enterTime: %d, want Unix milliseconds", m.EnterTime)
	case !slices.Contains([]Role{Creator, Manager, Common, Limited, Temporary}, m.Role):
		return nil, fmt.Errorf("type: %q is none", m.Role)
	case (m.Role == Limited) != (m.Blacklisted || m.Muted):
		return nil, fmt.Errorf("type: %s does not go with blacklisted %t and muted %t", m.Role, m.Blacklisted, m.Muted)
	case m.robotLeaves < 0 || m.IsRobot() && len(m.logins) > 0:
		return nil, errors.New("robotLeaves: less than 0, or of a member with logins")
	case !m.Fixed() && !m.Online():
		return nil, errors.New("logins: a visitor has one or is a robot")
	case m.Blacklisted && m.Online():
		return nil, errors.New("blacklisted: but in the room")
	}
	return m, nil
}

func (snap *LoginSnapshot) login(accid string) (*Login, error) {
	notify, err := tagexpr.Parse(snap.NotifyTargetTags)
	switch {
	case err != nil:
		return nil, fmt.Errorf("notifyTargetTags: %w", err)
	case snap.EnterTime <= 0:
		return nil, fmt.Errorf("enterTime: %d, want Unix milliseconds", snap.EnterTime)
	}
	return &Login{
		Accid:      accid,
		ClientType: snap.ClientType,
		Tags:       slices.Clone(snap.Tags),
		Notify:     notify,
		EnterTime:  snap.EnterTime,
	}, nil
}
