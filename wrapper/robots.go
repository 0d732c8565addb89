package wrapper

import (
	"context"

	"github.com/nimroom/nimroom/gen"
)

// RobotsService fills a room with robots and takes them out again. It is reached as [Client].Robots.
type RobotsService struct{ service }

// Add puts up to 100 accounts (Accids) into a room as robots, for 24 hours at most. It
// returns which were added, which were robots there before (those too that an attempt
// of this call had added whose answer was lost), and which failed.
//
// RoleExt takes up to 4096 characters, NotifyExt up to 2048.
//
// Errors: [ErrForbidden], [ErrNotFound], [ErrDuplicate], [ErrOverLimit], [ErrBlocked].
//
// Source: en-chatroom-2022-11-25, "Adding a chatbot to the chat room".
func (s *RobotsService) Add(ctx context.Context, request gen.AddRobotsForm, options ...CallOption) (*gen.AddedRobots, error) {
	answer, err := run(ctx, s.client, &gen.AddRobotsEndpoint, request, options)
	if err != nil {
		return nil, err
	}
	return &answer.Desc, nil
}

// Remove takes up to 100 robots (Accids) out of a room. It returns which were removed and
// which failed.
//
// Errors: [ErrForbidden], [ErrNotFound], [ErrOverLimit]; [ErrResultUnknown] when an
// answer was lost and the next one names some as failed: the lost attempt may have
// removed these. The result is then returned as well.
//
// Source: en-chatroom-2022-11-25, "Deleting a chatbot from the chat room".
func (s *RobotsService) Remove(ctx context.Context, request gen.RemoveRobotsForm, options ...CallOption) (*gen.RemovedRobots, error) {
	answer, err := run(ctx, s.client, &gen.RemoveRobotsEndpoint, request, options)
	if answer == nil {
		return nil, err
	}
	return &answer.Desc, err
}

// Clear takes all robots out of a room and returns how many there were.
//
// Errors: [ErrForbidden], [ErrNotFound]; [ErrResultUnknown] when an answer was lost and
// the next one tells of no robots: there are none now, but how many there were is not
// known.
//
// Source: en-chatroom-2022-11-25, "Deleting chatbots".
func (s *RobotsService) Clear(ctx context.Context, request gen.ClearRobotsForm, options ...CallOption) (int, error) {
	answer, err := run(ctx, s.client, &gen.ClearRobotsEndpoint, request, options)
	if err != nil {
		return 0, err
	}
	return answer.Desc.Size, nil
}
