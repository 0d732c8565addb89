package callback

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/sign"
)

// Receiver is the HTTP handler of an app's callbacks. Use [New] to create one.
type Receiver struct {
	config
	handlers Handlers
	slots    chan struct{} // holds an element for each function that runs
	err      error         // a mistake in the arguments of New
}

// New returns a handler of the callbacks of an app. If an argument makes no sense, every request
// gets status 500, and Err says why.
func New(app sign.Credentials, handlers Handlers, options ...Option) *Receiver {
	c := config{
		apps: []sign.Credentials{app}, maxBody: DefaultMaxBody, timeout: DefaultTimeout, concurrency: DefaultConcurrency,
		now: time.Now, memory: NewMemory(DefaultMemory), onError: func(*Error) {},
	}
	r := &Receiver{handlers: handlers}
	for i, option := range options {
		if option == nil {
			r.err = fmt.Errorf("callback: option %d is nil", i+1)
			return r
		}
		option(&c)
	}
	if r.err = c.validate(); r.err == nil {
		r.config, r.slots = c, make(chan struct{}, c.concurrency)
	}
	return r
}

// Err returns what is wrong with the arguments of New, or nil.
func (r *Receiver) Err() error { return r.err }

// appKey is the key of a context's value.
type appKey struct{}

// AppKey returns the key of the app that the callback of a function's context is for.
func AppKey(ctx context.Context) string {
	if ctx == nil {
		return ""
	}
	key, _ := ctx.Value(appKey{}).(string)
	return key
}

// ServeHTTP serves one callback. It always responds within the time of [WithTimeout].
func (r *Receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	decision, e := r.receive(w, req)
	if e != nil {
		if r.err == nil {
			r.onError(e)
		}
		e.write(w)
		return
	}
	if decision == nil {
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(decision) // the service does not read it any more
}

// receive handles a callback and returns what the app responds, nil for a status alone.
func (r *Receiver) receive(w http.ResponseWriter, req *http.Request) (decision any, failed *Error) {
	if req.Body == nil { // a request that no server made
		req.Body = http.NoBody
	}
	switch {
	case r.err != nil:
		return nil, &Error{Kind: ErrConfig, Status: http.StatusInternalServerError, cause: r.err}
	case req.Method != http.MethodPost:
		w.Header().Set("Allow", http.MethodPost)
		return nil, &Error{Kind: ErrMethod, Status: http.StatusMethodNotAllowed, cause: fmt.Errorf("the method is %.20q, want POST", req.Method)}
	}
	ctx, cancel := context.WithTimeout(req.Context(), r.timeout)
	defer cancel()
	body, e := r.verify(w, req)
	if e != nil {
		return nil, e
	}
	app := req.Header.Get(sign.HeaderAppKey)
	c, err := gen.DecodeCallback(body)
	if err != nil {
		return nil, &Error{Kind: ErrBadBody, Status: http.StatusBadRequest, AppKey: app, cause: err}
	}
	if unknown, ok := c.(*gen.UnknownCallback); ok {
		switch {
		case len(unknown.Members) == 0: // the test request
			return nil, nil
		case unknown.Err != nil && r.handlers.OnUnknown == nil:
			return nil, &Error{Kind: ErrBadMember, Status: http.StatusBadRequest, AppKey: app, Type: c.Type(), cause: unknown.Err}
		}
	}
	select {
	case r.slots <- struct{}{}:
	default:
		return nil, later(ErrBusy, app, c, nil)
	}
	ended := make(chan outcome, 1)
	go r.handle(context.WithValue(ctx, appKey{}, app), c, repeatKey(app, body, c, req.Header.Get(sign.HeaderCurTime)), ended)
	select {
	case o := <-ended:
		if o.failed != nil {
			o.failed.AppKey, o.failed.Type = app, c.Type()
		}
		return o.decision, o.failed
	case <-ctx.Done():
		return nil, later(ErrLate, app, c, ctx.Err())
	}
}

// verify returns the body of a callback that the service sent.
func (r *Receiver) verify(w http.ResponseWriter, req *http.Request) ([]byte, *Error) {
	// Not every ResponseWriter can set a deadline. Then the server's own deadline holds.
	controller := http.NewResponseController(w)
	bounded := controller.SetReadDeadline(time.Now().Add(r.timeout)) == nil
	body, err := sign.VerifyCallback(req.Header, req.Body, r.maxBody, r.now(), r.apps...)
	if err == nil {
		_ = controller.SetReadDeadline(time.Time{})
		return body, nil
	}
	if bounded { // the server may reset the connection of a sender that it does not listen to
		_, _ = io.CopyN(io.Discard, req.Body, maxMaxBody)
	}
	e := &Error{Kind: ErrBadBody, Status: http.StatusBadRequest, cause: err}
	var signature *sign.Error
	switch {
	case errors.As(err, &signature):
		e.Kind, e.Status, e.Header = ErrBadSignature, http.StatusUnauthorized, signature.Header
		if errors.Is(err, sign.ErrCallbackTimeExpired) {
			e.Kind = ErrClock
		}
	case errors.Is(err, sign.ErrBodyTooLarge):
		e.Kind, e.Status = ErrTooLarge, http.StatusRequestEntityTooLarge
		e.cause = fmt.Errorf("the body has more than %d bytes", r.maxBody)
	}
	return nil, e
}

// repeatKey returns by what a repeat of a callback is known. Without a time in the body two events may
// have the same body; then the time of the request tells them apart.
func repeatKey(app string, body []byte, c gen.Callback, curTime string) string {
	sum := sha256.New()
	if !c.Time().IsZero() {
		curTime = ""
	}
	_, _ = io.WriteString(sum, app+"\x00"+curTime+"\x00")
	_, _ = sum.Write(body)
	return hex.EncodeToString(sum.Sum(nil))
}

// outcome is what became of a callback.
type outcome struct {
	decision any
	failed   *Error
}

// memoryTime bounds how long a memory may take to note that a callback was handled, which does not
// hold up the response.
const memoryTime = 5 * time.Second

// handle calls the function for a callback, unless the callback is a repeat. It may end after the
// response was sent.
func (r *Receiver) handle(ctx context.Context, c gen.Callback, key string, ended chan<- outcome) {
	// What stands here if code of the app ends the goroutine.
	o := outcome{failed: functionFailed(errors.New("it ended its goroutine"))}
	defer func() {
		if v := recover(); v != nil { // the function's own panics do not get here
			o.failed = later(ErrMemory, "", c, fmt.Errorf("panic: %v", v))
		}
		<-r.slots
		ended <- o
	}()
	if isQuestion(c) { // each asks for a decision
		o = r.call(ctx, c)
		return
	}
	seen, err := r.memory.Begin(ctx, key)
	switch {
	case err != nil:
		o.failed = later(ErrMemory, "", c, err)
		return
	case seen == Handled:
		o.failed = nil
		return
	case seen == Busy:
		o.failed = later(ErrBusy, "", c, errors.New("the same callback is being handled"))
		return
	}
	defer func() {
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), memoryTime)
		defer cancel()
		if err := r.memory.End(end, key, o.failed == nil); err != nil {
			// The response does not change; a repeat may be handled once more.
			r.onError(&Error{Kind: ErrMemory, Status: http.StatusOK, AppKey: AppKey(ctx), Type: c.Type(), cause: err})
		}
	}()
	o = r.call(ctx, c)
}

// functionFailed returns the error of a function of the app.
func functionFailed(err error) *Error {
	return &Error{Kind: ErrHandler, Status: http.StatusInternalServerError, cause: err}
}

// call calls the function for a callback. A panic is an error.
func (r *Receiver) call(ctx context.Context, c gen.Callback) (o outcome) {
	defer func() {
		if v := recover(); v != nil {
			o = outcome{failed: functionFailed(fmt.Errorf("panic: %v", v))}
			o.failed.Stack = debug.Stack()
		}
	}()
	decision, err := r.handlers.dispatch(ctx, c)
	if err != nil {
		return outcome{failed: functionFailed(err)}
	}
	return outcome{decision: decision}
}
