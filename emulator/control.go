package emulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/nimroom/nimroom/gen"
)

const (
	controlPath = "/_emulator/"
	// maxControlBody bounds what the control plane is asked.
	maxControlBody = 1 << 20
)

// controlError is a refusal of the control plane: an HTTP status and a text
// that names what was wrong.
type controlError struct {
	status int
	text   string
}

func (e *controlError) Error() string { return e.text }

func badRequest(format string, args ...any) error {
	return &controlError{http.StatusBadRequest, fmt.Sprintf(format, args...)}
}

func tooLarge(e *http.MaxBytesError) error {
	return &controlError{http.StatusRequestEntityTooLarge, fmt.Sprintf("body: over %d bytes", e.Limit)}
}

// endpoint answers a request of the control plane with something to encode.
type endpoint func(*http.Request) (any, error)

// newControl serves the control plane: JSON in and out, for who brings the token
// where there is one. A page of another site, open in a browser on this
// machine, gets nothing done.
func (s *Server) newControl() http.Handler {
	mux := http.NewServeMux()
	handle := func(path string, methods map[string]endpoint) {
		mux.HandleFunc(controlPath+path, func(w http.ResponseWriter, r *http.Request) {
			r.Body = http.MaxBytesReader(w, r.Body, maxControlBody)
			serveControl(w, r, methods)
		})
	}
	handle("health", map[string]endpoint{http.MethodGet: s.getHealth})
	handle("reset", map[string]endpoint{http.MethodPost: s.postReset})
	handle("clock", map[string]endpoint{http.MethodGet: s.getClock, http.MethodPost: s.postClock})
	handle("accounts", map[string]endpoint{http.MethodPost: s.postAccounts})
	handle("rooms/{roomid}", map[string]endpoint{http.MethodGet: s.getRoom})
	handle("rooms/{roomid}/join", map[string]endpoint{http.MethodPost: s.postJoin})
	handle("rooms/{roomid}/leave", map[string]endpoint{http.MethodPost: s.postLeave})
	handle("faults", map[string]endpoint{http.MethodGet: s.getFaults, http.MethodPost: s.postFault, http.MethodDelete: s.deleteFaults})
	handle("features", map[string]endpoint{http.MethodGet: s.getFeatures, http.MethodPost: s.postFeatures})
	mux.HandleFunc(controlPath+"rooms/{roomid}/events", s.serveEvents)
	mux.HandleFunc(controlPath+"state", s.serveState)
	handle("requests", map[string]endpoint{http.MethodGet: s.getRequests})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		writeControlError(w, &controlError{http.StatusNotFound, "nothing at " + shorten(r.URL.Path)})
	})
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		writeControlError(w, &controlError{http.StatusForbidden, "not from a page of another site"})
	}))
	return s.options.token.protect(guard.Handler(mux))
}

func serveControl(w http.ResponseWriter, r *http.Request, methods map[string]endpoint) {
	method := r.Method
	if method == http.MethodHead { // net/http leaves the body out
		method = http.MethodGet
	}
	f, ok := methods[method]
	if !ok {
		for method := range methods {
			w.Header().Add("Allow", method)
		}
		writeControlError(w, &controlError{http.StatusMethodNotAllowed, "method " + shorten(r.Method) + " is not for " + shorten(r.URL.Path)})
		return
	}
	answer, err := f(r)
	if err != nil {
		writeControlError(w, err)
		return
	}
	body, err := json.Marshal(answer)
	if err != nil {
		writeControlError(w, err)
		return
	}
	writeJSON(w, http.StatusOK, body)
}

// writeControlError answers {"error": "..."}, with the service's code beside
// it where a rule refused.
func writeControlError(w http.ResponseWriter, err error) {
	status := http.StatusInternalServerError
	answer := map[string]any{"error": err.Error()}
	var control *controlError
	var refusal *APIError
	switch {
	case errors.As(err, &control):
		status = control.status
	case errors.As(err, &refusal):
		answer["error"], answer["code"] = refusal.Desc, refusal.Code
		switch refusal.Code {
		case gen.CodeBadParameter:
			status = http.StatusBadRequest
		case gen.CodeNotFound:
			status = http.StatusNotFound
		case gen.CodeServerFault:
			status = http.StatusInternalServerError
		default:
			status = http.StatusConflict
		}
	}
	body, _ := json.Marshal(answer) // texts and numbers always encode
	writeJSON(w, status, body)
}

// readJSON reads a request's body, one JSON object, into to.
func readJSON(r *http.Request, to any) error {
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	err := decoder.Decode(to)
	var kind *json.UnmarshalTypeError
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return tooLarge(large)
	case errors.As(err, &kind) && kind.Field != "":
		return badRequest("%s: %s, want %s", kind.Field, kind.Value, kind.Type)
	case errors.Is(err, io.EOF):
		return badRequest("body: empty, want a JSON object")
	case err != nil:
		return badRequest("body: %v", err)
	case decoder.More():
		return badRequest("body: more than one JSON object")
	}
	return nil
}

func pathRoomID(r *http.Request) (gen.RoomID, error) {
	text := r.PathValue("roomid")
	id, err := gen.ParseRoomID(text)
	if err != nil {
		return 0, badRequest("roomid: %s, want a room id", shorten(text))
	}
	return id, nil
}

func (s *Server) getHealth(*http.Request) (any, error) {
	if s.store != nil {
		if err := s.store.Err(); err != nil {
			return nil, &controlError{http.StatusServiceUnavailable, notKept(err).Error()}
		}
	}
	s.mu.Lock()
	rooms := s.state.CountRooms()
	s.mu.Unlock()
	return map[string]any{"status": "ok", "now": s.Now(), "operations": len(gen.Operations), "rooms": rooms}, nil
}

func (s *Server) postReset(*http.Request) (any, error) {
	if err := s.Reset(); err != nil {
		return nil, err
	}
	return s.getClock(nil)
}

type clockView struct {
	Now time.Time `json:"now"`
}

func (s *Server) getClock(*http.Request) (any, error) { return clockView{s.Now()}, nil }

func (s *Server) postClock(r *http.Request) (any, error) {
	var ask struct {
		Advance string `json:"advance"`
	}
	if err := readJSON(r, &ask); err != nil {
		return nil, err
	}
	d, err := time.ParseDuration(ask.Advance)
	if err != nil {
		return nil, badRequest("advance: %q, want a duration such as 24h or 1h30m", shorten(ask.Advance))
	}
	var refusal *APIError
	if err := s.Advance(d); errors.As(err, &refusal) {
		return nil, err
	} else if err != nil {
		return nil, badRequest("advance: %v", err)
	}
	return s.getClock(r)
}

func (s *Server) postAccounts(r *http.Request) (any, error) {
	var ask struct {
		Accids []string `json:"accids"`
	}
	if err := readJSON(r, &ask); err != nil {
		return nil, err
	}
	if len(ask.Accids) == 0 {
		return nil, badRequest("accids is empty")
	}
	for i, accid := range ask.Accids {
		if accid == "" {
			return nil, badRequest("accids[%d] is empty", i)
		}
	}
	if err := s.AddAccounts(ask.Accids...); err != nil {
		return nil, err
	}
	return map[string]any{"accids": ask.Accids}, nil
}

func (s *Server) getRoom(r *http.Request) (any, error) {
	id, err := pathRoomID(r)
	if err != nil {
		return nil, err
	}
	return s.Room(id)
}

func (s *Server) postJoin(r *http.Request) (any, error) {
	var ask JoinOptions
	id, err := pathRoomID(r)
	if err != nil {
		return nil, err
	}
	if err := readJSON(r, &ask); err != nil {
		return nil, err
	}
	if err := s.Join(id, ask); err != nil {
		return nil, err
	}
	return presence{id, ask.Accid, true}, nil
}

type presence struct {
	RoomID gen.RoomID `json:"roomid"`
	Accid  string     `json:"accid"`
	Online bool       `json:"onlineStat"`
}

func (s *Server) postLeave(r *http.Request) (any, error) {
	var ask struct {
		Accid string `json:"accid"`
	}
	id, err := pathRoomID(r)
	if err != nil {
		return nil, err
	}
	if err := readJSON(r, &ask); err != nil {
		return nil, err
	}
	if ask.Accid == "" {
		return nil, badRequest("accid is empty")
	}
	if err := s.Leave(id, ask.Accid); err != nil {
		return nil, err
	}
	return presence{id, ask.Accid, false}, nil
}

func (s *Server) getRequests(r *http.Request) (any, error) {
	query := r.URL.Query()
	limit := 0
	if text := query.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n <= 0 {
			return nil, badRequest("limit: %s, want a number from 1", shorten(text))
		}
		limit = n
	}
	return map[string]any{"requests": s.log.latest(query.Get("operation"), limit)}, nil
}
