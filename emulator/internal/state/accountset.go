package state

import "slices"

// accountSet is a set of accounts. Most are small: they are a list until a map
// is worth its memory. The zero value is empty.
type accountSet struct {
	few  []string
	many map[string]struct{}
}

// smallSet is how many accounts are a list.
const smallSet = 16

// add reports whether the account is a new one.
func (s *accountSet) add(accid string) bool {
	if s.many == nil {
		if slices.Contains(s.few, accid) {
			return false
		}
		if len(s.few) < smallSet {
			s.few = append(tight(s.few), accid)
			return true
		}
		s.many = make(map[string]struct{}, 2*smallSet)
		for _, a := range s.few {
			s.many[a] = struct{}{}
		}
		s.few = nil
	}
	before := len(s.many)
	s.many[accid] = struct{}{}
	return len(s.many) > before
}

// sorted lists the accounts.
func (s *accountSet) sorted() []string {
	list := slices.Clone(s.few)
	for accid := range s.many {
		list = append(list, accid)
	}
	slices.Sort(list)
	return list
}

// tight makes place for another in a short list: append would double it, and
// with a million small rooms half of all lists would be empty.
func tight[T any](list []T) []T {
	const step, short = 4, 64
	if len(list) == 0 || len(list) < cap(list) || len(list) >= short {
		return list
	}
	return append(make([]T, 0, len(list)+step), list...)
}
