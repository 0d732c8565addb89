package rules

import (
	"strings"

	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/tagexpr"
)

func (c *call) muteTag(f gen.MuteTagForm) (*gen.MuteTagSuccess, error) {
	r, err := c.room(f.RoomID)
	if err != nil {
		return nil, err
	}
	n := notice(f.NeedNotify, f.NotifyExt)
	if n.To = value(f.NotifyTargetTags); n.To.IsZero() {
		n.To = tagexpr.Tag(f.TargetTag)
	}
	length, err := r.MuteTagFor(c.now, f.Operator, f.TargetTag, f.MuteDuration, n)
	if err != nil {
		return nil, err
	}
	return &gen.MuteTagSuccess{Desc: gen.MuteDuration{MuteDuration: wholeSeconds(length)}}, nil
}

func (c *call) countTagMembers(f gen.CountTagMembersForm) (*gen.CountTagMembersSuccess, error) {
	r, err := c.room(f.RoomID)
	if err != nil {
		return nil, err
	}
	return &gen.CountTagMembersSuccess{Data: gen.TagCount{Tag: f.Tag, OnlineUserCount: r.CountTag(f.Tag)}}, nil
}

func (c *call) listTagMembers(f gen.ListTagMembersForm) (*gen.ListTagMembersSuccess, error) {
	r, err := c.room(f.RoomID)
	if err != nil {
		return nil, err
	}
	response := new(gen.ListTagMembersSuccess)
	for _, l := range r.TagLogins(f.Tag, wire.Millis(f.EndTime), f.Limit) {
		m, err := r.Member(l.Accid)
		if err != nil {
			return nil, err
		}
		response.Desc.Data = append(response.Desc.Data, tagMember(member(r, m, c.now), l))
	}
	return response, nil
}

func tagMember(m gen.Member, l *state.Login) gen.TagMember {
	return gen.TagMember{
		RoomID:           m.RoomID,
		Accid:            m.Accid,
		Nick:             m.Nick,
		Avatar:           m.Avatar,
		Ext:              m.Ext,
		Type:             m.Type,
		Online:           m.Online,
		EnterTime:        wire.FromMillis(l.EnterTime),
		Blacklisted:      m.Blacklisted,
		Muted:            m.Muted,
		TempMuted:        m.TempMuted,
		TempMuteTTL:      m.TempMuteTTL,
		IsRobot:          m.IsRobot,
		RobotExpireAt:    m.RobotExpireAt,
		Tags:             strings.Join(l.Tags, ","),
		NotifyTargetTags: l.Notify.String(),
	}
}

func (c *call) listTagMessages(f gen.ListTagMessagesForm) (*gen.ListTagMessagesSuccess, error) {
	r, err := c.room(f.RoomID)
	if err != nil {
		return nil, err
	}
	if err := understood(c, "reverse", f.Reverse); err != nil {
		return nil, err
	}
	search := state.Search{
		Tags:        f.Tags,
		From:        wire.Millis(value(f.FromTime)),
		To:          wire.Millis(value(f.ToTime)),
		Limit:       valueOr(f.Limit, c.defaultOf("limit")),
		OldestFirst: value(f.Reverse) == gen.HistoryOrderOldestFirst,
	}
	for _, t := range f.Types {
		search.Types = append(search.Types, int(t))
	}
	response := new(gen.ListTagMessagesSuccess)
	for _, m := range r.Search(search) {
		response.Msgs = append(response.Msgs, historyMessage(m))
	}
	response.Size = len(response.Msgs)
	return response, nil
}

func (c *call) updateMemberTags(f gen.UpdateMemberTagsForm) (*gen.UpdateMemberTagsSuccess, error) {
	r, err := c.room(f.RoomID)
	if err != nil {
		return nil, err
	}
	if err := r.SetTags(c.now, f.Accid, f.Tags, f.NotifyTargetTags); err != nil {
		return nil, err
	}
	return new(gen.UpdateMemberTagsSuccess), nil
}
