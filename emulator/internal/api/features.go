package api

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/nimroom/nimroom/emulator/internal/rules"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/clip"
	"github.com/nimroom/nimroom/internal/wire"
)

// Feature is a part of the service that is switched on app by app.
type Feature string

// The features.
const (
	EntryNotification Feature = "entryNotification"
	Search            Feature = "search"
	TimedClosing      Feature = "timedClosing"
	Broadcast         Feature = "broadcast"
)

// needs says which operation needs which feature, and the text of the error
// without it. Where there is a field, the operation needs the feature only if
// that field is neither left out nor 0.
var needs = map[*gen.Operation]struct {
	feature     Feature
	desc, field string
}{
	gen.SetEntryNotificationEndpoint.Operation: {EntryNotification, "app io notify closed", ""},
	gen.ListTagMessagesEndpoint.Operation:      {Search, "search not enable", ""},
	gen.SetDelayedClosingEndpoint.Operation:    {TimedClosing, "delay close not enable", ""},
	gen.CreateChatroomEndpoint.Operation:       {TimedClosing, "delay close not enable", "delayClosePolicy"},
	gen.ToggleChatroomEndpoint.Operation:       {TimedClosing, "delay close not enable", "delayClosePolicy"},
	gen.BroadcastMessageEndpoint.Operation:     {Broadcast, "no right to send chatroom broadcast msg!", ""},
}

// AllFeatures lists all features, in the order of their names.
func AllFeatures() []Feature {
	list := []Feature{}
	for _, need := range needs {
		list = append(list, need.feature)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// CheckFeature returns an error for a feature that does not exist.
func CheckFeature(f Feature) error {
	if all := AllFeatures(); !slices.Contains(all, f) {
		names := make([]string, len(all))
		for i, known := range all {
			names[i] = string(known)
		}
		return fmt.Errorf("%s: no such feature, want %s", clip.OrNone(string(f)), strings.Join(names, " or "))
	}
	return nil
}

// Features are the features of an app, all on or some off.
type Features struct {
	mu  sync.Mutex
	off map[Feature]bool
}

// reset switches everything on but without.
func (s *Features) reset(without []Feature) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.off = map[Feature]bool{}
	for _, f := range without {
		s.off[f] = true
	}
}

// Set switches some features, or none when one of them does not exist.
func (s *Features) Set(to map[Feature]bool) error {
	for _, f := range slices.Sorted(maps.Keys(to)) {
		if err := CheckFeature(f); err != nil {
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

// All reports for every feature whether it is on.
func (s *Features) All() map[Feature]bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	on := map[Feature]bool{}
	for _, f := range AllFeatures() {
		on[f] = !s.off[f]
	}
	return on
}

// need returns an error for an operation whose feature is off.
func (s *Features) need(op *gen.Operation, sent *wire.Fields) error {
	need, ok := needs[op]
	if !ok {
		return nil
	}
	if need.field != "" {
		if text, _ := sent.Get(need.field); text == "" || text == "0" {
			return nil
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.off[need.feature] {
		return rules.Error(gen.CodeForbidden, need.desc)
	}
	return nil
}
