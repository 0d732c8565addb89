package rules

import (
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
)

func (c *call) listRobotStays(f gen.ListRobotStaysForm) (*gen.ListRobotStaysSuccess, error) {
	r, err := c.room(f.RoomID)
	if err != nil {
		return nil, err
	}
	stays := &gen.ListRobotStaysSuccess{Data: []gen.RobotStay{}}
	for _, m := range r.RobotStays(c.now, f.Accids, value(f.Kind) == gen.StayKindLeaving, wire.Millis(f.EndTime), f.Limit) {
		stays.Data = append(stays.Data, gen.RobotStay{Accid: m.Accid, EnterTime: wire.FromMillis(m.EnterTime)})
	}
	return stays, nil
}
