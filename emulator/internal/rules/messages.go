package rules

import (
	"encoding/json"

	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
)

// What the service calls a client that sends through this API.
const (
	restClient       = "REST"
	restClientNumber = 64
)

func (c *call) sendMessage(f gen.SendMessageForm) (*gen.SendMessageSuccess, error) {
	r, err := c.room(f.RoomID)
	if err != nil {
		return nil, err
	}
	if err := c.account("fromAccid", f.FromAccid); err != nil {
		return nil, err
	}
	d := draft(f.MsgID, f.FromAccid, *f.MsgType, f.SubType, f.Attach, f.Ext, f.ResendFlag)
	d.SkipHistory = value(f.SkipHistory) == gen.SkipHistorySkip
	d.AbandonRatio = f.AbandonRatio
	d.HighPriority = value(f.HighPriority)
	d.PriorityOnly = value(f.ForbiddenIfHighPriorityMsgFreq) == gen.PriorityOverflowRefuse
	d.RepeatOnReturn = valueOr(f.NeedHighPriorityMsgResend, true)
	d.Target = value(f.NotifyTargetTags)
	d.IgnoreMute = value(f.IgnoreMute)
	d.Env, d.NotCopied = value(f.Env), notCopied(f.Route)
	m, err := c.state.Send(c.now, r, d)
	if err != nil {
		return nil, err
	}
	return &gen.SendMessageSuccess{Desc: sentMessage(m)}, nil
}

func (c *call) sendMessageToAccounts(f gen.SendMessageToAccountsForm) (*gen.SendMessageToAccountsSuccess, error) {
	r, err := c.room(f.RoomID)
	if err != nil {
		return nil, err
	}
	if err := c.account("fromAccid", f.FromAccid); err != nil {
		return nil, err
	}
	d := draft(f.MsgID, f.FromAccid, *f.MsgType, f.SubType, f.Attach, f.Ext, f.ResendFlag)
	d.To, d.SkipHistory = f.ToAccids, true
	d.Env, d.NotCopied = value(f.Env), notCopied(f.Route)
	m, err := c.state.Send(c.now, r, d)
	if err != nil {
		return nil, err
	}
	return &gen.SendMessageToAccountsSuccess{Desc: sentMessage(m)}, nil
}

func (c *call) broadcastMessage(f gen.BroadcastMessageForm) (*gen.BroadcastMessageSuccess, error) {
	if err := c.account("fromAccid", f.FromAccid); err != nil {
		return nil, err
	}
	d := draft(f.MsgID, f.FromAccid, *f.MsgType, f.SubType, f.Attach, f.Ext, f.ResendFlag)
	d.HighPriority, d.Target = value(f.HighPriority), value(f.NotifyTargetTags)
	m, err := c.state.Broadcast(c.now, d)
	if err != nil {
		return nil, err
	}
	return &gen.BroadcastMessageSuccess{Desc: sentMessage(m)}, nil
}

func (c *call) sendMessages(f gen.SendMessagesForm) (*gen.SendMessagesSuccess, error) {
	success, fail, err := c.each(f.RoomID, f.FromAccid, f.MsgList, func(m gen.MessageItem) (gen.SentMessage, error) {
		sent, err := c.sendMessage(gen.SendMessageForm{
			RoomID: f.RoomID, MsgID: m.MsgID, FromAccid: f.FromAccid, MsgType: m.MsgType, SubType: m.SubType,
			ResendFlag: m.ResendFlag, Attach: m.Attach, Ext: m.Ext, SkipHistory: f.SkipHistory,
			AbandonRatio: f.AbandonRatio, HighPriority: f.HighPriority,
			NeedHighPriorityMsgResend: f.NeedHighPriorityMsgResend, NotifyTargetTags: f.NotifyTargetTags,
			IgnoreMute: f.IgnoreMute, ForbiddenIfHighPriorityMsgFreq: f.ForbiddenIfHighPriorityMsgFreq,
			Route: f.Route, Env: f.Env,
		})
		if err != nil {
			return gen.SentMessage{}, err
		}
		return sent.Desc, nil
	})
	return &gen.SendMessagesSuccess{Success: success, Fail: fail}, err
}

func (c *call) sendMessagesToAccounts(f gen.SendMessagesToAccountsForm) (*gen.SendMessagesToAccountsSuccess, error) {
	success, fail, err := c.each(f.RoomID, f.FromAccid, f.MsgList, func(m gen.MessageItem) (gen.SentMessage, error) {
		sent, err := c.sendMessageToAccounts(gen.SendMessageToAccountsForm{
			RoomID: f.RoomID, MsgID: m.MsgID, FromAccid: f.FromAccid, ToAccids: f.ToAccids, MsgType: m.MsgType,
			SubType: m.SubType, ResendFlag: m.ResendFlag, Attach: m.Attach, Ext: m.Ext, Route: f.Route, Env: f.Env,
		})
		if err != nil {
			return gen.SentMessage{}, err
		}
		return sent.Desc, nil
	})
	return &gen.SendMessagesToAccountsSuccess{Success: success, Fail: fail}, err
}

// each sends the messages of a list and returns those that were sent and the reasons
// of the others, by their ids. What concerns the room and the sender is an error of
// the whole call.
func (c *call) each(id gen.RoomID, from string, list []gen.MessageItem, send func(gen.MessageItem) (gen.SentMessage, error)) (
	success []gen.EntryOf[gen.SentMessage], fail []gen.Entry, err error,
) {
	if _, err := c.room(id); err != nil {
		return nil, nil, err
	}
	if err := c.account("fromAccid", from); err != nil {
		return nil, nil, err
	}
	for _, m := range list {
		if sent, err := send(m); err == nil {
			success = append(success, gen.EntryOf[gen.SentMessage]{Key: m.MsgID, Value: sent})
		} else {
			fail = append(fail, gen.Entry{Key: m.MsgID, Value: AsAPIError(err, c.op).Desc})
		}
	}
	return success, fail, nil
}

// notCopied reports whether a message is kept from the app's server.
func notCopied(route *gen.MessageRoute) bool {
	return valueOr(route, gen.MessageRouteOn) == gen.MessageRouteOff
}

// draft makes a message of the fields that all operations have which send one.
func draft(id, from string, kind gen.MessageType, subType *int, attach, ext *string, again *gen.ResendFlag) state.Draft {
	return state.Draft{
		ID: id, From: from, Type: int(kind), SubType: value(subType), Attach: value(attach), Ext: value(ext),
		Resend: value(again) == gen.ResendFlagAgain,
	}
}

func sentMessage(m *state.Message) gen.SentMessage {
	sent := gen.SentMessage{
		Time:           wire.FromMillis(m.Time),
		FromAvatar:     m.Avatar,
		ClientMsgID:    m.ID,
		FromClientType: restClient,
		Attach:         m.Attach,
		RoomID:         gen.RoomID(m.RoomID),
		FromAccount:    m.From,
		FromNick:       m.Nick,
		Type:           gen.MessageType(m.Type),
		Ext:            m.Ext,
	}
	if m.HighPriority {
		sent.HighPriorityFlag = 1
	}
	if m.Abandoned {
		sent.MsgAbandonFlag = 1
	}
	return sent
}

func historyMessage(m *state.Message) gen.HistoryMessage {
	return gen.HistoryMessage{
		MsgID:          m.ID,
		From:           m.From,
		Type:           gen.MessageType(m.Type),
		SendTime:       wire.FromMillis(m.Time),
		Body:           messageBody(m),
		FromClientType: restClientNumber,
	}
}

// messageBody gives the text of a text message, and the members of the object
// that other messages hold.
func messageBody(m *state.Message) gen.MessageBody {
	var members map[string]json.RawMessage
	if gen.MessageType(m.Type) == gen.MessageTypeText || json.Unmarshal([]byte(m.Attach), &members) != nil || members == nil {
		return gen.MessageBody{Msg: m.Attach}
	}
	var body gen.MessageBody
	if json.Unmarshal(members["msg"], &body.Msg) == nil && body.Msg != "" {
		delete(members, "msg")
	}
	body.Extra = members
	return body
}
