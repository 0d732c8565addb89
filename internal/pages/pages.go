// Package pages reads the items of pages as JSON, by what the spec says of an operation's pages.
package pages

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
)

// Item is an item of a page.
type Item struct {
	// JSON is the item as it came.
	JSON json.RawMessage
	// Time gives the cursor of the next page after this item. It is zero if the item has none.
	Time time.Time
	// Key distinguishes the item from all others.
	Key string
}

// Read reads the items of a response in success. Its error is that of a response that is no page.
func Read(page *gen.Page, d *wire.Decoder) (*[]Item, error) {
	var code int
	var list []Item
	var broken error
	path := strings.Split(page.Items, ".")
	var read func(depth int)
	read = func(depth int) {
		if depth == len(path) {
			if !d.Array() {
				return
			}
			for d.Item() {
				item, err := ReadItem(page, d.Raw())
				if list = append(list, item); broken == nil {
					broken = err
				}
			}
			return
		}
		if !d.Object() {
			return
		}
		for name, ok := d.Member(); ok; name, ok = d.Member() {
			switch {
			case string(name) == path[depth]:
				read(depth + 1)
			case depth == 0 && string(name) == "code":
				d.Code(&code)
			default:
				d.Skip()
			}
		}
	}
	read(0)
	if err := d.Response(code, page.Items); err != nil {
		return nil, err
	}
	return &list, broken
}

// ReadItem reads an item. Its error says what is missing in it.
func ReadItem(page *gen.Page, value json.RawMessage) (Item, error) {
	item := Item{JSON: value}
	key := make([][]byte, len(page.Key))
	d := wire.NewDecoder(value)
	if d.Object() {
		for member, ok := d.Member(); ok; member, ok = d.Member() {
			name := string(member)
			if is := page.Spellings[name]; is != "" {
				name = is
			}
			at := d.Raw()
			if name == page.From {
				var n int64
				if wire.Integer(wire.NewDecoder(at), &n) && n > 0 {
					item.Time = wire.FromMillis(n)
				}
			}
			for i := range key {
				if name == page.Key[i] {
					key[i] = at
				}
			}
		}
	}
	for i, name := range page.Key {
		text := string(key[i])
		if none := d.Err() != nil || text == "" || text == `""` || text == "null"; none && slices.Contains(page.Identity, name) {
			return item, &wire.DecodeError{Path: page.Items, Offset: -1, Want: "a value of " + name, Got: "none in an item"}
		}
		if name == page.From { // which may be a number or a text
			key[i] = strconv.AppendInt(nil, wire.Millis(item.Time), 10)
		}
	}
	item.Key = string(bytes.Join(key, []byte(" ")))
	return item, nil
}

// OldestFirst reports whether a form asks for the oldest items first.
func OldestFirst(page *gen.Page, get func(field string) string) bool {
	return page.Order != "" && get(page.Order) == page.OldestFirst
}

// Cursor returns the field that says where a page starts.
func Cursor(page *gen.Page, oldestFirst bool) string {
	switch {
	case page.Cursor != "":
		return page.Cursor
	case oldestFirst:
		return page.Window[0]
	}
	return page.Window[1]
}
