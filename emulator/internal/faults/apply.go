package faults

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/rules"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/web"
	"github.com/nimroom/nimroom/internal/wire"
)

// Applied is a fault that applies to one request.
type Applied struct {
	Fault
	held *held
}

// Why a request that was held back does not go on.
var (
	ErrClientGone = errors.New("the client has gone")
	ErrReset      = rules.Error(gen.CodeServerBusy, "the server was reset")
)

// Wait holds a request back until its delay is over, the faults are cleared, or
// the server stops: then it goes on. It does not, and Wait returns
// [ErrClientGone] or [ErrReset], when its client has gone or the server was
// reset.
func (a *Applied) Wait(w http.ResponseWriter, r *http.Request) error {
	web.AllowWait(w, a.Delay)
	timer := time.NewTimer(a.Delay)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-a.held.released:
		if a.held.dropped {
			return ErrReset
		}
	case <-r.Context().Done():
		if !errors.Is(context.Cause(r.Context()), web.ErrStopping) {
			return ErrClientGone
		}
	}
	return nil
}

// Write responds as the fault says. body is the response of the operation, or a
// server fault where the operation was not carried out.
func (a *Applied) Write(w http.ResponseWriter, body []byte) {
	switch a.Kind {
	case Code:
		web.WriteJSON(w, http.StatusOK, wire.AppendAPIError(nil, a.Code, a.Desc))
	case Status:
		w.WriteHeader(a.Status)
	case Reset:
		resetConnection(w)
	case Truncate:
		// net/http ends the connection of a handler that writes less than it
		// promised.
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		web.WriteJSON(w, http.StatusOK, body[:len(body)/2])
	case Malformed:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte("<html><body>Please try again later</body></html>\n"))
	case Delay, Loss, Double, Disorder, Signature: // the delay is over; the others are those of callbacks
		web.WriteJSON(w, http.StatusOK, body)
	}
}

// resetConnection makes the client read "connection reset by peer" where there
// is a TCP connection, and an end without a response elsewhere.
func resetConnection(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(interface{ SetLinger(seconds int) error }); ok {
		_ = tcp.SetLinger(0) // or else it ends without a reset
	}
	_ = conn.Close()
}
