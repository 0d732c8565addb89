package record

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

// Probe is a scenario about what surrounds a form: the signature, headers, and
// what the service does to an app. The conformance suite has none of these,
// because its clients sign as they should. Each call sends the operation's example
// form.
type Probe struct {
	Name    string // operation/scenario
	Options []emulator.Option
	// Local says why the live service cannot play the probe, or should not.
	Local string
	// Missigned probes change what was signed.
	Missigned bool

	// App changes whose credentials sign, Behind by how much the clock is slow.
	App    func(sign.Credentials) (sign.Credentials, error)
	Behind time.Duration
	// Edit changes the headers of a request after it was signed.
	Edit func(h http.Header)
	// Repeat names headers that later requests have from the first one.
	Repeat []string
	// Codes are those of the responses, one for each call.
	Codes []int
	// Desc is the text of the last response, where a document or a field's name
	// gives it.
	Desc string

	// Rename gives the accounts of a form other names, and Any accepts every
	// response. Services that are not the emulator need both.
	Rename func(form map[string]string) map[string]string
	Any    bool
}

// Probes are all probes.
var Probes = []Probe{
	{
		Name: "createChatroom/authentication-wrong-secret", Codes: []int{414}, Desc: "checksum",
		App: func(c sign.Credentials) (sign.Credentials, error) {
			return sign.NewCredentials(c.AppKey(), "not-the-secret")
		},
	},
	{
		Name: "createChatroom/authentication-unknown-app", Codes: []int{414}, Desc: "appkey",
		App: func(sign.Credentials) (sign.Credentials, error) {
			return sign.NewCredentials("not-an-app-key", "not-the-secret")
		},
	},
	{Name: "createChatroom/authentication-clock-slow", Behind: time.Hour, Codes: []int{414}, Desc: "CurTime is expired"},
	{Name: "createChatroom/authentication-clock-fast", Behind: -time.Hour, Codes: []int{414}, Desc: "CurTime is expired"},
	{
		Name: "createChatroom/authentication-milliseconds", Missigned: true, Codes: []int{414}, Desc: "CurTime is illegal",
		Edit: func(h http.Header) { h.Set(sign.HeaderCurTime, h.Get(sign.HeaderCurTime)+"000") },
	},
	{
		Name: "createChatroom/authentication-checksum-in-capitals", Missigned: true, Codes: []int{414}, Desc: "checksum",
		Edit: func(h http.Header) { h.Set(sign.HeaderCheckSum, strings.ToUpper(h.Get(sign.HeaderCheckSum))) },
	},
	{
		Name: "createChatroom/authentication-long-nonce", Missigned: true, Codes: []int{414},
		Edit: func(h http.Header) { h.Set(sign.HeaderNonce, strings.Repeat("n", sign.MaxNonceLength+1)) },
	},
	without(sign.HeaderAppKey),
	without(sign.HeaderNonce),
	without(sign.HeaderCurTime),
	without(sign.HeaderCheckSum),
	{
		Name: "createChatroom/authentication-nonce-used-before", Missigned: true, Codes: []int{200, 200},
		Repeat: []string{sign.HeaderNonce, sign.HeaderCurTime, sign.HeaderCheckSum},
	},
	{Name: "createChatroom/request-id-used-before", Codes: []int{200, 200}, Repeat: []string{"RequestId"}},
	{
		Name: "createChatroom/called-too-often", Options: []emulator.Option{emulator.WithRate(1)}, Codes: []int{200, 416},
		Local: "it would block the app",
	},
	{
		Name: "listTagMessages/search-switched-off", Options: []emulator.Option{emulator.WithoutFeatures(emulator.Search)},
		Codes: []int{403}, Desc: "search not enable", Local: "features are switched in the vendor's console",
	},
	{
		Name: "setEntryNotification/switched-off", Options: []emulator.Option{emulator.WithoutFeatures(emulator.EntryNotification)},
		Codes: []int{403}, Desc: "app io notify closed", Local: "features are switched in the vendor's console",
	},
}

func without(header string) Probe {
	return Probe{
		Name: "createChatroom/authentication-without-" + strings.ToLower(header), Missigned: true, Codes: []int{414},
		Edit: func(h http.Header) { h.Del(header) },
	}
}

// Play makes the probe's calls and compares the responses with its codes.
func (p *Probe) Play(ctx context.Context, credentials sign.Credentials, baseURL string, now func() time.Time, option wrapper.Option) error {
	if p.App != nil {
		var err error
		if credentials, err = p.App(credentials); err != nil {
			return err
		}
	}
	var first http.Header
	edit := wrapper.WithMiddleware(func(r *http.Request, next func(*http.Request) (*http.Response, error)) (*http.Response, error) {
		if p.Edit != nil {
			p.Edit(r.Header)
		}
		if first == nil {
			first = r.Header.Clone()
		}
		for _, name := range p.Repeat {
			r.Header.Set(name, first.Get(name))
		}
		return next(r)
	})
	client, err := NewClient(credentials, option, baseURL, func() time.Time { return now().Add(-p.Behind) }, edit)
	if err != nil {
		return err
	}
	for n := range p.Codes {
		code, desc, err := p.call(ctx, client)
		if err != nil {
			return err
		}
		if p.Any {
			continue
		}
		if code != p.Codes[n] || n == len(p.Codes)-1 && p.Desc != "" && desc != p.Desc {
			return fmt.Errorf("call %d: code %d %q, want %d %q", n+1, code, desc, p.Codes[n], p.Desc)
		}
	}
	return nil
}

func (p *Probe) call(ctx context.Context, client *wrapper.Client) (code int, desc string, err error) {
	id, _, err := split(p.Name)
	if err != nil {
		return 0, "", err
	}
	at := slices.IndexFunc(gen.Operations, func(o *gen.Operation) bool { return o.ID == id })
	if at < 0 {
		return 0, "", fmt.Errorf("no operation %s", id)
	}
	fields, err := wire.ParseForm(gen.Operations[at].Example)
	if err != nil {
		return 0, "", err
	}
	form := map[string]string{}
	for _, pair := range fields.Pairs() {
		form[pair.Name] = pair.Value
	}
	if p.Rename != nil {
		form = p.Rename(form)
	}
	values := url.Values{}
	for name, value := range form {
		values.Set(name, value)
	}
	_, err = client.Do(ctx, gen.Operations[at].Path, values)
	var failure *wrapper.Error
	switch {
	case err == nil:
		return http.StatusOK, "", nil
	case errors.As(err, &failure) && failure.Code != 0:
		return failure.Code, failure.Message, nil
	}
	return 0, "", err
}
