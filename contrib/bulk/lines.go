package bulk

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/command"
	"github.com/nimroom/nimroom/internal/wire"
)

// Line is one operation of a file of jobs.
type Line struct {
	Number    int            // from 1
	Operation *gen.Operation // what to do
	Form      url.Values     // with the ids of its messages
	RequestID string         // the RequestId header of all its requests
}

// maxProblems is how many wrong lines an error of [Read] names.
const maxProblems = 20

// InputError is the error of a file of jobs of which lines are wrong.
type InputError struct {
	Problems []string // the first ones, each with the number of its line
	Count    int      // how many lines are wrong
}

// Error returns a line for each problem.
func (e *InputError) Error() string {
	text := strings.Join(e.Problems, "\n")
	if more := e.Count - len(e.Problems); more > 0 {
		text += fmt.Sprintf("\nand %d more lines are wrong", more)
	}
	return text
}

// Read reads a file of jobs: in each line an object such as
//
//	{"action":"sendMsg","form":{"roomid":66,"fromAccid":"lena","msgType":0,"attach":"hi"}}
//
// The action is that of the command nimroom call. The values of the form are texts, numbers,
// booleans, lists or objects. Empty lines do not count. Messages without a msgId get one.
//
// Errors: an *[InputError] that names the lines that are wrong.
func Read(data []byte) ([]Line, error) {
	var lines []Line
	bad := &InputError{}
	reader := &reader{messages: map[string]int{}}
	number := 0
	for text := range bytes.Lines(bytes.TrimPrefix(data, []byte("\ufeff"))) {
		number++
		if text = bytes.TrimSpace(text); len(text) == 0 {
			continue
		}
		operation, form, err := reader.read(text, number)
		if err != nil {
			if bad.Count++; len(bad.Problems) < maxProblems {
				bad.Problems = append(bad.Problems, fmt.Sprintf("line %d: %v", number, err))
			}
			continue
		}
		lines = append(lines, Line{number, operation, form, rand.Text()})
	}
	switch {
	case bad.Count > 0:
		return nil, bad
	case len(lines) == 0:
		return nil, &InputError{Problems: []string{`no line holds a job; a job is a line such as {"action":"get","form":{"roomid":66}}`}, Count: 1}
	}
	return lines, nil
}

// reader reads lines and knows the ids of the messages in those before.
type reader struct{ messages map[string]int }

func (r *reader) read(text []byte, number int) (*gen.Operation, url.Values, error) {
	var job struct {
		Action string
		Form   json.RawMessage
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	err := d.Decode(&job)
	if err == nil && d.More() {
		err = errors.New("there is more after the object")
	}
	if err != nil {
		return nil, nil, fmt.Errorf(`not a job, want {"action":"...","form":{...}}: %s`, strings.TrimPrefix(err.Error(), "json: "))
	}
	operation, err := command.Find(job.Action)
	if err != nil {
		return nil, nil, err
	}
	fields, err := readFields(job.Form)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", operation.Action, err)
	}
	form, err := command.Read(operation, fields)
	if err == nil {
		err = r.check(operation, form, number)
	}
	return operation, form, err
}

// readFields reads the members of a form in their order.
func readFields(form json.RawMessage) ([]wire.Pair, error) {
	d := json.NewDecoder(bytes.NewReader(form))
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return nil, fmt.Errorf("form %q: must be an object", wire.OneLine(string(form)))
	}
	var fields []wire.Pair
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, err
		}
		text := string(value)
		switch value[0] {
		case 'n':
			return nil, fmt.Errorf("%s: null; leave the field out instead", name)
		case '"':
			err = json.Unmarshal(value, &text)
		case '{', '[':
			var b bytes.Buffer
			err = json.Compact(&b, value)
			text = b.String()
		}
		if err != nil {
			return nil, err
		}
		fields = append(fields, wire.Pair{Name: name.(string), Value: text})
	}
	return fields, nil
}

// check returns an error for a message whose repeat the service would not recognize, and for one whose
// id an earlier line has.
func (r *reader) check(operation *gen.Operation, form url.Values, number int) error {
	if operation.Repeat == nil {
		return nil
	}
	for _, message := range command.Messages(operation.Repeat, form) {
		if message.Flag != "" && message.Flag != operation.Repeat.Value {
			return fmt.Errorf("%s: %s %q: must be %s or left out, because the service recognizes no repeat otherwise", operation.Action, operation.Repeat.Flag, message.Flag, operation.Repeat.Value)
		}
		if other, taken := r.messages[message.ID]; taken {
			return fmt.Errorf("%s: %s %q: the message of line %d has this id; give each message its own, or none", operation.Action, operation.Repeat.ID, message.ID, other)
		}
		r.messages[message.ID] = number
	}
	return nil
}

// Name is a name in a list.
type Name struct {
	Line int // from 1
	Text string
}

// ReadNames reads a list with one name a line. Empty lines, and what follows a #, do not count.
func ReadNames(r io.Reader) ([]Name, error) {
	data, err := io.ReadAll(r)
	var names []Name
	number := 0
	for text := range strings.Lines(strings.TrimPrefix(string(data), "\ufeff")) {
		number++
		text, _, _ = strings.Cut(text, "#")
		if text = strings.TrimSpace(text); text != "" {
			names = append(names, Name{number, text})
		}
	}
	return names, err
}
