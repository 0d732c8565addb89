package wrapper

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/nimroom/nimroom/gen"
)

// The way of a call, in this order:
//
//	validate -> encode -> [per attempt: limit -> pick host -> sign -> send -> read -> decode or classify] -> result
//
// run holds the first steps and the result, repeat the attempts, attempt what a
// single one does. Signing sits in the raw clients' request editors and so
// happens once per attempt.

// contentType of every request, as the documents write it.
const contentType = "application/x-www-form-urlencoded;charset=utf-8"

// call is the state of one call.
type call struct {
	client    *Client
	operation *gen.Operation
	info      CallInfo

	settings
	misused error // of a call option

	deadline   time.Time // of the call as a whole, zero for none
	attempts   int
	ambiguous  bool // an attempt may have been carried out without telling
	healed     bool // the clock was corrected once
	wasStale   bool // a dead idle connection was met once
	built      bool // the attempt's request was made and signed
	clockMoved bool // the last answer corrected it

	last  *host     // of the last attempt
	began time.Time // the attempt, zero while it waits for its turn

	// Room in the one allocation of a call for what each call needs.
	requestID    []string
	checkSums    []string // of the attempts, never to be shown
	requestIDs   [1]string
	sums         [1]string
	editors      [1]gen.RequestEditorFn
	firstSending sending // of the usual case of one attempt
	bounded      io.LimitedReader
}

// run carries out one operation.
func run[F gen.Form, R any](ctx context.Context, client *Client, endpoint *gen.Endpoint[F, R], form F, options []CallOption) (*R, error) {
	c := &call{
		client: client, operation: endpoint.Operation,
		settings: client.settings,
		info:     CallInfo{Operation: endpoint.Operation, RequestID: newRequestID()},
	}
	c.requestIDs[0] = c.info.RequestID
	c.requestID, c.checkSums = c.requestIDs[:], c.sums[:0]
	c.editors[0] = c.edit
	c.misused = c.apply(options)
	if c.raw != nil {
		*c.raw = nil
	}
	started := time.Now()
	if c.timeout > 0 {
		c.deadline = started.Add(c.timeout)
	}
	if d, ok := ctx.Deadline(); ok && (c.deadline.IsZero() || d.Before(c.deadline)) {
		c.deadline = d
	}
	ctx = client.hooks.start(ctx, c.info)
	answer, e := repeat(ctx, c, endpoint, form)
	var err error
	if e != nil {
		err = e // not the nil *Error, which would be an error
	}
	if len(client.hooks) > 0 {
		client.hooks.end(ctx, EndInfo{CallInfo: c.info, Attempts: c.attempts, Duration: time.Since(started), Err: err})
	}
	return answer, err
}

// repeat validates and encodes the form and makes attempts until one succeeds
// or none may follow.
func repeat[F gen.Form, R any](ctx context.Context, c *call, endpoint *gen.Endpoint[F, R], form F) (*R, *Error) {
	if c.operation.Repeat != nil {
		form = identified(form, c.info.RequestID)
	}
	if c.misused != nil {
		return nil, c.invalid(c.misused)
	}
	if err := form.Validate(); err != nil {
		return nil, c.invalid(err)
	}
	body := form.AppendForm(nil)
	for {
		c.began = time.Time{}
		answer, e := attempt(ctx, c, endpoint, body)
		if e != nil {
			c.redactError(e)
		}
		if e != nil && c.ambiguous && e.is(ErrDuplicate) { // an earlier attempt arrived
			switch {
			case len(c.operation.Success) == 0:
				answer, e = new(R), nil // and its answer holds nothing to know
			case !c.changes():
				e.transient = true // its answer is lost, and another one as good
			}
		}
		if e == nil {
			c.report(ctx, nil, false, 0)
			c.client.budget.refund()
			if c.ambiguous && endpoint.Unclear != nil && endpoint.Unclear(answer) {
				return answer, c.unclear()
			}
			return answer, nil
		}
		c.settle(e)
		wait, again := c.again(ctx, e)
		c.report(ctx, e, again, wait)
		if !again {
			return nil, e
		}
		if err := pause(ctx, wait); err != nil {
			if e.cause != nil {
				err = fmt.Errorf("%w; then %w", e.cause, err)
			}
			e.cause = err
			return nil, e
		}
		if e.Code == gen.CodeDuplicateRequest {
			c.renew()
		}
		if c.operation.Repeat != nil && c.ambiguous {
			form = repeated(form)
			body = form.AppendForm(nil)
		}
	}
}

// identified gives a form that is told apart by an id one, unless it has one.
func identified[F gen.Form](form F, id string) F {
	if r, ok := any(form).(gen.Repeatable[F]); ok {
		return r.Identified(id)
	}
	return form
}

// repeated marks a form as one that may have arrived before.
func repeated[F gen.Form](form F) F {
	if r, ok := any(form).(gen.Repeatable[F]); ok {
		return r.Repeated()
	}
	return form
}

// attempt waits for its turn, signs and sends the form once, and reads the answer.
func attempt[F gen.Form, R any](ctx context.Context, c *call, endpoint *gen.Endpoint[F, R], form []byte) (*R, *Error) {
	if err := c.takeTurn(ctx); err != nil {
		return nil, c.held(err)
	}
	if err := ctx.Err(); err != nil {
		return nil, c.unanswered(err, false)
	}
	parent := ctx
	c.began = time.Now()
	ctx, cancel := c.attemptContext(parent)
	defer cancel()
	c.attempts++
	c.clockMoved, c.built = false, false
	h, err := c.host() //nolint:contextcheck // a probe outlives the call that finds it due
	if err != nil {
		c.attempts--
		return nil, c.invalid(err)
	}
	c.last = h
	c.freshen(h)
	used := c.client.clock.off()
	sent := &c.firstSending
	if c.attempts > 1 || c.wasStale {
		sent = new(sending) // the transport may still report of the one before
	}
	start := c.client.clock.at(c.began)
	response, err := endpoint.Send(h.raw, sent.watch(ctx), contentType, bytes.NewReader(form), c.editors[:]...) //nolint:bodyclose // read closes it
	switch {
	case err != nil && !c.built:
		c.attempts-- // nothing was sent
		return nil, c.invalid(err)
	case err != nil && c.stale(ctx, sent, err):
		// A connection that had been idle was dead: the others are not to be
		// trusted, and neither the host nor the call is to blame.
		c.attempts--
		c.client.closeIdle()
		return attempt(parent, c, endpoint, form)
	case err != nil:
		c.noAnswer(parent, ctx, h)
		return nil, c.unanswered(err, sent.mayHaveArrived(err))
	}
	buffer := buffers.Get().(*bytes.Buffer)
	defer release(buffer)
	if e := c.read(response, buffer); e != nil {
		c.noAnswer(parent, ctx, h)
		return nil, e
	}
	if isGateway(response.StatusCode) {
		h.fail(time.Now())
	} else {
		h.answer(c.began)
	}
	answer, err := endpoint.Decode(buffer.Bytes())
	if err == nil && response.StatusCode == http.StatusOK {
		c.client.clock.learn(response.Header, start, used, false)
		return answer, nil
	}
	body, redacted := c.redactBody(buffer.Bytes())
	if redacted {
		if _, told := endpoint.Decode(body); told != nil {
			err = told // it quotes what it cannot read
		}
	}
	e := c.classify(err, response, body)
	if e.Code != 0 && !e.is(ErrBadSignature) {
		c.clockMoved = c.client.clock.learn(response.Header, start, used, e.is(ErrClock))
	}
	if e.is(ErrRateLimited) && c.client.limiter != nil {
		c.client.limiter.Blocked(c.operation, e.RetryAfter)
	}
	return nil, e
}

// takeTurn waits until the limiter lets an attempt through, within the call's time.
func (c *call) takeTurn(ctx context.Context) error {
	limiter := c.client.limiter
	if limiter == nil {
		return nil
	}
	if l, ok := limiter.(Allower); ok && l.Allow(c.operation) {
		return nil
	}
	if !c.deadline.IsZero() {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, c.deadline)
		defer cancel()
	}
	return limiter.Wait(ctx, c.operation)
}

// attemptContext bounds an attempt by its own time and by the call's.
func (c *call) attemptContext(ctx context.Context) (context.Context, context.CancelFunc) {
	end := c.deadline
	if c.attemptTimeout > 0 {
		if own := c.began.Add(c.attemptTimeout); end.IsZero() || own.Before(end) {
			end = own
		}
	}
	if end.IsZero() {
		return ctx, func() {}
	}
	return context.WithDeadline(ctx, end)
}

// host is where the next attempt goes.
func (c *call) host() (*host, error) {
	if c.baseURL != "" {
		return c.client.pin(c.baseURL)
	}
	return c.client.hosts.pick(), nil
}

// noAnswer notes a host that did not answer, unless it was the caller who did
// not give it its time.
func (c *call) noAnswer(parent, ctx context.Context, h *host) {
	if parent.Err() != nil || c.overdue() && ctx.Err() != nil {
		return
	}
	h.fail(time.Now())
}

// stale tells whether an attempt met a pooled connection that the far side had
// closed, in a call that may be sent again. It says so once in a call, for after
// that all connections are new.
func (c *call) stale(ctx context.Context, sent *sending, err error) bool {
	if c.wasStale || c.retry.Attempts <= 1 || !sent.reused.Load() || ctx.Err() != nil {
		return false
	}
	arrived := sent.mayHaveArrived(err)
	if arrived && (c.operation.Idempotency == gen.Unsafe || c.operation.Repeat != nil) {
		return false // what follows is for again to decide
	}
	c.wasStale = true
	c.ambiguous = c.ambiguous || arrived
	return true
}

// edit sets the headers that belong to the call; it is a gen.RequestEditorFn.
func (c *call) edit(_ context.Context, req *http.Request) error {
	req.Header["Requestid"] = c.requestID
	c.checkSums = append(c.checkSums, req.Header["Checksum"]...)
	for name, values := range c.header {
		req.Header[name] = values
	}
	c.built = true // it is the last of the editors
	return nil
}

// overdue tells whether the call's time is over.
func (c *call) overdue() bool { return !c.deadline.IsZero() && !time.Now().Before(c.deadline) }

// report tells the hooks of an attempt, unless it was held back and never made.
func (c *call) report(ctx context.Context, e *Error, again bool, wait time.Duration) {
	if len(c.client.hooks) == 0 || c.began.IsZero() {
		return
	}
	info := AttemptInfo{
		CallInfo: c.info, Number: c.attempts, Start: c.began, Duration: time.Since(c.began), Again: again, Wait: wait,
	}
	if c.last != nil {
		info.Host = c.last.base
	}
	if e != nil {
		info.Err = e
	}
	c.client.hooks.attempt(ctx, info)
}

// renew gives a call that only reads another request id, after the service took its
// repeat for the same request.
func (c *call) renew() {
	c.info.RequestID = newRequestID()
	c.requestID = []string{c.info.RequestID} // the attempts before may still be sent
}

// read takes in the whole body, up to the client's limit.
func (c *call) read(response *http.Response, buffer *bytes.Buffer) *Error {
	from := response.Body
	if from == nil {
		from = http.NoBody // a middleware's answer
	}
	defer func() { _ = from.Close() }() // what was read counts
	limit := c.client.maxResponseSize
	c.bounded = io.LimitedReader{R: from, N: limit + 1}
	_, err := buffer.ReadFrom(&c.bounded)
	c.bounded.R = nil
	if c.raw != nil {
		*c.raw = bytes.Clone(buffer.Bytes())
	}
	switch {
	case err != nil:
		return c.interrupted(response.StatusCode, err, buffer.Bytes())
	case int64(buffer.Len()) > limit:
		return c.tooLarge(response.StatusCode, limit, buffer.Bytes())
	}
	return nil
}

// newRequestID is 32 random hex digits.
func newRequestID() string {
	var random [16]byte
	binary.NativeEndian.PutUint64(random[:8], rand.Uint64()) // an id need not be a secret
	binary.NativeEndian.PutUint64(random[8:], rand.Uint64())
	var text [32]byte
	hex.Encode(text[:], random[:])
	return string(text[:])
}

// buffers are reused: what is decoded holds no part of them.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// maxPooledBuffer keeps a single large answer from staying in memory.
const maxPooledBuffer = 1 << 20

func release(buffer *bytes.Buffer) {
	if buffer.Cap() <= maxPooledBuffer {
		buffer.Reset()
		buffers.Put(buffer)
	}
}
