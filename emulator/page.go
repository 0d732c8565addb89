package emulator

import (
	"fmt"
	"html"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/spec"
)

// specs are the published files of the spec.
var specs = map[string]spec.Variant{
	"/openapi.yaml":           {},
	"/openapi.json":           {Format: "json"},
	"/openapi.sdk.yaml":       {Profile: "sdk"},
	"/openapi.sdk.json":       {Profile: "sdk", Format: "json"},
	"/openapi.zh-CN.yaml":     {Lang: "zh"},
	"/openapi.zh-CN.json":     {Lang: "zh", Format: "json"},
	"/openapi.sdk.zh-CN.yaml": {Profile: "sdk", Lang: "zh"},
	"/openapi.sdk.zh-CN.json": {Profile: "sdk", Lang: "zh", Format: "json"},
}

// servePage serves the spec and, to who may see the control plane, an index
// page.
func (s *Server) servePage(w http.ResponseWriter, r *http.Request) {
	variant, isSpec := specs[r.URL.Path]
	switch {
	case r.URL.Path != "/" && !isSpec:
		writeControlError(w, &controlError{http.StatusNotFound,
			"nothing at " + shorten(r.URL.Path) + "; the API is below " + basePath + "/, the control plane below " + controlPath + ", its reference at " + docsPath})
	case !allowRead(w, r):
	case isSpec:
		serveSpec(w, variant)
	default:
		s.options.token.protect(http.HandlerFunc(s.serveIndex)).ServeHTTP(w, r)
	}
}

// allowRead refuses methods other than GET and HEAD.
func allowRead(w http.ResponseWriter, r *http.Request) bool {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return true
	}
	w.Header().Set("Allow", "GET, HEAD")
	writeControlError(w, &controlError{http.StatusMethodNotAllowed, "method " + shorten(r.Method) + " is not for " + shorten(r.URL.Path)})
	return false
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

// shownRooms bounds the rooms of the index page.
const shownRooms = 100

// serveIndex lists what there is.
func (s *Server) serveIndex(w http.ResponseWriter, _ *http.Request) {
	var page strings.Builder
	page.WriteString(`<!doctype html>
<html lang="en"><meta charset="utf-8"><title>nimroom emulator</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="` + docsPath + `/icon.svg">
<style>body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.6 system-ui, sans-serif; overflow-wrap: anywhere }</style>
<h1>nimroom emulator</h1>
<p>The chat room server API on this machine. Base URL for clients: <code>` + basePath + `</code> on this host.
<ul>
`)
	for _, link := range []struct{ path, text string }{
		{docsPath + "/", "reference, to try every operation"},
		{docsPath + "/?lang=zh", "接口参考（中文），可在线调试"},
		{controlPath + "health", "health"},
		{controlPath + "clock", "clock"},
		{controlPath + "requests", "request log"},
		{controlPath + "faults", fmt.Sprintf("faults: %d", len(s.Faults()))},
		{controlPath + "features", "features of the app"},
		{basePath + "/health/liveness.action", "liveness probe"},
	} {
		fmt.Fprintf(&page, "<li><a href=%q>%s</a>\n", link.path, link.text)
	}
	for _, path := range slices.Sorted(maps.Keys(specs)) {
		fmt.Fprintf(&page, "<li><a href=%q>%s</a>\n", path, path[1:])
	}
	page.WriteString("</ul>\n")
	s.listRooms(&page)
	fmt.Fprintf(&page, "<h2>%d operations</h2>\n<ul>\n", len(gen.Operations))
	for _, op := range gen.Operations {
		fmt.Fprintf(&page, "<li><code>POST %s%s</code> <a href=\"%s/#/%s/%s\">%s</a>\n", basePath, op.Path, docsPath, op.Service, op.ID, op.Summary)
	}
	page.WriteString("</ul>\n</html>\n")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(page.String()))
}

// listRooms writes the first rooms. Their names are the only text of the page
// that is not our own.
func (s *Server) listRooms(page *strings.Builder) {
	_ = s.do(func(w *state.State) error {
		rooms := w.FirstRooms(shownRooms)
		fmt.Fprintf(page, "<h2>%d rooms</h2>\n", w.CountRooms())
		if n := w.CountRooms(); n > len(rooms) {
			fmt.Fprintf(page, "<p>The first %d:\n", len(rooms))
		}
		page.WriteString("<ul>\n")
		for _, r := range rooms {
			state := ""
			if !r.Open {
				state = ", closed"
			}
			fmt.Fprintf(page, "<li><a href=\"%srooms/%d\">%d</a> %s, by %s%s\n",
				controlPath, r.ID, r.ID, html.EscapeString(r.Name), html.EscapeString(r.Creator), state)
		}
		page.WriteString("</ul>\n")
		return nil
	})
}
