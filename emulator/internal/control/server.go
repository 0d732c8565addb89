package control

import (
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/api"
	"github.com/nimroom/nimroom/emulator/internal/callbacks"
	"github.com/nimroom/nimroom/emulator/internal/engine"
	"github.com/nimroom/nimroom/emulator/internal/rules"
	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/clip"
	"github.com/nimroom/nimroom/internal/web"
)

func (c *Control) getHealth(*http.Request) (any, error) {
	if err := c.Engine.Err(); err != nil {
		return nil, &web.Error{Status: http.StatusServiceUnavailable, Text: err.Error()}
	}
	return map[string]any{"status": "ok", "now": c.Engine.Now(), "operations": len(gen.Operations), "rooms": c.countRooms()}, nil
}

func (c *Control) countRooms() (n int) {
	c.Engine.Look(func(s *state.State, _ time.Time) { n = s.CountRooms() })
	return n
}

func (c *Control) postReset(r *http.Request) (any, error) {
	if err := c.Engine.Reset(); err != nil {
		return nil, err
	}
	return c.getClock(r)
}

func (c *Control) getClock(*http.Request) (any, error) {
	return map[string]any{"now": c.Engine.Now()}, nil
}

type clockFields struct {
	Advance string `json:"advance"`
}

func (c *Control) postClock(r *http.Request, ask clockFields) (any, error) {
	d, err := time.ParseDuration(ask.Advance)
	if err != nil {
		return nil, web.BadRequest("advance: %q, want a duration such as 24h or 1h30m", clip.Text(ask.Advance))
	}
	var own *gen.APIError
	if err := c.Engine.Advance(d); errors.As(err, &own) {
		return nil, err
	} else if err != nil {
		return nil, web.BadRequest("advance: %v", err)
	}
	return c.getClock(r)
}

func (c *Control) getFeatures(*http.Request) (any, error) { return c.API.Features.All(), nil }

func (c *Control) postFeatures(r *http.Request, ask map[gen.Feature]bool) (any, error) {
	if err := c.API.Features.Set(ask); err != nil {
		return nil, web.BadRequest("%v", err)
	}
	return c.getFeatures(r)
}

func (c *Control) deleteRequests(r *http.Request) (any, error) {
	for name := range r.URL.Query() {
		return nil, web.BadRequest("%s: DELETE takes no parameters and forgets all requests", clip.Text(name))
	}
	c.API.Log.Clear()
	return c.getRequests(r)
}

func (c *Control) getRequests(r *http.Request) (any, error) {
	query, err := requestQuery(r.URL.Query())
	return map[string]any{"requests": c.API.Log.Latest(query)}, err
}

// checkParameters returns an error for a parameter that is not known, or is sent twice.
func checkParameters(sent url.Values, known ...string) error {
	for _, name := range slices.Sorted(maps.Keys(sent)) {
		switch {
		case !slices.Contains(known, name):
			return web.BadRequest("%s: no such parameter, want %s", clip.Text(name), strings.Join(known, " or "))
		case len(sent[name]) > 1:
			return web.BadRequest("%s: sent twice", name)
		}
	}
	return nil
}

// requestQuery reads which requests of the log to list.
func requestQuery(sent url.Values) (q api.Query, err error) {
	if err := checkParameters(sent, "operation", "room", "code", "limit"); err != nil {
		return q, err
	}
	for _, name := range slices.Sorted(maps.Keys(sent)) {
		text := sent.Get(name)
		wrong := func(want string) error { return web.BadRequest("%s: %s, want %s", name, clip.OrNone(text), want) }
		switch number, failed := strconv.Atoi(text); {
		case name == "operation":
			if q.Operation = text; !rules.Known(text) {
				return q, wrong("an action such as sendMsg, or an operationId such as sendMessage")
			}
		case name == "room":
			if q.Room, err = gen.ParseRoomID(text); err != nil {
				return q, wrong("a room id")
			}
		case failed != nil || number <= 0:
			return q, wrong("a number from 1")
		case name == "code":
			q.Code = number
		default:
			q.Limit = number
		}
	}
	return q, nil
}

func (c *Control) getCallbacks(*http.Request) (any, error) {
	return map[string]any{"pending": c.Courier.Pending(), "deliveries": append([]callbacks.Delivery{}, c.Courier.Deliveries()...)}, nil
}

func (c *Control) deleteCallbacks(r *http.Request) (any, error) {
	c.Courier.ClearLog()
	return c.getCallbacks(r)
}

// maxState bounds a snapshot that is sent to the control plane.
const maxState = 256 << 20

// serveState gives and takes snapshots as they are.
func (c *Control) serveState(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		methods{http.MethodGet: nil, http.MethodPut: c.putState}.serve(w, r)
		return
	}
	text, err := c.Engine.Snapshot()
	if err != nil {
		web.WriteError(w, err)
		return
	}
	web.WriteJSON(w, http.StatusOK, text)
}

func (c *Control) putState(r *http.Request) (any, error) {
	text, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxState))
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return nil, web.TooLarge(large)
	}
	if err != nil {
		return nil, web.BadRequest("body: %v", err)
	}
	var bad *engine.BadSnapshotError
	if err := c.Engine.Restore(text); errors.As(err, &bad) {
		return nil, web.BadRequest("%v", err)
	} else if err != nil {
		return nil, err
	}
	return map[string]any{"now": c.Engine.Now(), "rooms": c.countRooms()}, nil
}
