package emulator

import (
	"github.com/nimroom/nimroom/emulator/internal/world"
	"github.com/nimroom/nimroom/gen"
)

func (c *call) listTopChatrooms(f gen.ListTopChatroomsForm) (*gen.ListTopChatroomsSuccess, error) {
	at := valueOr(f.Timestamp, c.now)
	period, shown := world.Hourly, gen.RankingGranularityHour
	if value(f.Period) == gen.RankingPeriodDay {
		period, shown = world.Daily, gen.RankingGranularityDay
	}
	order := map[gen.RankingOrder]world.Order{
		gen.RankingOrderActive:  world.ByActivity,
		gen.RankingOrderEnter:   world.ByEntries,
		gen.RankingOrderMessage: world.ByMessages,
	}[value(f.OrderBy)]
	answer := new(gen.ListTopChatroomsSuccess)
	for _, rank := range c.world.Top(c.now, at, period, order, valueOr(f.TopN, c.defaultOf("topn"))) {
		answer.Data = append(answer.Data, gen.TopChatroom{
			ActiveNums: int64(rank.Active),
			DateTime:   rank.Start.UTC(),
			EnterNums:  int64(rank.Entries),
			Msgs:       int64(rank.Messages),
			Period:     shown,
			RoomID:     gen.RoomID(rank.RoomID),
		})
	}
	return answer, nil
}
