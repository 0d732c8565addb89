package control

import (
	"net/http"
	"strconv"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/clip"
	"github.com/nimroom/nimroom/emulator/internal/engine"
	"github.com/nimroom/nimroom/emulator/internal/events"
	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/emulator/internal/web"
	"github.com/nimroom/nimroom/gen"
)

func (c *Control) postAccounts(r *http.Request) (any, error) {
	var ask struct {
		Accids []string `json:"accids"`
	}
	if err := web.ReadJSON(r, &ask); err != nil {
		return nil, err
	}
	if len(ask.Accids) == 0 {
		return nil, web.BadRequest("accids is empty")
	}
	for i, accid := range ask.Accids {
		if accid == "" {
			return nil, web.BadRequest("accids[%d] is empty", i)
		}
	}
	if err := c.Engine.AddAccounts(ask.Accids...); err != nil {
		return nil, err
	}
	return map[string]any{"accids": ask.Accids}, nil
}

func (c *Control) getRoom(r *http.Request) (view any, err error) {
	id, err := roomID(r)
	if err != nil {
		return nil, err
	}
	err = c.Engine.Read(func(s *state.State, now time.Time) error {
		room, err := s.Room(now, int64(id))
		if err == nil {
			view = c.ViewRoom(room, now)
		}
		return err
	})
	return view, err
}

func (c *Control) postJoin(r *http.Request) (any, error) {
	var ask engine.JoinOptions
	id, err := roomID(r)
	if err != nil {
		return nil, err
	}
	if err := web.ReadJSON(r, &ask); err != nil {
		return nil, err
	}
	if err := c.Engine.Join(id, ask); err != nil {
		return nil, err
	}
	return presence{id, ask.Accid, true}, nil
}

type presence struct {
	RoomID gen.RoomID `json:"roomid"`
	Accid  string     `json:"accid"`
	Online bool       `json:"onlineStat"`
}

func (c *Control) postLeave(r *http.Request) (any, error) {
	var ask struct {
		Accid string `json:"accid"`
	}
	id, err := roomID(r)
	if err != nil {
		return nil, err
	}
	if err := web.ReadJSON(r, &ask); err != nil {
		return nil, err
	}
	if ask.Accid == "" {
		return nil, web.BadRequest("accid is empty")
	}
	if err := c.Engine.Leave(id, ask.Accid); err != nil {
		return nil, err
	}
	return presence{id, ask.Accid, false}, nil
}

// serveEvents streams the events of a room.
func (c *Control) serveEvents(w http.ResponseWriter, r *http.Request) {
	if !web.AllowRead(w, r) {
		return
	}
	stream, err := c.openEvents(r)
	if err != nil {
		web.WriteError(w, err)
		return
	}
	defer stream.Close()
	events.Serve(w, r, stream, c.ViewEvent)
}

// openEvents reads a request: ?accid= is the account that receives, ?since= or
// the header Last-Event-ID the id of the last event that the client has.
func (c *Control) openEvents(r *http.Request) (*events.Stream, error) {
	id, err := roomID(r)
	if err != nil {
		return nil, err
	}
	since := int64(-1)
	name, text := "Last-Event-ID", r.Header.Get("Last-Event-ID")
	if text == "" {
		name, text = "since", r.URL.Query().Get("since")
	}
	if text != "" {
		if since, err = strconv.ParseInt(text, 10, 64); err != nil || since < 0 {
			return nil, web.BadRequest("%s: %s, want the id of an event, or 0", name, clip.Text(text))
		}
	}
	stream, err := events.Open(c.Engine, id, r.URL.Query().Get("accid"), since)
	return stream, err
}
