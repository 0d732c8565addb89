package record

import (
	"errors"
	"fmt"
	"slices"

	"github.com/nimroom/nimroom/cassettes"
	"github.com/nimroom/nimroom/internal/check/contract"
	"github.com/nimroom/nimroom/internal/wire"
)

// Readings are what a cassette of a source may say otherwise than the spec:
// requests of the SDK nothing, those of the documents their spellings; answers
// what the source's dialect is.
func Readings(s cassettes.Source) (request, answer contract.Reading) {
	switch {
	case s.Kind == cassettes.Document:
		return contract.Reading{Aliases: true}, contract.Reading{Aliases: true}
	case s.Kind == cassettes.Live:
		return contract.Reading{}, contract.Reading{Aliases: true, Text: true, Unknown: true}
	case s.Dialect == wire.EN2022.String():
		return contract.Reading{}, contract.Reading{Aliases: true}
	case s.Dialect == wire.Text.String():
		return contract.Reading{}, contract.Reading{Text: true}
	}
	return contract.Reading{}, contract.Reading{}
}

// Check holds a cassette to the spec, both directions of each interaction. A
// request that the spec does not allow must be among the source's invalid ones,
// and then be refused, unless only fields that the spec does not know or
// another spelling are wrong with it: those the service passes over or reads.
func Check(c *contract.Contract, f *cassettes.File) error {
	requests, answers := Readings(*f.Source)
	var problems []error
	for n, i := range f.Interactions {
		note := func(err error) { problems = append(problems, fmt.Errorf("interaction %d: %w", n, err)) }
		request := RequestOf(i)
		err := c.Request(request, requests)
		switch invalid := slices.Contains(f.Source.Invalid, n); {
		case err != nil && !invalid:
			note(err)
		case err == nil && invalid:
			note(errors.New("the spec allows a request that is there for being refused"))
		case invalid && Code(i.Response.Body) == 200 && c.Request(request, contract.Reading{Aliases: true, Text: true, Unknown: true}) != nil:
			note(fmt.Errorf("carried out, against the spec: %w", err))
		}
		if err := c.Answer(request, i.Response.Code, i.Response.Headers, i.Response.Body, answers); err != nil {
			note(err)
		}
	}
	return errors.Join(problems...)
}
