package emulator

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/nimroom/nimroom/gen"
)

// Feature is a part of the service that is switched on app by app. Its
// operation is refused with 403 where it is off.
type Feature string

const (
	// EntryNotification is what updateInOutNotification needs; without it the
	// refusal says "app io notify closed".
	EntryNotification Feature = "entryNotification"
	// Search is what queryTagHistoryMsg needs; without it the refusal says
	// "search not enable".
	Search Feature = "search"
)

// featureRules say which operation needs which feature, and how it is refused
// without.
var featureRules = map[*gen.Operation]struct {
	feature Feature
	desc    string
}{
	gen.SetEntryNotificationEndpoint.Operation: {EntryNotification, "app io notify closed"},
	gen.ListTagMessagesEndpoint.Operation:      {Search, "search not enable"},
}

// Features lists all features, in the order of their names.
func Features() []Feature {
	list := []Feature{}
	for _, rule := range featureRules {
		list = append(list, rule.feature)
	}
	slices.Sort(list)
	return list
}

func (f Feature) check() error {
	if all := Features(); !slices.Contains(all, f) {
		names := make([]string, len(all))
		for i, known := range all {
			names[i] = string(known)
		}
		return fmt.Errorf("%s: no such feature, want %s", shorten(valueOrNone(string(f))), strings.Join(names, " or "))
	}
	return nil
}

// SetFeature switches a feature of the app on or off. The error names a feature
// that does not exist.
func (s *Server) SetFeature(f Feature, on bool) error { return s.features.set(map[Feature]bool{f: on}) }

// Features tells for every feature whether it is on.
func (s *Server) Features() map[Feature]bool { return s.features.all() }

// switches are the features of an app.
type switches struct {
	mu  sync.Mutex
	off map[Feature]bool
}

// reset switches everything on but for without.
func (s *switches) reset(without []Feature) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.off = map[Feature]bool{}
	for _, f := range without {
		s.off[f] = true
	}
}

// set switches some features, or none when one of them does not exist.
func (s *switches) set(to map[Feature]bool) error {
	for _, f := range slices.Sorted(maps.Keys(to)) {
		if err := f.check(); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for f, on := range to {
		s.off[f] = !on
	}
	return nil
}

func (s *switches) all() map[Feature]bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	on := map[Feature]bool{}
	for _, f := range Features() {
		on[f] = !s.off[f]
	}
	return on
}

// need refuses an operation whose feature is off.
func (s *switches) need(op *gen.Operation) error {
	rule, ok := featureRules[op]
	if !ok {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.off[rule.feature] {
		return &APIError{gen.CodeForbidden, rule.desc}
	}
	return nil
}

func (s *Server) getFeatures(*http.Request) (any, error) { return s.Features(), nil }

func (s *Server) postFeatures(r *http.Request) (any, error) {
	var ask map[Feature]bool
	if err := readJSON(r, &ask); err != nil {
		return nil, err
	}
	if err := s.features.set(ask); err != nil {
		return nil, badRequest("%v", err)
	}
	return s.getFeatures(r)
}
