package wrapper

import (
	"context"

	"github.com/nimroom/nimroom/gen"
)

// StatisticsService ranks rooms by activity. It is reached as [Client].Statistics.
type StatisticsService struct{ service }

// Top returns up to 500 rooms (100 unless TopN is set) of one hour or one day,
// ranked by activity, entries or messages. Timestamp is a moment of the period, now
// when nil. A day can be read from the following day on; the last 30 days are
// kept. [StatisticsService.Days] ranks day after day.
//
// Errors: [ErrBadParameter] for a TopN outside 1 to 500, [ErrForbidden].
//
// Source: en-chatroom-2022-11-25, "Querying TOP N indicators in a chat room".
func (s *StatisticsService) Top(ctx context.Context, request gen.ListTopChatroomsForm, options ...CallOption) ([]gen.TopChatroom, error) {
	answer, err := run(ctx, s.client, &gen.ListTopChatroomsEndpoint, request, options)
	if err != nil {
		return nil, err
	}
	return answer.Data, nil
}
