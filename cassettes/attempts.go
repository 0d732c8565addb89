package cassettes

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
)

// attempts are the requests of a recording that it may not hold.
type attempts struct {
	underWay   int
	closed     bool
	unanswered map[string]string // what they were, by the id of the call
}

// record sends a request and records the response. A request without a whole response
// cannot be recorded. That is no loss if the client repeats it and gets one.
func (t *transport) record(req, own *http.Request, body string) (*http.Response, error) {
	scrub := t.scrubber()
	what := t.describe(req.Method, req.URL.String(), body)
	call := req.Header.Get(requestID)
	if call == "" {
		call = what
	}
	t.mu.Lock()
	closed := t.made.closed
	if !closed {
		t.made.underWay++
	}
	t.mu.Unlock()
	if closed {
		err := fmt.Errorf("%w: %s came after %s.yaml was saved; make it before the test ends, or call Use before you register the cleanup that makes it",
			ErrIncomplete, what, t.name)
		t.late(err)
		return nil, err
	}
	response, err := t.recorder.RoundTrip(own)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.made.underWay--
	if err != nil {
		t.made.unanswered[call] = fmt.Sprintf("%s: %s", what, scrub.Text(err.Error()))
		return nil, err
	}
	delete(t.made.unanswered, call)
	response.Request = req
	response.Header = response.Header.Clone()
	return response, nil
}

// incomplete reports what the recording lacks.
func (c *Cassette) incomplete() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var lacks []error
	if c.made.underWay > 0 {
		lacks = append(lacks, fmt.Errorf("%w: requests under way when it ended: %d; wait for them in the test", ErrIncomplete, c.made.underWay))
	}
	for _, what := range slices.Sorted(maps.Values(c.made.unanswered)) {
		lacks = append(lacks, fmt.Errorf("%w: a file cannot hold a request without a response: %s", ErrIncomplete, what))
	}
	return errors.Join(lacks...)
}
