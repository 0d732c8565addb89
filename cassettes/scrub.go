package cassettes

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"

	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

const (
	redacted = "REDACTED"
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

// scrub removes from an interaction what is secret, what differs from run to run,
// and what is not needed. Its maps belong to the client that made the request: they
// are replaced, never changed.
func scrub(i *cassette.Interaction, secrets []string) {
	q, r := &i.Request, &i.Response
	headers := keep(q.Headers, keptRequestHeaders)
	for _, name := range signatureHeaders {
		if q.Headers.Get(name) != "" {
			headers.Set(name, redacted)
		}
	}
	q.Headers, q.Trailer, q.TransferEncoding = headers, nil, nil
	q.RemoteAddr, q.RequestURI = "", ""
	q.URL, q.Host = scrubURL(q.URL, secrets)
	q.Body = scrubForm(q.Body, secrets)
	q.Form = formOf(q.Body)
	q.ContentLength = int64(len(q.Body))

	r.Headers, r.Trailer, r.TransferEncoding = keep(r.Headers, keptResponseHeaders), nil, nil
	r.Uncompressed, r.Duration = false, 0
	r.Body = scrubText(r.Body, secrets)
	r.ContentLength = int64(len(r.Body))
}

func keep(headers http.Header, names []string) http.Header {
	kept := http.Header{}
	for _, name := range names {
		if values := headers.Values(name); len(values) > 0 {
			kept[http.CanonicalHeaderKey(name)] = slices.Clone(values)
		}
	}
	return kept
}

// scrubURL keeps the hosts of the public service and no others.
func scrubURL(text string, secrets []string) (scrubbed, host string) {
	u, err := url.Parse(text)
	if err != nil {
		return "http://" + unknownHost + "/", unknownHost
	}
	u.User, u.Fragment = nil, ""
	if !slices.ContainsFunc(slices.Concat(wrapper.ChinaHosts(), wrapper.OverseasHosts()), func(base string) bool {
		public, err := url.Parse(base)
		return err == nil && public.Host == u.Host
	}) {
		u.Host = unknownHost
	}
	u.RawQuery = scrubForm(u.RawQuery, secrets)
	return u.String(), u.Host
}

// secretName ends the names of fields and members that hold secrets.
const secretName = `(?i:(?:token|secret|password|passwd|checksum|appkey|authorization|cookie)s?)`

var secretField = regexp.MustCompile(secretName + `$`)

// rule describes one form of a secret in a text.
type rule struct {
	pattern *regexp.Regexp
	by      string
}

var rules = append(members(),
	// name=value, as in the query of a URL that a field has.
	rule{regexp.MustCompile(`([\w.-]*` + secretName + `=)[^&#;,\s"'\\<>]+`), "${1}" + redacted},
	rule{regexp.MustCompile(`(\b(?i:cookie): ?)[^\r\n"\\]+`), "${1}" + redacted},
	rule{regexp.MustCompile(`(\b(?i:bearer|basic) )[\w.~+/=-]{8,}`), "${1}" + redacted},
	// The user of a URL.
	rule{regexp.MustCompile(`(://)[^/?#@\s"\\]*:[^/?#@\s"\\]*@`), "${1}" + redacted + "@"},
	// What looks like a CheckSum, wherever it stands.
	rule{checkSum, redacted},
)

var checkSum = regexp.MustCompile(`\b[0-9a-fA-F]{40}\b`)

// members are the rules for members of JSON that are a text, a number, or a list or
// an object of these: in JSON, in JSON inside of a string, and so on, each time with
// more backslashes.
func members() []rule {
	const deepest = 3
	var list []rule
	for depth := range deepest + 1 {
		backslash := strings.Repeat(`\`, 1<<depth)
		quote := backslash[1:] + `"`
		q, b := regexp.QuoteMeta(quote), regexp.QuoteMeta(backslash)
		text := q + `(?:[^"\\]|` + b + `(?:` + q + `|` + b + `|[^"\\]))*` + q
		several := `(?:` + text + `|[^"\\\[\]{}])*`
		list = append(list, rule{
			regexp.MustCompile(`(` + q + `[^"\\]*` + secretName + q + `\s*:\s*)(?:` + text + `|-?\d[\d.eE+-]*|\[` + several + `\]|\{` + several + `\})`),
			"${1}" + quote + redacted + quote,
		})
	}
	return list
}

// scrubText replaces the secrets in a text, which may be JSON. It changes nothing
// else, and does not change a scrubbed text.
func scrubText(text string, secrets []string) string {
	for _, secret := range secrets {
		text = strings.ReplaceAll(text, secret, redacted)
	}
	for _, r := range rules {
		text = r.pattern.ReplaceAllString(text, r.by)
	}
	return text
}

// scrubForm replaces the secrets in a form. Fields without any stay byte for byte as
// they are.
func scrubForm(form string, secrets []string) string {
	parts := strings.Split(form, "&")
	for i, part := range parts {
		name, value, there := strings.Cut(part, "=")
		plainName, err := url.QueryUnescape(name)
		plain, err2 := url.QueryUnescape(value)
		switch {
		case !there || err != nil || err2 != nil:
			parts[i] = scrubText(part, secrets)
		case value != "" && secretField.MatchString(plainName):
			parts[i] = name + "=" + redacted
		default:
			if scrubbed := scrubText(plain, secrets); scrubbed != plain {
				parts[i] = name + "=" + url.QueryEscape(scrubbed)
			}
		}
	}
	return strings.Join(parts, "&")
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
