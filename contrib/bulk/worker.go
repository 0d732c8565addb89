package bulk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/command"
	"github.com/nimroom/nimroom/wrapper"
)

// Outcome says what became of a line.
type Outcome string

// The outcomes. Unknown means that a line may or may not have taken effect, and that nobody can
// find out.
const (
	Done    Outcome = "done"
	Failed  Outcome = "failed"
	Unknown Outcome = "unknown"
)

// Result is the result of a line.
type Result struct {
	Line      int             `json:"line"`
	Action    string          `json:"action"`
	Outcome   Outcome         `json:"outcome"`
	Code      int             `json:"code,omitempty"` // of the response; 0 if there was none
	Message   string          `json:"message,omitempty"`
	Advice    string          `json:"advice,omitempty"`
	ID        string          `json:"id,omitempty"` // of what the line made: a message, a room or an account
	RequestID string          `json:"requestId"`
	Response  json.RawMessage `json:"response,omitempty"`
}

// jobArgs names the line of a job.
type jobArgs struct {
	Run  string `json:"run"`
	Line int    `json:"line"`
}

// Kind returns the name of such jobs.
func (jobArgs) Kind() string { return "nimroom_bulk" }

// worker carries out lines.
type worker struct {
	river.WorkerDefaults[jobArgs]

	store  *Store
	client *wrapper.Client
	config Config
	failed chan<- error // ends the work, because no line can succeed
}

// NextRetry makes the job of a killed worker available at once when it is rescued.
func (w *worker) NextRetry(*river.Job[jobArgs]) time.Time { return time.Now() }

// Work carries out a line. If that does not settle it, the job comes again later.
func (w *worker) Work(ctx context.Context, job *river.Job[jobArgs]) error {
	l, err := w.store.line(ctx, job.Args.Run, job.Args.Line)
	switch {
	case err != nil:
		return river.JobSnooze(pause(0))
	case l == nil:
		return river.JobCancel(errors.New("the run is no longer kept"))
	case l.outcome != "":
		return nil
	}
	var options []wrapper.CallOption
	if !l.sentAt.IsZero() {
		if l.harmless() {
			options = append(options, wrapper.WithEarlierAttempt())
		} else {
			if left := time.Until(l.sentAt.Add(w.config.Settle)); left > 0 {
				return river.JobSnooze(left) // the request may still be under way
			}
			switch r, err := w.ask(ctx, job.Args.Run, l); {
			case err != nil:
				return w.again(ctx, job, l, r, pause(l.tries))
			case r.Outcome != "":
				return w.settle(ctx, job, r)
			}
		}
	}
	options = append(options, wrapper.WithRequestID(l.RequestID))
	body, err := w.client.Do(context.WithValue(ctx, sending{}, job), l.Operation.Path, l.Form, options...)
	r, again := l.judge(w.config.Language, body, err)
	switch {
	case ctx.Err() != nil:
		return river.JobSnooze(0) // interrupted, and here or elsewhere the job comes again
	case errors.Is(err, wrapper.ErrBadSignature), errors.Is(err, wrapper.ErrClock):
		select {
		case w.failed <- err:
		default: // another line failed so
		}
		return river.JobSnooze(pause(l.tries))
	case again:
		var e *wrapper.Error
		errors.As(err, &e)
		return w.again(ctx, job, l, r, max(e.RetryAfter, pause(l.tries)))
	}
	return w.settle(ctx, job, r)
}

// harmless reports whether a line that may have been sent can be sent again. An operation that
// is asked by repeating it tells by its response what the first time did.
func (l *kept) harmless() bool {
	o := l.Operation
	return o.Idempotency != gen.Unsafe || o.IdempotentWith != "" && l.Form.Get(o.IdempotentWith) != "" || o.Ask == o.ID
}

// judge returns the result of a call. If the call should be made again, the result is the one
// after the last try.
func (l *kept) judge(language wrapper.Language, body json.RawMessage, err error) (r Result, again bool) {
	r = Result{Line: l.Number, Action: l.Operation.Action, RequestID: l.RequestID}
	if err == nil {
		r.Outcome, r.Code, r.Response, r.ID = Done, gen.CodeOK, body, l.id(body)
		return r, false
	}
	var e *wrapper.Error
	if !errors.As(err, &e) {
		r.Outcome, r.Message = Failed, err.Error()
		return r, false
	}
	errors.As(command.ByAction(err), &e)
	r.Code, r.Message, r.Advice = e.Code, e.Error(), e.AdviceIn(language)
	repeats := l.Operation.Idempotency != gen.Unsafe
	info, _ := gen.LookupCode(e.Code)
	again = e.Code == 0 && e.Field == "" || info.Transient || errors.Is(e, wrapper.ErrRateLimited)
	switch {
	case repeats && (errors.Is(e, wrapper.ErrResultUnknown) || errors.Is(e, wrapper.ErrDuplicate) && e.MayHaveTakenEffect):
		r.Outcome, again = Done, false // an earlier attempt did it; its response is lost
		r.ID = l.id(nil)
	case e.MayHaveTakenEffect:
		r.Outcome = Unknown
	default:
		r.Outcome = Failed
	}
	return r, again
}

// id returns the id of what a line made: that of the message, or what the response names.
func (l *kept) id(body json.RawMessage) string {
	if repeat := l.Operation.Repeat; repeat != nil {
		return l.Form.Get(repeat.ID)
	}
	var response map[string]json.RawMessage
	_ = json.Unmarshal(body, &response) // a response that is no object has no id
	for _, name := range l.Operation.Success {
		var object map[string]any
		if json.Unmarshal(response[name], &object) != nil {
			continue
		}
		for _, id := range []string{"roomid", "accid"} {
			if value, found := object[id]; found {
				if number, ok := value.(float64); ok {
					return fmt.Sprintf("%.0f", number)
				}
				return fmt.Sprint(value)
			}
		}
	}
	return ""
}

// again lets the job come again after d, or settles the line if that was its last try.
func (w *worker) again(ctx context.Context, job *river.Job[jobArgs], l *kept, r Result, d time.Duration) error {
	if l.tries+1 >= w.config.Tries {
		r.Message = fmt.Sprintf("given up after %d tries: %s", l.tries+1, r.Message)
		return w.settle(ctx, job, r)
	}
	if err := w.store.failed(ctx, job); err != nil {
		d = max(d, pause(0))
	}
	return river.JobSnooze(d)
}

// settle stores a result. It tries until the job's time is over, because the database may be
// away for a moment and nobody else knows the result.
func (w *worker) settle(ctx context.Context, job *river.Job[jobArgs], r Result) error {
	ctx = context.WithoutCancel(ctx)
	for try := range 8 {
		err := w.store.settle(ctx, job, r)
		if err == nil {
			return nil
		}
		if wait(ctx, pause(try)/4) != nil {
			break
		}
	}
	return river.JobSnooze(pause(0))
}

// pause returns the wait before try n+1: a second, doubled each time, up to a minute.
func pause(n int) time.Duration { return min(time.Second<<min(n, 6), time.Minute) }

// wait waits for d.
func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// sending is the key under which the context of a call has its job.
type sending struct{}

// limiter notes in the store that a line is about to be sent, for each attempt of a call.
type limiter struct {
	wrapper.Limiter
	store *Store
}

// Wait waits for the turn of a call. It notes an unsafe operation last, so that a line counts as
// sent only if it may have been, and any other operation first, so that the database does not
// delay calls that keep to the quota.
func (l limiter) Wait(ctx context.Context, operation *gen.Operation) error {
	job, found := ctx.Value(sending{}).(*river.Job[jobArgs])
	if !found {
		return l.Limiter.Wait(ctx, operation)
	}
	if operation.Idempotency == gen.Unsafe {
		if err := l.Limiter.Wait(ctx, operation); err != nil {
			return err
		}
		return errors.Join(l.store.aboutToSend(ctx, job), l.store.sync(ctx))
	}
	if err := l.store.aboutToSend(ctx, job); err != nil {
		return err
	}
	return l.Limiter.Wait(ctx, operation)
}
