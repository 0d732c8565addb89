package main

import (
	"cmp"
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
	"github.com/nimroom/nimroom/internal/command"
	"github.com/nimroom/nimroom/internal/environment"
	"github.com/nimroom/nimroom/internal/message"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

// doctorCommand finds out why calls fail.
type doctorCommand struct {
	serviceFlags `embed:""`
	secretFlags  `embed:""`
	Room         string        `placeholder:"ROOM" complete:"room" help:"Id of a room, with which the features are asked for that can only be asked for with one. Nothing in the room changes."`
	Timeout      time.Duration `default:"10s" help:"Time limit for each request."`
}

// doctor prints what it finds, a line each.
type doctor struct {
	streams
	*doctorCommand
	app         environment.Settings
	credentials sign.Credentials
	failures    []failure
	code        int // of the exit
}

// failure is why some hosts cannot be used.
type failure struct {
	hosts *hosts
	what  message.Text // its first argument are the hosts
	todo  message.Text
}

// hosts are the names of hosts: an argument of a text that can get more of them.
type hosts []string

func (h *hosts) String() string { return h.Text().String() }

// Text returns the names with commas between them.
func (h *hosts) Text() message.Text { return message.List(*h) }

// good, note and bad print a finding. A bad one is followed by what to do.
func (d *doctor) good(subject, format string, args ...any) {
	d.line(green, message.Of("ok"), subject, message.Of(format, args...))
}

func (d *doctor) note(subject, format string, args ...any) {
	d.line(yellow, message.Of("note"), subject, message.Of(format, args...))
}

func (d *doctor) bad(code int, subject string, what, todo message.Text) {
	d.code = max(d.code, code)
	d.line(red, message.Of("FAIL"), subject, what)
	fmt.Fprintf(d.out, "%20s%s\n", "", catalogOf(d.language).text(todo))
}

// line prints a line with a mark.
func (d *doctor) line(color string, mark message.Text, subject string, what message.Text) {
	c := catalogOf(d.language)
	fmt.Fprintf(d.out, "%s  %s  %s\n", d.paint(color, pad(c.text(mark), 4)), pad(c.text(message.Text{Format: subject}), 12), c.text(what))
}

// without returns the text of an error without the name of the package that it is of.
func (d *doctor) without(name string, err error) string {
	return strings.TrimPrefix(catalogOf(d.language).error(err), name)
}

// Run looks at the settings, then at each host, then at what the app may do.
func (c *doctorCommand) Run(ctx context.Context, s streams, k *kong.Context) error {
	secret, err := c.secret(s, k, "")
	if err != nil {
		return err
	}
	app, err := c.settings(s, secret)
	if err != nil {
		return err
	}
	if c.Timeout <= 0 {
		return usage("--timeout %v: must be more than 0", c.Timeout)
	}
	if c.Room != "" {
		if _, err := wrapper.ParseRoomID(c.Room); err != nil {
			return usage("--room %q: want the id of a room, such as 66", c.Room)
		}
	}
	d := &doctor{streams: s, doctorCommand: c, app: app}
	d.lookAtSettings()
	if d.code == exitOK {
		reached := false
		for _, host := range app.Hosts() {
			reached = d.lookAtHost(ctx, host, !reached) || reached
			if ctx.Err() != nil { // nothing is wrong with the host
				return exitError{message.Errorf("interrupted"), exitFailed}
			}
		}
		for _, f := range d.failures {
			d.bad(exitUnknown, "host", f.what, f.todo)
		}
	}
	if d.code != exitOK {
		return exitError{message.Errorf("something is wrong; the lines that begin with FAIL say what to do"), d.code}
	}
	return nil
}

// given lists the settings that flags or environment variables give, in place of the profile.
func (d *doctor) given() message.Text {
	var list []string
	for _, setting := range []struct{ name, value string }{
		{d.text("base URL"), d.BaseURL}, {d.text("region"), d.Region}, {d.text("app key"), d.AppKey}, {d.text("app secret"), d.AppSecret + d.AppSecretFile},
	} {
		if setting.value != "" {
			list = append(list, setting.name)
		}
	}
	return message.List(list)
}

func (d *doctor) lookAtSettings() {
	where := message.Of("flags and environment variables")
	if d.app.Profile != "" {
		where = message.Of("profile %s", d.app.Profile)
		if given := d.given(); given.Format != "" {
			where = message.Of("profile %s, and for %v from flags or environment variables", d.app.Profile, given)
		}
	}
	d.good("settings", "They come from %v: %v.", where, message.List(d.app.Hosts()))
	if d.app.AppKey == "" {
		d.bad(exitUsage, "app key", message.Of("None is set."), message.Of("Set --app-key or NIM_APP_KEY, or add a profile (nimroom profile add)."))
	}
	secret := d.app.Secret()
	if secret == "" && d.app.ProfileKey != "" {
		d.bad(exitUsage, "app secret", message.Of("That of profile %s belongs to app %s and not to app %s, so it is left out.", d.app.Profile, d.app.ProfileKey, d.app.AppKey),
			message.Of("Give the secret of app %s with --app-secret-file or NIM_APP_SECRET, or leave its key out (--app-key, NIM_APP_KEY).", d.app.AppKey))
	} else if secret == "" {
		d.bad(exitUsage, "app secret", message.Of("None is set."), message.Of("Set NIM_APP_SECRET or NIM_APP_SECRET_FILE, or add a profile (nimroom profile add)."))
	}
	if d.code != exitOK {
		return
	}
	var err error
	if d.credentials, err = sign.NewCredentials(d.app.AppKey, secret); err != nil {
		d.bad(exitUsage, "credentials", message.Of("%s.", d.without("sign: ", err)), message.Of("Copy the key and the secret from the vendor's console once more."))
		return
	}
	d.good("app key", "It is %s.", d.credentials.AppKey())
	trimmed := strings.TrimSpace(secret)
	if trimmed != secret {
		d.note("app secret", "It has white space around it, which nimroom takes away and other programs may not.")
	}
	d.good("app secret", "Its length is %d. Whether it is right, the service says below.", len(trimmed))
	if d.app.Production {
		d.note("production", "The command asks before it changes something here.")
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
		d.bad(exitUsage, "address", message.Of("%s.", err), message.Of("Correct the base URL."))
		return false
	}
	v := &visit{}
	client, err := wrapper.New(d.credentials, wrapper.WithHosts(host), wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 1}), wrapper.WithTimeout(d.Timeout),
		wrapper.WithAttemptTimeout(d.Timeout), wrapper.WithHTTPClient(&http.Client{Transport: v.transport()}))
	if err != nil {
		d.bad(exitUsage, "address", message.Of("%s.", d.without("nimroom: ", err)), message.Of("Correct the base URL."))
		return false
	}
	// A room that does not exist: the service checks everything, and changes nothing.
	_, err = client.Rooms.Get(v.trace(ctx), wrapper.GetChatroomForm{RoomID: 1})
	if v.proxy != "" {
		d.note("proxy", "%s is reached through %s, as the environment says.", u.Host, v.proxy)
	}
	var e *wrapper.Error
	if err != nil && (!errors.As(err, &e) || e.Code == 0) {
		d.fail(d.failure(ctx, u, err))
		return false
	}
	d.good("host", "%s responds: %v.", u.Host, d.times(v))
	if v.certificate != nil {
		if left := time.Until(v.certificate.NotAfter); left < 14*24*time.Hour {
			d.note("TLS", "The certificate of %s ends on %s.", u.Host, v.certificate.NotAfter.Format(time.DateOnly))
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

// times says how long everything took.
func (d *doctor) times(v *visit) message.Text {
	parts := []string{}
	add := func(what string, took time.Duration) {
		if took > 0 {
			parts = append(parts, what+" "+strconv.FormatFloat(took.Seconds()*1000, 'f', 1, 64)+" ms")
		}
	}
	if len(v.addresses) > 0 {
		parts = append(parts, d.text("at %v", message.List(v.addresses)))
	}
	add("DNS", v.lookup)
	add(d.text("connect"), v.connect)
	add("TLS", v.tls)
	add(d.text("response"), v.first)
	return message.List(parts)
}

// fail notes a failure. One that several hosts have is said once.
func (d *doctor) fail(f failure) {
	for _, other := range d.failures {
		if other.what.Format == f.what.Format && fmt.Sprint(other.what.Args[1:]...) == fmt.Sprint(f.what.Args[1:]...) {
			*other.hosts = append(*other.hosts, *f.hosts...)
			return
		}
	}
	d.failures = append(d.failures, f)
}

// withoutTLS is the failure of hosts that do not speak TLS and should.
func withoutTLS(h *hosts) failure {
	return failure{h, message.Of("What responds at %v speaks HTTP without TLS, and the base URL begins with https.", h),
		message.Of("Write the base URL with http://, or name the port of the service that has TLS.")}
}

// failure says why a host could not be reached, or is not the service.
func (d *doctor) failure(ctx context.Context, u *url.URL, err error) failure {
	h := &hosts{u.Host}
	var e *wrapper.Error
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var operation *net.OpError
	switch {
	case errors.Is(err, http.ErrSchemeMismatch):
		return withoutTLS(h)
	case errors.As(err, &dns):
		h = &hosts{dns.Name}
		todo := message.Of("Look at the DNS server and the network of this machine.")
		if d.app.BaseURL != "" {
			todo = message.Of("Correct the name in the base URL, or look at the DNS server of this machine.")
		}
		return failure{h, message.Of("There is no address for %v.", h), todo}
	case errors.As(err, &certificate):
		return failure{h, message.Of("The certificate of %v is not accepted: %v.", h, certificate.Err),
			message.Of("Look at the clock of this machine, at its root certificates, and whether a proxy replaces certificates.")}
	case errors.As(err, &operation) && operation.Op == "proxyconnect":
		return failure{h, message.Of("The proxy to %v cannot be reached.", h), message.Of("Correct HTTPS_PROXY, or name the host in NO_PROXY.")}
	case errors.As(err, &operation) && operation.Op == "dial":
		return failure{h, message.Of("%v cannot be reached: %v.", h, operation.Err), message.Of("Look at the firewall and the port, or start the emulator (nimroom serve).")}
	case u.Scheme == "http" && speaksTLS(ctx, u):
		return failure{h, message.Of("What responds at %v speaks TLS, and the base URL begins with http.", h),
			message.Of("Write the base URL with https://, or name the port of the service that has no TLS.")}
	case errors.As(err, &e) && e.HTTPStatus != 0:
		return failure{h, message.Of("What responds at %v is not the service (HTTP %d).", h, e.HTTPStatus),
			message.Of("Correct the base URL, whose path ends in /nimserver, or look whether a proxy responds instead.")}
	case errors.Is(err, wrapper.ErrCallTimeout), errors.Is(err, wrapper.ErrAttemptTimeout):
		return failure{h, message.Of("%v does not respond within %v.", h, d.Timeout), message.Of("Look at the firewall and the proxy, or give a longer --timeout.")}
	}
	return failure{h, message.Of("There is no usable response from %v.", h), message.Of("Look at the network, the proxy and the vendor's status page.")}
}

// probeTime is how long a handshake may take that finds out whether a server speaks TLS.
const probeTime = 3 * time.Second

// speaksTLS reports whether a server does. Nothing is sent to it after the handshake, so that its certificate
// does not matter.
func speaksTLS(ctx context.Context, u *url.URL) bool {
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	dialer := tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true}} //nolint:gosec // see above
	connection, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), "80")))
	if err != nil {
		return false
	}
	_ = connection.Close()
	return true
}

// tolerance is how far the clock may be off. The service accepts 5 minutes; the client corrects more.
const tolerance = 30 * time.Second

func (d *doctor) lookAtClock(v *visit) {
	if v.date.IsZero() {
		d.note("clock", "The service does not tell its time.")
		return
	}
	off := v.sent.Truncate(time.Second).Sub(v.date)
	switch {
	case off.Abs() <= tolerance && off >= 0:
		d.good("clock", "It is at most %v ahead of the service.", off+time.Second) // Date has whole seconds
	case off.Abs() <= tolerance:
		d.good("clock", "It is at most %v behind the service.", time.Second-off)
	default:
		what := message.Of("This machine is %v ahead of the service, which accepts 5 minutes.", off)
		if off < 0 {
			what = message.Of("This machine is %v behind the service, which accepts 5 minutes.", -off)
		}
		d.bad(exitFailed, "clock", what, message.Of("Set the clock of this machine (NTP). Clients of nimroom sign by the service's time meanwhile; others are refused."))
	}
}

// lookAtApp says what the service thinks of the app, by the result of a call and of one for each
// feature that a call can ask for without changing anything.
func (d *doctor) lookAtApp(ctx context.Context, client *wrapper.Client, err error) {
	var e *wrapper.Error
	switch {
	case err == nil, errors.Is(err, wrapper.ErrNotFound):
		d.good("signature", "The service accepts the app key, the secret and the time.")
	case errors.Is(err, wrapper.ErrRateLimited) && errors.As(err, &e):
		d.bad(exitFailed, "quota", message.Of("The app is over its quota. The block ends in %v.", e.RetryAfter), message.Of("Let all programs of the app share one quota (docs/scaling.md)."))
	case errors.As(err, &e):
		d.bad(outcome(err), "signature", message.Of("code %d: %s", e.Code, e.Message), message.Of("%s", e.AdviceIn(languages[d.language])))
		return
	}
	limit := gen.DefaultRateLimit
	d.good("quota", "It is %d calls in %v for each operation, for all programs of the app together, unless the vendor has raised it.", limit.Calls, limit.Per)
	if id, err := wrapper.ParseRoomID(d.Room); err == nil {
		if _, err := client.Rooms.Get(ctx, wrapper.GetChatroomForm{RoomID: id}); errors.Is(err, wrapper.ErrNotFound) {
			d.bad(exitFailed, "room", message.Of("There is no room %s.", d.Room), message.Of("Name another one with --room."))
			return
		}
	}
	for _, operation := range gen.Operations {
		switch {
		case operation.Feature == "":
		case operation.Idempotency != gen.Safe:
			d.note("feature", "Whether %s is on is not asked, because %s changes something.", operation.Feature, operation.Action)
		case d.Room == "":
			d.note("feature", "Whether %s is on can only be asked for a room. Name one with --room.", operation.Feature)
		default:
			d.lookAtFeature(ctx, client, operation)
		}
	}
}

// lookAtFeature asks for a feature with the example of a form, for the room.
func (d *doctor) lookAtFeature(ctx context.Context, client *wrapper.Client, operation *gen.Operation) {
	form, err := url.ParseQuery(operation.Example)
	for _, field := range operation.Fields {
		if field.GoName == "RoomID" {
			form.Set(field.Name, d.Room)
		}
	}
	if err == nil {
		_, err = client.Do(ctx, operation.Path, form)
	}
	var e *wrapper.Error
	switch {
	case err == nil:
		d.good("feature", "%s is on.", operation.Feature)
	case errors.Is(err, wrapper.ErrForbidden) && errors.As(err, &e):
		d.note("feature", "%s is off (code %d: %s). %s", operation.Feature, e.Code, e.Message, e.AdviceIn(languages[d.language]))
	default:
		d.note("feature", "Whether %s is on is not known: %v.", operation.Feature, command.ByAction(err))
	}
}
