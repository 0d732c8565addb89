package record

import (
	"errors"
	"fmt"
	"slices"

	"github.com/nimroom/nimroom/internal/check/contract"
	"github.com/nimroom/nimroom/internal/wire"
)

// readings are what a recording may spell otherwise than the spec: requests of
// the SDK nothing, those of the pages their spellings; responses what their
// dialect is.
func (s *Source) readings() (request, response contract.Reading) {
	switch {
	case s.Kind == Page:
		return contract.Reading{Aliases: true}, contract.Reading{Aliases: true}
	case s.Kind == Live:
		return contract.Reading{}, contract.Reading{Aliases: true, Text: true, Unknown: true}
	case s.Dialect == wire.EN2022:
		return contract.Reading{}, contract.Reading{Aliases: true}
	case s.Dialect == wire.Text:
		return contract.Reading{}, contract.Reading{Text: true}
	}
	return contract.Reading{}, contract.Reading{}
}

// Check holds a recording to the spec, both directions of each interaction. A
// request that the spec does not allow must be among the invalid ones, and then
// have an API error for its response, unless only fields that the spec does not
// know or another spelling are wrong with it: the service ignores the former and
// reads the latter.
func (r *Recording) Check(c *contract.Contract) error {
	requests, responses := r.readings()
	var problems []error
	for n, i := range r.Interactions {
		note := func(err error) { problems = append(problems, fmt.Errorf("interaction %d: %w", n, err)) }
		request := RequestOf(i)
		err := c.Request(request, requests)
		switch invalid := slices.Contains(r.Invalid, n); {
		case err != nil && !invalid:
			note(err)
		case err == nil && invalid:
			note(errors.New("the spec allows a request that is marked as invalid"))
		case invalid && Code(i.Response.Body) == 200 && c.Request(request, contract.Reading{Aliases: true, Text: true, Unknown: true}) != nil:
			note(fmt.Errorf("carried out, against the spec: %w", err))
		}
		if err := c.Response(request, i.Response.Code, i.Response.Headers, i.Response.Body, responses); err != nil {
			note(err)
		}
	}
	return errors.Join(problems...)
}
