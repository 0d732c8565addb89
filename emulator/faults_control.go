package emulator

import (
	"net/http"
	"time"
)

// faultFields are a fault as the control plane writes it.
type faultFields struct {
	Operation string     `json:"operation"`
	Kind      FaultKind  `json:"kind"`
	Code      int        `json:"code,omitempty"`
	Desc      string     `json:"desc,omitempty"`
	Status    int        `json:"status,omitempty"`
	Delay     string     `json:"delay,omitempty"`
	Phase     FaultPhase `json:"phase"`
	Skip      int        `json:"skip"`
	Times     int        `json:"times"`
}

type faultView struct {
	faultFields
	Struck int `json:"struck"`
}

func (f faultFields) fault() (Fault, error) {
	var delay time.Duration
	if f.Delay != "" {
		var err error
		if delay, err = time.ParseDuration(f.Delay); err != nil {
			return Fault{}, badRequest("delay: %q, want a duration such as 2s or 500ms", shorten(f.Delay))
		}
	}
	return Fault{f.Operation, f.Kind, f.Code, f.Desc, f.Status, delay, f.Phase, f.Skip, f.Times}, nil
}

func viewFault(s FaultState) faultView {
	v := faultView{faultFields{
		Operation: s.Operation, Kind: s.Kind, Code: s.Code, Desc: s.Desc, Status: s.Status,
		Phase: s.Phase, Skip: s.Skip, Times: s.Times,
	}, s.Struck}
	if s.Delay > 0 {
		v.Delay = s.Delay.String()
	}
	return v
}

func (s *Server) getFaults(*http.Request) (any, error) {
	list := []faultView{}
	for _, state := range s.Faults() {
		list = append(list, viewFault(state))
	}
	return map[string]any{"faults": list}, nil
}

func (s *Server) postFault(r *http.Request) (any, error) {
	var ask faultFields
	if err := readJSON(r, &ask); err != nil {
		return nil, err
	}
	f, err := ask.fault()
	if err != nil {
		return nil, err
	}
	if f, err = f.complete(); err == nil {
		err = s.faults.add(f)
	}
	if err != nil {
		return nil, badRequest("%v", err)
	}
	return viewFault(FaultState{Fault: f}), nil
}

func (s *Server) deleteFaults(r *http.Request) (any, error) {
	s.ClearFaults()
	return s.getFaults(r)
}
