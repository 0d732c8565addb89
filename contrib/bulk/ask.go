package bulk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/command"
	"github.com/nimroom/nimroom/wrapper"
)

// ask finds out whether a line took effect that may have been sent and cannot be repeated. The
// result has no outcome if it did not, so that the line can be sent again.
func (w *worker) ask(ctx context.Context, run string, l *kept) (Result, error) {
	r := Result{Line: l.Number, Action: l.Operation.Action, RequestID: l.RequestID, Outcome: Unknown}
	if l.Operation.Ask != gen.ListUserChatroomsEndpoint.ID {
		r.Message = l.Operation.Action + " may have been carried out, and " + asked(l) + " does not show by whom"
		return r, nil
	}
	rooms, err := w.newRooms(ctx, run, l)
	if err != nil {
		r.Message = "the line may have been carried out, and " + asked(l) + " failed: " + command.ByAction(err).Error()
		return r, err
	}
	twins, err := w.store.twins(ctx, run, l)
	if err != nil {
		return r, err
	}
	switch {
	case len(rooms) == 0:
		r.Outcome = ""
	case len(rooms) == 1 && twins == 0:
		r.Outcome, r.Code, r.ID = Done, gen.CodeOK, rooms[0].String()
		r.Message = asked(l) + " shows that the room was created; the response is lost"
	default:
		r.Message = fmt.Sprintf("the line may have created one of the rooms %v, which are alike", rooms)
	}
	return r, nil
}

// asked returns the name of the operation that shows whether a line took effect.
func asked(l *kept) string {
	operation, err := command.Find(l.Operation.Ask)
	if err != nil {
		return l.Operation.Ask
	}
	return operation.Action
}

// newRooms returns the rooms that the line may have created: rooms of the creator that the form
// describes, were not there before the run, and are not those of other lines.
func (w *worker) newRooms(ctx context.Context, run string, l *kept) ([]wrapper.RoomID, error) {
	info, err := w.store.Find(ctx, run)
	if err != nil {
		return nil, err
	}
	creator := l.Form.Get("creator")
	rooms, err := roomsOf(ctx, w.client, creator)
	if err != nil {
		return nil, err
	}
	var ids []wrapper.RoomID
	for _, id := range rooms {
		taken, err := w.store.taken(ctx, run, l.Operation.ID, strconv.FormatInt(id, 10))
		if err != nil {
			return nil, err
		}
		if !taken && !slices.Contains(info.rooms[creator], id) {
			ids = append(ids, wrapper.RoomID(id))
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	found, err := w.client.Rooms.GetMany(ctx, wrapper.GetChatroomsForm{RoomIDs: ids})
	if err != nil {
		return nil, err
	}
	var alike []wrapper.RoomID
	for i, room := range found {
		c := room.Value
		if c.Name == l.Form.Get("name") && c.Announcement == l.Form.Get("announcement") &&
			c.BroadcastURL == l.Form.Get("broadcasturl") && c.Ext == l.Form.Get("ext") {
			alike = append(alike, ids[i])
		}
	}
	return alike, nil
}

// roomsOf lists the open rooms of a creator. An account that the service does not know has none.
func roomsOf(ctx context.Context, client *wrapper.Client, creator string) ([]int64, error) {
	ids, err := client.Rooms.ListByCreator(ctx, wrapper.ListUserChatroomsForm{Creator: creator})
	var e *wrapper.Error
	if errors.As(err, &e) && (e.Code == gen.CodeForbidden || e.Code == gen.CodeNotFound) {
		err = nil
	}
	list := make([]int64, len(ids))
	for i, id := range ids {
		list[i] = int64(id)
	}
	return list, err
}

// roomsBefore lists the rooms of all creators for whom lines create rooms.
func roomsBefore(ctx context.Context, client *wrapper.Client, lines []Line) (map[string][]int64, error) {
	before := map[string][]int64{}
	for _, l := range lines {
		creator := l.Form.Get("creator")
		if _, known := before[creator]; known || l.Operation.ID != gen.CreateChatroomEndpoint.ID {
			continue
		}
		rooms, err := roomsOf(ctx, client, creator)
		if err != nil {
			return nil, err
		}
		before[creator] = rooms
	}
	return before, nil
}

// twins counts the other lines with the same form that may have been sent and have no result.
func (s *Store) twins(ctx context.Context, run string, l *kept) (n int, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT count(*) FROM bulk_lines WHERE run = $1 AND line <> $2 AND action = $3 AND form = $4
		AND sent_at IS NOT NULL AND outcome IS NULL`, run, l.Number, l.Operation.ID, l.Form.Encode()).Scan(&n)
	return n, err
}

// taken reports whether a line made what has this id.
func (s *Store) taken(ctx context.Context, run, action, id string) (bool, error) {
	n := 0
	err := s.db.QueryRowContext(ctx, "SELECT count(*) FROM bulk_lines WHERE run = $1 AND action = $2 AND id = $3", run, action, id).Scan(&n)
	return n > 0, err
}
