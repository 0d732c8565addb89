package state

import (
	"slices"
	"time"
)

// FirstRooms lists the rooms among the first n that were created. Rooms of a
// restored state that have other ids are not among them.
func (s *State) FirstRooms(n int) []*Room {
	var list []*Room
	for id := int64(firstRoomID); id < min(s.nextRoomID, firstRoomID+int64(n)); id++ {
		if r, ok := s.rooms[id]; ok {
			list = append(list, r)
		}
	}
	return list
}

// Members lists the fixed members and then the visitors, the latest to enter
// first in each.
func (r *Room) Members() []*Member {
	list := r.fixed.page(0, len(r.fixed), nil)
	return append(list, r.visitors.page(0, len(r.visitors), nil)...)
}

// Mutes gives what is left of each temporary mute, by account.
func (r *Room) Mutes(now time.Time) map[string]time.Duration { return running(r.mutes, now) }

// TagMutes gives what is left of each tag's mute.
func (r *Room) TagMutes(now time.Time) map[string]time.Duration { return running(r.tagMutes, now) }

// History lists the stored messages, oldest first.
func (r *Room) History() []*Message { return slices.Clone(r.history) }

func running(mutes map[string]int64, now time.Time) map[string]time.Duration {
	list := map[string]time.Duration{}
	for whom, end := range mutes {
		if d := left(end, now); d > 0 {
			list[whom] = d
		}
	}
	return list
}
