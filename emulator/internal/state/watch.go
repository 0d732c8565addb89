package state

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// feedSize is how many events a feed keeps for readers that are slow.
	feedSize = 1024
	// feedRest is how long a feed goes on after its last reader, which may come
	// back.
	feedRest = time.Minute
)

// Emitted is an event that is out. It is encoded once, however many read it.
type Emitted struct {
	Event
	encoding sync.Once
	text     []byte
}

// Text returns what encode makes of the event. Nobody changes it.
func (e *Emitted) Text(encode func(e *Event) []byte) []byte {
	e.encoding.Do(func() { e.text = encode(&e.Event) })
	return e.text
}

// watch is a room's events, from its first watcher on.
type watch struct {
	last  int64            // the latest event's id
	feeds map[string]*feed // by account, "" for one that gets everything
}

// feed keeps the latest events that an account receives. Readers hold a place
// in it, so that an event is kept once, however many read it, and nobody waits
// for a slow one. It has a lock of its own: its readers do not hold up the
// state, nor each other.
type feed struct {
	rested atomic.Int64 // Unix milliseconds since which nobody reads, 0 while somebody does

	mu      sync.RWMutex
	kept    []*Emitted
	added   int64 // all there ever were
	gone    int64 // id up to which events are no longer kept
	readers int
	ended   bool
	wake    chan struct{} // closed by the next event; nil while nobody waits
}

// spread adds an event to the feeds that it reaches.
func (s *watch) spread(r *Room, e Event) {
	s.last++
	if len(s.feeds) == 0 {
		return
	}
	out := &Emitted{Event: e}
	out.ID = s.last
	for accid, f := range s.feeds {
		switch rested := f.rested.Load(); {
		case rested != 0 && e.Time-rested > feedRest.Milliseconds():
			delete(s.feeds, accid)
		case accid == "" || r.reaches(&out.Event, accid):
			f.add(out)
		}
	}
}

func (f *feed) add(e *Emitted) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.kept) == feedSize {
		f.gone = f.kept[0].ID
		f.kept = f.kept[1:]
	}
	f.kept = append(f.kept, e)
	f.added++
	f.rouse()
}

// rouse needs the lock.
func (f *feed) rouse() {
	if f.wake != nil {
		close(f.wake)
		f.wake = nil
	}
}

func (f *feed) end() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ended = true
	f.rouse()
}

// enter and leave count the readers.
func (f *feed) enter() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.readers++
	f.rested.Store(0)
}

func (f *feed) leave(now time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.readers--; f.readers == 0 {
		f.rested.Store(now.UnixMilli())
	}
}

// first is how many events came before those that are kept. It needs the lock.
func (f *feed) first() int64 { return f.added - int64(len(f.kept)) }

// from returns up to most of the kept events from the one on that has at before
// it, and how many came before those that are kept.
func (f *feed) from(at int64, most int) (events []*Emitted, first int64) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	first = f.first()
	events = f.kept[max(at, first)-first:]
	return slices.Clone(events[:min(most, len(events))]), first
}

// ready is closed.
var ready = func() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()

// next returns a channel that is closed when there are more events than at, or
// at the end; nil when nothing can come any more.
func (f *feed) next(at int64) <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.added > at:
		return ready
	case f.ended:
		return nil
	case f.wake == nil:
		f.wake = make(chan struct{})
	}
	return f.wake
}

// Reader reads the events of a room, as an account receives them or all. Its
// methods may be called by several goroutines, except for Settle.
type Reader struct {
	room *Room
	feed *feed

	mu     sync.Mutex
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
	f.enter()
	return r.read(f, since), nil
}

// read makes a reader that stands behind the event since. An id beyond the
// last one is from before a restart: all that is kept came after it.
func (r *Room) read(f *feed, since int64) *Reader {
	f.mu.RLock()
	defer f.mu.RUnlock()
	first := f.first()
	switch {
	case since < 0:
		return &Reader{room: r, feed: f, at: f.added}
	case since > r.watch.last:
		return &Reader{room: r, feed: f, at: first}
	}
	read := slices.IndexFunc(f.kept, func(e *Emitted) bool { return e.ID > since })
	if read < 0 {
		read = len(f.kept)
	}
	return &Reader{room: r, feed: f, at: first + int64(read), lost: max(0, f.gone-since)}
}

// Settle takes out of the room what has ended by now, so that its watchers
// receive the events.
func (r *Reader) Settle(now time.Time) { r.room.settle(now) }

// Take returns up to most events that have come and were not read yet. If there
// are none, it returns a channel that is closed by the next event or the end,
// and nil when nothing can come any more.
func (r *Reader) Take(most int) (events []*Emitted, wake <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, nil
	}
	events, first := r.feed.from(r.at, most)
	if first > r.at {
		r.lost, r.at = r.lost+first-r.at, first
	}
	r.at += int64(len(events))
	if len(events) == 0 {
		wake = r.feed.next(r.at)
	}
	return events, wake
}

// Lost returns how many events have been lost so far, because the reader was
// too slow.
func (r *Reader) Lost() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return r.lost
	}
	_, first := r.feed.from(r.at, 0)
	return r.lost + max(0, first-r.at)
}

// Close ends the reading. It is called once.
func (r *Reader) Close(now time.Time) {
	lost := r.Lost()
	r.mu.Lock()
	r.lost, r.closed = lost, true
	r.mu.Unlock()
	r.feed.leave(now)
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
			f.end()
		}
	}
}

// CountWatchers counts the readers of the events of a room.
func (s *State) CountWatchers(roomID int64) int {
	count := 0
	if r, ok := s.rooms[roomID]; ok && r.watch != nil {
		for _, f := range r.watch.feeds {
			f.mu.RLock()
			count += f.readers
			f.mu.RUnlock()
		}
	}
	return count
}
