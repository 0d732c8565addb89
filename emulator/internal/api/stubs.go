package api

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/rules"
	"github.com/nimroom/nimroom/internal/advice"
	"github.com/nimroom/nimroom/internal/clip"
	"github.com/nimroom/nimroom/internal/web"
	"github.com/nimroom/nimroom/internal/wire"
)

// maxStubs bounds the stubs of a server.
const maxStubs = 1000

// Stub is the response to requests for a path that is no operation here, such
// as another product's.
type Stub struct {
	Path   string          `json:"path" required:"a path such as /team/create.action" doc:"The path below the base URL."`
	Answer json.RawMessage `json:"answer" required:"a JSON object with a code" doc:"The response, with its code."`
}

// Stubs are the stubs by path. The zero value has none.
type Stubs struct {
	mu   sync.Mutex
	list map[string]Stub
}

// Set adds a stub, or replaces that of the same path.
func (s *Stubs) Set(stub Stub) error {
	_, known := rules.ByPath(stub.Path)
	var answer struct {
		Code *int `json:"code"`
	}
	switch err := json.Unmarshal(stub.Answer, &answer); {
	case !strings.HasPrefix(stub.Path, "/") || stub.Path != clip.Text(stub.Path):
		return rules.BadParameter("path: %s, want a path such as /team/create.action", clip.OrNone(stub.Path))
	case known:
		return rules.BadParameter("path: %s is an operation here", stub.Path)
	case err != nil || answer.Code == nil:
		return rules.BadParameter("answer: want a JSON object with a code")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.list == nil {
		s.list = map[string]Stub{}
	}
	if _, there := s.list[stub.Path]; !there && len(s.list) >= maxStubs {
		return rules.BadParameter("at most %d stubs", maxStubs)
	}
	s.list[stub.Path] = stub
	return nil
}

// All lists the stubs by path.
func (s *Stubs) All() []Stub {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Stub, 0, len(s.list))
	for _, path := range slices.Sorted(maps.Keys(s.list)) {
		list = append(list, s.list[path])
	}
	return list
}

// Clear removes all stubs.
func (s *Stubs) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = nil
}

// serveUnknown responds to a request for a path that is no operation here: with
// its stub, or with HTTP 501, which no operation returns, so that nobody takes
// it for a response of the service. A wrong signature comes first, as it does
// with operations.
func (a *API) serveUnknown(w http.ResponseWriter, r *http.Request, path string) {
	began := time.Now()
	form := readForm(w, r)
	entry := Entry{Time: a.Engine.Now(), Method: clip.Text(r.Method), Path: clip.Text(path), Signature: SignatureOK}
	status := http.StatusOK
	var said advice.Advice
	var body []byte
	a.Stubs.mu.Lock()
	stub, stubbed := a.Stubs.list[path]
	a.Stubs.mu.Unlock()
	if err := a.verify(r.Header, entry.Time); err != nil {
		e := rules.AsAPIError(err, nil)
		entry.Signature, entry.Code, entry.Desc = e.Desc, e.Code, e.Desc
		said = a.explain(&entry, r.Header, form, err)
	} else if stubbed {
		var answer struct{ Code int }
		_ = json.Unmarshal(stub.Answer, &answer) // Set has checked it
		entry.Stub, entry.Code, body = true, answer.Code, stub.Answer
	} else {
		status, entry.Code = http.StatusNotImplemented, http.StatusNotImplemented
		entry.Desc = "nimroom does not emulate " + entry.Path
		if nearest := rules.Nearest(entry.Path); nearest != "" {
			entry.Desc += ", the nearest operation is " + nearest
		}
		entry.Desc += "; a stub can stand in for it (POST /_emulator/stubs)"
	}
	if body == nil {
		body = wire.AppendAPIError(nil, entry.Code, entry.Desc)
	}
	a.Log.add(entry, said, form, began)
	web.WriteJSON(w, status, body)
}
