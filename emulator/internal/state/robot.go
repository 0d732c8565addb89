package state

import "time"

// RobotStay is how long a robot stays by itself.
const RobotStay = 24 * time.Hour

// robot is an entry of the list by which robots leave. It is void when the
// member's own time says otherwise: taken out, or added again.
type robot struct {
	member *Member
	leaves int64
}

func (b robot) valid() bool { return b.member.RobotLeaves == b.leaves }

// AddedRobots sorts the accounts of a call, each once, in the order given.
type AddedRobots struct{ Added, There, Failed []string }

// AddRobots puts accounts into a room as robots for [RobotStay]. Those that
// are robots there already stay as they are. Accounts that do not exist, are
// in the room as people, or are on its blocklist fail.
//
// Errors: ErrClosed, ErrBlocked when all are on the blocklist.
func (s *State) AddRobots(now time.Time, r *Room, accids []string, ext string, notice Notice) (AddedRobots, error) {
	if !r.Open {
		return AddedRobots{}, r.Closed()
	}
	accids = unique(accids)
	blocked := 0
	var result AddedRobots
	for _, accid := range accids {
		m, known := r.find(accid)
		switch {
		case known && m.Blacklisted:
			blocked++
			result.Failed = append(result.Failed, accid)
		case known && m.IsRobot():
			result.There = append(result.There, accid)
		case !s.HasAccount(accid), known && m.Online():
			result.Failed = append(result.Failed, accid)
		default:
			r.addRobot(now, accid, ext, notice)
			result.Added = append(result.Added, accid)
		}
	}
	if blocked > 0 && blocked == len(accids) {
		return AddedRobots{}, ErrBlocked
	}
	return result, nil
}

func (r *Room) addRobot(now time.Time, accid, ext string, notice Notice) {
	leaves := now.Add(RobotStay).UnixMilli()
	m := r.member(accid)
	entry := r.nextEntry(now)
	r.change(m, func(m *Member) {
		m.RobotLeaves = leaves
		m.EnterTime = entry
		if ext != "" {
			m.Ext = ext
		}
	})
	r.robots = append(r.robots, robot{m, leaves})
	if r.EntryNotify {
		r.notify(notice, Event{Kind: Entered, Time: entry, Target: accid, Profile: m.Profile, Role: m.Role, Robot: true})
	}
}

// RemoveRobots takes robots out, each account once, in the order given. Who is
// no robot there fails.
func (r *Room) RemoveRobots(now time.Time, accids []string) (removed, failed []string) {
	for _, accid := range unique(accids) {
		m, known := r.find(accid)
		if !known || !m.IsRobot() {
			failed = append(failed, accid)
			continue
		}
		r.putOut(now.UnixMilli(), m, MoveOut)
		removed = append(removed, accid)
	}
	return removed, failed
}

// ClearRobots takes all robots out, with a word or without, and returns how
// many there were.
func (r *Room) ClearRobots(now time.Time, notify bool) int {
	count := 0
	for _, b := range r.robots {
		if !b.valid() {
			continue
		}
		if notify {
			r.putOut(now.UnixMilli(), b.member, MoveOut)
		} else {
			r.depart(now.UnixMilli(), b.member, MoveOut)
			r.clearQueue(now.UnixMilli(), b.member.Accid)
		}
		count++
	}
	r.robots = nil
	return count
}

func (r *Room) expireRobots(now int64) {
	for len(r.robots) > 0 && (!r.robots[0].valid() || r.robots[0].leaves <= now) {
		if b := r.robots[0]; b.valid() {
			r.putOut(b.leaves, b.member, MoveOut)
		}
		r.robots = r.robots[1:]
	}
}

// unique drops repetitions and keeps the order.
func unique(list []string) []string {
	seen := make(map[string]struct{}, len(list))
	kept := make([]string, 0, len(list))
	for _, s := range list {
		if _, again := seen[s]; !again {
			seen[s] = struct{}{}
			kept = append(kept, s)
		}
	}
	return kept
}
