package record

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

// Probe is a story that no scenario tells, because it is about what stands
// around a form: the signature, headers, and what the service does to an app.
// Each creates a room.
type Probe struct {
	Name    string // operation/what
	Options []emulator.Option
	// Local probes need an emulator of their own: the live service cannot be
	// made to do this, or should not.
	Local string
	// Missigned probes change what was signed.
	Missigned bool

	// App changes who signs, Behind by how much the clock is slow.
	App    func(sign.Credentials) (sign.Credentials, error)
	Behind time.Duration
	// Edit changes the request after it was signed; n counts from 0.
	Edit func(n int, h http.Header)
	// Codes are what the calls must be answered, one after another.
	Codes []int
	// Desc is the text beside the last one, where a document or a field's name
	// gives it.
	Desc string

	// Rename gives the accounts of the forms other names, and Any takes whatever
	// is answered: for services that are not the emulator.
	Rename func(string) string
	Any    bool

	path string
	form url.Values
}

const createPath = "/chatroom/create.action"

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
		Edit: func(_ int, h http.Header) { h.Set(sign.HeaderCurTime, h.Get(sign.HeaderCurTime)+"000") },
	},
	{
		Name: "createChatroom/authentication-checksum-in-capitals", Missigned: true, Codes: []int{414}, Desc: "checksum",
		Edit: func(_ int, h http.Header) { h.Set(sign.HeaderCheckSum, strings.ToUpper(h.Get(sign.HeaderCheckSum))) },
	},
	{
		Name: "createChatroom/authentication-long-nonce", Missigned: true, Codes: []int{414},
		Edit: func(_ int, h http.Header) { h.Set(sign.HeaderNonce, strings.Repeat("n", sign.MaxNonceLength+1)) },
	},
	missing(sign.HeaderAppKey),
	missing(sign.HeaderNonce),
	missing(sign.HeaderCurTime),
	missing(sign.HeaderCheckSum),
	{
		Name: "createChatroom/authentication-nonce-used-before", Missigned: true, Codes: []int{200, 200},
		Edit: same(sign.HeaderNonce, sign.HeaderCurTime, sign.HeaderCheckSum),
	},
	{Name: "createChatroom/request-id-used-before", Codes: []int{200, 200}, Edit: same("RequestId")},
	{
		Name: "createChatroom/called-too-often", Options: []emulator.Option{emulator.WithRate(1)}, Codes: []int{200, 416},
		Local: "it would block the app",
	},
	{
		Name: "listTagMessages/search-switched-off", Options: []emulator.Option{emulator.WithoutFeatures(emulator.Search)},
		Codes: []int{403}, Desc: "search not enable", Local: "features are switched in the vendor's console",
		path: "/history/queryTagHistoryMsg.action", form: url.Values{"roomId": {"66"}, "tags": {`["vip"]`}},
	},
	{
		Name: "setEntryNotification/switched-off", Options: []emulator.Option{emulator.WithoutFeatures(emulator.EntryNotification)},
		Codes: []int{403}, Desc: "app io notify closed", Local: "features are switched in the vendor's console",
		path: "/chatroom/updateInOutNotification.action", form: url.Values{"roomid": {"66"}, "close": {"true"}},
	},
}

func missing(header string) Probe {
	return Probe{
		Name: "createChatroom/authentication-without-" + strings.ToLower(header), Missigned: true, Codes: []int{414},
		Edit: func(_ int, h http.Header) { h.Del(header) },
	}
}

// same gives later requests the headers of the first one.
func same(names ...string) func(int, http.Header) {
	first := http.Header{}
	return func(n int, h http.Header) {
		for _, name := range names {
			if n == 0 {
				first.Set(name, h.Get(name))
			} else {
				h.Set(name, first.Get(name))
			}
		}
	}
}

// Play makes the probe's calls and holds their answers to its codes.
func (p *Probe) Play(ctx context.Context, credentials sign.Credentials, baseURL string, now func() time.Time, option wrapper.Option) error {
	if p.App != nil {
		var err error
		if credentials, err = p.App(credentials); err != nil {
			return err
		}
	}
	n := 0
	edit := wrapper.WithMiddleware(func(r *http.Request, next func(*http.Request) (*http.Response, error)) (*http.Response, error) {
		if p.Edit != nil {
			p.Edit(n, r.Header)
		}
		return next(r)
	})
	client, err := NewClient(credentials, option, baseURL, func() time.Time { return now().Add(-p.Behind) }, edit)
	if err != nil {
		return err
	}
	for n = range p.Codes {
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
	path, form := p.path, p.form
	if path == "" {
		creator := "zhangsan"
		if p.Rename != nil {
			creator = p.Rename(creator)
		}
		path, form = createPath, url.Values{"creator": {creator}, "name": {"mychat room"}}
	}
	_, err = client.Do(ctx, path, form)
	var refusal *wrapper.Error
	switch {
	case err == nil:
		return http.StatusOK, "", nil
	case errors.As(err, &refusal) && refusal.Code != 0:
		return refusal.Code, refusal.Message, nil
	}
	return 0, "", err
}
