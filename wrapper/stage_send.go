package wrapper

import (
	"bytes"
	"context"
	"net/http"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wrapper/internal/conn"
	"github.com/nimroom/nimroom/wrapper/internal/request"
)

// send makes the request of an attempt, signs it anew, and sends it.
func send(userAgent, sign gen.RequestEditorFn) layer {
	return func(next stage) stage {
		return func(ctx context.Context, c *call) *Error {
			watch := &c.spare.watch
			if c.attempts > 1 || c.reconnects > 0 {
				watch = new(conn.Watch) // the transport may still report events of the previous attempt
			}
			c.watch = watch
			if c.spare.editors[0] == nil {
				c.spare.editors = [...]gen.RequestEditorFn{userAgent, sign, c.edit}
			}
			response, err := c.post(c.attempt.host.Client, watch.Context(ctx), request.ContentType, bytes.NewReader(c.body), c.spare.editors[:]...) //nolint:bodyclose // read closes it
			switch {
			case err != nil && !c.attempt.signed:
				c.attempts-- // nothing was sent
				return c.badParameter(err)
			case err != nil:
				e := c.noResponse(ended(ctx, err), watch.MayHaveArrived(err))
				c.attempt.stale = c.isStale(ctx, watch, e)
				return e
			}
			c.attempt.response = response
			return next(ctx, c)
		}
	}
}

// withUserAgent returns an editor that sets the User-Agent header. All requests share
// its value.
func withUserAgent(value string) gen.RequestEditorFn {
	values := []string{value}
	return func(_ context.Context, req *http.Request) error {
		req.Header["User-Agent"] = values
		return nil
	}
}

// edit sets the headers of the call. It is the last editor, and notes the signature.
func (c *call) edit(_ context.Context, req *http.Request) error {
	req.Header["Requestid"] = c.requestID[:]
	c.checkSums = append(c.checkSums, req.Header["Checksum"]...)
	for name, values := range c.header {
		req.Header[name] = values
	}
	if c.changes() {
		c.watch.Once(req)
	}
	c.attempt.signed = true
	return nil
}
