package cassettes

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/nimroom/nimroom/wrapper"
)

// rebased sends the requests for the client's default hosts to another address. The
// recording has their paths without its prefix, so that the client replays them.
type rebased struct {
	http.RoundTripper
	base *url.URL
}

// parseBase reads the address in [wrapper.EnvBaseURL].
func parseBase(text string) (*url.URL, error) {
	base, err := url.Parse(text)
	if err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" || base.User != nil || base.RawQuery != "" || base.Fragment != "" {
		return nil, fmt.Errorf("%s: want an absolute http or https URL without user, query and fragment, such as %s", wrapper.EnvBaseURL, wrapper.DefaultBaseURL)
	}
	base.Path = strings.TrimRight(base.Path, "/")
	return base, nil
}

// unnamed takes the host out of a request for a default one, if another address is set.
func (c *config) unnamed(own *http.Request) {
	if rebased, ok := c.transport.(rebased); ok && slices.ContainsFunc(wrapper.ChinaHosts(), func(base string) bool {
		return strings.HasPrefix(own.URL.String(), base+"/")
	}) {
		own.URL.Scheme, own.URL.Host, own.Host = rebased.base.Scheme, unknownHost, ""
	}
}

// RoundTrip sends a request.
func (r rebased) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Host == unknownHost {
		prefix, _ := url.Parse(wrapper.DefaultBaseURL)
		req = req.Clone(req.Context())
		req.URL.Host = r.base.Host
		req.URL.Path, req.URL.RawPath = r.base.Path+strings.TrimPrefix(req.URL.Path, prefix.Path), ""
	}
	return r.RoundTripper.RoundTrip(req)
}

// CloseIdleConnections closes those of the transport.
func (r rebased) CloseIdleConnections() { closeIdle(r.RoundTripper) }

func closeIdle(transport http.RoundTripper) {
	if c, ok := transport.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}
