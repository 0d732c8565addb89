package main

import (
	"context"
	"net"

	"github.com/nimroom/nimroom/emulator"
)

// listen listens on addr. Its error has an exit code.
func listen(ctx context.Context, addr string) (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, exitError{err, exitUnknown}
	}
	return l, nil
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
