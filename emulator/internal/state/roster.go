package state

// rosterFrom is how many members make looking one up by account worth an
// index. Below it the lists that there are anyway are short enough, and most
// rooms are small.
const rosterFrom = 32

// find finds a member by account.
func (r *Room) find(accid string) (*Member, bool) {
	if r.roster != nil {
		m, ok := r.roster[accid]
		return m, ok
	}
	for _, list := range [...]timeline[*Member]{r.fixed, r.visitors} {
		for _, m := range list {
			if m.Accid == accid {
				return m, true
			}
		}
	}
	return nil, false
}

// enlist notes in the index, where there is one, whether m is a member.
func (r *Room) enlist(m *Member, is bool) {
	switch {
	case r.roster != nil && is:
		r.roster[m.Accid] = m
	case r.roster != nil:
		delete(r.roster, m.Accid)
	case len(r.fixed)+len(r.visitors) >= rosterFrom:
		r.roster = make(map[string]*Member, 2*rosterFrom)
		for _, list := range [...]timeline[*Member]{r.fixed, r.visitors} {
			for _, m := range list {
				r.roster[m.Accid] = m
			}
		}
	}
}
