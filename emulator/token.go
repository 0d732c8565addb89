package emulator

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
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
func (t controlToken) protect(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if t.allows(r) {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("WWW-Authenticate", "Bearer")
		writeControlError(w, &controlError{http.StatusUnauthorized, "want the control token: Authorization: Bearer TOKEN"})
	})
}
