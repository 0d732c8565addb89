package web

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net"
	"net/http"
	"strings"

	"github.com/nimroom/nimroom/emulator/internal/clip"
)

// Token opens the control plane. It holds a digest, so that there is no secret
// that something could print. The zero value asks for no token.
type Token struct {
	digest [sha256.Size]byte
	given  bool
}

// NewToken returns the token with a text.
func NewToken(text string) (Token, error) {
	if text == "" || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return Token{}, errors.New("emulator: the control token is empty, or holds something that is not visible ASCII")
	}
	return Token{digest: sha256.Sum256([]byte(text)), given: true}, nil
}

// Given reports whether there is a token.
func (t Token) Given() bool { return t.given }

// allows reports whether a request brings the token. Digests are of one
// length, so comparing them gives nothing of the token away, its length included.
func (t Token) allows(r *http.Request) bool {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	digest := sha256.Sum256([]byte(strings.TrimSpace(token)))
	same := subtle.ConstantTimeCompare(digest[:], t.digest[:]) == 1
	return !t.given || same && strings.EqualFold(scheme, "Bearer")
}

// Protect lets requests pass that bring the token. The signature of an app is no
// token.
//
// Without a token it lets requests pass that ask for this machine by a name
// which nobody else can give away: a page of another site whose own name was
// made to point here comes with that name.
func (t Token) Protect(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !t.given && !IsLoopback(r.Host):
			WriteError(w, &Error{http.StatusForbidden, "Host: " + clip.OrNone(r.Host) +
				", want localhost or a loopback address; a server with a control token takes every name"})
			return
		case t.allows(r):
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("WWW-Authenticate", "Bearer")
		WriteError(w, &Error{http.StatusUnauthorized, "want the control token: Authorization: Bearer TOKEN"})
	})
}

// IsLoopback reports whether a Host header names this machine alone.
func IsLoopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return ip.IsLoopback() || strings.EqualFold(host, "localhost") || host == MemoryHost
}
