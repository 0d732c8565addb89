package state

import (
	"strings"
	"time"

	"github.com/nimroom/nimroom/internal/advice"
)

// onlyOwner is the [ErrForbidden] of an operator for what the owner alone may.
func (r *Room) onlyOwner(operator string) error {
	return advice.Because(ErrForbidden, advice.OperatorMayNot, "operator", operator, "who", r.Creator)
}

// shownManagers bounds the managers that a reason names.
const shownManagers = 5

// onlyStaff is that for what the owner and the managers may.
func (r *Room) onlyStaff(operator string) error {
	who := []string{r.Creator}
	for _, m := range r.fixed {
		if m.Role == Manager {
			if len(who) > shownManagers {
				who = append(who, "...")
				break
			}
			who = append(who, m.Accid)
		}
	}
	return advice.Because(ErrForbidden, advice.OperatorMayNot, "operator", operator, "who", strings.Join(who, ", "))
}

// Closed is the [ErrClosed] of the room.
func (r *Room) Closed() error {
	if r.ClosedAt == 0 { // closed by a version that did not keep the time
		return ErrClosed
	}
	return advice.Because(ErrClosed, advice.RoomClosedSince, "since", moment(r.ClosedAt))
}

// until is the [ErrMuted] of a speaker with a temporary mute, its own or that of a tag.
func (m MuteSnapshot) until(speaker string) error {
	by := m.By
	if by == "" {
		by = "?"
	}
	return advice.Because(ErrMuted, advice.SpeakerMutedUntil, "speaker", speaker, "until", moment(m.Ends), "by", by)
}

func moment(unixMilli int64) string { return time.UnixMilli(unixMilli).UTC().Format(time.RFC3339) }
