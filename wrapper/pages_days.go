package wrapper

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/nimroom/nimroom/gen"
)

// maxDays bounds the days of [StatisticsService.Days]. The service keeps the last 30 days,
// which are 31 dates with today.
const maxDays = 31

// china is the time zone of the service's days. The documents do not name it; the service
// runs there. China has no summer time.
var china = time.FixedZone("UTC+8", 8*60*60)

// DayRanking is the ranking of the rooms on one day.
type DayRanking struct {
	// Day is the day's midnight in China (UTC+8).
	Day time.Time
	// Rooms are in the order that the request asks for, the highest first. The list is
	// empty if nothing happened on that day or the service does not keep it.
	Rooms []TopChatroom
}

// Days yields the ranking of each day from the date of from to the date of to, both
// included. It calls [StatisticsService.ListTop] once for each day. Days begin and end in
// China (UTC+8).
//
// TopN and OrderBy of the request apply to each day; Days sets Period and Timestamp. It takes
// at most 31 days. The service keeps 30 days, and ranks a day once it is over.
//
// Each range starts again, and no request follows once the loop ends. Errors: an *[Error] as
// the last pair; [ErrBadParameter] for less than one day or more than 31.
//
// Source: en-chatroom-2022-11-25, "Querying TOP N indicators in a chat room".
func (s *StatisticsService) Days(ctx context.Context, from, to time.Time, request ListTopChatroomsForm, options ...CallOption) iter.Seq2[DayRanking, error] {
	request.Period = Ptr(RankingPeriodDay)
	first, last := midnight(from), midnight(to)
	return func(yield func(DayRanking, error) bool) {
		if days := last.Sub(first)/(24*time.Hour) + 1; days < 1 || days > maxDays {
			yield(DayRanking{}, &Error{
				Operation: gen.ListTopChatroomsEndpoint.ID,
				kind:      ErrBadParameter,
				cause:     fmt.Errorf("%s to %s: want 1 to %d days", first.Format(time.DateOnly), last.Format(time.DateOnly), maxDays),
			})
			return
		}
		for day := first; !day.After(last); day = day.AddDate(0, 0, 1) {
			ofDay := request
			// Noon in China has the same date in UTC, in case days begin at midnight UTC.
			ofDay.Timestamp = Ptr(day.Add(12 * time.Hour))
			rooms, err := s.ListTop(ctx, ofDay, options...)
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

// midnight returns the beginning of t's day in China.
func midnight(t time.Time) time.Time {
	year, month, day := t.In(china).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, china)
}
