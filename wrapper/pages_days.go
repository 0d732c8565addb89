package wrapper

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/nimroom/nimroom/gen"
)

// listTopChatrooms names the operation in errors of [StatisticsService.Days].
var listTopChatrooms = gen.ListTopChatroomsEndpoint.Operation

// maxDays is how many days [StatisticsService.Days] takes: the service keeps
// the last 30, and with today that is 31 dates.
const maxDays = 31

// china is where the service's days begin. The documents do not say so; it is
// where it runs. China has no summer time.
var china = time.FixedZone("UTC+8", 8*60*60)

// DayRanking is the ranking of the rooms of one day.
type DayRanking struct {
	// Day is the day's midnight in China (UTC+8).
	Day time.Time
	// Rooms are ranked by what the request asks for, the first one first; empty
	// when nothing happened or the service does not keep the day.
	Rooms []TopChatroom
}

// Days yields the ranking of each day from the one that from lies in to the one
// that to lies in, both included, with one [StatisticsService.ListTop] a day. A day is
// one of China (UTC+8).
//
// TopN and OrderBy of the request count; Period and Timestamp are set for each
// day. At most 31 days; the service keeps 30 and ranks a day from the next one on.
//
// Each range starts anew; leaving the loop ends the requests. Errors: an *[Error]
// as the last pair, [ErrBadParameter] for more than 31 days or none at all.
//
// Source: en-chatroom-2022-11-25, "Querying TOP N indicators in a chat room".
func (s *StatisticsService) Days(ctx context.Context, from, to time.Time, request ListTopChatroomsForm, options ...CallOption) iter.Seq2[DayRanking, error] {
	request.Period = Ptr(RankingPeriodDay)
	first, last := midnight(from), midnight(to)
	return func(yield func(DayRanking, error) bool) {
		if days := last.Sub(first)/(24*time.Hour) + 1; days < 1 || days > maxDays {
			yield(DayRanking{}, &Error{
				Operation: listTopChatrooms.ID,
				kind:      ErrBadParameter,
				cause:     fmt.Errorf("%s to %s: want 1 to %d days", first.Format(time.DateOnly), last.Format(time.DateOnly), maxDays),
			})
			return
		}
		for day := first; !day.After(last); day = day.AddDate(0, 0, 1) {
			one := request
			// Noon there is the same date in UTC, should days begin at its midnight.
			one.Timestamp = Ptr(day.Add(12 * time.Hour))
			rooms, err := s.ListTop(ctx, one, options...)
			if err != nil {
				yield(DayRanking{}, err)
				return
			}
			if !yield(DayRanking{Day: day, Rooms: rooms}, nil) {
				return
			}
		}
	}
}

// midnight is the begin of the day in China that t lies in.
func midnight(t time.Time) time.Time {
	year, month, day := t.In(china).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, china)
}
