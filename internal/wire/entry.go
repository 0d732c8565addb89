package wire

// Entry is one member of a JSON object whose names are data: its name and its value.
type Entry struct {
	Key   string
	Value string
}

// MarshalJSON returns an object with this one member.
func (e Entry) MarshalJSON() ([]byte, error) { return EntryOut(e, nil, Canonical), nil }

// UnmarshalJSON reads an object with one member. The error is a *DecodeError.
func (e *Entry) UnmarshalJSON(data []byte) error {
	return UnmarshalJSON(data, e, Whole(func(d *Decoder, p *Entry) {
		var list []Entry
		if members(d, &list); len(list) == 1 {
			*p = list[0]
		} else {
			d.fail(0, "an object with one member")
		}
	}))
}

// Entries reads an array of objects, and returns their members in the order in which they came.
// It accepts one object in place of the array.
func Entries(d *Decoder, p *[]Entry) bool {
	var list []Entry
	if d.err == nil && d.peek() == '{' {
		d.seen++
		members(d, &list)
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
		if members(d, &list); d.seen == seen {
			d.fail(start, "an object with a member")
		}
	}
	*p = list
	return true
}

// members adds the members of an object to list.
func members(d *Decoder, list *[]Entry) {
	if !d.Object() {
		return
	}
	for name, ok := d.Member(); ok; name, ok = d.Member() {
		e := Entry{Key: string(name)}
		if e.Key == "" && !d.partial {
			d.fail(d.pos, "a value with a key")
		}
		String(d, &e.Value)
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

// EntryOut writes an object with one member.
func EntryOut(e Entry, dst []byte, _ Dialect) []byte { return AppendEntries(dst, []Entry{e}) }

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
