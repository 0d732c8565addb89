package control

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/engine"
	"github.com/nimroom/nimroom/emulator/internal/events"
	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/clip"
	"github.com/nimroom/nimroom/internal/web"
)

type accountFields struct {
	Accids []string `json:"accids"`
}

func (c *Control) postAccounts(_ *http.Request, ask accountFields) (any, error) {
	if len(ask.Accids) == 0 {
		return nil, web.BadRequest("accids is empty")
	}
	if i := slices.Index(ask.Accids, ""); i >= 0 {
		return nil, web.BadRequest("accids[%d] is empty", i)
	}
	if err := c.Engine.AddAccounts(ask.Accids...); err != nil {
		return nil, err
	}
	for i, accid := range ask.Accids {
		ask.Accids[i] = state.FoldAccid(accid)
	}
	return ask, nil
}

func (c *Control) postRoom(_ *http.Request, ask engine.PlaceOptions) (any, error) {
	ask.Creator = state.FoldAccid(ask.Creator)
	return ask, c.Engine.PlaceRoom(ask)
}

// maxRooms bounds a page of rooms.
const maxRooms = 100

// roomRow is a room in a list.
type roomRow struct {
	RoomID  gen.RoomID `json:"roomid"`
	Creator string     `json:"creator"`
	Name    string     `json:"name"`
	Open    bool       `json:"valid"`
	Online  int        `json:"onlineusercount"`
}

// getRooms lists rooms by id: ?after= is the last id of the page before.
func (c *Control) getRooms(r *http.Request) (any, error) {
	if err := checkParameters(r.URL.Query(), "after"); err != nil {
		return nil, err
	}
	after := gen.RoomID(0)
	if text := r.URL.Query().Get("after"); text != "" {
		var err error
		if after, err = gen.ParseRoomID(text); err != nil {
			return nil, web.BadRequest("after: %s, want a room id", clip.Text(text))
		}
	}
	rows := []roomRow{}
	err := c.Engine.Read(func(s *state.State, now time.Time) error {
		for _, room := range s.Rooms(now, int64(after), maxRooms) {
			rows = append(rows, roomRow{gen.RoomID(room.ID), room.Creator, room.Name, room.Open, room.CountOnline()})
		}
		return nil
	})
	return map[string]any{"rooms": rows}, err
}

func (c *Control) getRoom(_ *http.Request, id gen.RoomID) (view any, err error) {
	err = c.Engine.Read(func(s *state.State, now time.Time) error {
		room, err := s.Room(now, int64(id))
		if err == nil {
			view = c.ViewRoom(room, now)
		}
		return err
	})
	return view, err
}

type presence struct {
	RoomID gen.RoomID `json:"roomid"`
	Accid  string     `json:"accid"`
	Online bool       `json:"onlineStat"`
}

func (c *Control) postJoin(r *http.Request, id gen.RoomID) (any, error) {
	var ask engine.JoinOptions
	if err := web.ReadJSON(r, &ask); err != nil {
		return nil, err
	}
	return presence{id, state.FoldAccid(ask.Accid), true}, c.Engine.Join(id, ask)
}

func (c *Control) postLeave(r *http.Request, id gen.RoomID) (any, error) {
	var ask struct {
		Accid string `json:"accid"`
	}
	if err := web.ReadJSON(r, &ask); err != nil {
		return nil, err
	}
	if ask.Accid == "" {
		return nil, web.BadRequest("accid is empty")
	}
	return presence{id, state.FoldAccid(ask.Accid), false}, c.Engine.Leave(id, ask.Accid)
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
