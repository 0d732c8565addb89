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
	m, err := c.state.Send(c.now, r, state.Draft{
		ID:             f.MsgID,
		From:           f.FromAccid,
		Type:           int(*f.MsgType),
		SubType:        value(f.SubType),
		Attach:         value(f.Attach),
		Ext:            value(f.Ext),
		Resend:         value(f.ResendFlag) == gen.ResendFlagAgain,
		SkipHistory:    value(f.SkipHistory) == gen.SkipHistorySkip,
		AbandonRatio:   f.AbandonRatio,
		HighPriority:   value(f.HighPriority),
		RepeatOnReturn: valueOr(f.NeedHighPriorityMsgResend, true),
		Target:         value(f.NotifyTargetTags),
	})
	if err != nil {
		return nil, err
	}
	return &gen.SendMessageSuccess{Desc: sentMessage(m)}, nil
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
