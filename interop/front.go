package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/spec"
)

// unknownMember is added to every object of every response: the service may add
// members at any time, and a client has to ignore them.
const unknownMember = "memberOfTomorrow"

// dataLists are the members of responses that hold objects whose names are data, such as
// the elements of a queue.
var dataLists = sync.OnceValue(func() map[string]bool {
	type schema struct {
		Properties map[string]struct {
			Items struct {
				More any `json:"additionalProperties"`
			} `json:"items"`
		} `json:"properties"`
	}
	var doc struct {
		Components struct {
			Schemas map[string]schema `json:"schemas"`
		} `json:"components"`
	}
	text, err := spec.Read(spec.Variant{Format: "json"})
	if err == nil {
		err = json.Unmarshal(text, &doc)
	}
	if err != nil {
		panic(err) // impossible: the file is embedded
	}
	names := map[string]bool{}
	for _, s := range doc.Components.Schemas {
		for name, property := range s.Properties {
			if _, ok := property.Items.More.(map[string]any); ok {
				names[name] = true
			}
		}
	}
	return names
})

// front is one address for the emulators that a client is played against, a
// new one for each scenario.
type front struct {
	mu     sync.Mutex
	srv    *emulator.Server
	next   *canned // the response to the next call, if one is set
	nonces map[string]bool
	reused string // a nonce that came twice
}

func (f *front) use(srv *emulator.Server) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.srv = srv
}

func (f *front) server() *emulator.Server {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.srv
}

// ServeHTTP hands the control plane through, and adds unknown members to the
// API's responses.
func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	handler := f.server().Handler()
	if !strings.HasPrefix(r.URL.Path, "/nimserver/") {
		handler.ServeHTTP(w, r)
		return
	}
	f.note(r.Header.Get("Nonce"))
	if next := f.takeNext(); next != nil {
		next.ServeHTTP(w, r)
		return
	}
	recorded := httptest.NewRecorder()
	handler.ServeHTTP(recorded, r)
	body, err := extend(recorded.Body.Bytes())
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	for name, values := range recorded.Header() {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(recorded.Code)
	_, _ = w.Write(body) // the client reports a broken connection itself
}

func (f *front) setNext(c *canned) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.next = c
}

// takeNext also shows, after a call, whether the canned response was taken.
func (f *front) takeNext() *canned {
	f.mu.Lock()
	defer f.mu.Unlock()
	next := f.next
	f.next = nil
	return next
}

func (f *front) note(nonce string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.nonces[nonce] {
		f.reused = nonce
	}
	f.nonces[nonce] = true
}

func (f *front) reusedNonce() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.reused
}

// extend adds the unknown member to all objects of a JSON text.
func extend(text []byte) ([]byte, error) {
	var value any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&value); err != nil {
		return nil, fmt.Errorf("response %q: %w", text, err)
	}
	extendValue(value)
	return json.Marshal(value)
}

func extendValue(value any) {
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			extendValue(item)
		}
	case map[string]any:
		for name, member := range v {
			if !dataLists()[name] {
				extendValue(member)
			}
		}
		v[unknownMember] = map[string]any{"a": []any{1, nil, "b"}}
	}
}
