package web

import (
	"errors"
	"net"
	"net/http"
	"time"
)

// The limits of every server of the emulator. What a client can keep busy is
// bounded in time and in size, whatever it sends and however slowly.
const (
	// HeaderTime runs from the first byte of a request to the end of its headers.
	HeaderTime = 10 * time.Second
	// RequestTime runs to the end of the body of a request.
	RequestTime = 30 * time.Second
	// ResponseTime runs from the end of the headers until the response is
	// taken. It leaves room for the error for a body which came too slowly.
	ResponseTime = RequestTime + 30*time.Second
	// IdleTime is between two requests of a connection.
	IdleTime  = time.Minute
	maxHeader = 64 << 10
)

// ErrStopping is why the context of a request ends when its server is stopped.
var ErrStopping = errors.New("emulator: the server is stopping")

// NewServer sets up a handler behind the limits. Serve it on the listener that
// comes with it.
func NewServer(handler http.Handler, l net.Listener) (*http.Server, net.Listener) {
	return newServer(handler, l)
}

func newServer(handler http.Handler, l net.Listener) (*http.Server, *gate) {
	g := newGate(l)
	return &http.Server{
		Handler:           turnAwaySurplus(handler),
		ReadHeaderTimeout: HeaderTime,
		ReadTimeout:       RequestTime,
		WriteTimeout:      ResponseTime,
		IdleTimeout:       IdleTime,
		MaxHeaderBytes:    maxHeader,
		ConnContext:       g.opened,
		ConnState:         g.changed,
	}, g
}

// AllowWait takes a request that waits on purpose out of the time limits, but
// for what is left of them after the wait. Without it the end of the time to
// read would look as if the client had gone. A negative wait has no end.
func AllowWait(w http.ResponseWriter, wait time.Duration) {
	var until time.Time
	if wait >= 0 {
		until = time.Now().Add(wait + ResponseTime)
	}
	control := http.NewResponseController(w)
	// A response that is recorded in memory has no limits to move.
	_ = control.SetReadDeadline(until)
	_ = control.SetWriteDeadline(until)
}
