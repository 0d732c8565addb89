package control

import (
	"net/http"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/api"
	"github.com/nimroom/nimroom/emulator/internal/faults"
	"github.com/nimroom/nimroom/internal/clip"
	"github.com/nimroom/nimroom/internal/web"
)

// faultFields are a fault as the control plane writes it.
type faultFields struct {
	faults.Fault
	Delay string `json:"delay,omitempty"`
}

type faultView struct {
	faultFields
	Applied int `json:"applied"`
}

func viewFault(s faults.State) faultView {
	v := faultView{faultFields{Fault: s.Fault}, s.Applied}
	if s.Delay > 0 {
		v.Delay = s.Delay.String()
	}
	return v
}

func (c *Control) getFaults(*http.Request) (any, error) {
	list := []faultView{}
	for _, one := range c.API.Faults.States() {
		list = append(list, viewFault(one))
	}
	return map[string]any{"faults": list}, nil
}

func (c *Control) postFault(_ *http.Request, ask faultFields) (any, error) {
	if ask.Delay != "" {
		var err error
		if ask.Fault.Delay, err = time.ParseDuration(ask.Delay); err != nil {
			return nil, web.BadRequest("delay: %q, want a duration such as 2s or 500ms", clip.Text(ask.Delay))
		}
	}
	f, err := c.API.Faults.Add(ask.Fault)
	if err != nil {
		return nil, web.BadRequest("%v", err)
	}
	return viewFault(faults.State{Fault: f}), nil
}

func (c *Control) deleteFaults(r *http.Request) (any, error) {
	c.API.Faults.Clear(false)
	return c.getFaults(r)
}

func (c *Control) getStubs(*http.Request) (any, error) {
	return map[string]any{"stubs": c.API.Stubs.All()}, nil
}

func (c *Control) postStub(r *http.Request, ask api.Stub) (any, error) {
	if err := c.API.Stubs.Set(ask); err != nil {
		return nil, err
	}
	return c.getStubs(r)
}

func (c *Control) deleteStubs(r *http.Request) (any, error) {
	c.API.Stubs.Clear()
	return c.getStubs(r)
}
