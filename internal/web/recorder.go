package web

import (
	"bytes"
	"net/http"
)

// Recorder holds what a handler responds, for code that calls it without a connection.
type Recorder struct {
	Status int // 0 until the handler writes
	Body   bytes.Buffer
	header http.Header
}

// Header returns the header of the response.
func (r *Recorder) Header() http.Header {
	if r.header == nil {
		r.header = http.Header{}
	}
	return r.header
}

// WriteHeader sets the status. The first one counts.
func (r *Recorder) WriteHeader(status int) {
	if r.Status == 0 {
		r.Status = status
	}
}

// Write adds to the body.
func (r *Recorder) Write(p []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	return r.Body.Write(p)
}
