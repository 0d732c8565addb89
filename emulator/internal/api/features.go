package api

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/nimroom/nimroom/emulator/internal/rules"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/advice"
	"github.com/nimroom/nimroom/internal/clip"
	"github.com/nimroom/nimroom/internal/wire"
)

// AllFeatures lists all features, in the order of their names.
func AllFeatures() []gen.Feature { return slices.Sorted(maps.Keys(gen.Features)) }

// CheckFeature returns an error for a feature that does not exist.
func CheckFeature(f gen.Feature) error {
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
	off map[gen.Feature]bool
}

// reset switches everything on but without.
func (s *Features) reset(without []gen.Feature) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.off = map[gen.Feature]bool{}
	for _, f := range without {
		s.off[f] = true
	}
}

// Set switches some features, or none when one of them does not exist.
func (s *Features) Set(to map[gen.Feature]bool) error {
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
func (s *Features) All() map[gen.Feature]bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	on := map[gen.Feature]bool{}
	for _, f := range AllFeatures() {
		on[f] = !s.off[f]
	}
	return on
}

// need returns an error for an operation whose feature is off, or that of a field which is
// neither left out nor 0.
func (s *Features) need(op *gen.Operation, sent *wire.Fields) error {
	if err := s.denied(op.Feature); err != nil {
		return err
	}
	for _, f := range op.Fields {
		if f.Feature == "" {
			continue
		}
		if text, _ := sent.Get(f.Name); text != "" && text != "0" {
			if err := s.denied(f.Feature); err != nil {
				return err
			}
		}
	}
	return nil
}

// denied returns the error of a feature that is off.
func (s *Features) denied(f gen.Feature) error {
	if f == "" {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.off[f] {
		return advice.Because(rules.Error(gen.CodeForbidden, gen.Features[f]), advice.FeatureIsOff, "feature", string(f))
	}
	return nil
}
