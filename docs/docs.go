// Package docs holds the reference page: Swagger UI on the published
// description, in English and Chinese, which signs what it sends. The folder
// reference works from any server of static files; the emulator serves it
// under /docs/.
package docs

import (
	"embed"
	"io/fs"
)

// The description itself is left out: package spec has it.
//
//go:embed reference/*.html reference/*.js reference/*.css reference/*.svg reference/vendor
var files embed.FS

// Reference returns the files of the page but for the description
// (openapi.json, openapi.zh-CN.json) and config.json, which say what is
// described and where its server is.
func Reference() fs.FS {
	reference, err := fs.Sub(files, "reference")
	if err != nil {
		panic(err) // the name is a valid one
	}
	return reference
}
