package cassettes

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"

	"github.com/nimroom/nimroom/internal/scrub"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

const (
	// requestID is the header that a client numbers its calls with.
	requestID = "Requestid"
	// minSecret is the length from which on a text is looked for everywhere.
	minSecret = 8
	// unknownHost stands for hosts that are not the public service's.
	unknownHost = "service.invalid"
)

// The headers that are kept; those of the signature lose their values. All others
// are left out, as proxies may put anything into them.
var (
	keptRequestHeaders  = []string{"Content-Type", requestID}
	keptResponseHeaders = []string{"Content-Type", "Retry-After"}
	signatureHeaders    = []string{sign.HeaderAppKey, sign.HeaderNonce, sign.HeaderCurTime, sign.HeaderCheckSum}
)

// scrubber scrubs interactions.
type scrubber struct{ *scrub.Scrubber }

func newScrubber(secrets []string, apps ...sign.Credentials) scrubber {
	return scrubber{scrub.New(secrets, apps...)}
}

// interaction removes from an interaction what is secret, what differs from run to run,
// and what is not needed. Its maps belong to the client that made the request: they are
// replaced, never changed.
func (s scrubber) interaction(i *cassette.Interaction) {
	q, r := &i.Request, &i.Response
	headers := s.keep(q.Headers, keptRequestHeaders)
	for _, name := range signatureHeaders {
		if q.Headers.Get(name) != "" {
			headers.Set(name, scrub.Redacted)
		}
	}
	q.Headers, q.Trailer, q.TransferEncoding = headers, nil, nil
	q.RemoteAddr, q.RequestURI = "", ""
	q.URL, q.Host = s.url(q.URL)
	q.Body = s.Form(q.Body)
	q.Form = formOf(q.Body)
	q.ContentLength = int64(len(q.Body))

	r.Headers, r.Trailer, r.TransferEncoding = s.keep(r.Headers, keptResponseHeaders), nil, nil
	r.Uncompressed, r.Duration = false, 0
	r.Status, r.Body = s.Text(r.Status), s.Text(r.Body)
	r.ContentLength = int64(len(r.Body))
}

func (s scrubber) keep(headers http.Header, names []string) http.Header {
	kept := http.Header{}
	for _, name := range names {
		for _, value := range headers.Values(name) {
			kept.Add(name, s.Text(value))
		}
	}
	return kept
}

// url keeps the hosts of the public service and no others.
func (s scrubber) url(text string) (scrubbed, host string) {
	u, err := url.Parse(text)
	if err != nil {
		return "http://" + unknownHost + "/", unknownHost
	}
	u.User, u.Fragment, u.RawFragment = nil, "", ""
	if !slices.ContainsFunc(slices.Concat(wrapper.ChinaHosts(), wrapper.OverseasHosts()), func(base string) bool {
		public, err := url.Parse(base)
		return err == nil && public.Host == u.Host
	}) {
		u.Host = unknownHost
	}
	if path := s.path(u.Path); path != u.Path {
		u.Path, u.RawPath = path, ""
	}
	u.RawQuery = s.Form(u.RawQuery)
	return u.String(), u.Host
}

// path scrubs the parts of a path.
func (s scrubber) path(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		parts[i] = s.Text(part)
	}
	return strings.Join(parts, "/")
}

// formOf are the fields of a form that can be read.
func formOf(body string) url.Values {
	fields, err := wire.ParseForm(body)
	if err != nil || body == "" {
		return nil
	}
	form := url.Values{}
	for _, p := range fields.Pairs() {
		form.Set(p.Name, p.Value)
	}
	return form
}
