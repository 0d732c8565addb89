// Package console serves what a person opens in a browser: an index page, the
// reference page, and the published files of the spec.
package console

import (
	"fmt"
	"html"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/callbacks"
	"github.com/nimroom/nimroom/emulator/internal/control"
	"github.com/nimroom/nimroom/emulator/internal/engine"
	"github.com/nimroom/nimroom/emulator/internal/faults"
	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/web"
	"github.com/nimroom/nimroom/spec"
)

// Console serves the pages.
type Console struct {
	Engine  *engine.Engine
	Faults  *faults.Set
	Courier *callbacks.Courier
	Token   web.Token
	// BasePath is where the API is.
	BasePath string
	// AppKey and Secret are the credentials that the reference page signs with.
	// Secret returns nothing where the page has to ask for it; it is a function,
	// which nothing prints.
	AppKey string
	Secret func() string
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

// ServeHTTP serves the reference page, the spec and, to clients that may use the
// control plane, the index page.
func (c *Console) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	variant, isSpec := Specs[r.URL.Path]
	switch {
	case r.URL.Path == DocsPath || strings.HasPrefix(r.URL.Path, DocsPath+"/"):
		c.serveDocs(w, r)
	case r.URL.Path != "/" && !isSpec:
		web.WriteError(w, web.NotFound(r, "; the API is below "+c.BasePath+"/, the control plane below "+control.Path+", its reference at "+DocsPath))
	case !web.AllowRead(w, r):
	case isSpec:
		serveSpec(w, variant)
	default:
		c.Token.Protect(http.HandlerFunc(c.serveIndex)).ServeHTTP(w, r)
	}
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

// shownRooms bounds the rooms of the index page.
const shownRooms = 100

// serveIndex lists what a browser can open.
func (c *Console) serveIndex(w http.ResponseWriter, _ *http.Request) {
	var page strings.Builder
	page.WriteString(`<!doctype html>
<html lang="en"><meta charset="utf-8"><title>nimroom emulator</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="` + DocsPath + `/icon.svg">
<style>body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.6 system-ui, sans-serif; overflow-wrap: anywhere }</style>
<h1>nimroom emulator</h1>
<p>The chat room server API on this machine. Base URL for clients: <code>` + c.BasePath + `</code> on this host.
<ul>
`)
	for _, link := range []struct{ path, text string }{
		{DocsPath + "/", "reference, to try every operation"},
		{DocsPath + "/?lang=zh", "接口参考（中文），可在线调试"},
		{control.Path + "health", "health"},
		{control.Path + "clock", "clock"},
		{control.Path + "requests", "request log"},
		{control.Path + "callbacks", fmt.Sprintf("callbacks: %d not received", c.Courier.Pending())},
		{control.Path + "faults", fmt.Sprintf("faults: %d", len(c.Faults.States()))},
		{control.Path + "features", "features of the app"},
		{c.BasePath + "/health/liveness.action", "liveness probe"},
	} {
		fmt.Fprintf(&page, "<li><a href=%q>%s</a>\n", link.path, link.text)
	}
	for _, path := range slices.Sorted(maps.Keys(Specs)) {
		fmt.Fprintf(&page, "<li><a href=%q>%s</a>\n", path, path[1:])
	}
	page.WriteString("</ul>\n")
	c.listDeliveries(&page)
	c.listRooms(&page)
	fmt.Fprintf(&page, "<h2>%d operations</h2>\n<ul>\n", len(gen.Operations))
	for _, op := range gen.Operations {
		fmt.Fprintf(&page, "<li><code>POST %s%s</code> <a href=\"%s/#/%s/%s\">%s</a>\n", c.BasePath, op.Path, DocsPath, op.Service, op.ID, op.Summary)
	}
	page.WriteString("</ul>\n</html>\n")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(page.String()))
}

// shownDeliveries bounds the deliveries of the index page.
const shownDeliveries = 20

// listDeliveries writes the latest deliveries of callbacks with their responses.
func (c *Console) listDeliveries(page *strings.Builder) {
	list := c.Courier.Deliveries()
	if len(list) == 0 {
		return
	}
	page.WriteString("<h2>Latest callbacks</h2>\n<ul>\n")
	for _, d := range slices.Backward(list[max(0, len(list)-shownDeliveries):]) {
		fmt.Fprintf(page, "<li>%s %s, room %d, attempt %d: %d %s\n",
			d.At.UTC().Format(time.RFC3339), d.Type, d.RoomID, d.Attempt, d.Status, html.EscapeString(strings.TrimSpace(d.Response+" "+d.Error+" "+d.Fault)))
	}
	page.WriteString("</ul>\n")
}

// listRooms writes the first rooms. Only their names and creators are text that
// comes from clients.
func (c *Console) listRooms(page *strings.Builder) {
	_ = c.Engine.Read(func(s *state.State, _ time.Time) error {
		rooms := s.FirstRooms(shownRooms)
		fmt.Fprintf(page, "<h2>%d rooms</h2>\n", s.CountRooms())
		if n := s.CountRooms(); n > len(rooms) {
			fmt.Fprintf(page, "<p>The first %d:\n", len(rooms))
		}
		page.WriteString("<ul>\n")
		for _, r := range rooms {
			closed := ""
			if !r.Open {
				closed = ", closed"
			}
			fmt.Fprintf(page, "<li><a href=\"%srooms/%d\">%d</a> %s, by %s%s\n",
				control.Path, r.ID, r.ID, html.EscapeString(r.Name), html.EscapeString(r.Creator), closed)
		}
		page.WriteString("</ul>\n")
		return nil
	})
}
