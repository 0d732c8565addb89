package rules

import (
	"time"

	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
)

func (c *call) setMemberRole(f gen.SetMemberRoleForm) (*gen.SetMemberRoleSuccess, error) {
	r, err := c.room(f.RoomID)
	if err != nil {
		return nil, err
	}
	if err := c.account("target", f.Target); err != nil {
		return nil, err
	}
	if err := understood(c, "opt", &f.Opt); err != nil {
		return nil, err
	}
	m, err := r.SetRole(c.now, f.Operator, f.Target, state.RoleChange(f.Opt), *f.OptValue, notice(nil, f.NotifyExt))
	if err != nil {
		return nil, err
	}
	valid, level := r.Open, 0
	return &gen.SetMemberRoleSuccess{Desc: gen.MemberRole{
		RoomID: gen.RoomID(r.ID),
		Valid:  &valid,
		Level:  &level,
		Accid:  m.Accid,
		Type:   gen.Role(m.Role),
	}}, nil
}

func (c *call) kickMember(f gen.KickMemberForm) (*gen.KickMemberSuccess, error) {
	r, err := c.room(f.RoomID)
	if err != nil {
		return nil, err
	}
	return new(gen.KickMemberSuccess), r.Kick(c.now, f.Accid, f.TargetAccid, notice(nil, f.NotifyExt))
}

func (c *call) muteMember(f gen.MuteMemberForm) (*gen.MuteMemberSuccess, error) {
	r, err := c.room(f.RoomID)
	if err != nil {
		return nil, err
	}
	if err := c.account("target", f.Target); err != nil {
		return nil, err
	}
	length, err := r.MuteFor(c.now, f.Operator, f.Target, f.MuteDuration, notice(f.NeedNotify, f.NotifyExt))
	if err != nil {
		return nil, err
	}
	return &gen.MuteMemberSuccess{Desc: gen.MuteDuration{MuteDuration: wholeSeconds(length)}}, nil
}

func (c *call) listMembers(f gen.ListMembersForm) (*gen.ListMembersSuccess, error) {
	r, err := c.room(f.RoomID)
	if err != nil {
		return nil, err
	}
	if err := understood(c, "type", f.Type); err != nil {
		return nil, err
	}
	page := r.Page(state.Kind(*f.Type), wire.Millis(f.EndTime), f.Limit)
	return &gen.ListMembersSuccess{Desc: c.members(r, page)}, nil
}

func (c *call) getMembers(f gen.GetMembersForm) (*gen.GetMembersSuccess, error) {
	r, err := c.room(f.RoomID)
	if err != nil {
		return nil, err
	}
	list := c.members(r, r.MembersOf(f.Accids))
	for i := range list.Data {
		if m := &list.Data[i]; !m.Online {
			m.EnterTime = time.Time{} // this operation alone leaves it out
		}
	}
	return &gen.GetMembersSuccess{Desc: list}, nil
}

func (c *call) listMembersByRole(f gen.ListMembersByRoleForm) (*gen.ListMembersByRoleSuccess, error) {
	r, err := c.room(f.RoomID)
	if err != nil {
		return nil, err
	}
	selected := r.Select(state.Selection{
		Creator:     value(f.Roles.Creator),
		Managers:    value(f.Roles.Manager),
		Blacklisted: value(f.Roles.Blacklist),
		Muted:       value(f.Roles.Mute),
	})
	return &gen.ListMembersByRoleSuccess{Desc: c.members(r, selected)}, nil
}

func (c *call) updateMember(f gen.UpdateMemberForm) (*gen.UpdateMemberSuccess, error) {
	r, err := c.room(f.RoomID)
	if err != nil {
		return nil, err
	}
	change := state.ProfileChange{Nick: f.Nick, Avatar: f.Avatar, Ext: f.Ext, Save: value(f.Save)}
	n := notice(f.NeedNotify, f.NotifyExt)
	n.Silent = !value(f.NeedNotify) // this operation has no default, so it notifies only when asked to
	if err := r.ChangeProfile(c.now, f.Accid, change, n); err != nil {
		return nil, err
	}
	return new(gen.UpdateMemberSuccess), nil
}

func (c *call) members(r *state.Room, list []*state.Member) gen.MemberList {
	data := make([]gen.Member, len(list))
	for i, m := range list {
		data[i] = member(r, m, c.now)
	}
	return gen.MemberList{Data: data}
}

func member(r *state.Room, m *state.Member, now time.Time) gen.Member {
	level := 0 // nothing gives a member another one
	shown := gen.Member{
		RoomID:      gen.RoomID(r.ID),
		Accid:       m.Accid,
		Nick:        m.Nick,
		Avatar:      m.Avatar,
		Ext:         m.Ext,
		Type:        gen.Role(m.Role),
		Level:       &level,
		Online:      m.Online(),
		EnterTime:   wire.FromMillis(m.EnterTime),
		Blacklisted: m.Blacklisted,
		Muted:       m.Muted,
		IsRobot:     m.IsRobot(),
	}
	if left := wholeSeconds(r.MuteLeft(now, m.Accid)); left > 0 {
		shown.TempMuted, shown.TempMuteTTL = true, &left
	}
	if m.IsRobot() && !m.Fixed() { // live responses give none, or 0, for a fixed member
		left := wholeSeconds(m.RobotLeft(now))
		shown.RobotExpireAt = &left
	}
	return shown
}
