package api

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/clip"
	"github.com/nimroom/nimroom/internal/wire"
)

// SignatureOK is the Signature of a request whose signature was good.
const SignatureOK = "ok"

// Entry is an entry of the request log. Package emulator documents its fields.
type Entry struct {
	Time        time.Time         `json:"time"`
	Operation   string            `json:"operation"`
	OperationID string            `json:"operationId"`
	Method      string            `json:"method"`
	Path        string            `json:"path"`
	Form        map[string]string `json:"form"`
	Signature   string            `json:"signature"`
	Unknown     []string          `json:"unknown,omitempty"`
	Duplicated  []string          `json:"duplicated,omitempty"`
	NotEmulated []string          `json:"notEmulated,omitempty"`
	Notices     []string          `json:"notices,omitempty"`
	Fault       string            `json:"fault,omitempty"`
	Stub        bool              `json:"stub,omitempty"`
	Code        int               `json:"code"`
	Desc        string            `json:"desc,omitempty"`

	Circumstance string `json:"circumstance,omitempty"`
	Meaning      string `json:"meaning,omitempty"`
	Advice       string `json:"advice,omitempty"`
}

const (
	// logSize bounds the entries of a log.
	logSize = 1000
	// loggedForm bounds the bytes that an entry keeps of a form.
	loggedForm = 16 << 10
)

// logged is an entry whose Form is made when the entry is read, which happens
// to few of them. fields is nil where there is nothing to make it of.
type logged struct {
	Entry
	fields *wire.Fields
}

// read returns the entry with its form.
func (l logged) read() Entry {
	if l.fields != nil {
		l.Form = formFields(l.fields)
	}
	return l.Entry
}

// formFields returns what fits of a form.
func formFields(fields *wire.Fields) map[string]string {
	form := make(map[string]string, len(fields.Pairs()))
	room := loggedForm
	for _, p := range fields.Pairs() {
		// Copies, which do not keep the body of the request in memory.
		name, value := strings.Clone(p.Name), strings.Clone(p.Value)
		if len(name)+len(value) > room {
			name, value = clip.Text(name), clip.Text(value)
		}
		if room -= len(name) + len(value); room < 0 {
			break
		}
		form[name] = value
	}
	return form
}

// Log keeps the latest requests. Its zero value is ready.
type Log struct {
	mu      sync.Mutex
	entries []logged // a ring once it is full
	next    int
	notify  func(e Entry, took time.Duration) // unless it is nil
}

// add adds an entry with the form of its request: a short form as it is, and
// what fits of a long one. The request began at a time of the machine's clock.
func (l *Log) add(e Entry, f form, began time.Time) {
	one := logged{e, f.fields}
	if len(f.text) > loggedForm {
		one.Form, one.fields = formFields(f.fields), nil
	}
	if l.notify != nil {
		defer func() { l.notify(one.read(), time.Since(began)) }()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.entries) < logSize {
		l.entries = append(l.entries, one)
		return
	}
	l.entries[l.next] = one
	l.next = (l.next + 1) % logSize
}

// Query selects entries of the log. A field that is left out selects all.
type Query struct {
	Operation string     // by action or id
	Room      gen.RoomID // the form names the room, in roomid or in the list roomids
	Code      int        // of the response
	Limit     int        // the latest ones only
}

// selects reports whether q selects an entry, apart from its room.
func (q Query) selects(e Entry) bool {
	return (q.Operation == "" || q.Operation == e.Operation || q.Operation == e.OperationID) && (q.Code == 0 || q.Code == e.Code)
}

func namesRoom(form map[string]string, id string) bool {
	noDigit := func(r rune) bool { return r < '0' || r > '9' }
	for name, value := range form {
		name = strings.ToLower(name)
		if (name == "roomid" || name == "roomids") && slices.Contains(strings.FieldsFunc(value, noDigit), id) {
			return true
		}
	}
	return false
}

// Latest returns the last entries that q selects, oldest first.
func (l *Log) Latest(q Query) []Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := []Entry{}
	for i := len(l.entries) - 1; i >= 0 && (q.Limit == 0 || len(list) < q.Limit); i-- {
		e := l.entries[(l.next+i)%len(l.entries)]
		if !q.selects(e.Entry) {
			continue
		}
		if entry := e.read(); q.Room == 0 || namesRoom(entry.Form, q.Room.String()) {
			list = append(list, entry)
		}
	}
	slices.Reverse(list)
	return list
}

// Clear forgets all entries.
func (l *Log) Clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries, l.next = nil, 0
}
