package main

import (
	"errors"
	"io"
	"io/fs"
	"sync"

	"github.com/nimroom/nimroom/internal/message"
)

// outlet is an output that remembers the first error of a write, so that a full disk does not pass for success.
type outlet struct {
	io.Writer
	mu  sync.Mutex
	err error
}

func (o *outlet) Write(p []byte) (int, error) {
	n, err := o.Writer.Write(p)
	if err == nil {
		return n, nil
	}
	err = unwritten(err)
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err == nil {
		o.err = err
	}
	return n, err
}

// failed returns the first error.
func (o *outlet) failed() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.err
}

// outputError is the error of an output. It is none of the command line.
type outputError struct{ error }

func (e outputError) Unwrap() error { return e.error }

// unwritten returns the error of a write: why, without the name that a system has for the standard output.
func unwritten(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return exitError{outputError{message.Errorf("the output cannot be written: %w", err)}, exitFailed}
}
