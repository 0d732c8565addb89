package rules

import (
	"cmp"
	"net"
	"slices"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
)

func (c *call) createChatroom(f gen.CreateChatroomForm) (*gen.CreateChatroomSuccess, error) {
	if err := understood(c, "delayClosePolicy", f.DelayClosePolicy); err != nil {
		return nil, err
	}
	if err := c.account("creator", f.Creator); err != nil {
		return nil, err
	}
	r, err := c.state.CreateRoom(c.now, f.Creator, state.Settings{
		Name:         f.Name,
		Announcement: value(f.Announcement),
		BroadcastURL: value(f.BroadcastURL),
		Ext:          value(f.Ext),
		QueueLevel:   int(value(f.QueueLevel)),
	})
	if err != nil {
		return nil, err
	}
	r.EntryNotify = valueOr(f.InOutNotification, gen.InOutNotificationOn) != gen.InOutNotificationOff
	c.setClosing(r, f.DelayClosePolicy, f.DelaySeconds)
	return &gen.CreateChatroomSuccess{Chatroom: chatroom(r)}, nil
}

func (c *call) getChatroom(f gen.GetChatroomForm) (*gen.GetChatroomSuccess, error) {
	r, err := c.room(f.RoomID)
	if err != nil {
		return nil, err
	}
	return &gen.GetChatroomSuccess{Chatroom: fullChatroom(r, value(f.NeedOnlineUserCount))}, nil
}

func (c *call) getChatrooms(f gen.GetChatroomsForm) (*gen.GetChatroomsSuccess, error) {
	response := new(gen.GetChatroomsSuccess)
	for i, id := range f.RoomIDs {
		if slices.Contains(f.RoomIDs[:i], id) { // there are few
			continue
		}
		if r, err := c.room(id); err == nil {
			response.Rooms = append(response.Rooms, fullChatroom(r, value(f.NeedOnlineUserCount)))
		} else {
			response.MissingRooms = append(response.MissingRooms, id)
		}
	}
	return response, nil
}

func (c *call) updateChatroom(f gen.UpdateChatroomForm) (*gen.UpdateChatroomSuccess, error) {
	r, err := c.room(f.RoomID)
	if err != nil {
		return nil, err
	}
	r.Update(c.now, state.Settings{
		Name:         valueOr(f.Name, r.Name),
		Announcement: valueOr(f.Announcement, r.Announcement),
		BroadcastURL: valueOr(f.BroadcastURL, r.BroadcastURL),
		Ext:          valueOr(f.Ext, r.Ext),
		QueueLevel:   int(valueOr(f.QueueLevel, gen.QueueLevel(r.QueueLevel))),
	}, notice(f.NeedNotify, f.NotifyExt))
	return &gen.UpdateChatroomSuccess{Chatroom: chatroom(r)}, nil
}

func (c *call) toggleChatroom(f gen.ToggleChatroomForm) (*gen.ToggleChatroomSuccess, error) {
	if err := understood(c, "delayClosePolicy", f.DelayClosePolicy); err != nil {
		return nil, err
	}
	r, err := c.room(f.RoomID)
	if err != nil {
		return nil, err
	}
	if err := r.SetOpen(c.now, f.Operator, *f.Valid); err != nil {
		return nil, err
	}
	c.setClosing(r, f.DelayClosePolicy, f.DelaySeconds)
	return &gen.ToggleChatroomSuccess{Desc: chatroom(r)}, nil
}

func (c *call) setDelayedClosing(f gen.SetDelayedClosingForm) (*gen.SetDelayedClosingSuccess, error) {
	if err := understood(c, "delayClosePolicy", f.DelayClosePolicy); err != nil {
		return nil, err
	}
	r, err := c.room(f.RoomID)
	if err != nil {
		return nil, err
	}
	policy := gen.DelayClosePolicyNever
	c.setClosing(r, cmp.Or(f.DelayClosePolicy, &policy), f.DelaySeconds)
	return &gen.SetDelayedClosingSuccess{Chatroom: chatroom(r)}, nil
}

// setClosing sets the timed closing of a room where a form has a policy.
func (c *call) setClosing(r *state.Room, policy *gen.DelayClosePolicy, length *time.Duration) {
	if policy == nil {
		return
	}
	seconds := cmp.Or(value(length), time.Duration(c.defaultOf("delaySeconds"))*time.Second)
	r.SetDelayedClosing(c.now, state.ClosePolicy(*policy), seconds)
}

// requestAddress returns this server's own address whatever the kind of
// client: there is nothing else here to connect to.
func (c *call) requestAddress(f gen.RequestAddressForm) (*gen.RequestAddressSuccess, error) {
	r, err := c.room(f.RoomID)
	if err != nil {
		return nil, err
	}
	if err := c.account("accid", f.Accid); err != nil {
		return nil, err
	}
	if m, err := r.Member(f.Accid); err == nil && m.Blacklisted {
		return nil, Error(gen.CodeForbidden, state.ErrBlocked.Error()) // 13003 is not on this operation's list
	}
	address := c.host
	if _, _, err := net.SplitHostPort(address); err != nil {
		address = net.JoinHostPort(address, "80")
	}
	return &gen.RequestAddressSuccess{Addresses: []string{address}}, nil
}

func (c *call) muteChatroom(f gen.MuteChatroomForm) (*gen.MuteChatroomSuccess, error) {
	r, err := c.room(f.RoomID)
	if err != nil {
		return nil, err
	}
	if err := r.SetMuted(c.now, f.Operator, *f.Mute, notice(f.NeedNotify, f.NotifyExt)); err != nil {
		return nil, err
	}
	return &gen.MuteChatroomSuccess{Desc: gen.MutedChatroom{Success: true}}, nil
}

func (c *call) listUserChatrooms(f gen.ListUserChatroomsForm) (*gen.ListUserChatroomsSuccess, error) {
	if err := c.account("creator", f.Creator); err != nil {
		return nil, err
	}
	response := new(gen.ListUserChatroomsSuccess)
	for _, r := range c.state.OpenRooms(c.now, f.Creator) {
		response.Desc.RoomIDs = append(response.Desc.RoomIDs, gen.RoomID(r.ID))
	}
	return response, nil
}

func (c *call) setEntryNotification(f gen.SetEntryNotificationForm) (*gen.SetEntryNotificationSuccess, error) {
	r, err := c.room(f.RoomID)
	if err != nil {
		return nil, err
	}
	r.EntryNotify = !*f.Close
	return new(gen.SetEntryNotificationSuccess), nil
}

// chatroom is a room as the operations show it that change one.
func chatroom(r *state.Room) gen.Chatroom {
	muted, level := r.Muted, gen.QueueLevel(r.QueueLevel)
	room := gen.Chatroom{
		RoomID:       gen.RoomID(r.ID),
		Valid:        r.Open,
		Muted:        &muted,
		Announcement: r.Announcement,
		Name:         r.Name,
		BroadcastURL: r.BroadcastURL,
		Ext:          r.Ext,
		Creator:      r.Creator,
		QueueLevel:   &level,
	}
	if d := r.Closing; d != nil {
		room.DelayInfo = &gen.DelayInfo{
			DelayCloseEnable: d.Policy != state.NeverCloses,
			DelayClosePolicy: gen.DelayClosePolicy(d.Policy),
			DelaySeconds:     wire.FromSeconds(d.Seconds),
			StartTime:        wire.FromMillis(d.Start),
		}
	}
	return room
}

// fullChatroom is a room as the operations show it that read one.
func fullChatroom(r *state.Room, count bool) gen.Chatroom {
	room := chatroom(r)
	notify := r.EntryNotify
	room.EntryNotify = &notify
	if count {
		online := r.CountOnline()
		room.OnlineUserCount = &online
	}
	return room
}
