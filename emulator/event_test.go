package emulator

import (
	"testing"

	"github.com/nimroom/nimroom/emulator/internal/state"
)

func TestEveryKindOfEventHasAWireForm(t *testing.T) {
	kinds := map[EventKind]state.EventKind{}
	for kind := range state.EventKinds {
		view := eventViews[kind]
		if view.kind == "" || view.set == nil {
			t.Errorf("kind %d of package state's events has no wire form: add it to eventViews in event.go", kind)
			continue
		}
		if other, taken := kinds[view.kind]; taken {
			t.Errorf("kinds %d and %d of package state's events are both %q", other, kind, view.kind)
		}
		kinds[view.kind] = kind
	}
}
