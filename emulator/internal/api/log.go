package api

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nimroom/nimroom/internal/advice"
	"github.com/nimroom/nimroom/internal/clip"
	"github.com/nimroom/nimroom/internal/wire"
)

// SignatureOK is the Signature of a request whose signature was good.
const SignatureOK = "ok"

// Entry is an entry of the request log. Package emulator documents its fields.
type Entry struct {
	ID          int64             `json:"id"`
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
	seq    int64         // counts the entries, those before a reset too
	advice advice.Advice // for the error, in any language
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
	last    int64                             // the id of the latest entry since the last reset
	offset  int64                             // how many entries there were before it
	wake    chan struct{}                     // closed by the next entry; nil while nobody waits
	notify  func(e Entry, took time.Duration) // unless it is nil
}

// add adds an entry with the form of its request: a short form as it is, and
// what fits of a long one. The request began at a time of the machine's clock.
func (l *Log) add(e Entry, said advice.Advice, f form, began time.Time) {
	one := logged{Entry: e, advice: said, fields: f.fields}
	if len(f.text) > loggedForm {
		one.Form, one.fields = formFields(f.fields), nil
	}
	if l.notify != nil {
		defer func() { l.notify(one.read(), time.Since(began)) }()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last++
	one.ID, one.seq = l.last, l.offset+l.last
	if l.wake != nil {
		close(l.wake)
		l.wake = nil
	}
	if len(l.entries) < logSize {
		l.entries = append(l.entries, one)
		return
	}
	l.entries[l.next] = one
	l.next = (l.next + 1) % logSize
}

// after returns the entries that follow one, by its number, at most some, and how many others between
// are forgotten. If there are none, wake is closed by the next entry.
func (l *Log) after(seq int64, most int) (list []logged, lost int64, wake <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	forgotten := l.offset + l.last - int64(len(l.entries))
	lost = max(0, forgotten-seq)
	for i := seq + lost - forgotten; i < int64(len(l.entries)) && len(list) < most; i++ {
		list = append(list, l.entries[(l.next+int(i))%len(l.entries)])
	}
	if len(list) > 0 {
		return list, lost, nil
	}
	if l.wake == nil {
		l.wake = make(chan struct{})
	}
	return nil, lost, l.wake
}

// Latest returns the last entries that q selects, oldest first.
func (l *Log) Latest(q Query) []Entry {
	held, _, _ := l.after(l.seqOf(q.Since), logSize)
	list := []Entry{}
	for _, e := range slices.Backward(held) {
		if q.Limit > 0 && len(list) == q.Limit {
			break
		}
		if entry, selected := q.read(e); selected {
			list = append(list, entry)
		}
	}
	slices.Reverse(list)
	return list
}

// seqOf returns the number of an entry since the last reset. An id beyond the latest is of a log
// before this one, so that everything is new.
func (l *Log) seqOf(id int64) int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	if id > l.last {
		return l.offset
	}
	return l.offset + id
}

// Last returns the id of the latest entry, and 0 if there was none yet.
func (l *Log) Last() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last
}

// Advice returns the advice for the error of an entry. It is zero if there is no error, and for
// an entry that is forgotten.
func (l *Log) Advice(id int64) advice.Advice {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.entries {
		if e.ID == id {
			return e.advice
		}
	}
	return advice.Advice{}
}

// Clear forgets all entries. Ids go on.
func (l *Log) Clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries, l.next = nil, 0
}

// reset forgets all entries and counts ids from 1 again. Readers go on.
func (l *Log) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries, l.next = nil, 0
	l.offset, l.last = l.offset+l.last, 0
}
