package wrapper

import (
	"context"

	"github.com/nimroom/nimroom/gen"
)

// MessagesService sends messages into a room. It is reached as [Client].Messages.
type MessagesService struct{ service }

// Send sends a message on behalf of FromAccid, who need not be in the room, and
// returns it as the service sent it, Time to the millisecond.
//
// A message without a MsgID gets one, the call's request id. Attempts beyond the first
// keep it and are marked as repeats, which the service drops. When the error matches
// [ErrOutcomeUnknown] all the same, send the message again with the MsgID that you
// gave it, or else [Error.RequestID], and ResendFlag [gen.ResendFlagAgain]. Attach and Ext take up to
// 4096 characters, NotifyTargetTags up to 128, YidunAntiCheating up to 1024 and
// AntiSpamCustom up to 5000 of JSON, AbandonRatio 0 to 9999 ten-thousandths.
// HighPriority covers 10 messages a second in a room and is ignored when
// AbandonRatio is given.
//
// Errors: [ErrForbidden], [ErrMuted], [ErrBlocked], [ErrRoomClosed], [ErrNotFound].
//
// Source: en-chatroom-2022-11-25, "Sending messages", zh-tags-2024-03-15, "聊天室标签",
// java-sdk-1.2.0, "IChatroomMessageV1Service.sendMsg".
func (s *MessagesService) Send(ctx context.Context, request gen.SendMessageForm, options ...CallOption) (*gen.SentMessage, error) {
	answer, err := run(ctx, s.client, &gen.SendMessageEndpoint, request, options)
	if err != nil {
		return nil, err
	}
	return &answer.Desc, nil
}
