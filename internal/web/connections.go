package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
)

const (
	// maxConnections are served at once.
	maxConnections = 1024
	// maxOfAddress of them are of one address, so that it leaves some to others.
	maxOfAddress = maxConnections - 64
	// maxSurplus more get a response that says there are too many. Any beyond
	// these are closed unread, so that a flood costs no memory.
	maxSurplus = 1024
)

// gate is a listener that bounds its connections. One too many takes the place
// of one whose client has not sent a whole request, or else of one whose
// response has taken long, such as a stream of events: whoever keeps connections
// without using them, or is slow, keeps nobody out. If there is no such
// connection, the new one is turned away.
//
// The gate hands connections on as they are, and not wrapped as
// x/net/netutil.LimitListener does, because a fault that resets a connection
// needs the TCP connection itself.
type gate struct {
	net.Listener
	most, ofAddress, surplus int
	identify                 func(http.Header)

	mu        sync.Mutex
	open      map[net.Conn]*connection
	addresses map[string]int // how many of them are open
	turns     int64          // counts the connections that began to wait
}

// connection is an open connection.
type connection struct {
	net.Conn
	address string
	surplus bool
	turn    int64 // that in which it last began to wait; guarded by gate.mu
	state   atomic.Int32
	began   atomic.Int64 // when it began to serve, in Unix nanoseconds
}

// The states of a connection.
const (
	waits int32 = iota // for a whole request
	serves
	evicted
)

// begin reports whether a whole request may be served. It may not be if the
// connection has just been closed for another one.
func (c *connection) begin() bool {
	c.began.Store(time.Now().UnixNano())
	return c.state.CompareAndSwap(waits, serves) || c.state.Load() == serves
}

// rank says how early a connection is evicted, and is 0 if it is not.
func (c *connection) rank() int {
	switch {
	case c.surplus:
		return 0
	case c.state.Load() == waits:
		return 2
	case time.Since(time.Unix(0, c.began.Load())) > SlowTime:
		return 1
	}
	return 0
}

// Accept returns the next connection that is to be heard.
func (g *gate) Accept() (net.Conn, error) {
	for {
		c, err := g.Listener.Accept()
		if err != nil || g.hasRoom() {
			return c, err
		}
		_ = c.Close() // nothing was said on it
	}
}

func (g *gate) hasRoom() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.open) < g.most+g.surplus
}

type connectionKey struct{}

// LimitSending bounds what the system keeps of a response, in bytes, until its
// client reads it. A pipe keeps nothing.
func LimitSending(r *http.Request, size int) {
	c, _ := r.Context().Value(connectionKey{}).(*connection)
	if c == nil {
		return
	}
	if tcp, ok := c.Conn.(interface{ SetWriteBuffer(bytes int) error }); ok {
		_ = tcp.SetWriteBuffer(size) // a connection that has ended sends nothing
	}
}

// opened counts a connection and makes room for it.
func (g *gate) opened(ctx context.Context, conn net.Conn) context.Context {
	address := conn.RemoteAddr().String()
	if host, _, err := net.SplitHostPort(address); err == nil {
		address = host
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.turns++
	c := &connection{Conn: conn, address: address, turn: g.turns}
	switch {
	case len(g.open) >= g.most:
		c.surplus = !g.evict(func(*connection) bool { return true })
	case g.addresses[address] >= g.ofAddress:
		c.surplus = !g.evict(func(other *connection) bool { return other.address == address })
	}
	g.open[conn] = c
	g.addresses[address]++
	return context.WithValue(ctx, connectionKey{}, c)
}

// evict closes one of the connections with the highest rank: of those whose
// address has most, the one that began to wait first. It needs the lock.
func (g *gate) evict(among func(*connection) bool) bool {
	for {
		var found *connection
		rank := 0
		for _, c := range g.open {
			r := c.rank()
			if r == 0 || r < rank || !among(c) {
				continue
			}
			if found == nil || cmp.Or(
				cmp.Compare(r, rank), cmp.Compare(g.addresses[c.address], g.addresses[found.address]), cmp.Compare(found.turn, c.turn),
			) > 0 {
				found, rank = c, r
			}
		}
		switch {
		case found == nil:
			return false
		case rank == 2 && !found.state.CompareAndSwap(waits, evicted):
			continue // a request has come meanwhile
		}
		g.remove(found.Conn)
		_ = found.Close()
		return true
	}
}

// remove needs the lock.
func (g *gate) remove(conn net.Conn) {
	c, there := g.open[conn]
	if !there {
		return
	}
	delete(g.open, conn)
	if g.addresses[c.address]--; g.addresses[c.address] == 0 {
		delete(g.addresses, c.address)
	}
}

// changed notes when a connection has sent a response and waits for the next
// request, when it ends, and when a handler takes it over, which only those do
// that end it.
func (g *gate) changed(conn net.Conn, state http.ConnState) {
	if state == http.StateNew || state == http.StateActive {
		return // it waits until all of a request is there
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if c, there := g.open[conn]; there && state == http.StateIdle {
		g.turns++
		c.turn = g.turns
		c.state.Store(waits)
		return
	}
	g.remove(conn)
}

// admit passes on requests of the connections that are heard, and responds to
// the surplus with 503, which says that nothing was done and that the client may
// try again.
func (g *gate) admit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := r.Context().Value(connectionKey{}).(*connection)
		switch {
		case c.surplus:
			g.identify(w.Header())
			w.Header().Set("Connection", "close")
			WriteJSON(w, http.StatusServiceUnavailable,
				wire.AppendAPIError(nil, gen.CodeServerBusy, "too many connections, at most "+strconv.Itoa(g.most)+", and "+strconv.Itoa(g.ofAddress)+" of one address"))
			return
		case r.Body != http.NoBody:
			r.Body = &body{r.Body, c}
		case !c.begin():
			panic(http.ErrAbortHandler)
		}
		next.ServeHTTP(w, r)
	})
}

// body is the body of a request, at whose end the whole request is there.
type body struct {
	io.ReadCloser
	connection *connection
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if errors.Is(err, io.EOF) && !b.connection.begin() {
		err = net.ErrClosed
	}
	return n, err
}

// The limits of every server. What a client can keep busy is
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
	IdleTime = time.Minute
	// SlowTime is how long a response may take before its connection is closed to
	// make room for another one.
	SlowTime  = 10 * time.Second
	maxHeader = 64 << 10
)

// ErrStopping is why the context of a request ends when its server is stopped.
var ErrStopping = errors.New("the server is stopping")

// NewServer sets up a handler behind the limits. Serve it on the listener that
// comes with it. identify puts the server's name into the header of a response
// that the handler does not make.
func NewServer(handler http.Handler, l net.Listener, identify func(http.Header)) (*http.Server, net.Listener) {
	g := &gate{
		Listener: l, most: maxConnections, ofAddress: maxOfAddress, surplus: maxSurplus, identify: identify,
		open: map[net.Conn]*connection{}, addresses: map[string]int{},
	}
	return &http.Server{
		Handler:           g.admit(handler),
		ReadHeaderTimeout: HeaderTime,
		ReadTimeout:       RequestTime,
		WriteTimeout:      ResponseTime,
		IdleTimeout:       IdleTime,
		MaxHeaderBytes:    maxHeader,
		ConnContext:       g.opened,
		ConnState:         g.changed,
	}, g
}

// Serve serves on a listener of [NewServer] until ctx ends. Then it accepts no
// more connections, calls stopping, and lets requests under way finish for the
// time of grace. It returns nil, or an error when some had to be cut off. The
// listener is closed in any case.
func Serve(ctx context.Context, server *http.Server, l net.Listener, grace time.Duration, stopping func()) error {
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	select {
	case err := <-served:
		return fmt.Errorf("serving: %w", err)
	case <-ctx.Done():
	}
	stopping()
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := server.Shutdown(ending); err != nil {
		return errors.Join(fmt.Errorf("stopped with requests under way: %w", err), server.Close())
	}
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serving: %w", err)
	}
	return nil
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
