package api

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/nimroom/nimroom/sign"
)

// CurTime says by which clock the time in a signature is checked. Package
// emulator documents its values.
type CurTime string

// The clocks.
const (
	EmulatorCurTime  CurTime = "emulator"
	MachineCurTime   CurTime = "machine"
	UncheckedCurTime CurTime = "off"
)

// verify checks the signature of a request that arrived at the emulator's time
// now.
func (a *API) verify(h http.Header, now time.Time) error {
	err := sign.Verify(h, now, a.config.Credentials)
	if a.config.CurTime == EmulatorCurTime || !errors.Is(err, sign.ErrCurTimeExpired) {
		return err
	}
	now = time.Now()
	if a.config.CurTime == UncheckedCurTime {
		seconds, _ := strconv.ParseInt(h.Get(sign.HeaderCurTime), 10, 64) // Verify has read it
		now = time.Unix(seconds, 0)
	}
	return sign.Verify(h, now, a.config.Credentials)
}
