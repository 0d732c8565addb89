package state

import "time"

// resendTime is how long a high-priority message is sent again to accounts that
// were away when it came.
const resendTime = 30 * time.Second

// remember keeps a message for accounts that come back in time.
func (r *Room) remember(m *Message) {
	if m.HighPriority && m.RepeatOnReturn {
		r.forgetOld(m.Time)
		r.urgent = append(r.urgent, m)
	}
}

func (r *Room) forgetOld(now int64) {
	for len(r.urgent) > 0 && r.urgent[0].Time+resendTime.Milliseconds() <= now {
		r.urgent = r.urgent[1:]
	}
}

// resend sends an account that has come back the high-priority messages that
// were sent while it was away. One that was never there before, or still is with
// another connection, missed none.
func (r *Room) resend(now time.Time, l *Login) {
	seen, wasHere := r.departed[l.Accid]
	if !wasHere {
		return
	}
	delete(r.departed, l.Accid)
	r.forgetOld(now.UnixMilli())
	for _, m := range r.urgent {
		if m.Time > seen && m.Target.Matches(l.Tags) {
			r.emit(Event{
				Kind: Said, Time: now.UnixMilli(), Operator: m.From, Target: l.Accid, To: m.Target,
				Own: l.Accid, OwnOnly: true, Message: m, Resent: true,
			})
		}
	}
}
