package state

import (
	"errors"
	"strings"
)

// ErrRegistered is the error for an account that was created before.
var ErrRegistered = errors.New("already register")

// FoldAccid returns an account's id as the service keeps it: in lower case.
func FoldAccid(accid string) string { return strings.ToLower(accid) }

// AddAccounts makes accounts exist. Adding one twice is no fault.
func (s *State) AddAccounts(accids ...string) {
	for _, accid := range accids {
		accid = FoldAccid(accid)
		if _, exists := s.accounts[accid]; !exists {
			s.setAccount(accid, Profile{})
		}
	}
}

// CreateAccount makes an account exist that did not, whether or not accounts
// need to be created, and remembers how it shows. Errors: ErrRegistered.
func (s *State) CreateAccount(accid string, shows Profile) error {
	if _, exists := s.accounts[accid]; exists {
		return ErrRegistered
	}
	s.setAccount(strings.Clone(accid), Profile{Nick: strings.Clone(shows.Nick), Avatar: strings.Clone(shows.Avatar)})
	return nil
}

func (s *State) setAccount(accid string, shows Profile) {
	s.accounts[accid] = shows
	if s.track != nil {
		s.track.accounts = append(s.track.accounts, accid)
	}
}

// HasAccount reports whether an account exists.
func (s *State) HasAccount(accid string) bool {
	if !s.strictAccounts {
		return accid != ""
	}
	_, ok := s.accounts[accid]
	return ok
}

// profiles say how accounts show, empty where nobody said.
type profiles map[string]Profile

// usual is how an account shows until it says otherwise in a room: by the name
// and the avatar that it was created with. One that nobody created, under open
// accounts, shows its id.
func (s profiles) usual(accid string) Profile {
	p, created := s[accid]
	if !created {
		p.Nick = accid
	}
	return p
}
