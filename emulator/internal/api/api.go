// Package api serves the API of the service: it checks the signature and the
// form of a request, applies the rate limit, features and faults, and runs the
// operation.
package api

import (
	"errors"
	"net/http"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/engine"
	"github.com/nimroom/nimroom/emulator/internal/faults"
	"github.com/nimroom/nimroom/emulator/internal/rules"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/advice"
	"github.com/nimroom/nimroom/internal/clip"
	"github.com/nimroom/nimroom/internal/web"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/sign"
)

// usualResponse is enough for most responses, so that they are written without
// growing.
const usualResponse = 512

// Config says how the API behaves.
type Config struct {
	Credentials sign.Credentials
	CurTime     CurTime
	Dialect     wire.Dialect
	// Strict rejects unknown fields and fields sent twice.
	Strict bool
	// Rate is the limit of requests of an operation a second; 0 is no limit.
	Rate int
	// Language is that of the explanations in the log.
	Language advice.Language
	// OnRequest is called with the entry of each request and with how long it took, unless it is nil.
	OnRequest func(e Entry, took time.Duration)
	// Without are the features that are off at the start.
	Without []gen.Feature
}

// API serves the operations. Engine is set before the first request.
type API struct {
	Engine   *engine.Engine
	Faults   *faults.Set
	Features Features
	Log      Log
	Stubs    Stubs

	config Config
	rate   *rateLimit
}

// New returns an API that has no engine yet.
func New(c Config) *API {
	a := &API{config: c, Faults: faults.NewSet(), rate: newRateLimit(c.Rate)}
	a.Log.notify = c.OnRequest
	a.Features.reset(c.Without)
	return a
}

// Reset clears faults, blocks and the log, and takes the features back.
// Requests that a fault holds back come to nothing.
func (a *API) Reset() {
	a.Faults.Clear(true)
	a.rate.reset()
	a.Features.reset(a.config.Without)
	a.Log.reset()
	a.Stubs.Clear()
}

// request is a request of an operation on its way through the API.
type request struct {
	*http.Request
	op     rules.Operation
	began  time.Time // by the machine's clock
	form   form
	entry  Entry
	advice advice.Advice // for the error in the entry
}

// Serve responds to a request for a path below the base URL.
func (a *API) Serve(w http.ResponseWriter, r *http.Request, path string) {
	if allowPages(w, r) {
		return // that was all it asked
	}
	if path == "/health/liveness.action" {
		web.WriteJSON(w, http.StatusOK, []byte(`{"code":200}`))
		return
	}
	op, known := rules.ByPath(path)
	if !known {
		a.serveUnknown(w, r, path)
		return
	}
	began := time.Now()
	a.serveOperation(w, &request{Request: r, op: op, began: began, form: readForm(w, r), entry: Entry{
		Time: a.Engine.Now(), Operation: op.Action, OperationID: op.ID, Method: clip.Text(r.Method), Path: path,
	}})
}

// serveOperation runs an operation. The response is HTTP 200 whatever happened,
// as it is from the service, unless a fault applies.
func (a *API) serveOperation(w http.ResponseWriter, r *request) {
	err := a.admit(r)
	if err == nil {
		if fault := a.Faults.Next(r.op.Operation); fault != nil {
			a.serveFaulty(w, r, fault)
			return
		}
	}
	body := a.respond(r, err)
	a.log(r)
	web.WriteJSON(w, http.StatusOK, body)
}

// admit takes a request through the first steps: method, signature, rate.
func (a *API) admit(r *request) error {
	if r.Method != http.MethodPost {
		return rules.BadParameter("method: %s, want POST", clip.Text(r.Method))
	}
	if err := a.verify(r.Header, r.entry.Time); err != nil {
		r.entry.Signature = rules.AsAPIError(err, r.op.Operation).Desc
		return err
	}
	r.entry.Signature = SignatureOK
	return a.rate.take(r.op.Operation, r.entry.Time)
}

// respond carries a request out, unless it was not admitted, and returns the
// body of the response.
func (a *API) respond(r *request, err error) []byte {
	var body []byte
	if err == nil {
		body, err = a.carryOut(r)
	}
	if err != nil {
		e := rules.AsAPIError(err, r.op.Operation)
		r.entry.Code, r.entry.Desc = e.Code, e.Desc
		r.advice = a.explain(&r.entry, r.Header, r.form, err)
		return wire.AppendAPIError(nil, e.Code, e.Desc)
	}
	r.entry.Code = gen.CodeOK
	return body
}

// carryOut takes a request through the other steps: content type, body, form,
// limits, feature, rule.
func (a *API) carryOut(r *request) ([]byte, error) {
	for _, err := range []error{checkContentType(r.Header.Get("Content-Type")), checkEncoding(r.Header.Get("Content-Encoding")), r.form.err} {
		if err != nil {
			return nil, err
		}
	}
	ready, err := r.op.Read(r.form.fields)
	r.entry.Notices = notices(r.URL.Query(), r.op.Fields, r.form.fields)
	unknown, members := inspect(r.op.Fields, r.form.fields)
	r.entry.Unknown, r.entry.Duplicated = append(clip.All(r.form.fields.Unknown()), unknown...), clip.All(r.form.fields.Duplicates())
	if err != nil {
		return nil, inURL(r.URL.Query(), err)
	}
	r.entry.NotEmulated = append(notEmulated(r.op.Fields, r.form.fields), members...)
	if a.config.Strict {
		if err := checkUsual(&r.entry); err != nil {
			return nil, err
		}
	}
	if err := a.Features.need(r.op.Operation, r.form.fields); err != nil {
		return nil, err
	}
	ready.Host = r.Host
	response, err := a.Engine.Run(ready)
	if err != nil {
		return nil, err
	}
	return response.AppendJSON(make([]byte, 0, usualResponse), a.config.Dialect), nil
}

// checkUsual rejects unknown fields and fields sent twice.
func checkUsual(entry *Entry) error {
	if len(entry.Unknown) > 0 {
		return rules.BadParameter("%s: unknown field", entry.Unknown[0])
	}
	if len(entry.Duplicated) > 0 {
		return rules.BadParameter("%s: sent twice", entry.Duplicated[0])
	}
	return nil
}

// serveFaulty responds to a request that a fault applies to. The log gets the
// response of the operation, whatever the client gets.
func (a *API) serveFaulty(w http.ResponseWriter, r *request, fault *faults.Applied) {
	r.entry.Fault = fault.String()
	var body []byte
	switch {
	case fault.Phase == faults.After:
		body = a.respond(r, nil)
	case fault.Kind == faults.Delay:
		if err := fault.Wait(w, r.Request); err != nil {
			a.giveUp(w, r, err)
			return
		}
		body = a.respond(r, nil)
	default:
		r.entry.Code, r.entry.Desc = fault.Code, fault.Desc
		r.advice = a.say(&r.entry, advice.Of(fault.Code, fault.Desc))
		body = wire.AppendAPIError(nil, gen.CodeServerFault, "")
	}
	a.log(r)
	if fault.Kind == faults.Delay && fault.Phase == faults.After {
		_ = fault.Wait(w, r.Request) // the operation is done in any case
	}
	fault.Write(w, body)
}

// giveUp ends a request that was not carried out. A request from before a reset
// leaves no trace in the log after it.
func (a *API) giveUp(w http.ResponseWriter, r *request, why error) {
	if errors.Is(why, faults.ErrClientGone) {
		a.log(r)
		return
	}
	web.WriteJSON(w, http.StatusOK, wire.AppendAPIError(nil, faults.ErrReset.Code, faults.ErrReset.Desc))
}

func (a *API) log(r *request) { a.Log.add(r.entry, r.advice, r.form, r.began) }
