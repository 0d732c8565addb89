package chaos

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wrapper"
)

// call is one of a client, with all that reached the service of it.
type call struct {
	operation *gen.Operation
	name      string // of the call in a report
	form      url.Values

	mu       sync.Mutex
	arrivals []arrival
	errs     []error // of the harness

	told []byte // the body of the last response, as the caller got it
	err  error  // that the caller got
}

type callKey struct{}

// arrival is a request that the service got, and its response.
type arrival struct {
	attempt string // its nonce
	copied  bool   // by the network
	form    url.Values
	*response
}

func (c *call) arrived(a arrival) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.arrivals = append(c.arrivals, a)
}

func (c *call) trouble(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		c.errs = append(c.errs, err)
	}
}

// done are the arrivals that the service carried out. Copies that the network made are
// not the client's.
func (c *call) done() []arrival {
	return slices.DeleteFunc(slices.Clone(c.arrivals), func(a arrival) bool { return a.copied || a.code != http.StatusOK })
}

// effects counts how often the call changed something. To repeat an idempotent request
// changes nothing. Of messages the service drops those that are marked as repeats and whose
// id came before with the mark; that holds for the network's copies too.
func (c *call) effects() int {
	switch o := c.operation; {
	case o.Idempotency == gen.Deduplicated:
		n, marked := 0, map[string]bool{}
		for _, a := range c.arrivals {
			if a.code != http.StatusOK {
				continue
			}
			id, mark := identity(o.Repeat, a.form)
			if !mark || !marked[id] {
				n++
			}
			marked[id] = marked[id] || mark
		}
		return n
	case o.Idempotency == gen.Unsafe && (o.IdempotentWith == "" || c.form.Get(o.IdempotentWith) == ""):
		return len(c.done())
	}
	return min(len(c.done()), 1)
}

// identity is the id by which the service recognizes a repeat of a request, and whether the
// request is marked as one. Of a list of messages it is that of all of them.
func identity(r *gen.Repeat, form url.Values) (id string, mark bool) {
	if r.List == "" {
		return form.Get(r.ID), form.Get(r.Flag) == r.Value
	}
	var list []map[string]any
	if json.Unmarshal([]byte(form.Get(r.List)), &list) != nil {
		return "", false
	}
	mark = true
	ids := make([]any, len(list))
	for i, m := range list {
		ids[i] = m[r.ID]
		mark = mark && fmt.Sprint(m[r.Flag]) == r.Value
	}
	return fmt.Sprint(ids), mark
}

// ending says how a call ended for its caller.
func ending(err error) string {
	var e *wrapper.Error
	switch {
	case err == nil:
		return "succeeded"
	case errors.As(err, &e) && e.MayHaveTakenEffect:
		return "unknown"
	}
	return "failed"
}

// judge compares what the client reported with what the service did.
func (r *Report) judge(c *call) {
	o := c.operation
	changes := o.Idempotency != gen.Safe
	how := ending(c.err)
	r.note(o.ID, how)
	fault := func(list *[]string, format string, args ...any) {
		*list = append(*list, fmt.Sprintf("%s: %s; told: %v; %d arrivals: %s", c.name, fmt.Sprintf(format, args...), c.err, len(c.arrivals), c.codes()))
	}
	if n := c.effects(); changes && n > 1 {
		fault(&r.Duplicates, "happened %d times", n)
	}
	happened := len(c.done()) > 0
	switch how {
	case "succeeded":
		switch {
		case changes && !happened && !c.answered(append(slices.Clone(o.RepeatDone), gen.CodeDuplicateOperation, gen.CodeDuplicateRequest)...):
			fault(&r.Lost, "succeeded and did not happen")
		case !slices.ContainsFunc(c.arrivals, func(a arrival) bool { return string(a.body) == string(c.told) }):
			fault(&r.Wrong, "got a response that the service did not send: %.200s", c.told)
		}
	case "failed":
		if changes && happened {
			fault(&r.Wrong, "failed for certain and happened")
		}
	case "unknown":
		var e *wrapper.Error
		if !changes || !errors.Is(c.err, wrapper.ErrOutcomeUnknown) || errors.As(c.err, &e) && e.Ask == "" {
			fault(&r.Wrong, "may have taken effect, and nothing tells")
		}
	}
	if c.err != nil && strings.ContainsAny(c.err.Error(), "\r\n\x1b") {
		fault(&r.Wrong, "is more than one line")
	}
	for _, err := range c.errs {
		fault(&r.Wrong, "harness: %v", err)
	}
}

// answered reports whether the service responded to an attempt with one of the codes.
func (c *call) answered(codes ...int) bool {
	return slices.ContainsFunc(c.arrivals, func(a arrival) bool { return slices.Contains(codes, a.code) })
}

func (c *call) codes() string {
	var list []string
	for _, a := range c.arrivals {
		text := strconv.Itoa(a.code)
		if a.copied {
			text += " (copy)"
		}
		list = append(list, text)
	}
	return strings.Join(list, ", ")
}

// element is the part of a batch that is about one element of its list.
func (c *call) element(key string, err error) *call {
	part := &call{operation: c.operation, name: c.name + " " + key, form: c.form, err: err, errs: c.errs}
	for _, a := range c.arrivals {
		var keys []string
		if json.Unmarshal([]byte(a.form.Get(c.operation.Batch.Field)), &keys) == nil && slices.Contains(keys, key) {
			part.arrivals = append(part.arrivals, a)
			part.told = a.body
		}
	}
	return part
}
