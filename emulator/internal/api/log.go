package api

import (
	"slices"
	"strings"
	"sync"
	"time"

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
}

// add adds an entry with the form of its request: a short form as it is, and
// what fits of a long one.
func (l *Log) add(e Entry, f form) {
	one := logged{e, f.fields}
	if len(f.text) > loggedForm {
		one.Form, one.fields = formFields(f.fields), nil
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

// Latest returns the last entries of an operation, by action or id, oldest
// first; of all operations when operation is empty, and all entries when limit
// is 0.
func (l *Log) Latest(operation string, limit int) []Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := []Entry{}
	for i := len(l.entries) - 1; i >= 0 && (limit == 0 || len(list) < limit); i-- {
		e := l.entries[(l.next+i)%len(l.entries)]
		if operation == "" || operation == e.Operation || operation == e.OperationID {
			if e.fields != nil {
				e.Form = formFields(e.fields)
			}
			list = append(list, e.Entry)
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
