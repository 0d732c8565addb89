package wire

import "encoding/json"

// EntryOf is one member of a JSON object whose names are data: its name and its value.
type EntryOf[V any] struct {
	Key   string
	Value V
}

// Entry is an EntryOf text.
type Entry = EntryOf[string]

// MarshalJSON returns an object with this one member.
func (e EntryOf[V]) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]V{e.Key: e.Value})
}

// UnmarshalJSON reads an object with one member. The error is a *DecodeError, or that of the
// value.
func (e *EntryOf[V]) UnmarshalJSON(data []byte) error {
	var list []EntryOf[json.RawMessage]
	d := NewDecoder(data)
	members(d, &list, func(d *Decoder, raw *json.RawMessage) { Raw(d, raw) })
	if d.End(); len(list) != 1 {
		d.fail(0, "an object with one member")
	}
	if d.err != nil {
		return d.Err()
	}
	e.Key = list[0].Key
	return json.Unmarshal(list[0].Value, &e.Value)
}

// Entries reads an array of objects, and returns their members in the order in which they came.
// It accepts one object in place of the array.
func Entries[V any](d *Decoder, p *[]EntryOf[V], value func(*Decoder, *V)) bool {
	var list []EntryOf[V]
	if d.err == nil && d.holds('{') {
		d.seen++
		members(d, &list, value)
		*p = list
		return true
	}
	if !d.Array() {
		return false
	}
	for d.Item() {
		start, seen := d.Start(), d.seen
		if d.Null() {
			continue
		}
		if members(d, &list, value); d.seen == seen {
			d.fail(start, "an object with a member")
		}
	}
	*p = list
	return true
}

// members adds the members of an object to list.
func members[V any](d *Decoder, list *[]EntryOf[V], value func(*Decoder, *V)) {
	if !d.Object() {
		return
	}
	for name, ok := d.Member(); ok; name, ok = d.Member() {
		e := EntryOf[V]{Key: string(name)}
		if e.Key == "" && !d.partial {
			d.fail(d.pos, "a value with a key")
		}
		value(d, &e.Value)
		*list = append(*list, e)
	}
}

// ReadEntries reads the JSON text of an object. A value that is null is an error, because a
// request must not turn it into an empty text.
func ReadEntries(text string, p *[]Entry) string {
	d := NewDecoder([]byte(text))
	if d.peek() != '{' {
		return "a JSON object"
	}
	*p = []Entry{}
	d.Object()
	for name, ok := d.Member(); ok; name, ok = d.Member() {
		e, start, seen := Entry{Key: string(name)}, d.pos, d.seen
		if String(d, &e.Value); d.seen == seen {
			d.fail(start, "a text")
		}
		*p = append(*p, e)
	}
	return d.wanted("a JSON object")
}

// EntryOut returns the function that writes an object with one member, whose value it writes
// with value.
func EntryOut[V any](value func(V, []byte, Dialect) []byte) func(EntryOf[V], []byte, Dialect) []byte {
	return func(e EntryOf[V], dst []byte, d Dialect) []byte {
		dst = append(AppendJSONString(append(dst, '{'), e.Key), ':')
		return append(value(e.Value, dst, d), '}')
	}
}

// AppendEntries appends an object with these members.
func AppendEntries(dst []byte, list []Entry) []byte {
	dst = append(dst, '{')
	for i, e := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(AppendJSONString(dst, e.Key), ':')
		dst = AppendJSONString(dst, e.Value)
	}
	return append(dst, '}')
}
