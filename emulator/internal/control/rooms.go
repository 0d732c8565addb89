package control

import (
	"cmp"
	"slices"
	"strings"
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

// usualPage is how many entries a page has unless the request says otherwise.
const usualPage = 100

// pageOf selects a part of a list.
type pageOf struct {
	Text  string `json:"text" doc:"Only those that have this text, in either letter case."`
	Limit int    `json:"limit" max:"1000" doc:"How many at most, 100 if left out."`
}

func (p pageOf) limit() int { return cmp.Or(p.Limit, usualPage) }

// has reports whether one of the texts has that of the page.
func (p pageOf) has(texts ...string) bool {
	return slices.ContainsFunc(texts, func(s string) bool { return strings.Contains(strings.ToLower(s), strings.ToLower(p.Text)) })
}

// roomRow is a room in a list.
type roomRow struct {
	RoomID  gen.RoomID `json:"roomid"`
	Creator string     `json:"creator"`
	Name    string     `json:"name"`
	Open    bool       `json:"valid" doc:"Whether the room is open."`
	Muted   bool       `json:"muted" doc:"Whether the room is muted as a whole."`
	Online  int        `json:"onlineusercount" doc:"How many accounts are in the room, robots among them."`
	Members int        `json:"memberCount" doc:"How many members it has, fixed ones that are offline too."`
}

type roomPage struct {
	pageOf
	After gen.RoomID `json:"after" doc:"The last id of the page before."`
}

// roomList is a page of rooms, by id.
type roomList struct {
	Total int       `json:"total" doc:"How many rooms there are on all pages."`
	Rooms []roomRow `json:"rooms"`
}

func (c *Control) getRooms(r request[roomPage, none]) (list roomList, err error) {
	list.Rooms = []roomRow{}
	err = c.Engine.Read(func(s *state.State, now time.Time) error {
		var rooms []*state.Room
		rooms, list.Total = s.Rooms(now, int64(r.Query.After), r.Query.limit(), func(room *state.Room) bool {
			return r.Query.has(room.Name, room.Creator, gen.RoomID(room.ID).String())
		})
		for _, room := range rooms {
			list.Rooms = append(list.Rooms, roomRow{
				gen.RoomID(room.ID), room.Creator, room.Name, room.Open, room.Muted, room.CountOnline(), room.CountMembers(),
			})
		}
		return nil
	})
	return list, err
}

// These types stand for what the functions of [Views] return.
type (
	roomView    any
	memberView  any
	messageView any
	roomEvent   any
)

// read reads a room.
func (c *Control) read(id gen.RoomID, f func(room *state.Room, now time.Time)) error {
	return c.Engine.Read(func(s *state.State, now time.Time) error {
		room, err := s.Room(now, int64(id))
		if err == nil {
			f(room, now)
		}
		return err
	})
}

type roomPart struct {
	Limit int `json:"limit" max:"1000" doc:"How many members, and how many of the latest messages, at most. All if left out."`
}

func (c *Control) getRoom(r request[roomPart, none]) (view roomView, err error) {
	err = c.read(r.RoomID, func(room *state.Room, now time.Time) { view = c.Views.Room(room, now, r.Query.Limit) })
	return view, err
}

type memberPage struct {
	pageOf
	Offset *int64 `json:"offset" want:"a number from 0" doc:"How many to pass over, 0 if left out."`
}

// memberList is a page of members: the fixed ones and then the visitors, the latest to enter first in each.
type memberList struct {
	Total   int          `json:"total" doc:"How many members there are on all pages."`
	Members []memberView `json:"members"`
}

func (c *Control) getMembers(r request[memberPage, none]) (list memberList, err error) {
	list.Members = []memberView{}
	err = c.read(r.RoomID, func(room *state.Room, now time.Time) {
		all := slices.DeleteFunc(room.Members(), func(m *state.Member) bool { return !r.Query.has(m.Accid, m.Nick) })
		list.Total = len(all)
		if r.Query.Offset != nil {
			all = all[min(*r.Query.Offset, int64(len(all))):]
		}
		for _, m := range all[:min(r.Query.limit(), len(all))] {
			list.Members = append(list.Members, c.Views.Member(m, now))
		}
	})
	return list, err
}

type messagePage struct {
	Before *int64 `json:"before" want:"a time in milliseconds since 1970, or 0" doc:"Only messages before this time, in milliseconds since 1970: that of the first message of the page that follows."`
	Limit  int    `json:"limit" max:"1000" doc:"How many at most, 100 if left out."`
}

// messageList is a page of messages, oldest first.
type messageList struct {
	Messages []messageView `json:"messages"`
}

func (c *Control) getMessages(r request[messagePage, none]) (list messageList, err error) {
	list.Messages = []messageView{}
	before := int64(0)
	if r.Query.Before != nil {
		before = *r.Query.Before
	}
	err = c.read(r.RoomID, func(room *state.Room, _ time.Time) {
		for _, m := range room.Messages(before, cmp.Or(r.Query.Limit, usualPage)) {
			list.Messages = append(list.Messages, c.Views.Message(m))
		}
	})
	return list, err
}

type hours struct {
	Hours int `json:"hours" max:"720" doc:"How many of the latest hours, 24 if left out."`
}

// hourRow is what happened in a room in an hour.
type hourRow struct {
	Time time.Time `json:"time" doc:"When the hour began."`
	state.Tally
}

// hourList is the latest hours, oldest first.
type hourList struct {
	Hours []hourRow `json:"hours"`
}

func (c *Control) getStatistics(r request[hours, none]) (list hourList, err error) {
	err = c.Engine.Read(func(s *state.State, now time.Time) error {
		ranks, err := s.Hours(now, int64(r.RoomID), cmp.Or(r.Query.Hours, 24))
		for _, rank := range ranks {
			list.Hours = append(list.Hours, hourRow{rank.Start.UTC(), rank.Tally})
		}
		return err
	})
	return list, err
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
	since := int64(-1)
	if at := cmp.Or(r.Query.LastEventID, r.Query.Since); at != nil {
		since = *at
	}
	s, err := events.Open(c.Engine, r.RoomID, r.Query.Accid, since)
	if err != nil {
		return stream[roomEvent]{}, err
	}
	return stream[roomEvent]{events.OfRoom(s, c.Views.Event), "events of room " + r.RoomID.String(), s.Close}, nil
}
