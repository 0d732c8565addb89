package web

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/clip"
	"github.com/nimroom/nimroom/internal/wire"
)

// Names says by which names requests may call a server, and which pages in a
// browser may send them. The zero value takes the names of this machine alone:
// whoever answers for any other name in DNS can make it point here, and then a
// page under that name is of the same site as this server for the browser.
type Names struct {
	// Any takes every name, and still not every page.
	Any bool
}

// Allow reports whether a request may be served, and responds with HTTP 403
// where it may not. Requests to the API may come from pages that this machine
// serves from other ports.
func (n Names) Allow(w http.ResponseWriter, r *http.Request, isAPI bool) bool {
	text := n.Wrong(r)
	switch {
	case text != "":
		text += "; a server that is exposed takes every name"
	case !allowsPage(r, isAPI):
		text = "pages of other sites may not send requests here; " + page(r)
	}
	switch {
	case text == "":
		return true
	case isAPI:
		WriteJSON(w, http.StatusForbidden, wire.AppendAPIError(nil, gen.CodeForbidden, text))
	default:
		WriteError(w, &Error{http.StatusForbidden, text})
	}
	return false
}

// Wrong says why a request may not be served under the name by which it calls
// the server, and is empty if it may.
func (n Names) Wrong(r *http.Request) string {
	if n.Any || !overNetwork(r) || IsLoopback(r.Host) {
		return ""
	}
	return "Host: " + clip.OrNone(r.Host) + ", want localhost or a loopback address"
}

// FromPage says which page in a browser sends a request, and is empty for other
// clients.
func FromPage(r *http.Request) string {
	if r.Header.Get("Origin") == "" && r.Header.Get("Sec-Fetch-Site") == "" {
		return ""
	}
	return page(r)
}

func page(r *http.Request) string {
	return "Origin: " + clip.OrNone(r.Header.Get("Origin")) + ", Sec-Fetch-Site: " + clip.OrNone(r.Header.Get("Sec-Fetch-Site"))
}

// overNetwork reports whether a request came over a connection that others
// could have opened. It did not where a program calls the handler, or came
// through a [MemoryListener], whose connections are pipes.
func overNetwork(r *http.Request) bool {
	address, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	return ok && address.Network() != "pipe"
}

// allowsPage reports whether the page that a browser names in its headers may
// send a request. Other clients name none. A link of another site may open a
// page here: that site cannot read it.
func allowsPage(r *http.Request, isAPI bool) bool {
	if FromPage(r) == "" {
		return true
	}
	origin, site := r.Header.Get("Origin"), r.Header.Get("Sec-Fetch-Site")
	page, err := url.Parse(origin)
	switch {
	case err != nil:
		return false
	case isAPI && IsLoopback(page.Host):
		return true
	case origin != "" && page.Host != r.Host:
		return false
	case site == "" || site == "none" || site == "same-origin":
		return true
	}
	return r.Method == http.MethodGet && r.Header.Get("Sec-Fetch-Dest") == "document"
}

// IsLoopback reports whether a host, with a port or without one, is localhost or
// a loopback address.
func IsLoopback(host string) bool {
	if name, port, err := net.SplitHostPort(host); err == nil {
		if _, err := strconv.ParseUint(port, 10, 16); err != nil && port != "" {
			return false
		}
		host = name
	}
	address, _ := netip.ParseAddr(strings.Trim(host, "[]"))
	return address.IsLoopback() && address.Zone() == "" || strings.EqualFold(host, "localhost")
}
