package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"
)

// controls are the paths below /_emulator/ of what a step can do; %s is the
// room's id.
var controls = map[string]string{
	"join":     "rooms/%s/join",
	"leave":    "rooms/%s/leave",
	"advance":  "clock",
	"accounts": "accounts",
	"reset":    "reset",
}

const (
	controlTimeout = 10 * time.Second
	maxAnswer      = 16 << 20
)

// ControlPlane is the service half of a [Target]: an emulator's, over HTTP.
type ControlPlane struct {
	base   *url.URL
	client *http.Client
	// ahead is how much the emulator's clock is ahead of this machine's.
	ahead atomic.Int64
}

// NewControlPlane finds the control plane beside an emulator's base URL and
// asks it for the time.
func NewControlPlane(ctx context.Context, baseURL string) (*ControlPlane, error) {
	return NewControlPlaneVia(ctx, baseURL, &http.Client{Timeout: controlTimeout})
}

// NewControlPlaneVia does so through a client, such as that of an emulator in
// memory.
func NewControlPlaneVia(ctx context.Context, baseURL string, client *http.Client) (*ControlPlane, error) {
	base, err := url.Parse(baseURL)
	if err != nil {
		return nil, err
	}
	base = base.ResolveReference(&url.URL{Path: "/_emulator/"})
	c := &ControlPlane{base: base, client: client}
	_, err = c.do(ctx, http.MethodGet, "clock", nil)
	return c, err
}

// Now is the emulator's time, as far as this machine can tell. It is to be
// signed with.
func (c *ControlPlane) Now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

// Control does what a step's control says. A refusal of the service, such as
// 13002 for entering a closed room, is an answer.
func (c *ControlPlane) Control(ctx context.Context, action, room string, with json.RawMessage) (Answer, error) {
	path, ok := controls[action]
	if !ok {
		return Answer{}, fmt.Errorf("no control %q", action)
	}
	if room != "" {
		path = fmt.Sprintf(path, url.PathEscape(room))
	}
	return c.do(ctx, http.MethodPost, path, with)
}

func (c *ControlPlane) do(ctx context.Context, method, path string, body []byte) (Answer, error) {
	request, err := http.NewRequestWithContext(ctx, method, c.base.String()+path, bytes.NewReader(body))
	if err != nil {
		return Answer{}, err
	}
	response, err := c.client.Do(request)
	if err != nil {
		return Answer{}, err
	}
	defer func() { _ = response.Body.Close() }() // it was read, or the error tells
	text, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return Answer{}, err
	}
	var answer struct {
		Error string    `json:"error"`
		Code  int       `json:"code"`
		Now   time.Time `json:"now"`
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return Answer{}, fmt.Errorf("%s %s: %s: %w", method, path, response.Status, err)
	}
	switch {
	case answer.Code != 0:
		return Answer{Code: answer.Code, Desc: answer.Error}, nil
	case response.StatusCode != http.StatusOK:
		return Answer{}, fmt.Errorf("%s %s: %s: %s", method, path, response.Status, answer.Error)
	case !answer.Now.IsZero():
		c.ahead.Store(int64(time.Until(answer.Now)))
	}
	return Answer{Code: codeOK, Body: text}, nil
}
