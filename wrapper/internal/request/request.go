// Package request checks the parts of a request that a caller can set, and has the parts that
// all requests share.
package request

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// ContentType is the content type of forms, as the documents spell it.
const ContentType = "application/x-www-form-urlencoded;charset=utf-8"

// NewID returns 32 random hex digits. Ids are not secret.
func NewID() string {
	var random [16]byte
	binary.NativeEndian.PutUint64(random[:8], rand.Uint64())
	binary.NativeEndian.PutUint64(random[8:], rand.Uint64())
	var text [32]byte
	hex.Encode(text[:], random[:])
	return string(text[:])
}

// BaseURL returns a base URL without its last slash. Its errors do not quote the URL,
// because a caller who mixes up arguments may have given a secret.
func BaseURL(base string) (string, error) {
	u, err := url.Parse(base)
	switch {
	case err != nil && strings.Contains(base, "@"), err == nil && u.User != nil:
		return "", errors.New("base URL: must not hold a user or a password")
	case !strings.Contains(base, "://"):
		return "", errors.New("base URL: must begin with http or https: http:// is missing, as in http://127.0.0.1:8500/nimserver")
	case err != nil:
		return "", errors.New("base URL: cannot be parsed")
	case u.Scheme != "http" && u.Scheme != "https":
		return "", errors.New("base URL: must begin with http or https")
	case u.Hostname() == "":
		return "", errors.New("base URL: no host")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return "", errors.New("base URL: must not hold a query or a fragment")
	}
	return strings.TrimSuffix(base, "/"), nil
}

// ownHeaders are the headers that only the client sets.
var ownHeaders = []string{"Appkey", "Nonce", "Curtime", "Checksum", "Requestid", "Content-Type", "Content-Length", "Host", "Accept-Encoding"}

// CheckHeader returns an error for a header that HTTP does not allow, and for a header that
// only the client sets.
func CheckHeader(name, value string) error {
	const separators = "()<>@,;:\\\"/[]?={}"
	if name == "" || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(separators, r) }) ||
		strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
		return fmt.Errorf("header %q: HTTP does not allow this name or this value", name)
	}
	if slices.Contains(ownHeaders, http.CanonicalHeaderKey(name)) {
		return fmt.Errorf("header %s: the client sets it itself", name)
	}
	return nil
}

// CheckPath returns an error for a path that could leave the base URL or that can be
// read in two ways.
func CheckPath(path string) error {
	path = strings.TrimPrefix(path, "/")
	if path == "" {
		return errors.New("path: empty")
	}
	if strings.ContainsFunc(path, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("?#%\\", r) }) {
		return fmt.Errorf("path %q: must not hold a query, a fragment, an escape or a character that needs one", path)
	}
	for part := range strings.SplitSeq(path, "/") {
		if part == "" || part == "." || part == ".." {
			return fmt.Errorf("path %q: must be names joined by /", path)
		}
	}
	return nil
}
