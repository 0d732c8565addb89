package control

import (
	"slices"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/engine"
	"github.com/nimroom/nimroom/emulator/internal/events"
	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/web"
)

type accountFields struct {
	Accids []string `json:"accids" required:"a list of accounts" doc:"The accounts, each of up to 32 letters, digits and _ @ . -."`
}

func (c *Control) postAccounts(r request[none, accountFields]) (accountFields, error) {
	ask := r.Body
	if i := slices.Index(ask.Accids, ""); i >= 0 {
		return ask, web.BadRequest("accids[%d] is empty", i)
	}
	if err := c.Engine.AddAccounts(ask.Accids...); err != nil {
		return ask, err
	}
	for i, accid := range ask.Accids {
		ask.Accids[i] = state.FoldAccid(accid)
	}
	return ask, nil
}

func (c *Control) postRoom(r request[none, engine.PlaceOptions]) (engine.PlaceOptions, error) {
	r.Body.Creator = state.FoldAccid(r.Body.Creator)
	return r.Body, c.Engine.PlaceRoom(r.Body)
}

// maxRooms bounds a page of rooms.
const maxRooms = 100

// roomRow is a room in a list.
type roomRow struct {
	RoomID  gen.RoomID `json:"roomid"`
	Creator string     `json:"creator"`
	Name    string     `json:"name"`
	Open    bool       `json:"valid" doc:"Whether the room is open."`
	Online  int        `json:"onlineusercount"`
}

type roomPage struct {
	After gen.RoomID `json:"after" doc:"The last id of the page before."`
}

// roomList is a page of rooms, by id.
type roomList struct {
	Rooms []roomRow `json:"rooms"`
}

func (c *Control) getRooms(r request[roomPage, none]) (list roomList, err error) {
	list.Rooms = []roomRow{}
	err = c.Engine.Read(func(s *state.State, now time.Time) error {
		for _, room := range s.Rooms(now, int64(r.Query.After), maxRooms) {
			list.Rooms = append(list.Rooms, roomRow{gen.RoomID(room.ID), room.Creator, room.Name, room.Open, room.CountOnline()})
		}
		return nil
	})
	return list, err
}

// roomView and roomEvent stand for what ViewRoom and ViewEvent return.
type (
	roomView  any
	roomEvent any
)

func (c *Control) getRoom(r request[none, none]) (view roomView, err error) {
	err = c.Engine.Read(func(s *state.State, now time.Time) error {
		room, err := s.Room(now, int64(r.RoomID))
		if err == nil {
			view = c.ViewRoom(room, now)
		}
		return err
	})
	return view, err
}

// presence says whether an account is in a room.
type presence struct {
	RoomID gen.RoomID `json:"roomid"`
	Accid  string     `json:"accid"`
	Online bool       `json:"onlineStat"`
}

func (c *Control) postJoin(r request[none, engine.JoinOptions]) (presence, error) {
	return presence{r.RoomID, state.FoldAccid(r.Body.Accid), true}, c.Engine.Join(r.RoomID, r.Body)
}

type leaver struct {
	Accid string `json:"accid" required:"an account" doc:"The account."`
}

func (c *Control) postLeave(r request[none, leaver]) (presence, error) {
	return presence{r.RoomID, state.FoldAccid(r.Body.Accid), false}, c.Engine.Leave(r.RoomID, r.Body.Accid)
}

// roomWatch says which events of a room to send.
type roomWatch struct {
	Accid string `json:"accid" doc:"The account that receives the events. Without it all events come."`
	place
}

func (c *Control) streamRoom(r request[roomWatch, none]) (stream[roomEvent], error) {
	since, given := r.Query.id()
	if !given {
		since = -1
	}
	s, err := events.Open(c.Engine, r.RoomID, r.Query.Accid, since)
	if err != nil {
		return stream[roomEvent]{}, err
	}
	return stream[roomEvent]{events.OfRoom(s, c.ViewEvent), "events of room " + r.RoomID.String(), s.Close}, nil
}
