package api

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/nimroom/nimroom/emulator/internal/rules"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/clip"
)

// Query selects entries of the log. A field that is left out selects all.
type Query struct {
	Operation string            // by action or id
	Room      gen.RoomID        // the form names the room, in roomid or in the list roomids
	Code      int               // of the response
	Form      map[string]string // fields of the form, with these values
	Since     int64             // those with a greater id
	Limit     int               // the latest ones only
}

// Check returns an error for a query that can select nothing.
func (q Query) Check() error {
	switch {
	case q.Operation != "" && !rules.Known(q.Operation):
		return fmt.Errorf("operation: %s, want an action such as sendMsg, or an operationId such as sendMessage", clip.Text(q.Operation))
	case q.Room < 0:
		return fmt.Errorf("room: %d, want a room id", q.Room)
	case q.Code < 0:
		return fmt.Errorf("code: %d, want a number from 1", q.Code)
	case q.Since < 0:
		return fmt.Errorf("since: %d, want the id of a request, or 0", q.Since)
	}
	return nil
}

// read returns an entry with its form, and whether q selects it.
func (q Query) read(l logged) (Entry, bool) {
	if q.Code != 0 && q.Code != l.Code || !q.isOf(l.Entry) { // without the form, which takes time to make
		return Entry{}, false
	}
	e := l.read()
	return e, len(q.differences(e)) == 0
}

// isOf reports whether an entry is of the operation.
func (q Query) isOf(e Entry) bool {
	return q.Operation == "" || q.Operation == e.Operation || q.Operation == e.OperationID
}

// differences says in words why q does not select an entry.
func (q Query) differences(e Entry) (list []string) {
	if !q.isOf(e) {
		list = append(list, "operation is "+clip.OrNone(e.Operation))
	}
	if q.Room != 0 && !namesRoom(e.Form, q.Room.String()) {
		list = append(list, "the form does not name the room")
	}
	if q.Code != 0 && q.Code != e.Code {
		list = append(list, "code is "+strconv.Itoa(e.Code))
	}
	for _, name := range slices.Sorted(maps.Keys(q.Form)) {
		switch value, sent := e.Form[name]; {
		case !sent:
			list = append(list, name+" is missing")
		case value != q.Form[name]:
			list = append(list, fmt.Sprintf("%s is %q", name, clip.Text(value)))
		}
	}
	return list
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

// String names what q selects, such as "request of sendMsg with code 200".
func (q Query) String() string {
	text := "request"
	if q.Operation != "" {
		text += " of " + q.Operation
	}
	var parts []string
	if q.Room != 0 {
		parts = append(parts, "room "+q.Room.String())
	}
	if q.Code != 0 {
		parts = append(parts, "code "+strconv.Itoa(q.Code))
	}
	for _, name := range slices.Sorted(maps.Keys(q.Form)) {
		parts = append(parts, fmt.Sprintf("%s %q", clip.Text(name), clip.Text(q.Form[name])))
	}
	if len(parts) > 0 {
		text += " with " + strings.Join(parts, ", ")
	}
	return text
}

// readBatch is how many entries a reader takes at once.
const readBatch = 64

// Reader reads the entries that a query selects, in their order. It is for one goroutine.
type Reader struct {
	log   *Log
	query Query
	at    int64 // the number of the latest entry that was read
	lost  int64
}

// Reader returns a reader of the entries after q.Since.
func (l *Log) Reader(q Query) *Reader { return &Reader{log: l, query: q, at: l.seqOf(q.Since)} }

// ReaderAfter returns a reader of the entries after one, by its number. A number beyond the latest is
// of a log before this one, so that everything is new.
func (l *Log) ReaderAfter(seq int64, q Query) *Reader {
	l.mu.Lock()
	defer l.mu.Unlock()
	if seq > l.offset+l.last {
		seq = 0
	}
	return &Reader{log: l, query: q, at: seq}
}

// Arrival is an entry with its number, which counts the entries before a reset too.
type Arrival struct {
	Entry
	Seq int64
}

// Batch returns some of the entries that have come. If there are none, wake is closed by the
// next entry, which q need not select.
func (r *Reader) Batch() (list []Arrival, wake <-chan struct{}) {
	for len(list) == 0 {
		held, lost, wake := r.log.after(r.at, readBatch)
		r.lost, r.at = r.lost+lost, r.at+lost+int64(len(held))
		if len(held) == 0 {
			return nil, wake
		}
		for _, one := range held {
			if e, selected := r.query.read(one); selected {
				list = append(list, Arrival{e, one.seq})
			}
		}
	}
	return list, nil
}

// Lost returns how many entries the log has forgotten before the reader came to them. The query
// need not select them.
func (r *Reader) Lost() int64 { return r.lost }

// Await returns the first entry after q.Since that q selects, and waits for it. The error is an
// [AwaitError] if the context ends first.
func (l *Log) Await(ctx context.Context, q Query) (Entry, error) {
	if err := q.Check(); err != nil {
		return Entry{}, err
	}
	r := l.Reader(q)
	for {
		list, wake := r.Batch()
		if len(list) > 0 {
			return list[0].Entry, nil
		}
		select {
		case <-wake:
		case <-ctx.Done():
			return Entry{}, &AwaitError{l.missed(q), context.Cause(ctx)}
		}
	}
}

// AwaitError says that no request came as a query wants it, and which request differs least.
type AwaitError struct {
	text  string
	cause error
}

func (e *AwaitError) Error() string { return e.text }

// Unwrap returns why the wait ended.
func (e *AwaitError) Unwrap() error { return e.cause }

// missed returns the text of an [AwaitError].
func (l *Log) missed(q Query) string {
	text := fmt.Sprintf("no %v arrived in time", q)
	others := l.Latest(Query{Since: q.Since})
	if len(others) == 0 {
		return text + ", nor any other request"
	}
	slices.Reverse(others) // the latest of those that differ equally
	nearest := slices.MinFunc(others, func(a, b Entry) int { return len(q.differences(a)) - len(q.differences(b)) })
	return fmt.Sprintf("%s; request %d (%s) is nearest: %s", text, nearest.ID, nearest.Path, strings.Join(q.differences(nearest), ", "))
}
