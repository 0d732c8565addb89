package emulator

import (
	"bytes"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/sign"
)

const (
	// maxBody bounds a form. The largest valid one is far below it.
	maxBody = 256 << 10
	// usualAnswer is enough for most, so that they are written without growing.
	usualAnswer = 512
	// maxFields bounds the fields of a form.
	maxFields = 256
	// maxShown bounds what an answer repeats of a wrong request.
	maxShown = 128

	jsonType = "application/json; charset=utf-8"
	formType = "application/x-www-form-urlencoded"
)

func (s *Server) route(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", s.clock.now().UTC().Format(http.TimeFormat))
	// Not by ServeMux: it answers a path it would write differently with a
	// redirect, which turns a POST into a GET.
	path, isAPI := strings.CutPrefix(r.URL.Path, basePath+"/")
	switch {
	case isAPI && allowPages(w, r): // that was all it asked
	case isAPI && path == "health/liveness.action":
		writeJSON(w, http.StatusOK, []byte(`{"code":200}`))
	case isAPI:
		s.serveAPI(w, r, "/"+path)
	case strings.HasPrefix(r.URL.Path, controlPath):
		s.control.ServeHTTP(w, r)
	case r.URL.Path == docsPath || strings.HasPrefix(r.URL.Path, docsPath+"/"):
		s.serveDocs(w, r)
	default:
		s.servePage(w, r)
	}
}

// visit is a request of an operation on its way through the server.
type visit struct {
	*http.Request
	op    operation
	form  form
	entry Request
}

// serveAPI runs an operation. Where it is a known one, the answer is HTTP 200
// whatever happened, as it is from the service, unless a fault strikes it.
func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request, path string) {
	op, known := operations[path]
	if !known {
		s.refusePath(w, r, path)
		return
	}
	v := &visit{Request: r, op: op, form: readForm(w, r)}
	v.entry = Request{Time: s.clock.now(), Operation: op.Action, OperationID: op.ID, Method: shorten(r.Method), Path: path}
	v.entry.keep(v.form)
	err := s.admit(v)
	if err == nil {
		if struck := s.faults.next(op.Operation); struck != nil {
			s.serveStruck(w, v, struck)
			return
		}
	}
	body := s.answer(v, err)
	s.log.add(v.entry)
	writeJSON(w, http.StatusOK, body)
}

func (s *Server) refusePath(w http.ResponseWriter, r *http.Request, path string) {
	shown := shorten(path)
	desc := fmt.Sprintf("no operation at %s, the nearest is %s", shown, nearestPath(shown))
	s.log.add(Request{
		Time: s.clock.now(), Method: shorten(r.Method), Path: shown, Form: map[string]string{},
		Code: gen.CodeNotFound, Desc: desc,
	})
	writeJSON(w, http.StatusNotFound, wire.AppendAPIError(nil, gen.CodeNotFound, desc))
}

// admit takes a request through the first steps: method, signature, rate.
func (s *Server) admit(v *visit) error {
	if v.Method != http.MethodPost {
		return badParameter("method: %s, want POST", shorten(v.Method))
	}
	if err := sign.Verify(v.Header, v.entry.Time, s.options.credentials); err != nil {
		v.entry.Signature = asAPIError(err, v.op.Operation).Desc
		return err
	}
	v.entry.Signature = SignatureOK
	return s.rate.take(v.op.Operation, v.entry.Time)
}

// answer carries a request out, unless it was not admitted, and returns the
// answer.
func (s *Server) answer(v *visit, err error) []byte {
	var body []byte
	if err == nil {
		body, err = s.carryOut(v)
	}
	if err != nil {
		refusal := asAPIError(err, v.op.Operation)
		v.entry.Code, v.entry.Desc = refusal.Code, refusal.Desc
		return wire.AppendAPIError(nil, refusal.Code, refusal.Desc)
	}
	v.entry.Code = gen.CodeOK
	return body
}

// carryOut takes a request through the other steps: content type, body, form,
// limits, feature, rule.
func (s *Server) carryOut(v *visit) ([]byte, error) {
	for _, err := range []error{checkContentType(v.Header.Get("Content-Type")), v.form.err} {
		if err != nil {
			return nil, err
		}
	}
	rule, err := v.op.check(v.form.fields)
	v.entry.Unknown, v.entry.Duplicated = shortenAll(v.form.fields.Unknown()), shortenAll(v.form.fields.Duplicates())
	if err != nil {
		return nil, err
	}
	if s.options.strict {
		if err := refuseUnusual(&v.entry); err != nil {
			return nil, err
		}
	}
	if err := s.features.need(v.op.Operation); err != nil {
		return nil, err
	}
	result, err := s.run(rule, call{op: v.op.Operation, host: v.Host, form: v.form.text})
	if err != nil {
		return nil, err
	}
	return result.AppendJSON(make([]byte, 0, usualAnswer), s.options.dialect), nil
}

// form is what came as one: always fields, if none, and why there are none.
type form struct {
	text   string
	fields *wire.Fields
	err    error
}

func readForm(w http.ResponseWriter, r *http.Request) form {
	none := new(wire.Fields)
	body, err := readBody(w, r)
	if err != nil {
		return form{fields: none, err: err}
	}
	if n := strings.Count(body, "&") + 1; n > maxFields {
		return form{fields: none, err: badParameter("body: %d fields, at most %d", n, maxFields)}
	}
	fields, err := wire.ParseForm(body)
	if err != nil {
		return form{fields: none, err: err}
	}
	for _, p := range fields.Pairs() {
		if !utf8.ValidString(p.Value) {
			return form{fields: none, err: badParameter("%s: not UTF-8", shorten(p.Name))}
		}
	}
	return form{text: body, fields: fields}
}

func readBody(w http.ResponseWriter, r *http.Request) (string, error) {
	var body bytes.Buffer
	if 0 < r.ContentLength && r.ContentLength <= maxBody {
		body.Grow(int(r.ContentLength) + bytes.MinRead) // with room to find the end in
	}
	_, err := body.ReadFrom(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return "", badParameter("body: over %d bytes", maxBody)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return "", badParameter("body: not here after %v", requestTime)
	case err != nil:
		return "", badParameter("body: cut short")
	}
	return body.String(), nil
}

func checkContentType(header string) error {
	if header == formType || header == formType+";charset=utf-8" { // what nearly all send
		return nil
	}
	kind, params, err := mime.ParseMediaType(header)
	charset := params["charset"]
	switch {
	case err != nil || kind != formType:
		return badParameter("Content-Type: %s, want %s", shorten(valueOrNone(header)), formType)
	case charset != "" && !strings.EqualFold(charset, "utf-8"):
		return badParameter("Content-Type: charset %s, want utf-8", shorten(charset))
	}
	return nil
}

func refuseUnusual(entry *Request) error {
	if len(entry.Unknown) > 0 {
		return badParameter("%s: unknown field", entry.Unknown[0])
	}
	if len(entry.Duplicated) > 0 {
		return badParameter("%s: sent twice", entry.Duplicated[0])
	}
	return nil
}

func valueOrNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// shorten returns a copy, which does not hold the request's body in memory.
func shorten(s string) string {
	if len(s) <= maxShown {
		return strings.Clone(s)
	}
	return strings.ToValidUTF8(s[:maxShown], "") + "..."
}

func shortenAll(list []string) []string {
	for i, s := range list {
		list[i] = shorten(s)
	}
	return list
}

func writeJSON(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", jsonType)
	w.WriteHeader(status)
	_, _ = w.Write(body) // who does not wait for the answer does not get it
}
