package state

import (
	"slices"
	"time"
)

// MuteFor keeps an account from speaking for a while, whether it is in the
// room or not, and returns the length. Zero lifts the mute and returns what
// was left of it. Errors: ErrForbidden.
func (r *Room) MuteFor(now time.Time, operator, target string, length time.Duration, notice Notice) (time.Duration, error) {
	if err := r.actsOn(operator, target); err != nil {
		return 0, err
	}
	left := setMute(&r.mutes, now, target, length)
	r.changed(func(c *RoomChanges) { c.TempMutes = append(c.TempMutes, MuteSnapshot{target, r.mutes[target]}) })
	r.notify(notice, Event{Kind: MemberMuted, Time: now.UnixMilli(), Operator: operator, Target: target, Length: length})
	return left, nil
}

// MuteTagFor does the same to everyone with a tag. Errors: ErrForbidden.
func (r *Room) MuteTagFor(now time.Time, operator, tag string, length time.Duration, notice Notice) (time.Duration, error) {
	if !r.operates(operator) {
		return 0, errOnlyStaff
	}
	left := setMute(&r.tagMutes, now, tag, length)
	r.changed(func(c *RoomChanges) { c.TagMutes = append(c.TagMutes, MuteSnapshot{tag, r.tagMutes[tag]}) })
	r.notify(notice, Event{Kind: TagMuted, Time: now.UnixMilli(), Operator: operator, Tag: tag, Length: length})
	return left, nil
}

// MuteLeft is what is left of an account's own mute.
func (r *Room) MuteLeft(now time.Time, accid string) time.Duration {
	return left(r.mutes[accid], now)
}

// TagMuteLeft is what is left of a tag's mute.
func (r *Room) TagMuteLeft(now time.Time, tag string) time.Duration {
	return left(r.tagMutes[tag], now)
}

func setMute(mutes *map[string]int64, now time.Time, whom string, length time.Duration) time.Duration {
	was := left((*mutes)[whom], now)
	if length == 0 {
		delete(*mutes, whom)
		return was
	}
	if *mutes == nil {
		*mutes = map[string]int64{}
	}
	(*mutes)[whom] = now.Add(length).UnixMilli()
	return length
}

// left is the time until an end in Unix milliseconds, never less than zero.
func left(end int64, now time.Time) time.Duration {
	return time.Duration(max(0, end-now.UnixMilli())) * time.Millisecond
}

// speaks returns why an account may not speak, or nil. It need not be in the room.
//
// The owner and managers speak in a muted room and under a muted tag; a
// manager's own temporary mute holds. ignoreMute passes over temporary mutes, of
// the account and of its tags. Errors: ErrClosed, ErrBlocked, ErrMuted,
// ErrRoomMuted.
func (r *Room) speaks(now time.Time, accid string, ignoreMute bool) error {
	m, known := r.find(accid)
	muted := func(tag string) bool { return !ignoreMute && r.TagMuteLeft(now, tag) > 0 }
	switch {
	case !r.Open:
		return ErrClosed
	case known && m.Blacklisted:
		return ErrBlocked
	case known && m.Muted, !ignoreMute && r.MuteLeft(now, accid) > 0:
		return ErrMuted
	case r.operates(accid):
		return nil
	case known && slices.ContainsFunc(m.Logins, func(l *Login) bool { return slices.ContainsFunc(l.Tags, muted) }):
		return ErrMuted
	case r.Muted:
		return ErrRoomMuted
	}
	return nil
}
