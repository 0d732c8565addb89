package rules

import (
	"cmp"

	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
)

func (c *call) listTopChatrooms(f gen.ListTopChatroomsForm) (*gen.ListTopChatroomsSuccess, error) {
	if err := cmp.Or(understood(c, "period", f.Period), understood(c, "orderby", f.OrderBy)); err != nil {
		return nil, err
	}
	at := valueOr(f.Timestamp, c.now)
	period, shown := state.Hourly, gen.RankingGranularityHour
	if value(f.Period) == gen.RankingPeriodDay {
		period, shown = state.Daily, gen.RankingGranularityDay
	}
	order := map[gen.RankingOrder]state.Order{
		gen.RankingOrderActive:  state.ByActivity,
		gen.RankingOrderEnter:   state.ByEntries,
		gen.RankingOrderMessage: state.ByMessages,
	}[value(f.OrderBy)]
	response := new(gen.ListTopChatroomsSuccess)
	for _, rank := range c.state.Top(c.now, at, period, order, valueOr(f.TopN, c.defaultOf("topn"))) {
		response.Data = append(response.Data, gen.TopChatroom{
			ActiveNums: int64(rank.Active),
			DateTime:   rank.Start.UTC(),
			EnterNums:  int64(rank.Entries),
			Msgs:       int64(rank.Messages),
			Period:     shown,
			RoomID:     gen.RoomID(rank.RoomID),
		})
	}
	return response, nil
}
