package console

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/callbacks"
	"github.com/nimroom/nimroom/emulator/internal/faults"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/clip"
	"github.com/nimroom/nimroom/internal/web"
)

// faultsData is what the page of the faults shows.
type faultsData struct {
	Operations []string
	Kinds      []faults.Kind
	Faults     []faultRow
}

type faultRow struct {
	faults.State
	Left int // how often it still applies, -1 for ever
	Over bool
}

func (c *Console) readFaults(*http.Request, *view) (any, error) {
	data := faultsData{
		Operations: slices.Concat([]string{"*"}, faults.Callbacks, actionNames()),
		Kinds:      faults.Kinds,
	}
	for _, f := range c.API.Faults.States() {
		row := faultRow{State: f, Left: faults.Forever}
		if f.Times != faults.Forever {
			row.Left = f.Times - f.Applied
		}
		row.Over = row.Left == 0
		data.Faults = append(data.Faults, row)
	}
	return data, nil
}

func actionNames() (names []string) {
	for _, op := range gen.Operations {
		names = append(names, op.Action)
	}
	slices.Sort(names)
	return names
}

// addFault sets a fault. A field that is empty is left out.
func (c *Console) addFault(r *http.Request) (*result, error) {
	f := faults.Fault{
		Operation: r.PostFormValue("operation"), Kind: faults.Kind(r.PostFormValue("kind")), Phase: faults.Phase(r.PostFormValue("phase")),
		Desc: r.PostFormValue("desc"),
	}
	for name, to := range map[string]*int{"code": &f.Code, "status": &f.Status, "skip": &f.Skip, "times": &f.Times} {
		if text := r.PostFormValue(name); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil {
				return nil, web.BadRequest("%s: %s, want a number", name, clip.Text(text))
			}
			*to = n
		}
	}
	if text := r.PostFormValue("delay"); text != "" {
		var err error
		if f.Delay, err = time.ParseDuration(text); err != nil {
			return nil, web.BadRequest("delay: %s, want a duration such as 2s or 500ms", clip.Text(text))
		}
	}
	f, err := c.API.Faults.Add(f)
	if err != nil {
		return nil, web.BadRequest("%v", err)
	}
	return &result{OK: true, Title: f.Operation + ": " + f.String()}, nil
}

func (c *Console) clearFaults(r *http.Request) (*result, error) {
	c.API.Faults.Clear(false)
	return &result{OK: true, Title: c.view(r).T("faults.cleared")}, nil
}

func (c *Console) readClock(*http.Request, *view) (any, error) {
	return []string{"1m", "10m", "1h", "24h"}, nil
}

// advance sets the clock forward.
func (c *Console) advance(r *http.Request) (*result, error) {
	text := strings.TrimSpace(r.PostFormValue("advance"))
	d, err := time.ParseDuration(text)
	if err != nil {
		return nil, web.BadRequest("advance: %s, want a duration such as 24h or 1h30m", clip.OrNone(text))
	}
	if err := c.Engine.Advance(d); err != nil {
		return nil, web.BadRequest("advance: %v", err)
	}
	return &result{OK: true, Title: c.view(r).T("clock.advanced", text)}, nil
}

// callbacksData is what the page of the callbacks shows.
type callbacksData struct {
	Pending    int
	Deliveries []deliveryRow
}

type deliveryRow struct {
	callbacks.Delivery
	Moment Moment
	OK     bool
}

func (c *Console) readCallbacks(_ *http.Request, v *view) (any, error) {
	data := callbacksData{Pending: c.Courier.Pending()}
	for _, d := range slices.Backward(c.Courier.Deliveries()) {
		if len(data.Deliveries) == pageSize {
			break
		}
		data.Deliveries = append(data.Deliveries, deliveryRow{d, v.At(d.At), d.Status == http.StatusOK && d.Error == ""})
	}
	return data, nil
}

func (c *Console) clearCallbacks(r *http.Request) (*result, error) {
	c.Courier.ClearLog()
	return &result{OK: true, Title: c.view(r).T("callbacks.cleared")}, nil
}
