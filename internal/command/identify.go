package command

import (
	"crypto/rand"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
)

// identify gives each message of a form that has no id one by which the service recognizes a repeat. What
// is wrong with the form, the check against the spec says.
func identify(repeat *gen.Repeat, fields []wire.Pair) []wire.Pair {
	if repeat == nil {
		return fields
	}
	name := repeat.List
	if name == "" {
		name = repeat.ID
	}
	i := slices.IndexFunc(fields, func(f wire.Pair) bool { return f.Name == name })
	switch {
	case repeat.List != "" && i >= 0:
		fields[i].Value = identifyList(repeat, fields[i].Value)
	case repeat.List == "" && i < 0:
		fields = append(fields, wire.Pair{Name: name, Value: rand.Text()})
	case repeat.List == "" && fields[i].Value == "":
		fields[i].Value = rand.Text()
	}
	return fields
}

func identifyList(repeat *gen.Repeat, text string) string {
	list := elements(text)
	for _, message := range list {
		if id := message[repeat.ID]; message != nil && (id == nil || id == "") {
			message[repeat.ID] = rand.Text()
		}
	}
	if list == nil {
		return text
	}
	return asJSON(list)
}

// elements returns the objects of a list with their numbers as they are, or nil if the text is no list of
// objects.
func elements(text string) (list []map[string]any) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if d.Decode(&list) != nil || d.More() {
		return nil
	}
	return list
}

// Message is what the service knows a message by.
type Message struct {
	ID   string
	Flag string // the mark of a repeat, or ""
}

// Messages returns the messages of a form of a deduplicated operation.
func Messages(repeat *gen.Repeat, form url.Values) []Message {
	if repeat.List == "" {
		return []Message{{form.Get(repeat.ID), form.Get(repeat.Flag)}}
	}
	list := elements(form.Get(repeat.List))
	messages := make([]Message, len(list))
	for i, message := range list {
		messages[i] = Message{text(message[repeat.ID]), text(message[repeat.Flag])}
	}
	return messages
}

// text returns a text or a number of JSON as text, or "" for anything else.
func text(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case json.Number:
		return value.String()
	}
	return ""
}
