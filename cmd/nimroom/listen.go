package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"
)

// shutdownTime bounds how long requests under way may take when a server ends.
const shutdownTime = 5 * time.Second

// listen serves a handler with limits on time and size. It returns the address
// and a function that ends serving, after the requests under way.
func listen(ctx context.Context, addr string, handler http.Handler) (address string, stop func() error, err error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	return listener.Addr().String(), func() error {
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
		defer cancel()
		err := server.Shutdown(ending)
		if servedErr := <-served; !errors.Is(servedErr, http.ErrServerClosed) {
			err = errors.Join(err, servedErr)
		}
		return err
	}, nil
}
