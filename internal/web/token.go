package web

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net/http"
	"strconv"
	"strings"
)

// minToken is the length of the shortest token that is not easily guessed.
const minToken = 16

// Token opens a server, or a part of one. It holds a digest, so that there is no
// secret that something could print. The zero value asks for no token.
type Token struct {
	name   string // what errors call it
	digest [sha256.Size]byte
	given  bool
}

// NewToken returns the token with a text. Errors call it by its name.
func NewToken(name, text string) (Token, error) {
	switch {
	case strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }):
		return Token{}, errors.New("the " + name + " holds something that is not visible ASCII")
	case len(text) < minToken:
		return Token{}, errors.New("the " + name + " has " + strconv.Itoa(len(text)) +
			" characters, want at least " + strconv.Itoa(minToken))
	}
	return Token{name: name, digest: sha256.Sum256([]byte(text)), given: true}, nil
}

// Given reports whether there is a token.
func (t Token) Given() bool { return t.given }

// Wanted is the error for a request that does not bring the token, and empty for
// one that may pass. The signature of an app is no token.
func (t Token) Wanted(r *http.Request) string {
	if t.allows(r) {
		return ""
	}
	return "want the " + t.name + ": Authorization: Bearer TOKEN"
}

// allows reports whether a request brings the token.
func (t Token) allows(r *http.Request) bool {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return !t.given || t.Is(token) && strings.EqualFold(scheme, "Bearer")
}

// Is reports whether a text is the token, apart from the space around it. Digests
// are of one length, so comparing them gives nothing of the token away, its length
// included. No text is the token of the zero value.
func (t Token) Is(text string) bool {
	digest := sha256.Sum256([]byte(strings.TrimSpace(text)))
	return subtle.ConstantTimeCompare(digest[:], t.digest[:]) == 1 && t.given
}

// Protect lets requests pass that bring the token, or all where there is none.
func (t Token) Protect(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text := t.Wanted(r)
		if text == "" {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("WWW-Authenticate", "Bearer")
		WriteError(w, &Error{http.StatusUnauthorized, text})
	})
}
