package rules

import (
	"slices"
	"testing"

	"github.com/nimroom/nimroom/gen"
)

func TestEveryPathLeadsToItsOperation(t *testing.T) {
	paths := 0
	for _, op := range gen.Operations {
		for _, path := range slices.Concat([]string{op.Path}, op.PathAliases) {
			paths++
			if got, ok := ByPath(path); !ok || got.Operation != op {
				t.Errorf("%s does not lead to %s", path, op.ID)
			}
		}
		if !Known(op.ID) || !Known(op.Action) {
			t.Errorf("%s or %s is not known", op.ID, op.Action)
		}
	}
	if len(byPath) != paths {
		t.Errorf("%d paths, want %d", len(byPath), paths)
	}
}
