package rules

import "github.com/nimroom/nimroom/gen"

func (c *call) addRobots(f gen.AddRobotsForm) (*gen.AddRobotsSuccess, error) {
	r, err := c.room(f.RoomID)
	if err != nil {
		return nil, err
	}
	result, err := c.state.AddRobots(c.now, r, f.Accids, value(f.RoleExt), notice(nil, f.NotifyExt))
	if err != nil {
		return nil, err
	}
	return &gen.AddRobotsSuccess{Desc: gen.AddedRobots{
		FailedAccids:  result.Failed,
		SuccessAccids: result.Added,
		OldAccids:     result.There,
	}}, nil
}

func (c *call) removeRobots(f gen.RemoveRobotsForm) (*gen.RemoveRobotsSuccess, error) {
	r, err := c.room(f.RoomID)
	if err != nil {
		return nil, err
	}
	removed, failed := r.RemoveRobots(c.now, f.Accids)
	return &gen.RemoveRobotsSuccess{Desc: gen.RemovedRobots{FailedAccids: failed, SuccessAccids: removed}}, nil
}

func (c *call) clearRobots(f gen.ClearRobotsForm) (*gen.ClearRobotsSuccess, error) {
	r, err := c.room(f.RoomID)
	if err != nil {
		return nil, err
	}
	return &gen.ClearRobotsSuccess{Desc: gen.ClearedRobots{Size: r.ClearRobots(c.now, value(f.Notify))}}, nil
}
