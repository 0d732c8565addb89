package emulator

import (
	"time"

	"github.com/nimroom/nimroom/emulator/internal/world"
	"github.com/nimroom/nimroom/gen"
)

// fromMilliseconds is where a timestamp can no longer be in seconds: in those
// it is in the year 5138, in milliseconds in 1973.
const fromMilliseconds = 100_000_000_000

func (c *call) listTopChatrooms(f gen.ListTopChatroomsForm) (*gen.ListTopChatroomsSuccess, error) {
	at := c.now
	switch stamp := value(f.Timestamp); {
	case stamp >= fromMilliseconds:
		at = time.UnixMilli(stamp)
	case f.Timestamp != nil:
		at = time.Unix(stamp, 0)
	}
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
			DateTime:   rank.Start.Unix(),
			EnterNums:  int64(rank.Entries),
			Msgs:       int64(rank.Messages),
			Period:     shown,
			RoomID:     rank.RoomID,
		})
	}
	return answer, nil
}
