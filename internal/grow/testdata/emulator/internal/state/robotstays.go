package state

import (
	"slices"
	"time"
)

// RobotStays lists up to limit robots that entered before end (Unix milliseconds, 0 for all), the latest first. They
// are among accids, if there are any, and leave within the hour, if leaving is set.
func (r *Room) RobotStays(now time.Time, accids []string, leaving bool, end int64, limit int) (list []*Member) {
	for _, b := range slices.Backward(r.robots) {
		m := b.member
		wanted := (len(accids) == 0 || slices.Contains(accids, m.Accid)) && (!leaving || m.RobotLeft(now) <= time.Hour)
		if b.valid() && wanted && (end == 0 || m.EnterTime < end) && len(list) < limit {
			list = append(list, m)
		}
	}
	return list
}
