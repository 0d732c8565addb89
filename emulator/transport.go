package emulator

import (
	"context"
	"net"
	"net/http"
	"sync"
)

// WithoutPort makes [Start] serve in memory: no port is opened, and only the
// client of [Server.Client] reaches the server. It is the way to a server in a
// testing/synctest bubble, whose time stands still while anything in it waits
// for the network.
func WithoutPort() Option {
	return func(o *options) { o.withoutPort = true }
}

// memoryHost is in the URL of a server without a port. It never resolves.
const memoryHost = "emulator.test"

// Client is an HTTP client for the server's URL. That of a server which was
// started [WithoutPort] is the only one that reaches it. Its connections end
// with the test.
func (s *Server) Client() *http.Client {
	if s.client == nil {
		return new(http.Client)
	}
	return s.client
}

// listen opens a free loopback port, or a listener in memory, and sets URL and
// client to match.
func (s *Server) listen() (net.Listener, error) {
	transport := &http.Transport{DisableCompression: true}
	s.client = &http.Client{Transport: transport}
	if s.options.withoutPort {
		l := &memoryListener{connections: make(chan net.Conn), closed: make(chan struct{})}
		transport.DialContext = l.dial
		s.URL = "http://" + memoryHost + basePath
		return l, nil
	}
	l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s.URL = "http://" + l.Addr().String() + basePath
	return l, nil
}

// memoryListener hands out the server's ends of pipes, so that all of HTTP is
// as it is over a network.
type memoryListener struct {
	connections chan net.Conn
	closed      chan struct{}
	once        sync.Once
}

func (l *memoryListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.connections:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *memoryListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *memoryListener) Addr() net.Addr { return memoryAddr{} }

func (l *memoryListener) dial(ctx context.Context, _, _ string) (net.Conn, error) {
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
func (memoryAddr) String() string  { return memoryHost }
