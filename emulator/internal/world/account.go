package world

import "errors"

// ErrRegistered refuses to create an account a second time.
var ErrRegistered = errors.New("already register")

// CreateAccount makes an account exist that did not, whether or not accounts
// need to be created. Errors: ErrRegistered.
func (w *World) CreateAccount(accid string) error {
	if _, exists := w.accounts[accid]; exists {
		return ErrRegistered
	}
	w.AddAccounts(accid)
	return nil
}
