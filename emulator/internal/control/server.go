package control

import (
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/callbacks"
	"github.com/nimroom/nimroom/emulator/internal/engine"
	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/clip"
	"github.com/nimroom/nimroom/internal/web"
)

type health struct {
	Status     string    `json:"status"`
	Now        time.Time `json:"now"`
	Operations int       `json:"operations"`
	Rooms      int       `json:"rooms"`
}

func (c *Control) getHealth(request[none, none]) (h health, err error) {
	if err := c.Engine.Err(); err != nil {
		return h, &web.Error{Status: http.StatusServiceUnavailable, Text: err.Error()}
	}
	return health{"ok", c.Engine.Now(), len(gen.Operations), c.countRooms()}, nil
}

func (c *Control) countRooms() (n int) {
	c.Engine.Look(func(s *state.State, _ time.Time) { n = s.CountRooms() })
	return n
}

type clock struct {
	Now time.Time `json:"now"`
}

func (c *Control) postReset(r request[none, none]) (clock, error) {
	if err := c.Engine.Reset(); err != nil {
		return clock{}, err
	}
	return c.getClock(r)
}

func (c *Control) getClock(request[none, none]) (clock, error) { return clock{c.Engine.Now()}, nil }

type clockFields struct {
	Advance string `json:"advance" required:"a duration such as 24h" doc:"By how much, such as 24h or 1h30m."`
}

func (c *Control) postClock(r request[none, clockFields]) (at clock, err error) {
	d, err := time.ParseDuration(r.Body.Advance)
	if err != nil {
		return at, web.BadRequest("advance: %q, want a duration such as 24h or 1h30m", clip.Text(r.Body.Advance))
	}
	var own *gen.APIError
	if err := c.Engine.Advance(d); errors.As(err, &own) {
		return at, err
	} else if err != nil {
		return at, web.BadRequest("advance: %v", err)
	}
	return clock{c.Engine.Now()}, nil
}

// features says by name which features are on.
type features map[gen.Feature]bool

func (c *Control) getFeatures(request[none, none]) (features, error) {
	return c.API.Features.All(), nil
}

func (c *Control) postFeatures(r request[none, features]) (features, error) {
	if err := c.API.Features.Set(r.Body); err != nil {
		return nil, web.BadRequest("%v", err)
	}
	return c.API.Features.All(), nil
}

// deliveries is what became of callbacks, oldest first.
type deliveries struct {
	Pending    int                  `json:"pending" doc:"How many callbacks were not received yet."`
	Deliveries []callbacks.Delivery `json:"deliveries"`
}

func (c *Control) getCallbacks(request[none, none]) (deliveries, error) {
	return deliveries{c.Courier.Pending(), append([]callbacks.Delivery{}, c.Courier.Deliveries()...)}, nil
}

func (c *Control) deleteCallbacks(r request[none, none]) (deliveries, error) {
	c.Courier.ClearLog()
	return c.getCallbacks(r)
}

// snapshot is the text of a state, which is sent as it is.
type snapshot []byte

func (s snapshot) respond(w http.ResponseWriter, _ *http.Request) { web.WriteJSON(w, http.StatusOK, s) }

func (snapshot) content() (string, reflect.Type) {
	return "application/json", reflect.TypeFor[json.RawMessage]()
}

func (c *Control) getState(request[none, none]) (snapshot, error) { return c.Engine.Snapshot() }

// restored is the state after a snapshot was put in its place.
type restored struct {
	Now   time.Time `json:"now"`
	Rooms int       `json:"rooms"`
}

func (c *Control) putState(r request[none, raw]) (done restored, err error) {
	var bad *engine.BadSnapshotError
	if err := c.Engine.Restore(r.Body); errors.As(err, &bad) {
		return done, web.BadRequest("%v", err)
	} else if err != nil {
		return done, err
	}
	return restored{c.Engine.Now(), c.countRooms()}, nil
}
