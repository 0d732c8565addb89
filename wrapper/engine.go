package wrapper

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/nimroom/nimroom/gen"
)

// The way of a call, in this order:
//
//	validate -> encode -> [per attempt: sign -> send -> read -> decode or classify] -> result
//
// run holds the first steps and the result; attempt holds what a repeated
// attempt does anew. Signing sits in the raw client's request editors and so
// happens once per attempt.

// contentType of every request, as the documents write it.
const contentType = "application/x-www-form-urlencoded;charset=utf-8"

// call is the state of one call.
type call struct {
	client    *Client
	operation *gen.Operation
	timeout   time.Duration
	raw       *[]byte // where RawAnswer wants the answer
	attempts  int
}

// run carries out one operation.
func run[F gen.Form, R any](ctx context.Context, client *Client, endpoint *gen.Endpoint[F, R], form F, options []CallOption) (*R, error) {
	c := call{client: client, operation: endpoint.Operation, timeout: client.timeout}
	for _, option := range options {
		option(&c)
	}
	if c.raw != nil {
		*c.raw = nil
	}
	if err := form.Validate(); err != nil {
		return nil, c.invalid(err)
	}
	if c.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.timeout)
		defer cancel()
	}
	return attempt(ctx, &c, endpoint, form.AppendForm(nil))
}

// attempt signs and sends the form once and reads the answer.
func attempt[F gen.Form, R any](ctx context.Context, c *call, endpoint *gen.Endpoint[F, R], form []byte) (*R, error) {
	if err := ctx.Err(); err != nil {
		return nil, c.unanswered(err, false)
	}
	c.attempts++
	sent := new(sending)
	response, err := endpoint.Send(c.client.raw, sent.watch(ctx), contentType, bytes.NewReader(form))
	if err != nil {
		return nil, c.unanswered(err, sent.mayHaveArrived(err))
	}
	buffer := buffers.Get().(*bytes.Buffer)
	defer release(buffer)
	if err := c.read(response, buffer); err != nil {
		return nil, err
	}
	answer, err := endpoint.Decode(buffer.Bytes())
	if err != nil || response.StatusCode != http.StatusOK {
		return nil, c.classify(err, response, buffer.Bytes())
	}
	return answer, nil
}

// read takes in the whole body, up to the client's limit.
func (c *call) read(response *http.Response, buffer *bytes.Buffer) error {
	defer func() { _ = response.Body.Close() }() // what was read counts
	limit := c.client.maxResponseSize
	_, err := buffer.ReadFrom(io.LimitReader(response.Body, limit+1))
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
