package conformance

import (
	"encoding/json"
	"strconv"
	"strings"
)

// lookup follows a path into a response, such as desc.data.0.accid. A step of
// it is a member's name, an item's index, # for the number of items, or
// [name=value] for the first item whose member has that value. JSON text in a
// string is followed as if it were the value.
func lookup(value any, path string) (found any, ok bool) {
	for part := range strings.SplitSeq(path, ".") {
		switch v := opened(value).(type) {
		case map[string]any:
			value, ok = v[part]
		case []any:
			value, ok = item(v, part)
		default:
			return nil, false
		}
		if !ok {
			return nil, false
		}
	}
	return value, true
}

func item(list []any, part string) (any, bool) {
	if part == "#" {
		return json.Number(strconv.Itoa(len(list))), true
	}
	if selector, ok := strings.CutPrefix(part, "["); ok {
		name, want, _ := strings.Cut(strings.TrimSuffix(selector, "]"), "=")
		for _, candidate := range list {
			if got, ok := lookup(candidate, name); ok && equal(want, got) {
				return candidate, true
			}
		}
		return nil, false
	}
	index, err := strconv.Atoi(part)
	if err != nil || index < 0 || index >= len(list) {
		return nil, false
	}
	return list[index], true
}

// opened returns the list or object that a text holds, or the value itself.
func opened(value any) any {
	text, ok := value.(string)
	if !ok || (!strings.HasPrefix(text, "[") && !strings.HasPrefix(text, "{")) {
		return value
	}
	var inner any
	if decode([]byte(text), &inner) != nil {
		return value
	}
	return inner
}

// empty reports whether a path leads to nothing, null or an empty text. Services
// send any of them in place of the others.
func empty(response any, path string) (found any, ok bool) {
	found, there := lookup(response, path)
	return found, !there || found == nil || found == ""
}
