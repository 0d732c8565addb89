package main

import (
	"context"
	"net"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/internal/message"
)

// listen listens on addr. Its error has an exit code.
func listen(ctx context.Context, addr string) (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, exitError{err, exitUnknown}
	}
	return l, nil
}

// checkAddress rejects an address at which other machines could reach a server, unless it is
// exposed. expose says how to expose it.
func checkAddress(ctx context.Context, addr string, exposed bool, expose message.Text) error {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return usage("--addr %q: missing port or host; want HOST:PORT, such as 127.0.0.1:8500", addr)
	}
	if _, err := net.DefaultResolver.LookupPort(ctx, "tcp", port); err != nil {
		return usage("--addr %q: want a port from 0 to 65535, as in 127.0.0.1:8500", addr)
	}
	if exposed {
		return nil
	}
	if host == "" {
		return usage("--addr %q listens on all addresses; use a loopback address or %v", addr, expose)
	}
	ips, err := net.DefaultResolver.LookupIPAddr(ctx, host)
	if err != nil {
		return usage("--addr %q: %w", addr, err)
	}
	for _, ip := range ips {
		if !ip.IP.IsLoopback() {
			return usage("--addr %q is not a loopback address; use one or %v", addr, expose)
		}
	}
	return nil
}

// reachable returns an address at which a client on this machine reaches a listener. It
// replaces an unspecified address, such as 0.0.0.0, by a loopback address.
func reachable(listening string) string {
	host, port, err := net.SplitHostPort(listening)
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		return net.JoinHostPort("127.0.0.1", port)
	}
	return listening
}

// serveInBackground serves an emulator on a free loopback port. It returns the address
// and a function that stops the server.
func serveInBackground(ctx context.Context, server *emulator.Server) (address string, stop func() error, err error) {
	l, err := listen(ctx, "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	ctx, end := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() { served <- server.Serve(ctx, l) }()
	return l.Addr().String(), func() error {
		end()
		return <-served
	}, nil
}
