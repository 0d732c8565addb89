package control

import (
	"time"

	"github.com/nimroom/nimroom/emulator/internal/api"
	"github.com/nimroom/nimroom/emulator/internal/faults"
	"github.com/nimroom/nimroom/internal/clip"
	"github.com/nimroom/nimroom/internal/web"
)

// faultFields are a fault as the control plane writes it.
type faultFields struct {
	faults.Fault
	Delay string `json:"delay,omitempty" doc:"How late the response of a delay comes, such as 2s; at most an hour."`
}

type faultView struct {
	faultFields
	Applied int `json:"applied" doc:"How many requests it was applied to."`
}

func viewFault(s faults.State) faultView {
	v := faultView{faultFields{Fault: s.Fault}, s.Applied}
	if s.Delay > 0 {
		v.Delay = s.Delay.String()
	}
	return v
}

// faultList is all faults, the spent ones too.
type faultList struct {
	Faults []faultView `json:"faults"`
}

func (c *Control) getFaults(request[none, none]) (faultList, error) {
	list := faultList{[]faultView{}}
	for _, one := range c.API.Faults.States() {
		list.Faults = append(list.Faults, viewFault(one))
	}
	return list, nil
}

func (c *Control) postFault(r request[none, faultFields]) (view faultView, err error) {
	ask := r.Body
	if ask.Delay != "" {
		if ask.Fault.Delay, err = time.ParseDuration(ask.Delay); err != nil {
			return view, web.BadRequest("delay: %q, want a duration such as 2s or 500ms", clip.Text(ask.Delay))
		}
	}
	f, err := c.API.Faults.Add(ask.Fault)
	if err != nil {
		return view, web.BadRequest("%v", err)
	}
	return viewFault(faults.State{Fault: f}), nil
}

func (c *Control) deleteFaults(r request[none, none]) (faultList, error) {
	c.API.Faults.Clear(false)
	return c.getFaults(r)
}

// stubList is all stubs, by path.
type stubList struct {
	Stubs []api.Stub `json:"stubs"`
}

func (c *Control) getStubs(request[none, none]) (stubList, error) {
	return stubList{c.API.Stubs.All()}, nil
}

func (c *Control) postStub(r request[none, api.Stub]) (stubList, error) {
	err := c.API.Stubs.Set(r.Body)
	return stubList{c.API.Stubs.All()}, err
}

func (c *Control) deleteStubs(request[none, none]) (stubList, error) {
	c.API.Stubs.Clear()
	return stubList{[]api.Stub{}}, nil
}
