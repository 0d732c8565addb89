package emulator

import "github.com/nimroom/nimroom/emulator/internal/api"

// Feature is a part of the service that is switched on app by app. Its
// operation gets 403 where it is off. A feature is a string, and its text is
// its name in the control plane.
type Feature = api.Feature

const (
	// EntryNotification ("entryNotification") is what updateInOutNotification
	// needs; without it the error says "app io notify closed".
	EntryNotification Feature = api.EntryNotification
	// Search ("search") is what queryTagHistoryMsg needs; without it the error
	// says "search not enable".
	Search Feature = api.Search
)

// Features lists all features, in the order of their names.
func Features() []Feature { return api.AllFeatures() }

// SetFeature switches a feature of the app on or off. The error names a feature
// that does not exist.
func (s *Server) SetFeature(f Feature, on bool) error {
	return s.api.Features.Set(map[Feature]bool{f: on})
}

// Features reports for every feature whether it is on.
func (s *Server) Features() map[Feature]bool { return s.api.Features.All() }
