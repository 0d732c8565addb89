package emulator

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wire"
)

const (
	// maxBody bounds a request body. The largest valid form is far below it.
	maxBody = 1 << 20
	// maxFields bounds the fields of a form.
	maxFields = 256
	// maxShown bounds what an answer repeats of a wrong request.
	maxShown = 128

	jsonType = "application/json; charset=utf-8"
	formType = "application/x-www-form-urlencoded"
)

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", s.clock.now().UTC().Format(http.TimeFormat))
	// Not by ServeMux: it answers a path it would write differently with a
	// redirect, which turns a POST into a GET.
	path, isAPI := strings.CutPrefix(r.URL.Path, basePath+"/")
	switch {
	case isAPI && path == "health/liveness.action":
		writeJSON(w, http.StatusOK, []byte(`{"code":200}`))
	case isAPI:
		s.serveAPI(w, r, "/"+path)
	case strings.HasPrefix(r.URL.Path, controlPath):
		s.control.ServeHTTP(w, r)
	default:
		s.servePage(w, r)
	}
}

// serveAPI runs an operation. Where it is a known one, the answer is HTTP 200
// whatever happened, as it is from the service.
func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request, path string) {
	op, known := operations[path]
	if !known {
		shown := shorten(path)
		desc := fmt.Sprintf("no operation at %s, the nearest is %s", shown, nearestPath(shown))
		s.log.add(Request{
			Time: s.clock.now(), Method: shorten(r.Method), Path: shown, Form: map[string]string{},
			Code: gen.CodeNotFound, Desc: desc,
		})
		writeJSON(w, http.StatusNotFound, wire.AppendRefusal(nil, gen.CodeNotFound, desc))
		return
	}
	entry := Request{Operation: op.Action, OperationID: op.ID, Method: shorten(r.Method), Path: path}
	body, err := s.answer(w, r, op, &entry)
	entry.Code = gen.CodeOK
	if err != nil {
		refusal := asRefusal(err, op.Operation)
		entry.Code, entry.Desc = refusal.Code, refusal.Desc
		body = wire.AppendRefusal(nil, refusal.Code, refusal.Desc)
	}
	s.log.add(entry)
	writeJSON(w, http.StatusOK, body)
}

// answer takes a request through its steps: method, signature, content type,
// body, form, limits, rule. It notes in entry what each step found.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, op operation, entry *Request) ([]byte, error) {
	body, bodyErr := readBody(w, r)
	fields, formErr := parseForm(body)
	entry.Time = s.clock.now()
	entry.note(fields)
	if r.Method != http.MethodPost {
		return nil, badParameter("method: %s, want POST", shorten(r.Method))
	}
	if err := sign.Verify(r.Header, entry.Time, s.options.credentials); err != nil {
		entry.Signature = asRefusal(err, op.Operation).Desc
		return nil, err
	}
	entry.Signature = SignatureOK
	for _, err := range []error{checkContentType(r.Header.Get("Content-Type")), bodyErr, formErr} {
		if err != nil {
			return nil, err
		}
	}
	rule, err := op.check(fields)
	entry.Unknown, entry.Duplicated = shortenAll(fields.Unknown()), shortenAll(fields.Duplicates())
	if err != nil {
		return nil, err
	}
	if s.options.strict {
		if err := refuseUnusual(entry); err != nil {
			return nil, err
		}
	}
	result, err := s.run(rule, call{op: op.Operation, now: entry.Time, host: r.Host})
	if err != nil {
		return nil, err
	}
	return result.AppendJSON(nil, s.options.dialect), nil
}

// run gives a rule the world. What it returns holds nothing of it.
func (s *Server) run(rule run, c call) (gen.Answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.world = s.world
	return rule(&c)
}

func readBody(w http.ResponseWriter, r *http.Request) (string, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return "", badParameter("body: over %d bytes", maxBody)
	case err != nil:
		return "", badParameter("body: cut short")
	}
	return string(body), nil
}

// parseForm always returns fields, if none.
func parseForm(body string) (*wire.Fields, error) {
	none := new(wire.Fields)
	if n := strings.Count(body, "&") + 1; n > maxFields {
		return none, badParameter("body: %d fields, at most %d", n, maxFields)
	}
	fields, err := wire.ParseForm(body)
	if err != nil {
		return none, err
	}
	return fields, nil
}

func checkContentType(header string) error {
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
