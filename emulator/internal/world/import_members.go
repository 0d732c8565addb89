package world

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/nimroom/nimroom/tagexpr"
)

func (r *Room) importMembers(s *RoomState) error {
	order := byTime(s.Members, func(m *MemberState) int64 { return m.EnterTime })
	for n, i := range order {
		m, err := s.Members[i].member()
		switch _, twice := r.find(s.Members[i].Accid); {
		case err != nil:
			return fmt.Errorf("members[%d].%w", i, err)
		case twice:
			return fmt.Errorf("members[%d].accid: %q is there twice", i, m.Accid)
		case n > 0 && m.EnterTime == s.Members[order[n-1]].EnterTime:
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
	if s.LastEntry < r.lastEntry {
		return errors.New("lastEntry: before a member's enterTime")
	}
	r.lastEntry = s.LastEntry
	return nil
}

// member makes a member that is in no room yet.
func (s *MemberState) member() (*Member, error) {
	m := &Member{
		Profile:     Profile(s.ProfileState),
		Accid:       s.Accid,
		Role:        s.Role,
		Blacklisted: s.Blacklisted,
		Muted:       s.Muted,
		EnterTime:   s.EnterTime,
		robotLeaves: s.RobotLeaves,
	}
	if s.Saved != nil {
		m.save(Profile(*s.Saved))
	}
	for i := range s.Logins {
		l, err := s.Logins[i].login(s.Accid)
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

func (s *LoginState) login(accid string) (*Login, error) {
	notify, err := tagexpr.Parse(s.NotifyTargetTags)
	switch {
	case err != nil:
		return nil, fmt.Errorf("notifyTargetTags: %w", err)
	case s.EnterTime <= 0:
		return nil, fmt.Errorf("enterTime: %d, want Unix milliseconds", s.EnterTime)
	}
	return &Login{
		Accid:      accid,
		ClientType: s.ClientType,
		Tags:       slices.Clone(s.Tags),
		Notify:     notify,
		EnterTime:  s.EnterTime,
	}, nil
}
