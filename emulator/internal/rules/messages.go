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
