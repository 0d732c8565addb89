package emulator

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/spec"
)

// specs are the published files of the spec.
var specs = map[string]spec.Variant{
	"/openapi.yaml":     {},
	"/openapi.json":     {Format: "json"},
	"/openapi.sdk.yaml": {Profile: "sdk"},
	"/openapi.sdk.json": {Profile: "sdk", Format: "json"},
}

// servePage serves the spec and an index page.
func (s *Server) servePage(w http.ResponseWriter, r *http.Request) {
	variant, isSpec := specs[r.URL.Path]
	switch {
	case r.URL.Path != "/" && !isSpec:
		writeControlError(w, &controlError{http.StatusNotFound,
			"nothing at " + shorten(r.URL.Path) + "; the API is below " + basePath + "/, the control plane below " + controlPath})
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		writeControlError(w, &controlError{http.StatusMethodNotAllowed, "method " + shorten(r.Method) + " is not for " + r.URL.Path})
	case isSpec:
		serveSpec(w, variant)
	default:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(indexPage()))
	}
}

func serveSpec(w http.ResponseWriter, v spec.Variant) {
	body, err := spec.Read(v)
	if err != nil {
		writeControlError(w, err)
		return
	}
	kind := "application/yaml; charset=utf-8"
	if v.Format == "json" {
		kind = jsonType
	}
	w.Header().Set("Content-Type", kind)
	_, _ = w.Write(body)
}

// indexPage lists what there is. Its texts are all our own and need no escapes.
func indexPage() string {
	var b strings.Builder
	b.WriteString(`<!doctype html>
<html lang="en"><meta charset="utf-8"><title>nimroom emulator</title>
<h1>nimroom emulator</h1>
<p>The chat room server API on this machine. Base URL for clients: <code>` + basePath + `</code> on this host.
<ul>
`)
	for _, link := range []struct{ path, text string }{
		{controlPath + "health", "health"},
		{controlPath + "clock", "clock"},
		{controlPath + "requests", "request log"},
		{basePath + "/health/liveness.action", "liveness probe"},
		{"/openapi.yaml", "OpenAPI document, YAML"},
		{"/openapi.json", "OpenAPI document, JSON"},
		{"/openapi.sdk.yaml", "OpenAPI document for client generators, YAML"},
		{"/openapi.sdk.json", "OpenAPI document for client generators, JSON"},
	} {
		fmt.Fprintf(&b, "<li><a href=%q>%s</a>\n", link.path, link.text)
	}
	fmt.Fprintf(&b, "</ul>\n<h2>%d operations</h2>\n<ul>\n", len(gen.Operations))
	for _, op := range gen.Operations {
		fmt.Fprintf(&b, "<li><code>POST %s%s</code> %s\n", basePath, op.Path, op.Summary)
	}
	b.WriteString("</ul>\n</html>\n")
	return b.String()
}
