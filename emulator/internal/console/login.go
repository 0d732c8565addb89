package console

import (
	"crypto/rand"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/nimroom/nimroom/internal/web"
)

const (
	// sessionCookie holds the session of a browser. The token itself is in no
	// cookie and in no address.
	sessionCookie = "nimroom_session"
	// maxSessions bounds the sessions that are remembered; the oldest ends first.
	maxSessions = 1000
)

// sessions are the browsers that have logged in. They end with the program.
type sessions struct {
	mu   sync.Mutex
	open []string
}

func (s *sessions) begin() string {
	id := rand.Text()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open = append(s.open, id)
	s.open = s.open[max(0, len(s.open)-maxSessions):]
	return id
}

func (s *sessions) end(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open = slices.DeleteFunc(s.open, func(is string) bool { return is == id })
}

func (s *sessions) has(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Contains(s.open, id)
}

// allowed reports whether a request may use the console: it brings the control
// token, or the cookie of a session, or there is no token.
func (c *Console) allowed(r *http.Request) bool {
	return c.Token.Wanted(r) == "" || c.sessions.has(session(r))
}

func session(r *http.Request) string {
	cookie, err := r.Cookie(sessionCookie)
	if err != nil {
		return ""
	}
	return cookie.Value
}

// protect lets requests pass that may use the console. Others get the login.
func (c *Console) protect(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch {
		case c.allowed(r):
			next(w, r)
		case (r.Method == http.MethodGet || r.Method == http.MethodHead) && !streams(r):
			w.Header().Set("WWW-Authenticate", "Bearer")
			c.render(w, r, http.StatusUnauthorized, "login", loginData{Next: r.URL.RequestURI()})
		default:
			c.Token.Protect(next).ServeHTTP(w, r)
		}
	}
}

// loginData is what the login page shows.
type loginData struct {
	Next  string // where to go on
	Wrong bool
}

func (c *Console) getLogin(w http.ResponseWriter, r *http.Request) {
	if c.allowed(r) {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	c.render(w, r, http.StatusOK, "login", loginData{Next: "/"})
}

// postLogin begins a session for a browser that sends the token.
func (c *Console) postLogin(w http.ResponseWriter, r *http.Request) {
	next := r.PostFormValue("next")
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, `\`+"\r\n") {
		next = "/" // not a page of this server
	}
	if !c.Token.Is(r.PostFormValue("token")) {
		c.render(w, r, http.StatusUnauthorized, "login", loginData{Next: next, Wrong: true})
		return
	}
	c.setCookie(w, r, sessionCookie, c.sessions.begin(), 0)
	http.Redirect(w, r, next, http.StatusSeeOther)
}

func (c *Console) postLogout(w http.ResponseWriter, r *http.Request) {
	c.sessions.end(session(r))
	c.setCookie(w, r, sessionCookie, "", -1)
	http.Redirect(w, r, "/login", http.StatusSeeOther)
}

// setCookie sets a cookie that no script can read and no other site can send.
func (c *Console) setCookie(w http.ResponseWriter, r *http.Request, name, value string, maxAge int) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: maxAge,
		HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: r.TLS != nil,
	})
}

// readForm reads the form of a request that changes something.
func readForm(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		return web.BadRequest("form: %v", err)
	}
	return nil
}

// maxForm bounds the form of a request to the console, in bytes.
const maxForm = 1 << 20
