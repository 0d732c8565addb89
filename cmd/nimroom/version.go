package main

import (
	"encoding/json"
	"fmt"
	"runtime/debug"

	"github.com/alecthomas/kong"

	"github.com/nimroom/nimroom/internal/web"
	"github.com/nimroom/nimroom/spec"
)

// versionFlag prints the versions.
type versionFlag bool

// BeforeReset prints the versions and exits, whatever else is on the command line.
func (versionFlag) BeforeReset(app *kong.Kong) error {
	info, _ := debug.ReadBuildInfo()
	text, err := version(info)
	if err != nil {
		return err
	}
	fmt.Fprintln(app.Stdout, text)
	app.Exit(exitOK)
	return nil
}

// version returns the version of the program, the commit from which it was built, and the version of
// the spec.
func version(info *debug.BuildInfo) (string, error) {
	text, err := spec.Read(spec.Variant{Format: "json"})
	if err != nil {
		return "", err
	}
	var document struct {
		Info struct{ Version string }
	}
	if err := json.Unmarshal(text, &document); err != nil {
		return "", err
	}
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
	return fmt.Sprintf("nimroom %s\ncommit %s\nspec %s", web.Version(), commit, document.Info.Version), nil
}
