package gentest

import (
	"errors"
	"reflect"
	"testing"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
)

var dialects = []wire.Dialect{wire.Canonical, wire.EN2022, wire.Text}

// checkDialects reads v back from every dialect it is written in.
func checkDialects(t *testing.T, e endpoint, v gen.Response) {
	t.Helper()
	for _, d := range dialects {
		body := v.AppendJSON(nil, d)
		got, err := e.decode(body)
		if err != nil {
			t.Fatalf("%s, dialect %d: %s: %v", e.ID, d, body, err)
		}
		if !reflect.DeepEqual(got, v) {
			t.Fatalf("%s, dialect %d: %s\n got %+v\nwant %+v", e.ID, d, body, got, v)
		}
	}
}

func TestResponsesReadBackFromEveryDialect(t *testing.T) {
	for _, e := range endpoints {
		for seed := range uint64(200) {
			checkDialects(t, e, random(seed, e.success).Interface().(gen.Response))
		}
	}
}

// FuzzDecode feeds every decoder with anything: none panics, all errors are
// of the two kinds, and what is read can be written and read again.
func FuzzDecode(f *testing.F) {
	for i, e := range endpoints {
		for seed := range uint64(2) {
			for _, d := range dialects {
				f.Add(uint8(i), random(seed, e.success).Interface().(gen.Response).AppendJSON(nil, d))
			}
		}
		f.Add(uint8(i), []byte(`{"code":414,"desc":"x"}`))
	}
	f.Fuzz(func(t *testing.T, i uint8, body []byte) {
		e := endpoints[int(i)%len(endpoints)]
		v, err := e.decode(body)
		var broken *wire.DecodeError
		var apiError *wire.APIError
		switch {
		case err == nil:
			checkDialects(t, e, v)
		case !errors.As(err, &broken) && !errors.As(err, &apiError):
			t.Errorf("%s: %q: %#v", e.ID, body, err)
		}
	})
}

func TestAPIErrorsOfEveryOperation(t *testing.T) {
	for _, e := range endpoints {
		for _, body := range []string{`{"code":403,"desc":"no"}`, `{"desc":"no","code":"403"}`} {
			var r *wire.APIError
			if _, err := e.decode([]byte(body)); !errors.As(err, &r) || r.Code != 403 || r.Desc != "no" {
				t.Errorf("%s: %s: %v", e.ID, body, err)
			}
		}
	}
}

func TestNoOperationTakesAnEmptySuccess(t *testing.T) {
	for _, e := range endpoints {
		bodies := []string{`{"code":200}`}
		for _, name := range e.Success {
			bodies = append(bodies, `{"code":200,"`+name+`":{}}`, `{"`+name+`":{"new":1},"code":200}`)
		}
		for _, body := range bodies {
			v, err := e.decode([]byte(body))
			if len(e.Success) == 0 {
				if err != nil {
					t.Errorf("%s has no payload, and yet: %v", e.ID, err)
				}
				continue
			}
			var broken *wire.DecodeError
			if !errors.As(err, &broken) || broken.Path == "" {
				t.Errorf("%s: %s: %+v, %v", e.ID, body, v, err)
			}
		}
	}
}

func TestEveryCutSuccessIsAnError(t *testing.T) {
	for _, e := range endpoints {
		body := random(3, e.success).Interface().(gen.Response).AppendJSON(nil, wire.Canonical)
		for i := range body {
			if v, err := e.decode(body[:i]); err == nil {
				t.Fatalf("%s: %s gave %+v", e.ID, body[:i], v)
			}
		}
	}
}
