package journal

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/nimroom/nimroom/internal/wire"
)

// Record is one change of the state as the journal keeps it: the input that
// made it, and the time at which that came. Its JSON is
//
//	{"time":Unix milliseconds,"do":path,"form":form}
//
// for an operation and
//
//	{"time":Unix milliseconds,"do":name,"with":fields}
//
// for a change that is no operation.
type Record struct {
	Time time.Time
	// Do is the path of an operation or the name of another change.
	Do   string
	Form string
	With json.RawMessage
}

// OperationRecord returns the record of an operation.
func OperationRecord(now time.Time, path, form string) []byte {
	return append(wire.AppendJSONString(append(head(now, path, len(form)), `,"form":`...), form), '}')
}

// ChangeRecord returns the record of a change that is no operation.
func ChangeRecord(now time.Time, name string, with []byte) []byte {
	return append(append(append(head(now, name, len(with)), `,"with":`...), with...), '}')
}

func head(now time.Time, do string, size int) []byte {
	dst := make([]byte, 0, size+len(do)+64)
	dst = strconv.AppendInt(append(dst, `{"time":`...), now.UnixMilli(), 10)
	return wire.AppendJSONString(append(dst, `,"do":`...), do)
}

// ReadRecord reads a record.
func ReadRecord(text []byte) (Record, error) {
	var r struct {
		Time int64           `json:"time"`
		Do   string          `json:"do"`
		Form string          `json:"form"`
		With json.RawMessage `json:"with"`
	}
	err := json.Unmarshal(text, &r)
	return Record{time.UnixMilli(r.Time), r.Do, r.Form, r.With}, err
}
