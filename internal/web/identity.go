package web

import (
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
)

// ServerName begins the Server header of every response, followed by a slash and
// the version of the module.
const ServerName = "nimroom-emulator"

// module is the path under which build information lists the emulator.
const module = "github.com/nimroom/nimroom"

// Identify puts the Server header into a response, by which a client recognizes
// an emulator whatever its address is.
func Identify(h http.Header) { h["Server"] = serverHeader() }

// Version returns the version of this module in the program.
func Version() string {
	info, _ := debug.ReadBuildInfo()
	return version(info)
}

// serverHeader is made once. Responses share it, and none of them changes it.
var serverHeader = sync.OnceValue(func() []string {
	return []string{ServerName + "/" + Version()}
})

// version returns the version of the module in a program, and "devel" where the
// program was built from a copy without one.
func version(info *debug.BuildInfo) string {
	if info != nil {
		for _, m := range append(info.Deps, &info.Main) {
			if v := strings.Trim(m.Version, "()"); m.Path == module && v != "" {
				return v
			}
		}
	}
	return "devel"
}
