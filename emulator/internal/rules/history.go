package rules

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
)

func (c *call) listHistory(f gen.ListHistoryForm) (*gen.ListHistorySuccess, error) {
	r, err := c.room(f.RoomID)
	if err != nil {
		return nil, err
	}
	if err := c.account("accid", f.Accid); err != nil {
		return nil, err
	}
	if err := understood(c, "reverse", f.Reverse); err != nil {
		return nil, err
	}
	search := state.Search{Limit: f.Limit, OldestFirst: value(f.Reverse) == gen.HistoryDirectionForward}
	if search.Types, err = entryTypes(value(f.Type)); err != nil {
		return nil, err
	}
	if at := wire.Millis(f.Timetag); search.OldestFirst {
		search.From = at
	} else {
		search.To = at
	}
	response := new(gen.ListHistorySuccess)
	for _, m := range r.Search(search) {
		response.Msgs = append(response.Msgs, historyEntry(m))
	}
	response.Size = len(response.Msgs)
	return response, nil
}

// entryTypes reads a list of types that commas separate.
func entryTypes(list string) (types []int, err error) {
	const robot = 11 // no document says more of it
	for text := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(text))
		switch {
		case list == "":
			return nil, nil
		case err != nil, n != robot && !gen.HistoryEntryType(n).Known():
			return nil, BadParameter("type: %s, want message types with commas between them", text)
		}
		types = append(types, n)
	}
	return types, nil
}

func historyEntry(m *state.Message) gen.HistoryEntry {
	entry := gen.HistoryEntry{
		From: m.From, MsgID: m.ID, SendTime: wire.FromMillis(m.Time), Type: gen.HistoryEntryType(m.Type),
	}
	if m.IsNotification() {
		entry.MsgID = fmt.Sprintf("notification-%d", m.Time) // a room has one at a time
		entry.Body = gen.HistoryBody{ID: gen.NotificationID(m.SubType), Data: notificationData(m)}
		return entry
	}
	body := messageBody(m)
	entry.FromClientType, entry.Body = restClientNumber, gen.HistoryBody{Msg: body.Msg, Extra: body.Extra}
	return entry
}

func notificationData(m *state.Message) *gen.NotificationData {
	data := new(gen.NotificationData)
	if m.Attach == "" {
		data.Target, data.TarNick = []string{m.From}, []string{m.Nick}
	} else if err := json.Unmarshal([]byte(m.Attach), data); err != nil { // of a state that was changed by hand
		data.Extra = nil
	}
	data.Operator, data.OpeNick, data.Ext = m.From, m.Nick, m.Ext
	return data
}

func (c *call) deleteHistoryMessage(f gen.DeleteHistoryMessageForm) (*gen.DeleteHistoryMessageSuccess, error) {
	r, err := c.room(f.RoomID)
	if err != nil {
		return nil, err
	}
	if err := r.Delete(f.FromAcc, wire.Millis(f.MsgTimetag)); err != nil {
		return nil, err
	}
	return new(gen.DeleteHistoryMessageSuccess), nil
}

func (c *call) recallMessage(f gen.RecallMessageForm) (*gen.RecallMessageSuccess, error) {
	r, err := c.room(f.RoomID)
	if err != nil {
		return nil, err
	}
	for _, party := range []struct{ field, accid string }{{"fromAcc", f.FromAcc}, {"operatorAcc", f.OperatorAcc}} {
		if err := c.account(party.field, party.accid); err != nil {
			return nil, err
		}
	}
	r.Recall(c.now, f.OperatorAcc, f.FromAcc, f.MsgID, wire.Millis(f.MsgTimetag), state.Notice{Ext: value(f.NotifyExt)})
	return new(gen.RecallMessageSuccess), nil
}
