package web

import (
	"runtime/debug"
	"testing"
)

func TestTheVersionIsThatOfTheModule(t *testing.T) {
	ours := func(v string) *debug.Module { return &debug.Module{Path: module, Version: v} }
	for _, tt := range []struct {
		name string
		info *debug.BuildInfo
		want string
	}{
		{"installed", &debug.BuildInfo{Main: *ours("v1.2.3")}, "v1.2.3"},
		{"built from a copy", &debug.BuildInfo{Main: *ours("(devel)")}, "devel"},
		{"linked into another program", &debug.BuildInfo{
			Main: debug.Module{Path: "site.example/app", Version: "v9.0.0"}, Deps: []*debug.Module{ours("v1.2.3")},
		}, "v1.2.3"},
		{"a copy without a version", &debug.BuildInfo{Main: *ours("")}, "devel"},
		{"no build information", nil, "devel"},
	} {
		if got := version(tt.info); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
