// Package docs holds the reference page, which shows the published OpenAPI description
// in Swagger UI, in English and Chinese, and signs the requests that it sends. Any server
// of static files can serve the folder reference. The emulator serves it under /docs/.
package docs

import (
	"embed"
	"io/fs"
)

// The description is not embedded, because package spec already embeds it.
//
//go:embed reference/*.html reference/*.js reference/*.css reference/*.svg reference/reconciliation*.json reference/vendor
var files embed.FS

// Reference returns the files of the page, except the description (openapi.json and
// openapi.zh-CN.json) and config.json, which holds the address of the server. The
// program that serves the page adds them.
func Reference() fs.FS {
	reference, err := fs.Sub(files, "reference")
	if err != nil {
		panic(err) // impossible: the name is valid
	}
	return reference
}
