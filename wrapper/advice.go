package wrapper

import "github.com/nimroom/nimroom/internal/advice"

// Language is the language of an advice.
type Language = advice.Language

// The languages of [Error.AdviceIn].
const (
	English = advice.English
	Chinese = advice.Chinese
)

// Advice says in English what is wrong and what to do next, in a few sentences from the spec.
// It depends on the code, on the service's explanation, and on whether the operation may have
// taken effect. It is empty if nothing is known about the error, such as for an unknown code.
func (e *Error) Advice() string { return e.AdviceIn(English) }

// AdviceIn is Advice in a language.
func (e *Error) AdviceIn(language Language) string {
	first := e.advice().In(language).String()
	if !e.MayHaveTakenEffect {
		return first
	}
	unknown := advice.New(advice.OutcomeUnknown)
	if e.Ask != "" {
		unknown = advice.New(advice.OutcomeUnknownAsk, "ask", e.Ask)
	}
	then := unknown.In(language).String()
	if first != "" && language == English {
		return first + " " + then
	}
	return first + then
}

// advice returns the entry for what happened, whatever the outcome.
func (e *Error) advice() advice.Advice {
	switch {
	case e.Code != 0:
		return advice.Of(e.Code, e.Message)
	case e.Field != "":
		return advice.New(advice.FieldInvalid, "field", e.Field)
	case e.is(ErrUnavailable):
		return advice.New(advice.Unreachable)
	case e.is(ErrBadResponse):
		return advice.New(advice.NotTheService)
	}
	return advice.Advice{}
}
