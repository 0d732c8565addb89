package web

import (
	"context"
	"net"
	"sync"
)

// MemoryHost is in the URL of a server without a port. No network has that name.
const MemoryHost = "emulator.test"

// MemoryListener hands out the server's ends of pipes, so that all of HTTP is
// as it is over a network.
type MemoryListener struct {
	connections chan net.Conn
	closed      chan struct{}
	once        sync.Once
}

// NewMemoryListener returns a listener that opens no port.
func NewMemoryListener() *MemoryListener {
	return &MemoryListener{connections: make(chan net.Conn), closed: make(chan struct{})}
}

// Accept returns the server's end of the next connection.
func (l *MemoryListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.connections:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close ends the listener.
func (l *MemoryListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr returns an address that names memory.
func (l *MemoryListener) Addr() net.Addr { return memoryAddr{} }

// Dial connects to the server, whatever the address.
func (l *MemoryListener) Dial(ctx context.Context, _, _ string) (net.Conn, error) {
	client, server := net.Pipe()
	var err error
	select {
	case l.connections <- server:
		return client, nil
	case <-l.closed:
		err = net.ErrClosed
	case <-ctx.Done():
		err = ctx.Err()
	}
	_ = client.Close() // of a pipe, which does not fail
	return nil, &net.OpError{Op: "dial", Net: memoryAddr{}.Network(), Addr: memoryAddr{}, Err: err}
}

type memoryAddr struct{}

func (memoryAddr) Network() string { return "memory" }
func (memoryAddr) String() string  { return MemoryHost }
