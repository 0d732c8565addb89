package main

import (
	"fmt"
	"runtime/debug"

	"github.com/alecthomas/kong"

	"github.com/nimroom/nimroom/internal/described"
	"github.com/nimroom/nimroom/internal/web"
)

// versionFlag prints the versions.
type versionFlag bool

// BeforeReset prints the versions and exits, whatever else is on the command line.
func (versionFlag) BeforeReset(app *kong.Kong) error { //nolint:unparam // kong wants the error
	info, _ := debug.ReadBuildInfo()
	fmt.Fprintln(app.Stdout, version(info))
	app.Exit(exitOK)
	return nil
}

// version returns the version of the program, the commit from which it was built, and the version of
// the spec.
func version(info *debug.BuildInfo) string {
	commit := "unknown (go run and builds without version control record none)"
	if info != nil {
		for _, setting := range info.Settings {
			switch {
			case setting.Key == "vcs.revision":
				commit = setting.Value
			case setting.Key == "vcs.modified" && setting.Value == "true":
				commit += ", with changes"
			}
		}
	}
	return fmt.Sprintf("nimroom %s\ncommit %s\nspec %s", web.Version(), commit, described.In("en").Info.Version)
}
