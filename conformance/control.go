package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"
)

// controls are the paths below /_emulator/ of the controls; %s is the room's id.
var controls = map[string]string{
	"join":     "rooms/%s/join",
	"leave":    "rooms/%s/leave",
	"advance":  "clock",
	"accounts": "accounts",
	"rooms":    "rooms",
	"stubs":    "stubs",
	"reset":    "reset",
}

const (
	controlTimeout = 10 * time.Second
	maxBody        = 16 << 20
)

// ControlPlane is the service half of a [Target]: an emulator's, over HTTP.
type ControlPlane struct {
	base   *url.URL
	client *http.Client
	// ahead is the difference of the emulator's clock and this machine's.
	ahead atomic.Int64
}

// NewControlPlane finds the control plane beside an emulator's base URL and
// asks it for the time.
func NewControlPlane(ctx context.Context, baseURL string) (*ControlPlane, error) {
	return NewControlPlaneVia(ctx, baseURL, &http.Client{Timeout: controlTimeout})
}

// NewControlPlaneVia is like [NewControlPlane] with an HTTP client, such as that of
// an emulator in memory.
func NewControlPlaneVia(ctx context.Context, baseURL string, client *http.Client) (*ControlPlane, error) {
	if client == nil {
		return nil, errors.New("conformance: the HTTP client is nil")
	}
	base, err := url.Parse(baseURL)
	if err != nil {
		return nil, err
	}
	base = base.ResolveReference(&url.URL{Path: "/_emulator/"})
	c := &ControlPlane{base: base, client: client}
	_, err = c.do(ctx, http.MethodGet, "clock", nil)
	return c, err
}

// Now returns the emulator's time, which requests have to be signed with.
func (c *ControlPlane) Now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

// Control performs a step's control. An API error of the service, such as 13002
// for entering a closed room, is a Response.
func (c *ControlPlane) Control(ctx context.Context, action, room string, with json.RawMessage) (Response, error) {
	path, ok := controls[action]
	if !ok {
		return Response{}, fmt.Errorf("no control %q", action)
	}
	if room != "" {
		path = fmt.Sprintf(path, url.PathEscape(room))
	}
	return c.do(ctx, http.MethodPost, path, with)
}

func (c *ControlPlane) do(ctx context.Context, method, path string, with []byte) (Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, c.base.String()+path, bytes.NewReader(with))
	if err != nil {
		return Response{}, err
	}
	response, err := c.client.Do(request)
	if err != nil {
		return Response{}, err
	}
	defer func() { _ = response.Body.Close() }() // the body was read, or there is an error already
	text, err := io.ReadAll(io.LimitReader(response.Body, maxBody))
	if err != nil {
		return Response{}, err
	}
	var body struct {
		Error string    `json:"error"`
		Code  int       `json:"code"`
		Now   time.Time `json:"now"`
	}
	if err := json.Unmarshal(text, &body); err != nil {
		return Response{}, fmt.Errorf("%s %s: %s: %w", method, path, response.Status, err)
	}
	switch {
	case body.Code != 0:
		return Response{Code: body.Code, Desc: body.Error}, nil
	case response.StatusCode != http.StatusOK:
		return Response{}, fmt.Errorf("%s %s: %s: %s", method, path, response.Status, body.Error)
	case !body.Now.IsZero():
		c.ahead.Store(int64(time.Until(body.Now)))
	}
	return Response{Code: codeOK, Body: text}, nil
}
