package callbacks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/engine"
	"github.com/nimroom/nimroom/emulator/internal/faults"
	"github.com/nimroom/nimroom/emulator/internal/rules"
	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/clip"
	"github.com/nimroom/nimroom/sign"
)

const (
	// responseTime is how long the service waits for a response.
	responseTime = 5 * time.Second
	// A callback without status 200 is sent again after firstPause, then after
	// twice as long each time, up to longestPause, until it is as old as lifetime.
	firstPause   = time.Second
	longestPause = 5 * time.Minute
	lifetime     = 24 * time.Hour
	// workers bounds how many callbacks are sent at once, questions aside: a handler
	// that lets a client in waits for one.
	workers = 16
)

// Courier delivers the callbacks of a state: those of a room one after the other,
// each until it is received.
type Courier struct {
	engine  *engine.Engine
	faults  *faults.Set
	app     sign.Credentials
	encoder encoder
	log     log

	ctx   context.Context //nolint:containedctx // that of all deliveries, which Close ends
	stop  context.CancelFunc
	group sync.WaitGroup
	slots chan struct{}
	kept  chan struct{} // holds an element if there may be new copies

	mu      sync.Mutex
	targets map[string]*Target // by the name of the environment
	lanes   map[int64][]*state.Copy
	last    int64         // the latest copy that is in a lane, or was
	state   *state.State  // whose copies these are
	moved   chan struct{} // closed when the clock was set or the state replaced
	arrived chan struct{} // closed by new copies
	idle    chan struct{} // closed when no lane is left; nil while nobody waits
}

// New returns a courier that delivers nothing until it has a target.
func New(e *engine.Engine, f *faults.Set, app sign.Credentials, everyone bool) *Courier {
	c := &Courier{
		engine: e, faults: f, app: app, encoder: encoder{everyone}, slots: make(chan struct{}, workers), kept: make(chan struct{}, 1),
		targets: map[string]*Target{}, lanes: map[int64][]*state.Copy{}, moved: make(chan struct{}), arrived: make(chan struct{}),
	}
	c.ctx, c.stop = context.WithCancel(context.Background())
	return c
}

// Deliver sends callbacks to a target from now on: those of an environment, or
// all that have no target of their own where env is empty.
func (c *Courier) Deliver(env string, to *Target) {
	c.mu.Lock()
	first := len(c.targets) == 0
	c.targets[env] = to
	c.mu.Unlock()
	if !first {
		return
	}
	c.engine.SetCallbacks(c.keep, c.ask)
	c.group.Go(c.run)
	c.wake() // what a directory has kept
}

// Close ends all deliveries. What was not received stays in the state.
func (c *Courier) Close() {
	c.stop()
	c.group.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, to := range c.targets {
		to.close()
	}
}

// Moved makes the courier look at the clock and at the state, which may be others.
func (c *Courier) Moved() {
	c.mu.Lock()
	defer c.mu.Unlock()
	close(c.moved)
	c.moved = make(chan struct{})
	c.wake()
}

// keep writes the callback about a happening. It is called with the engine's lock.
func (c *Courier) keep(h *state.Happening) []byte {
	text := c.encoder.encode(h)
	if text != nil {
		c.wake()
	}
	return text
}

func (c *Courier) wake() {
	select {
	case c.kept <- struct{}{}:
	default:
	}
}

// run puts new copies into the lanes of their rooms.
func (c *Courier) run() {
	for {
		select {
		case <-c.ctx.Done():
			return
		case <-c.kept:
		}
		c.collect()
	}
}

// collect reads the copies that are kept for certain.
func (c *Courier) collect() {
	_ = c.engine.Read(func(s *state.State, _ time.Time) error {
		c.mu.Lock()
		defer c.mu.Unlock()
		if s != c.state {
			c.state, c.last = s, 0
		}
		for _, one := range s.Copies(c.last) {
			c.last = one.ID
			if _, busy := c.lanes[one.RoomID]; !busy {
				c.group.Go(func() { c.lane(one.RoomID) })
			}
			c.lanes[one.RoomID] = append(c.lanes[one.RoomID], one)
		}
		close(c.arrived)
		c.arrived = make(chan struct{})
		return nil
	})
}

// lane delivers the callbacks of a room until there are none.
func (c *Courier) lane(room int64) {
	for c.ctx.Err() == nil {
		one := c.head(room)
		if one == nil {
			return
		}
		c.deliver(one)
	}
}

// head returns the first callback of a room, and ends the lane if there is none.
func (c *Courier) head(room int64) *state.Copy {
	c.mu.Lock()
	defer c.mu.Unlock()
	if list := c.lanes[room]; len(list) > 0 {
		return list[0]
	}
	delete(c.lanes, room)
	if len(c.lanes) == 0 && c.idle != nil {
		close(c.idle)
		c.idle = nil
	}
	return nil
}

// deliver delivers the first callback of a room, with the fault that applies to it.
func (c *Courier) deliver(one *state.Copy) {
	about := read(one.Body)
	fault := c.faults.NextCallback(about.Type())
	switch {
	case is(fault, faults.Delay):
		if !c.until(c.engine.Now().Add(fault.Delay), one) {
			return
		}
	case is(fault, faults.Disorder):
		if !c.swap(one) {
			return
		}
		next := c.head(one.RoomID)
		c.send(next, read(next.Body), nil)
	}
	c.send(one, about, fault)
}

// is reports whether there is a fault of a kind.
func is(f *faults.Fault, k faults.Kind) bool { return f != nil && f.Kind == k }

// send sends the first callback of a room until it is received, and takes it out of its lane.
func (c *Courier) send(one *state.Copy, about gen.Callback, fault *faults.Fault) {
	for attempt, pause := 1, firstPause; c.pending(one); attempt, pause = attempt+1, min(2*pause, longestPause) {
		d := Delivery{ID: one.ID, Type: about.Type(), RoomID: one.RoomID, Env: one.Env, Attempt: attempt, Body: one.Body}
		c.slots <- struct{}{}
		c.post(&d, fault)
		received := d.Status == http.StatusOK
		if received && is(fault, faults.Double) {
			again := d
			c.post(&again, fault)
		}
		<-c.slots
		if received || is(fault, faults.Loss) || c.engine.Now().Sub(about.Time()) >= lifetime {
			break
		}
		fault = nil
		if !c.until(c.engine.Now().Add(pause), one) {
			return
		}
	}
	c.done(one)
}

// pending reports whether the state, which may be another by now, still has a copy.
func (c *Courier) pending(one *state.Copy) (has bool) {
	c.engine.Look(func(s *state.State, _ time.Time) { has = s.HasCopy(one) })
	return has && c.ctx.Err() == nil
}

// done forgets the first callback of a room. If the state cannot be kept, it is delivered once more
// after a restart.
func (c *Courier) done(one *state.Copy) {
	_ = c.engine.Received(one)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lanes[one.RoomID] = c.lanes[one.RoomID][1:]
}

// swap puts a callback behind the next one of its room, for which it waits.
func (c *Courier) swap(one *state.Copy) bool {
	for {
		c.mu.Lock()
		list, moved, arrived := c.lanes[one.RoomID], c.moved, c.arrived
		if len(list) > 1 {
			list[0], list[1] = list[1], list[0]
			c.mu.Unlock()
			return true
		}
		c.mu.Unlock()
		select {
		case <-c.ctx.Done():
			return false
		case <-arrived:
		case <-moved:
			if !c.pending(one) {
				c.done(one)
				return false
			}
		}
	}
}

// until waits for a time of the clock, which may stand still, or until a copy is not
// pending any more. It returns false if the courier ends.
func (c *Courier) until(due time.Time, one *state.Copy) bool {
	for {
		c.mu.Lock()
		moved := c.moved
		c.mu.Unlock()
		now := c.engine.Now()
		if !now.Before(due) {
			return c.ctx.Err() == nil
		}
		timer := time.NewTimer(due.Sub(now))
		select {
		case <-c.ctx.Done():
			timer.Stop()
			return false
		case <-timer.C:
			if !c.engine.Now().Equal(now) {
				continue
			}
			select { // the clock stands still
			case <-c.ctx.Done():
				return false
			case <-moved:
			}
		case <-moved:
			timer.Stop()
		}
		if one != nil && !c.pending(one) {
			return c.ctx.Err() == nil
		}
	}
}

// post sends a callback once, and notes what became of it.
func (c *Courier) post(d *Delivery, fault *faults.Fault) (response []byte) {
	c.mu.Lock()
	to, ok := c.targets[d.Env]
	if !ok {
		to, ok = c.targets[""]
	}
	c.mu.Unlock()
	d.At, d.Error = c.engine.Now(), ""
	if fault != nil {
		d.Fault = fault.String()
	}
	defer func() { c.log.add(*d) }()
	switch {
	case is(fault, faults.Loss):
		d.Attempt = 0
		return nil
	case !ok:
		d.Error = "no address for this environment"
		return nil
	}
	header := http.Header{"Content-Type": {"application/json; charset=utf-8"}}
	_ = c.app.SignCallback(header, d.Body, d.At) // the app has credentials
	if is(fault, faults.Signature) {
		header.Set(sign.HeaderCheckSum, strings.Repeat("0", len(header.Get(sign.HeaderCheckSum))))
	}
	ctx, cancel := context.WithTimeout(c.ctx, responseTime)
	defer cancel()
	status, response, err := to.post(ctx, header, d.Body)
	d.URL, d.Status, d.Response = to.url, status, clip.Text(string(response))
	if err != nil {
		d.Status, d.Error = 0, clip.Text(err.Error())
	}
	return response
}

// ask asks the app before a login. Without a response the client may log in.
func (c *Courier) ask(id gen.RoomID, as engine.JoinOptions) error {
	fault := c.faults.NextCallback(gen.CallbackTypeLogin)
	if is(fault, faults.Delay) && !c.until(c.engine.Now().Add(fault.Delay), nil) {
		return nil
	}
	d := Delivery{Type: gen.CallbackTypeLogin, RoomID: int64(id), Attempt: 1, Body: body(login(id, as, c.engine.Now()))}
	response := c.post(&d, fault)
	var decision gen.LoginDecision
	if d.Status == http.StatusOK {
		_ = json.Unmarshal(response, &decision) // what is no decision refuses nothing
	}
	if decision.ErrCode == 0 {
		return nil
	}
	code := decision.ResponseCode
	if code == 0 || code == gen.CodeOK {
		code = gen.CodeForbidden
	}
	return rules.Error(code, "the app refused the login")
}

// Wait waits until every callback is received, or ctx ends.
func (c *Courier) Wait(ctx context.Context) error {
	c.collect() //nolint:contextcheck // deliveries do not end with the one who waits for them
	c.mu.Lock()
	if len(c.lanes) == 0 {
		c.mu.Unlock()
		return nil
	}
	if c.idle == nil {
		c.idle = make(chan struct{})
	}
	idle := c.idle
	c.mu.Unlock()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return c.unreceived(ctx.Err())
	case <-c.ctx.Done():
		return errors.New("the server is closed")
	}
}

// unreceived adds to an error what is still to be received, and why.
func (c *Courier) unreceived(err error) error {
	for _, d := range slices.Backward(c.Deliveries()) {
		if d.ID != 0 && d.Attempt != 0 && d.Status != http.StatusOK {
			err = fmt.Errorf("the latest attempt was %v: status %d, %s: %w", d.Type, d.Status, strings.TrimSpace(d.Response+d.Error), err)
			break
		}
	}
	return fmt.Errorf("callbacks that were not received: %d; %w", c.Pending(), err)
}

// Pending counts the callbacks that were not received.
func (c *Courier) Pending() (n int) {
	c.engine.Look(func(s *state.State, _ time.Time) { n = len(s.Copies(0)) })
	return n
}

// read returns a callback that this package wrote.
func read(text []byte) gen.Callback {
	c, err := gen.DecodeCallback(text)
	if err != nil { // a snapshot may have any text
		return new(gen.UnknownCallback)
	}
	return c
}
