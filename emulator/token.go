package emulator

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net"
	"net/http"
	"strings"
)

// controlToken opens the control plane. It holds a digest, so that there is no
// secret that something could print. The zero value asks nobody for a token.
type controlToken struct {
	digest [sha256.Size]byte
	given  bool
	err    error
}

func newControlToken(token string) controlToken {
	t := controlToken{digest: sha256.Sum256([]byte(token)), given: true}
	if token == "" || strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		t.err = errors.New("emulator: the control token is empty, or holds something that is not visible ASCII")
	}
	return t
}

// allows reports whether a request brings the token. Digests are of one
// length, so comparing them tells nothing of the token, its length included.
func (t controlToken) allows(r *http.Request) bool {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	digest := sha256.Sum256([]byte(strings.TrimSpace(token)))
	same := subtle.ConstantTimeCompare(digest[:], t.digest[:]) == 1
	return !t.given || same && strings.EqualFold(scheme, "Bearer")
}

// protect lets in who brings the token. The signature of an app is none.
//
// Where there is no token it lets in who asks for this machine by a name that
// nobody else can give away: a page whose own name was made to point here
// comes with that name.
func (t controlToken) protect(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !t.given && !isLoopback(r.Host):
			writeControlError(w, &controlError{http.StatusForbidden, "Host: " + shorten(valueOrNone(r.Host)) +
				", want localhost or a loopback address; a server with a control token takes every name"})
			return
		case t.allows(r):
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("WWW-Authenticate", "Bearer")
		writeControlError(w, &controlError{http.StatusUnauthorized, "want the control token: Authorization: Bearer TOKEN"})
	})
}

// isLoopback reports whether a Host header names this machine alone.
func isLoopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return ip.IsLoopback() || strings.EqualFold(host, "localhost") || host == memoryHost
}
