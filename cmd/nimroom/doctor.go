package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/environment"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

// doctorCommand finds out why calls fail.
type doctorCommand struct {
	serviceFlags `embed:""`
	secretFlags  `embed:""`
	Lang         string        `enum:"en,zh" default:"en" help:"Language of the advice that follows an error of the service: en or zh."`
	Timeout      time.Duration `default:"10s" help:"Time limit for each request."`
}

// doctor prints what it finds, a line each.
type doctor struct {
	streams
	*doctorCommand
	app         environment.Settings
	credentials sign.Credentials
	code        int // of the exit
}

// good and bad print a finding. A bad one is followed by what to do.
func (d *doctor) good(subject, format string, args ...any) {
	fmt.Fprintf(d.out, "%s  %-11s  %s\n", d.paint(green, "ok  "), subject, fmt.Sprintf(format, args...))
}

func (d *doctor) note(subject, format string, args ...any) {
	fmt.Fprintf(d.out, "%s  %-11s  %s\n", d.paint(yellow, "note"), subject, fmt.Sprintf(format, args...))
}

func (d *doctor) bad(code int, subject, what, todo string) {
	d.code = max(d.code, code)
	fmt.Fprintf(d.out, "%s  %-11s  %s\n                   %s\n", d.paint(red, "FAIL"), subject, what, todo)
}

// Run looks at the settings, then at each host, then at what the app may do.
func (c *doctorCommand) Run(ctx context.Context, s streams, k *kong.Context) error {
	secret, err := c.secret(k, "")
	if err != nil {
		return err
	}
	app, err := c.settings(secret)
	if err != nil {
		return err
	}
	if c.Timeout <= 0 {
		return usage("--timeout %v: must be more than 0", c.Timeout)
	}
	d := &doctor{streams: s, doctorCommand: c, app: app}
	d.lookAtSettings()
	if d.code == exitOK {
		reached := false
		for _, host := range app.Hosts() {
			reached = d.lookAtHost(ctx, host, !reached) || reached
		}
	}
	if d.code != exitOK {
		return exitError{errors.New("something is wrong; the lines that begin with FAIL say what to do"), d.code}
	}
	return nil
}

// given lists the settings that flags or environment variables give, in place of the profile.
func (d *doctor) given() string {
	var list []string
	for _, setting := range [][2]string{{"base URL", d.BaseURL}, {"region", d.Region}, {"app key", d.AppKey}, {"app secret", d.AppSecret + d.AppSecretFile}} {
		if setting[1] != "" {
			list = append(list, setting[0])
		}
	}
	return strings.Join(list, ", ")
}

func (d *doctor) lookAtSettings() {
	where := "flags and environment variables"
	if d.app.Profile != "" {
		where = "profile " + d.app.Profile
		if given := d.given(); given != "" {
			where += ", and from flags or environment variables for the " + given
		}
	}
	d.good("settings", "from %s: %s", where, strings.Join(d.app.Hosts(), ", "))
	if d.app.AppKey == "" {
		d.bad(exitUsage, "app key", "none is set", "Set --app-key or NIM_APP_KEY, or add a profile (nimroom profile add).")
	}
	secret := d.app.Secret()
	if secret == "" {
		d.bad(exitUsage, "app secret", "none is set", "Set NIM_APP_SECRET or NIM_APP_SECRET_FILE, or add a profile (nimroom profile add).")
	}
	if d.code != exitOK {
		return
	}
	var err error
	if d.credentials, err = sign.NewCredentials(d.app.AppKey, secret); err != nil {
		d.bad(exitUsage, "credentials", strings.TrimPrefix(err.Error(), "sign: "), "Copy the key and the secret from the vendor's console once more.")
		return
	}
	d.good("app key", "%s", d.credentials.AppKey())
	trimmed := strings.TrimSpace(secret)
	if trimmed != secret {
		d.note("app secret", "has white space around it, which nimroom takes away and other programs may not")
	}
	d.good("app secret", "its length is %d; whether it is right, the service says below", len(trimmed))
	if d.app.Production {
		d.note("production", "nimroom call asks before it changes something here")
	}
}

// visit is what a request to a host has shown.
type visit struct {
	proxy                string
	addresses            []string
	lookup, connect, tls time.Duration
	certificate          *x509.Certificate
	first                time.Duration // until the first byte of the response
	date                 time.Time     // of the response
	sent                 time.Time
}

// lookAtHost calls a host, and reports whether a service responds there.
func (d *doctor) lookAtHost(ctx context.Context, host string, whole bool) bool {
	u, err := url.Parse(host)
	if err != nil {
		d.bad(exitUsage, "address", err.Error(), "Correct --base-url.")
		return false
	}
	name := u.Host
	v := &visit{}
	client, err := wrapper.New(d.credentials, wrapper.WithHosts(host), wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 1}), wrapper.WithTimeout(d.Timeout),
		wrapper.WithAttemptTimeout(d.Timeout), wrapper.WithHTTPClient(&http.Client{Transport: v.transport()}))
	if err != nil {
		d.bad(exitUsage, "address", strings.TrimPrefix(err.Error(), "nimroom: "), "Correct --base-url.")
		return false
	}
	// A room that does not exist: the service checks everything, and changes nothing.
	_, err = client.Rooms.Get(v.trace(ctx), wrapper.GetChatroomForm{RoomID: 1})
	if v.proxy != "" {
		d.note("proxy", "%s is reached through %s, as the environment says", name, v.proxy)
	}
	if d.failure(name, err) {
		return false
	}
	d.good("host", "%s %s", name, v)
	if v.certificate != nil {
		if left := time.Until(v.certificate.NotAfter); left < 14*24*time.Hour {
			d.note("TLS", "the certificate of %s ends on %s", name, v.certificate.NotAfter.Format(time.DateOnly))
		}
	}
	if whole {
		d.lookAtClock(v)
		d.lookAtApp(ctx, client, err)
	}
	return true
}

// transport is that of the client, which notes the proxy and the date of the service.
func (v *visit) transport() http.RoundTripper {
	return roundTripper{v, &http.Transport{DisableKeepAlives: true, Proxy: func(req *http.Request) (*url.URL, error) {
		proxy, err := http.ProxyFromEnvironment(req)
		if proxy != nil {
			v.proxy = proxy.Redacted()
		}
		return proxy, err
	}}}
}

type roundTripper struct {
	*visit
	http.RoundTripper
}

func (r roundTripper) RoundTrip(req *http.Request) (*http.Response, error) {
	r.sent = time.Now()
	resp, err := r.RoundTripper.RoundTrip(req)
	if err == nil {
		if date, bad := http.ParseTime(resp.Header.Get("Date")); bad == nil {
			r.date = date
		}
	}
	return resp, err
}

// trace returns a context in which a request notes its times.
func (v *visit) trace(ctx context.Context) context.Context {
	var began time.Time
	since := func(to *time.Duration) { *to = time.Since(began) }
	begin := func() { began = time.Now() }
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		DNSStart: func(httptrace.DNSStartInfo) { begin() },
		DNSDone: func(info httptrace.DNSDoneInfo) {
			since(&v.lookup)
			for _, address := range info.Addrs {
				v.addresses = append(v.addresses, address.String())
			}
		},
		ConnectStart:      func(string, string) { begin() },
		ConnectDone:       func(string, string, error) { since(&v.connect) },
		TLSHandshakeStart: begin,
		TLSHandshakeDone: func(state tls.ConnectionState, _ error) {
			since(&v.tls)
			if len(state.PeerCertificates) > 0 {
				v.certificate = state.PeerCertificates[0]
			}
		},
		WroteRequest:         func(httptrace.WroteRequestInfo) { begin() },
		GotFirstResponseByte: func() { since(&v.first) },
	})
}

// String says how long everything took.
func (v *visit) String() string {
	parts := []string{}
	add := func(what string, took time.Duration) {
		if took > 0 {
			parts = append(parts, what+" "+strconv.FormatFloat(took.Seconds()*1000, 'f', 1, 64)+" ms")
		}
	}
	if len(v.addresses) > 0 {
		parts = append(parts, "at "+strings.Join(v.addresses, ", "))
	}
	add("DNS", v.lookup)
	add("connect", v.connect)
	add("TLS", v.tls)
	add("response", v.first)
	return strings.Join(parts, ", ")
}

// failure reports whether a host could not be reached, or is not the service, and prints it.
func (d *doctor) failure(name string, err error) bool {
	var e *wrapper.Error
	if err == nil || errors.As(err, &e) && e.Code != 0 {
		return false
	}
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var operation *net.OpError
	what, todo := "no usable response from "+name, "Look at the network, the proxy and the vendor's status page."
	switch {
	case e != nil && e.HTTPStatus != 0:
		what = fmt.Sprintf("what responds at %s is not the service (HTTP %d)", name, e.HTTPStatus)
		todo = "Correct --base-url, whose path ends in /nimserver, or look whether a proxy responds instead."
	case errors.As(err, &dns):
		what, todo = "there is no address for "+dns.Name, "Correct the name in --base-url, or look at the DNS server of this machine."
	case errors.As(err, &certificate):
		what, todo = "the certificate of "+name+" is not accepted: "+certificate.Err.Error(), "Look at the clock of this machine, at its root certificates, and whether a proxy replaces certificates."
	case errors.As(err, &operation) && operation.Op == "proxyconnect":
		what, todo = "the proxy cannot be reached", "Correct HTTPS_PROXY, or name the host in NO_PROXY."
	case errors.As(err, &operation) && operation.Op == "dial":
		what, todo = name+" cannot be reached: "+operation.Err.Error(), "Look at the firewall and the port, or start the emulator (nimroom serve)."
	case errors.Is(err, wrapper.ErrCallTimeout), errors.Is(err, wrapper.ErrAttemptTimeout):
		what, todo = name+" does not respond within "+d.Timeout.String(), "Look at the firewall and the proxy, or give a longer --timeout."
	}
	d.bad(exitUnknown, "host", what, todo)
	return true
}

// tolerance is how far the clock may be off. The service accepts 5 minutes; the client corrects more.
const tolerance = 30 * time.Second

func (d *doctor) lookAtClock(v *visit) {
	if v.date.IsZero() {
		d.note("clock", "the service does not tell its time")
		return
	}
	off := v.sent.Truncate(time.Second).Sub(v.date)
	where := "ahead of"
	if off < 0 {
		off, where = -off, "behind"
	}
	if off <= tolerance {
		d.good("clock", "at most %v %s the service", off+time.Second, where) // Date has whole seconds
		return
	}
	d.bad(exitFailed, "clock", fmt.Sprintf("this machine is %v %s the service, which accepts 5 minutes", off, where), "Set the clock of this machine (NTP). Clients of nimroom sign by the service's time meanwhile; others are refused.")
}

// lookAtApp says what the service thinks of the app, by the result of a call and of one for each
// feature that a call can ask for without changing anything.
func (d *doctor) lookAtApp(ctx context.Context, client *wrapper.Client, err error) {
	var e *wrapper.Error
	switch {
	case err == nil, errors.Is(err, wrapper.ErrNotFound):
		d.good("signature", "the service accepts the app key, the secret and the time")
	case errors.Is(err, wrapper.ErrRateLimited) && errors.As(err, &e):
		d.bad(exitFailed, "quota", fmt.Sprintf("the app is over its quota; the block ends in %v", e.RetryAfter), "Let all programs of the app share one quota (docs/scaling.md).")
	case errors.As(err, &e):
		d.bad(exitFailed, "signature", fmt.Sprintf("code %d: %s", e.Code, e.Message), e.AdviceIn(languages[d.Lang]))
		return
	}
	limit := gen.DefaultRateLimit
	d.good("quota", "%d calls in %v for each operation, for all programs of the app together, unless the vendor has raised it", limit.Calls, limit.Per)
	for _, operation := range gen.Operations {
		switch {
		case operation.Feature == "":
		case operation.Idempotency != gen.Safe:
			d.note("feature", "%s: not asked, because %s changes something", operation.Feature, operation.Action)
		default:
			d.lookAtFeature(ctx, client, operation)
		}
	}
}

func (d *doctor) lookAtFeature(ctx context.Context, client *wrapper.Client, operation *gen.Operation) {
	form, err := url.ParseQuery(operation.Example)
	if err == nil {
		_, err = client.Do(ctx, operation.Path, form)
	}
	var e *wrapper.Error
	switch {
	case err == nil, errors.Is(err, wrapper.ErrNotFound):
		d.good("feature", "%s is on", operation.Feature)
	case errors.Is(err, wrapper.ErrForbidden) && errors.As(err, &e):
		d.note("feature", "%s is off (code %d: %s). %s", operation.Feature, e.Code, e.Message, e.AdviceIn(languages[d.Lang]))
	default:
		d.note("feature", "%s: not known (%v)", operation.Feature, byAction(err))
	}
}
