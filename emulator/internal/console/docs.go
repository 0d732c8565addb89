package console

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/nimroom/nimroom/docs"
	"github.com/nimroom/nimroom/internal/web"
	"github.com/nimroom/nimroom/spec"
)

const (
	// DocsPath is where the reference page is.
	DocsPath = "/docs"
	// docsPolicy lets the reference page load from and talk to this server
	// alone, and lets no page frame it. Swagger UI draws its arrows from data:
	// URLs.
	docsPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
		"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

// docsSpecs are the files of the spec among those of the reference page.
var docsSpecs = map[string]spec.Variant{
	"openapi.json":       {Format: "json"},
	"openapi.zh-CN.json": {Format: "json", Lang: "zh"},
}

// fileTypes are the content types by extension. What mime knows depends on the
// machine.
var fileTypes = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".json": web.JSONType,
	".svg":  "image/svg+xml",
}

// docsConfig is the config.json of the reference page.
type docsConfig struct {
	BaseURL   string `json:"baseURL"`
	AppKey    string `json:"appKey"`
	AppSecret string `json:"appSecret,omitempty"`
}

// serveDocs serves the reference page.
func (c *Console) serveDocs(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, DocsPath+"/")
	guard(w.Header(), docsPolicy)
	switch {
	case !web.AllowRead(w, r):
		return
	case r.URL.Path == DocsPath: // what the page is made of is found relative to docs/
		target := *r.URL
		target.Path += "/"
		http.Redirect(w, r, target.RequestURI(), http.StatusFound)
		return
	case name == "config.json":
		c.serveDocsConfig(w, r)
		return
	case name == "":
		name = "index.html"
	}
	content, err := openDocs(name)
	if err != nil {
		web.WriteError(w, web.NotFound(r, "; the reference page is at "+DocsPath))
		return
	}
	serveFile(w, r, name, content)
}

// serveFile serves a file. The browser checks it for changes at each use, so that
// it never mixes two versions.
func serveFile(w http.ResponseWriter, r *http.Request, name string, content io.ReadSeeker) {
	digest := sha256.New()
	if _, err := io.Copy(digest, content); err != nil {
		web.WriteError(w, err)
		return
	}
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("Content-Type", fileTypes[path.Ext(name)])
	w.Header().Set("ETag", `"`+base64.RawURLEncoding.EncodeToString(digest.Sum(nil)[:12])+`"`)
	http.ServeContent(w, r, name, time.Time{}, content)
}

// openDocs opens a file of the reference page.
func openDocs(name string) (io.ReadSeeker, error) {
	if variant, ok := docsSpecs[name]; ok {
		body, err := spec.Read(variant)
		return bytes.NewReader(body), err
	}
	if fileTypes[path.Ext(name)] == "" { // a folder, or a licence
		return nil, fs.ErrNotExist
	}
	file, err := docs.Reference().Open(name)
	if err != nil {
		return nil, err
	}
	return file.(io.ReadSeeker), nil // embedded files are
}

// serveDocsConfig gives the page the place of the API and the credentials. The
// secret is only in it for a browser on this machine that may use the control
// plane without a token. Pages of other sites cannot read it.
func (c *Console) serveDocsConfig(w http.ResponseWriter, r *http.Request) {
	config := docsConfig{BaseURL: c.BasePath, AppKey: c.Credentials.AppKey()}
	if !c.Token.Given() && web.IsLoopback(r.Host) && web.IsLoopback(r.RemoteAddr) {
		config.AppSecret = c.Secret()
	}
	body, err := json.Marshal(config)
	if err != nil {
		web.WriteError(w, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	web.WriteJSON(w, http.StatusOK, body)
}
