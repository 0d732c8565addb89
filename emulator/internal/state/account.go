package state

import "errors"

// ErrRegistered is the error for an account that was created before.
var ErrRegistered = errors.New("already register")

// CreateAccount makes an account exist that did not, whether or not accounts
// need to be created. Errors: ErrRegistered.
func (s *State) CreateAccount(accid string) error {
	if _, exists := s.accounts[accid]; exists {
		return ErrRegistered
	}
	s.AddAccounts(accid)
	return nil
}
