package control

import (
	"net/http"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/clip"
	"github.com/nimroom/nimroom/emulator/internal/faults"
	"github.com/nimroom/nimroom/emulator/internal/web"
)

// faultFields are a fault as the control plane writes it.
type faultFields struct {
	Operation string       `json:"operation"`
	Kind      faults.Kind  `json:"kind"`
	Code      int          `json:"code,omitempty"`
	Desc      string       `json:"desc,omitempty"`
	Status    int          `json:"status,omitempty"`
	Delay     string       `json:"delay,omitempty"`
	Phase     faults.Phase `json:"phase"`
	Skip      int          `json:"skip"`
	Times     int          `json:"times"`
}

type faultView struct {
	faultFields
	Applied int `json:"struck"`
}

func (f faultFields) fault() (faults.Fault, error) {
	var delay time.Duration
	if f.Delay != "" {
		var err error
		if delay, err = time.ParseDuration(f.Delay); err != nil {
			return faults.Fault{}, web.BadRequest("delay: %q, want a duration such as 2s or 500ms", clip.Text(f.Delay))
		}
	}
	return faults.Fault{
		Operation: f.Operation, Kind: f.Kind, Code: f.Code, Desc: f.Desc, Status: f.Status, Delay: delay,
		Phase: f.Phase, Skip: f.Skip, Times: f.Times,
	}, nil
}

func viewFault(s faults.State) faultView {
	v := faultView{faultFields{
		Operation: s.Operation, Kind: s.Kind, Code: s.Code, Desc: s.Desc, Status: s.Status,
		Phase: s.Phase, Skip: s.Skip, Times: s.Times,
	}, s.Applied}
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

func (c *Control) postFault(r *http.Request) (any, error) {
	var ask faultFields
	if err := web.ReadJSON(r, &ask); err != nil {
		return nil, err
	}
	f, err := ask.fault()
	if err != nil {
		return nil, err
	}
	if f, err = f.Complete(); err == nil {
		err = c.API.Faults.Add(f)
	}
	if err != nil {
		return nil, web.BadRequest("%v", err)
	}
	return viewFault(faults.State{Fault: f}), nil
}

func (c *Control) deleteFaults(r *http.Request) (any, error) {
	c.API.Faults.Clear(false)
	return c.getFaults(r)
}
