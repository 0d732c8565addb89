// Package console serves what a person opens in a browser: the console, the
// reference page, and the published files of the spec.
package console

import (
	"net/http"
	"path"
	"strings"

	"github.com/nimroom/nimroom/emulator/internal/api"
	"github.com/nimroom/nimroom/emulator/internal/callbacks"
	"github.com/nimroom/nimroom/emulator/internal/control"
	"github.com/nimroom/nimroom/emulator/internal/engine"
	"github.com/nimroom/nimroom/internal/web"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/spec"
)

// Console serves the pages.
type Console struct {
	Engine  *engine.Engine
	API     *api.API
	Courier *callbacks.Courier
	Token   web.Token
	// BasePath is where the API is.
	BasePath string
	// Credentials sign the requests of the console.
	Credentials sign.Credentials
	// Secret returns the secret with which the reference page signs, and nothing
	// where the page has to ask for it. It is a function, which nothing prints.
	Secret func() string

	sessions sessions
	pages    *http.ServeMux
}

// Handler serves the console to those that may use the control plane, and the
// reference page and the spec to everyone.
func (c *Console) Handler() http.Handler {
	c.pages = http.NewServeMux()
	c.route()
	return http.HandlerFunc(c.serve)
}

// Specs are the published files of the spec, by path.
var Specs = map[string]spec.Variant{
	"/openapi.yaml":           {},
	"/openapi.json":           {Format: "json"},
	"/openapi.sdk.yaml":       {Profile: "sdk"},
	"/openapi.sdk.json":       {Profile: "sdk", Format: "json"},
	"/openapi.zh-CN.yaml":     {Lang: "zh"},
	"/openapi.zh-CN.json":     {Lang: "zh", Format: "json"},
	"/openapi.sdk.zh-CN.yaml": {Profile: "sdk", Lang: "zh"},
	"/openapi.sdk.zh-CN.json": {Profile: "sdk", Lang: "zh", Format: "json"},

	"/openapi.validator.yaml":       {Profile: "validator"},
	"/openapi.validator.json":       {Profile: "validator", Format: "json"},
	"/openapi.validator.zh-CN.yaml": {Profile: "validator", Lang: "zh"},
	"/openapi.validator.zh-CN.json": {Profile: "validator", Lang: "zh", Format: "json"},
}

func (c *Console) serve(w http.ResponseWriter, r *http.Request) {
	variant, isSpec := Specs[r.URL.Path]
	switch {
	case isSpec && web.AllowRead(w, r):
		serveSpec(w, variant)
	case isSpec:
	case r.URL.Path == DocsPath || strings.HasPrefix(r.URL.Path, DocsPath+"/"):
		c.serveDocs(w, r)
	case r.URL.Path != path.Clean(r.URL.Path): // ServeMux would redirect it
		c.notFound(w, r)
	default:
		c.pages.ServeHTTP(w, r)
	}
}

func (c *Console) notFound(w http.ResponseWriter, r *http.Request) {
	web.WriteError(w, web.NotFound(r, "; the API is below "+c.BasePath+"/, the control plane below "+control.Path+", its reference at "+DocsPath))
}

func serveSpec(w http.ResponseWriter, v spec.Variant) {
	body, err := spec.Read(v)
	if err != nil {
		web.WriteError(w, err)
		return
	}
	kind := "application/yaml; charset=utf-8"
	if v.Format == "json" {
		kind = web.JSONType
	}
	w.Header().Set("Content-Type", kind)
	_, _ = w.Write(body)
}
