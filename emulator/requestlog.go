package emulator

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nimroom/nimroom/internal/wire"
)

// SignatureOK is the Signature of a request whose signature was good.
const SignatureOK = "ok"

// Request is an entry of the request log.
type Request struct {
	Time time.Time `json:"time"`
	// Operation is the action, sendMsg, and OperationID the id of the same in
	// the spec, sendMessage. Both are empty for an unknown path.
	Operation   string `json:"operation"`
	OperationID string `json:"operationId"`
	Method      string `json:"method"`
	// Path is below the base URL.
	Path string `json:"path"`
	// Form holds the fields, the first value of those sent twice. Long forms
	// are cut.
	Form map[string]string `json:"form"`
	// Signature is "ok" or what was wrong; empty when it was not looked at.
	Signature string `json:"signature"`
	// Unknown names fields that the operation does not have, Duplicated those
	// that were sent twice.
	Unknown    []string `json:"unknown,omitempty"`
	Duplicated []string `json:"duplicated,omitempty"`
	// Fault is the one that struck, such as "status 502 after".
	Fault string `json:"fault,omitempty"`
	// Code is that of the answer, and Desc the text of a refusal. Where a fault
	// struck afterwards they are still what the operation answered; where it
	// struck before and let nothing be done, Code is 0, or that of the fault.
	Code int    `json:"code"`
	Desc string `json:"desc,omitempty"`

	fields *wire.Fields // what Form is made of when the entry is read
}

const (
	// logSize bounds the entries of a log.
	logSize = 1000
	// loggedForm bounds the bytes that an entry keeps of a form.
	loggedForm = 16 << 10
)

// keep keeps a form, which few will ever read: a short one as it is, and what
// fits of a long one.
func (r *Request) keep(f form) {
	if len(f.text) > loggedForm {
		r.note(f.fields)
		return
	}
	r.fields = f.fields
}

// note keeps what fits of a form.
func (r *Request) note(fields *wire.Fields) {
	r.Form = make(map[string]string, len(fields.Pairs()))
	room := loggedForm
	for _, p := range fields.Pairs() {
		// Copies, which do not hold the request's body in memory.
		name, value := strings.Clone(p.Name), strings.Clone(p.Value)
		if len(name)+len(value) > room {
			name, value = shorten(name), shorten(value)
		}
		if room -= len(name) + len(value); room < 0 {
			return
		}
		r.Form[name] = value
	}
}

// requestLog keeps the latest requests. Its zero value is ready.
type requestLog struct {
	mu      sync.Mutex
	entries []Request // a ring once it is full
	next    int
}

func (l *requestLog) add(r Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.entries) < logSize {
		l.entries = append(l.entries, r)
		return
	}
	l.entries[l.next] = r
	l.next = (l.next + 1) % logSize
}

// latest returns the last entries of an operation, by action or id, oldest
// first; of all when operation is empty, and all entries when limit is 0.
func (l *requestLog) latest(operation string, limit int) []Request {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := []Request{}
	for i := len(l.entries) - 1; i >= 0 && (limit == 0 || len(list) < limit); i-- {
		r := l.entries[(l.next+i)%len(l.entries)]
		if operation == "" || operation == r.Operation || operation == r.OperationID {
			if r.fields != nil {
				r.note(r.fields)
				r.fields = nil
			}
			list = append(list, r)
		}
	}
	slices.Reverse(list)
	return list
}

func (l *requestLog) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries, l.next = nil, 0
}
