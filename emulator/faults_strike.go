package emulator

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
)

// strike is a fault on its way to a request.
type strike struct {
	Fault
	held *held
}

// serveStruck answers a request that a fault strikes. The log is told what the
// operation answered, whatever the client is told.
func (s *Server) serveStruck(w http.ResponseWriter, v *visit, struck *strike) {
	v.entry.Fault = struck.String()
	var body []byte
	switch {
	case struck.Phase == FaultAfter:
		body = s.answer(v, nil)
	case struck.Kind == FaultDelay:
		if err := struck.wait(w, v.Request); err != nil {
			s.giveUp(w, v, err)
			return
		}
		body = s.answer(v, nil)
	default:
		v.entry.Code, v.entry.Desc = struck.Code, struck.Desc
		body = wire.AppendAPIError(nil, gen.CodeServerFault, "")
	}
	s.log.add(v.entry)
	if struck.Kind == FaultDelay && struck.Phase == FaultAfter {
		_ = struck.wait(w, v.Request) // what is done is done, and answered
	}
	struck.write(w, body)
}

// Why a request that was held back does not go on.
var (
	errClientGone = errors.New("the client has gone")
	errReset      = &APIError{gen.CodeServerBusy, "the server was reset"}
)

// wait holds a request back until its delay is over, the faults are cleared,
// or the server stops: then it goes on. When its client has gone or the server
// was reset it does not.
func (s *strike) wait(w http.ResponseWriter, r *http.Request) error {
	allowWait(w, s.Delay)
	timer := time.NewTimer(s.Delay)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-s.held.released:
		if s.held.dropped {
			return errReset
		}
	case <-r.Context().Done():
		if !errors.Is(context.Cause(r.Context()), errStopping) {
			return errClientGone
		}
	}
	return nil
}

// giveUp ends a request that nothing was done for. One from before a reset
// leaves no trace in the log after it.
func (s *Server) giveUp(w http.ResponseWriter, v *visit, why error) {
	if errors.Is(why, errClientGone) {
		s.log.add(v.entry)
		return
	}
	writeJSON(w, http.StatusOK, wire.AppendAPIError(nil, errReset.Code, errReset.Desc))
}

// write answers as the fault has it. The body is what the operation answered,
// or a server fault where it was not let do anything.
func (s *strike) write(w http.ResponseWriter, body []byte) {
	switch s.Kind {
	case FaultCode:
		writeJSON(w, http.StatusOK, wire.AppendAPIError(nil, s.Code, s.Desc))
	case FaultStatus:
		w.WriteHeader(s.Status)
	case FaultReset:
		resetConnection(w)
	case FaultTruncate:
		// The server ends the connection of who writes less than promised.
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		writeJSON(w, http.StatusOK, body[:len(body)/2])
	case FaultMalformed:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte("<html><body>Please try again later</body></html>\n"))
	case FaultDelay: // is over
		writeJSON(w, http.StatusOK, body)
	}
}

// resetConnection makes the client read "connection reset by peer" where there
// is a TCP connection, and an end without an answer elsewhere.
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
