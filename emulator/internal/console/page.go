package console

import (
	"bytes"
	"embed"
	"html/template"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/events"
	"github.com/nimroom/nimroom/internal/web"
)

// pagePolicy lets a page of the console load from and talk to this server alone,
// and run no script but those that are files.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
	"connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// page is a page of the console: a template, and a function that reads what the
// page shows. The templates in it whose names begin with livePrefix are rendered
// again while the page is open; each fills the element that has its name as
// sse-swap.
type page struct {
	pattern, name string
	read          func(*Console, *http.Request, *view) (any, error)
}

const livePrefix = "live-"

var pages = []page{
	{"/{$}", "rooms", (*Console).readRooms},
	{"/rooms/{roomid}", "room", (*Console).readRoom},
	{"/requests", "requests", (*Console).readRequests},
	{"/operations", "operations", (*Console).readOperations},
	{"/operations/{id}", "operation", (*Console).readOperation},
	{"/faults", "faults", (*Console).readFaults},
	{"/clock", "clock", (*Console).readClock},
	{"/callbacks", "callbacks", (*Console).readCallbacks},
}

// action does what a form asks for.
type action func(*Console, *http.Request) (*result, error)

var actions = map[string]action{
	"/operations/{id}":      (*Console).call,
	"/rooms/{roomid}/join":  (*Console).join,
	"/rooms/{roomid}/leave": (*Console).leave,
	"/requests/clear":       (*Console).clearRequests,
	"/faults":               (*Console).addFault,
	"/faults/clear":         (*Console).clearFaults,
	"/clock":                (*Console).advance,
	"/callbacks/clear":      (*Console).clearCallbacks,
}

// result is what came of an action.
type result struct {
	Title string
	OK    bool
	// Code is that of the response, 0 if there is none.
	Code            int
	Meaning, Advice string
	// Body is the response, and Note what is odd about it.
	Body, Note string
	// Next is the page to go on with, if it is another one.
	Next string
}

func (c *Console) route() {
	for _, p := range pages {
		c.pages.HandleFunc("GET "+p.pattern, c.guarded(c.protect(func(w http.ResponseWriter, r *http.Request) { c.open(w, r, p) })))
		c.pages.HandleFunc(p.pattern, func(w http.ResponseWriter, r *http.Request) { web.AllowRead(w, r) }) // which it does not
	}
	for pattern, do := range actions {
		c.pages.HandleFunc("POST "+pattern, c.guarded(c.protect(func(w http.ResponseWriter, r *http.Request) { c.act(w, r, do) })))
	}
	c.pages.HandleFunc("GET /login", c.guarded(c.getLogin))
	c.pages.HandleFunc("POST /login", c.guarded(c.postLogin))
	c.pages.HandleFunc("POST /logout", c.guarded(c.postLogout))
	c.pages.HandleFunc("GET /assets/{name...}", c.guarded(serveAsset))
	c.pages.HandleFunc("/", c.notFound)
}

// guarded sets the headers that keep a page from loading or running what is not
// the console's, bounds what a request sends, and keeps the settings that a link
// changes.
func (c *Console) guarded(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		guard(w.Header(), pagePolicy)
		w.Header().Set("Cache-Control", "no-store")
		if err := readForm(w, r); err != nil {
			web.WriteError(w, err)
			return
		}
		if c.keepSettings(w, r) {
			return
		}
		next(w, r)
	}
}

// guard sets the headers of what a browser opens.
func guard(header http.Header, policy string) {
	header.Set("Content-Security-Policy", policy)
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("X-Content-Type-Options", "nosniff")
}

// streams reports whether a request is for the live parts of a page.
func streams(r *http.Request) bool { return r.Header.Get("Accept") == "text/event-stream" }

// open responds with a page, or with its live parts.
func (c *Console) open(w http.ResponseWriter, r *http.Request, p page) {
	if streams(r) {
		c.stream(w, r, p)
		return
	}
	v := c.view(r)
	data, err := p.read(c, r, v)
	if err != nil {
		c.renderError(w, r, err)
		return
	}
	v.Data, v.Live = data, true
	v.write(w, http.StatusOK, p.name)
}

// render responds with a page that is not live.
func (c *Console) render(w http.ResponseWriter, r *http.Request, status int, name string, data any) {
	v := c.view(r)
	v.Data = data
	v.write(w, status, name)
}

func (c *Console) renderError(w http.ResponseWriter, r *http.Request, err error) {
	c.render(w, r, web.Status(err), "error", failed(err))
}

// act does what a form asks for and responds with what came of it: a fragment for
// a page that sent the form by script, or else a page.
func (c *Console) act(w http.ResponseWriter, r *http.Request, do action) {
	came, err := do(c, r)
	if err != nil {
		came = failed(err)
	}
	byScript := r.Header.Get("HX-Request") == "true"
	switch {
	case came.Next != "" && byScript:
		w.Header().Set("HX-Redirect", came.Next)
	case came.Next != "":
		http.Redirect(w, r, came.Next, http.StatusSeeOther)
	case byScript:
		v := c.view(r)
		v.Data = came
		v.write(w, http.StatusOK, "error", "result")
	default:
		c.render(w, r, http.StatusOK, "error", came)
	}
}

// templates are the pages by name, each with the layout.
var templates = sync.OnceValue(func() map[string]*template.Template {
	base := template.Must(template.ParseFS(files, "pages/layout.html"))
	set := map[string]*template.Template{}
	names, _ := fs.Glob(files, "pages/*.html") // the pattern is good
	for _, file := range names {
		name := strings.TrimSuffix(path.Base(file), ".html")
		set[name] = template.Must(template.Must(base.Clone()).ParseFS(files, file))
	}
	return set
})

//go:embed pages texts assets
var files embed.FS

// write responds with a page, or with a template of it.
func (v *view) write(w http.ResponseWriter, status int, page string, part ...string) {
	var text bytes.Buffer
	v.Page = page
	if err := templates()[page].ExecuteTemplate(&text, append(part, "layout")[0], v); err != nil {
		web.WriteError(w, err)
		return
	}
	w.Header().Set("Content-Type", fileTypes[".html"])
	w.WriteHeader(status)
	_, _ = w.Write(text.Bytes())
}

const (
	// refreshTime is between two looks at what a page shows.
	refreshTime = 250 * time.Millisecond
	// restFactor times as long as a look took is between two looks, too, so that the
	// page of a large room takes little from others.
	restFactor = 10
)

// stream sends the live parts of a page as server-sent events, each when it has
// changed, until the browser goes or may no longer use the console.
func (c *Console) stream(w http.ResponseWriter, r *http.Request, p page) {
	events.Serve(w, r, &source{console: c, request: r, page: p, sent: map[string]string{}}, "live parts of "+p.name)
}

// source renders the live parts of a page.
type source struct {
	console *Console
	request *http.Request
	page    page
	sent    map[string]string // what was sent last, by the name of the part
	next    time.Time         // when to look again
}

// Batch returns the parts that have changed. It ends when what the page shows is
// gone; then the browser asks again and gets an error.
func (s *source) Batch() (texts [][]byte, more bool, wake <-chan struct{}) {
	if wait := time.Until(s.next); wait > 0 {
		return nil, false, after(wait)
	}
	began := time.Now()
	defer func() { s.next = time.Now().Add(max(refreshTime, restFactor*time.Since(began))) }()
	v := s.console.view(s.request)
	data, err := s.page.read(s.console, s.request, v)
	if err != nil || !s.console.allowed(s.request) {
		return nil, false, nil
	}
	v.Data, v.Page = data, s.page.name
	set := templates()[s.page.name]
	for _, t := range set.Templates() {
		if !strings.HasPrefix(t.Name(), livePrefix) {
			continue
		}
		var text strings.Builder
		if err := t.Execute(&text, v); err != nil {
			return nil, false, nil
		}
		if s.sent[t.Name()] != text.String() {
			s.sent[t.Name()] = text.String()
			texts = append(texts, event(t.Name(), text.String()))
		}
	}
	if len(texts) > 0 {
		return texts, false, nil
	}
	return nil, false, after(refreshTime)
}

// after returns a channel that is closed after a time.
func after(d time.Duration) <-chan struct{} {
	over := make(chan struct{})
	time.AfterFunc(d, func() { close(over) })
	return over
}

// Lost returns 0: what comes later holds what came before.
func (*source) Lost() int64 { return 0 }

// event returns a server-sent event with HTML.
func event(name, html string) []byte {
	lines := strings.ReplaceAll(strings.ReplaceAll(html, "\r", ""), "\n", "\ndata: ")
	return []byte("event: " + name + "\ndata: " + lines + "\n\n")
}

// serveAsset serves a style sheet or a script.
func serveAsset(w http.ResponseWriter, r *http.Request) {
	name := "assets/" + r.PathValue("name")
	file, err := files.Open(name)
	if err != nil || fileTypes[path.Ext(name)] == "" {
		web.WriteError(w, web.NotFound(r, ""))
		return
	}
	serveFile(w, r, name, file.(io.ReadSeeker)) // embedded files are
}
