package state

import (
	"slices"
	"time"
)

const (
	// feedSize is how many events a feed keeps for readers that are slow.
	feedSize = 1024
	// feedRest is how long a feed goes on after its last reader, which may come
	// back.
	feedRest = time.Minute
)

// watch is a room's events, from its first watcher on.
type watch struct {
	last  int64            // the latest event's id
	feeds map[string]*feed // by account, "" for one that gets everything
}

// feed keeps the latest events that an account receives. Readers hold a place
// in it, so that an event is kept once, however many read it, and nobody waits
// for a slow one.
type feed struct {
	kept    []*Event
	added   int64 // all there ever were
	gone    int64 // id up to which events are no longer kept
	readers int
	rested  int64 // Unix milliseconds since which nobody reads
	ended   bool
	wake    chan struct{} // closed by the next event
}

// spread adds an event to the feeds that it reaches.
func (s *watch) spread(r *Room, e Event) {
	s.last++
	if len(s.feeds) == 0 {
		return
	}
	out := e
	out.ID = s.last
	for accid, f := range s.feeds {
		switch {
		case f.readers == 0 && e.Time-f.rested > feedRest.Milliseconds():
			delete(s.feeds, accid)
		case accid == "" || r.reaches(&out, accid):
			f.add(&out)
		}
	}
}

func (f *feed) add(e *Event) {
	if len(f.kept) == feedSize {
		f.gone = f.kept[0].ID
		f.kept = f.kept[1:]
	}
	f.kept = append(f.kept, e)
	f.added++
	f.rouse()
}

func (f *feed) rouse() {
	if f.wake != nil {
		close(f.wake)
		f.wake = nil
	}
}

// first is how many events came before those that are kept.
func (f *feed) first() int64 { return f.added - int64(len(f.kept)) }

// Reader reads the events of a room, as an account receives them or all.
type Reader struct {
	room   *Room
	feed   *feed
	at     int64 // how many of the feed's events are read
	lost   int64
	closed bool
}

// Watch begins to read the events of a room: as an account receives them, or
// all where accid is empty. It gives those to come, and before them those
// after the id since that are still kept; a negative since asks for none.
// Errors: ErrNoRoom.
func (s *State) Watch(now time.Time, roomID int64, accid string, since int64) (*Reader, error) {
	r, err := s.Room(now, roomID)
	if err != nil {
		return nil, err
	}
	if r.watch == nil {
		r.watch = &watch{feeds: map[string]*feed{}}
		s.watched = append(s.watched, r)
	}
	accid = FoldAccid(accid)
	f, ok := r.watch.feeds[accid]
	if !ok {
		f = &feed{gone: r.watch.last}
		r.watch.feeds[accid] = f
	}
	f.readers++
	return r.read(f, since), nil
}

// read makes a reader that stands behind the event since. An id beyond the
// last one is from before a restart: all that is kept came after it.
func (r *Room) read(f *feed, since int64) *Reader {
	first := f.first()
	switch {
	case since < 0:
		return &Reader{room: r, feed: f, at: f.added}
	case since > r.watch.last:
		return &Reader{room: r, feed: f, at: first}
	}
	read := slices.IndexFunc(f.kept, func(e *Event) bool { return e.ID > since })
	if read < 0 {
		read = len(f.kept)
	}
	return &Reader{room: r, feed: f, at: first + int64(read), lost: max(0, f.gone-since)}
}

// Take returns up to most events that have come and were not read yet.
func (r *Reader) Take(now time.Time, most int) []*Event {
	if r.closed {
		return nil
	}
	r.room.settle(now)
	first := r.feed.first()
	r.lost, r.at = r.Lost(), max(r.at, first)
	events := r.feed.kept[r.at-first:]
	events = slices.Clone(events[:min(most, len(events))])
	r.at += int64(len(events))
	return events
}

// Lost returns how many events have been lost so far, because the reader was
// too slow.
func (r *Reader) Lost() int64 {
	if r.closed {
		return r.lost
	}
	return r.lost + max(0, r.feed.first()-r.at)
}

// Wake returns a channel that is closed by the next event, or the end; nil when
// nothing can come any more. Events that Take has not taken yet do not close it.
func (r *Reader) Wake() <-chan struct{} {
	if r.closed || r.feed.ended {
		return nil
	}
	if r.feed.wake == nil {
		r.feed.wake = make(chan struct{})
	}
	return r.feed.wake
}

// Close ends the reading. It is called once.
func (r *Reader) Close(now time.Time) {
	r.lost, r.closed = r.Lost(), true
	r.feed.readers--
	r.feed.rested = now.UnixMilli()
}

// SettleWatched takes out of the watched rooms what has ended by now, so that
// their watchers receive the events.
func (s *State) SettleWatched(now time.Time) {
	for _, r := range s.watched {
		r.settle(now)
	}
}

// EndWatches ends all reading, for good.
func (s *State) EndWatches() {
	for _, r := range s.watched {
		for _, f := range r.watch.feeds {
			f.ended = true
			f.rouse()
		}
	}
}

// CountWatchers counts the readers of the events of a room.
func (s *State) CountWatchers(roomID int64) int {
	count := 0
	if r, ok := s.rooms[roomID]; ok && r.watch != nil {
		for _, f := range r.watch.feeds {
			count += f.readers
		}
	}
	return count
}
