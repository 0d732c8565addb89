package state

import (
	"time"

	"github.com/nimroom/nimroom/internal/advice"
)

// MuteFor keeps an account from speaking for a while, whether it is in the
// room or not, and returns the length. Zero lifts the mute and returns what
// was left of it. Errors: ErrForbidden.
func (r *Room) MuteFor(now time.Time, operator, target string, length time.Duration, notice Notice) (time.Duration, error) {
	if err := r.actsOn(operator, target); err != nil {
		return 0, err
	}
	mute, left := setMute(&r.mutes, now, operator, target, length)
	r.changed(func(c *RoomChanges) { c.TempMutes = append(c.TempMutes, mute) })
	r.notify(notice, Event{Kind: MemberMuted, Time: now.UnixMilli(), Operator: operator, Target: target, Length: length})
	return left, nil
}

// MuteTagFor does the same to everyone with a tag. Errors: ErrForbidden.
func (r *Room) MuteTagFor(now time.Time, operator, tag string, length time.Duration, notice Notice) (time.Duration, error) {
	if !r.operates(operator) {
		return 0, r.onlyStaff(operator)
	}
	mute, left := setMute(&r.tagMutes, now, operator, tag, length)
	r.changed(func(c *RoomChanges) { c.TagMutes = append(c.TagMutes, mute) })
	r.notify(notice, Event{Kind: TagMuted, Time: now.UnixMilli(), Operator: operator, Tag: tag, Length: length})
	return left, nil
}

// MuteLeft is what is left of an account's own mute.
func (r *Room) MuteLeft(now time.Time, accid string) time.Duration {
	return left(r.mutes[accid].Ends, now)
}

// TagMuteLeft is what is left of a tag's mute.
func (r *Room) TagMuteLeft(now time.Time, tag string) time.Duration {
	return left(r.tagMutes[tag].Ends, now)
}

// setMute returns the mute, which has no end when it was lifted, and its length.
func setMute(mutes *map[string]MuteSnapshot, now time.Time, operator, whom string, length time.Duration) (MuteSnapshot, time.Duration) {
	was := left((*mutes)[whom].Ends, now)
	if length == 0 {
		delete(*mutes, whom)
		return MuteSnapshot{Whom: whom}, was
	}
	if *mutes == nil {
		*mutes = map[string]MuteSnapshot{}
	}
	mute := MuteSnapshot{Whom: whom, Ends: now.Add(length).UnixMilli(), By: operator}
	(*mutes)[whom] = mute
	return mute, length
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
	switch {
	case !r.Open:
		return r.Closed()
	case known && m.Blacklisted:
		return ErrBlocked
	case known && m.Muted:
		return advice.Because(ErrMuted, advice.SpeakerMuted, "speaker", accid)
	case !ignoreMute && r.MuteLeft(now, accid) > 0:
		return r.mutes[accid].until(accid)
	case r.operates(accid):
		return nil
	}
	if known && !ignoreMute {
		if mute := r.tagMute(now, m); mute.Ends > 0 {
			return mute.until(accid)
		}
	}
	if r.Muted {
		return advice.Because(ErrRoomMuted, advice.RoomMuted, "speaker", accid)
	}
	return nil
}

// tagMute returns the last to end of the mutes of a member's tags. Without one, Ends is 0.
func (r *Room) tagMute(now time.Time, m *Member) (last MuteSnapshot) {
	if len(r.tagMutes) == 0 {
		return last
	}
	for _, l := range m.Logins {
		for _, tag := range l.Tags {
			if is := r.tagMutes[tag]; is.Ends > last.Ends && left(is.Ends, now) > 0 {
				last = is
			}
		}
	}
	return last
}
