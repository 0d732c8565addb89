package command

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/kebab"
	"github.com/nimroom/nimroom/internal/message"
	"github.com/nimroom/nimroom/internal/wire"
)

// structured are the types of messages of whose content the spec knows the members: it is a JSON object. The
// service is not known to check it, so that clients get what they cannot show.
var structured = []gen.MessageType{gen.MessageTypeImage, gen.MessageTypeAudio, gen.MessageTypeVideo, gen.MessageTypeLocation, gen.MessageTypeFile}

// checkContents returns a *[ValueError] for the first message of a form whose content is not that of its type.
func checkContents(operation *gen.Operation, form url.Values) error {
	repeat := operation.Repeat
	if repeat == nil {
		return nil
	}
	if repeat.List == "" {
		return checkContent(operation, "attach", form.Get("msgType"), form.Get("attach"))
	}
	for i, one := range elements(form.Get(repeat.List)) {
		if err := checkContent(operation, fmt.Sprintf("%s[%d].attach", repeat.List, i), text(one["msgType"]), text(one["attach"])); err != nil {
			return err
		}
	}
	return nil
}

func checkContent(operation *gen.Operation, field, kind, content string) error {
	n, _ := strconv.Atoi(kind) // what is no number stays 0, a text
	if content == "" || !slices.Contains(structured, gen.MessageType(n)) {
		return nil
	}
	var object map[string]json.RawMessage // null leaves it nil
	wrong := json.Unmarshal([]byte(content), &object)
	if object != nil && wrong == nil {
		return nil
	}
	name := kebab.Case(gen.MessageType(n).String())
	reason := message.Errorf("it is no JSON object, as a message of the type %s wants. nimroom call %s sends it as it is", name, operation.Action)
	var syntax *json.SyntaxError
	if errors.As(wrong, &syntax) {
		before := content
		if syntax.Error() != "unexpected end of JSON input" {
			before = content[:max(0, syntax.Offset-1)] // the offset is behind the wrong byte
		}
		reason = message.Errorf("the JSON is wrong at character %d; a message of the type %s wants an object. nimroom call %s sends it as it is", utf8.RuneCountInString(before)+1, name, operation.Action)
	}
	return &ValueError{gen.FieldError{Field: field, Problem: wire.Malformed, Got: reason.Error()}, reason}
}
