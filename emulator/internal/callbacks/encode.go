// Package callbacks delivers what happens in rooms to the app's own server, as the
// service does, and asks it before a client logs in.
package callbacks

import (
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/engine"
	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
)

// ofServer is what the service calls a client that uses the server API.
const ofServer = gen.ClientPlatformServer

// encoder writes callbacks. With everyone it copies entries and exits of all
// members, not only those of the creator and of managers.
type encoder struct{ everyone bool }

// encode returns the body of the callback about a happening, nil for none.
func (e encoder) encode(h *state.Happening) []byte {
	id := gen.RoomID(h.Room.ID)
	switch {
	case h.Message != nil:
		return body(message(id, h.Message))
	case h.Login != nil:
		if !e.everyone && h.Member.Role != state.Creator && h.Member.Role != state.Manager {
			return nil
		}
		return body(move(id, h))
	default:
		return body(queue(id, h))
	}
}

// body returns the JSON of a callback.
func body(c json.Marshaler) []byte {
	text, _ := c.MarshalJSON() // plain data: no error
	return text
}

func message(id gen.RoomID, m *state.Message) *gen.MessageCallback {
	return &gen.MessageCallback{
		EventType:      gen.CallbackTypeMessage,
		Attach:         m.Attach,
		FromAccount:    m.From,
		MsgTimestamp:   wire.FromMillis(m.Time),
		MsgType:        messageTypes[gen.MessageType(m.Type)],
		ClientMsgID:    m.ID,
		RoomID:         id,
		Ext:            m.Ext,
		FromAvatar:     m.Avatar,
		FromNick:       m.Nick,
		FromClientType: ofServer,
		ResendFlag:     number(m.Resend),
	}
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

// messageTypes are the words for the types of messages. Others have none.
var messageTypes = map[gen.MessageType]gen.CopiedMessageType{
	gen.MessageTypeText: gen.CopiedMessageTypeText, gen.MessageTypeImage: gen.CopiedMessageTypePicture,
	gen.MessageTypeAudio: gen.CopiedMessageTypeAudio, gen.MessageTypeVideo: gen.CopiedMessageTypeVideo,
	gen.MessageTypeLocation: gen.CopiedMessageTypeLocation, gen.MessageTypeFile: gen.CopiedMessageTypeFile,
	gen.MessageTypeTip: gen.CopiedMessageTypeTips, gen.MessageTypeCustom: gen.CopiedMessageTypeCustom,
}

func move(id gen.RoomID, h *state.Happening) *gen.MemberCallback {
	role := roles[h.Member.Role]
	return &gen.MemberCallback{
		EventType:        gen.CallbackTypeMember,
		RoomID:           id,
		Event:            gen.MemberEvent(h.Move),
		Accid:            h.Member.Accid,
		Code:             gen.CodeOK,
		ClientType:       platform(gen.LinkType(h.Login.ClientType)),
		Timestamp:        wire.FromMillis(h.Time),
		RoleType:         &role,
		Tags:             slices.Clone(h.Login.Tags),
		NotifyTargetTags: h.Login.Notify.String(),
		Ext:              h.Member.Ext,
	}
}

// roles are the numbers of roles.
var roles = map[state.Role]gen.RoleNumber{
	state.Creator: gen.RoleNumberCreator, state.Manager: gen.RoleNumberManager, state.Common: gen.RoleNumberOrdinary,
	state.Limited: gen.RoleNumberLimited, state.Temporary: gen.RoleNumberVisitor,
}

// platform is the word for a kind of client, which says less than the word.
func platform(t gen.LinkType) gen.ClientPlatform {
	if t != gen.LinkTypeCommon {
		return gen.ClientPlatformWeb
	}
	return gen.ClientPlatformPC
}

func queue(id gen.RoomID, h *state.Happening) *gen.QueueCallback {
	q := h.Queue
	c := &gen.QueueCallback{
		EventType:     gen.CallbackTypeQueue,
		RoomID:        id,
		Operator:      h.Operator,
		FromServerAPI: true,
		BelongTo:      q.Owner,
		Transient:     q.Transient,
		OperationTime: wire.FromMillis(h.Time),
	}
	if q.Key != "" {
		c.Elements = []gen.Entry{{Key: q.Key, Value: q.Content}}
	}
	for _, key := range slices.Sorted(maps.Keys(q.Values)) {
		c.Elements = append(c.Elements, gen.Entry{Key: key, Value: q.Values[key]})
	}
	for _, e := range q.Elements {
		c.Elements = append(c.Elements, gen.Entry{Key: e.Key, Value: e.Value})
	}
	switch q.Change {
	case state.QueueInit:
		c.Event = gen.QueueEventInit
	case state.QueueList:
		c.Event = gen.QueueEventList
	case state.QueueOffer:
		if c.Event = gen.QueueEventAdd; q.Known {
			c.Event = gen.QueueEventUpdate
		}
	case state.QueueBatchOffer:
		c.Event, c.BelongTo = gen.QueueEventAdd, h.Operator
	case state.QueueBatchUpdate:
		c.Event = gen.QueueEventBatchUpdate
	case state.QueuePoll:
		c.Event = gen.QueueEventPoll
	case state.QueueDrop:
		c.Event = gen.QueueEventDrop
	case state.QueuePartClear:
		c.Event, c.FromServerAPI = gen.QueueEventDelete, false
		for _, e := range c.Elements {
			c.Keys = append(c.Keys, e.Key)
		}
		c.Elements = nil
	}
	return c
}

// login returns the question before a login at a time.
func login(id gen.RoomID, as engine.JoinOptions, now time.Time) *gen.LoginCallback {
	return &gen.LoginCallback{
		EventType:        gen.CallbackTypeLogin,
		FromAccount:      state.FoldAccid(as.Accid),
		FromClientType:   platform(as.ClientType),
		RoomID:           id,
		Nick:             as.Nick,
		Avatar:           as.Avatar,
		Ext:              as.Ext,
		Tags:             as.Tags,
		NotifyTargetTags: as.NotifyTargetTags,
		Timestamp:        now,
	}
}
