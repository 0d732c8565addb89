package wire

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
)

// codeOK is the code of a success.
const codeOK = 200

// Response ends the reading of a response after d has read it as a success. code is the code
// that d found, and payload names members of which at least one must have a known value.
// Response returns a *APIError for a code other than 200, a *DecodeError for a broken
// response, and the error of [Decoder.Until] if that ended the reading.
//
// Reading the body as a success first, and as an API error only if that fails, costs a success
// nothing, and API errors are short. Looking for the code first would take 75% longer for a
// page of 100 members.
func (d *Decoder) Response(code int, payload ...string) error {
	d.End()
	if d.ended != nil {
		return d.ended
	}
	if d.err == nil && code == codeOK {
		if d.seen == 0 && len(payload) > 0 {
			d.missing(payload[0], "a value")
			return d.err
		}
		return nil
	}
	broken := d.Err()
	r := NewDecoder(d.whole)
	if d.over != nil {
		r.Until(d.over)
	}
	apiError, hasCode := readAPIError(r)
	switch {
	case r.ended != nil:
		return r.ended
	case r.err != nil:
		return r.err
	case !hasCode:
		r.missing("code", "an integer")
		return r.err
	case apiError.Code != codeOK:
		apiError.Body = bytes.Clone(d.whole)
		return apiError
	}
	return broken
}

// Code reads the code of a response, which does not count as a known value.
func (d *Decoder) Code(p *int) {
	if Integer(d, p) {
		d.seen--
	}
}

// ReadCode reads code and desc of any response, a success included. Its error says why the
// text is no response.
func ReadCode(body []byte) (*APIError, error) {
	d := NewDecoder(body)
	r, hasCode := readAPIError(d)
	if d.err == nil && !hasCode {
		d.missing("code", "an integer")
	}
	return r, d.Err()
}

// explanations are the names, in lower case, under which other services explain an error.
var explanations = []string{"msg", "message", "errmsg", "error", "reason"}

// readAPIError reads code and desc of any response. If an error has no desc, the text of
// another member that explains it is kept or, if no name says so, the first member that has a
// text, a list or an object, with its name.
func readAPIError(d *Decoder) (r *APIError, hasCode bool) {
	r = new(APIError)
	if !d.Object() {
		if d.err == nil {
			d.fail(0, "an object")
		}
		return r, false
	}
	var explanation, other []byte
	var otherName string
	for {
		name, ok := d.Member()
		if !ok {
			break
		}
		switch string(name) {
		case "code":
			if Integer(d, &r.Code) {
				hasCode = true
			}
		case "desc":
			String(d, &r.Desc)
		default:
			key := strings.ToLower(string(name))
			switch raw, ok := d.skipped(); {
			case !ok || len(raw) < 3 || !strings.ContainsRune(`"[{`, rune(raw[0])):
			case slices.Contains(explanations, key):
				explanation = raw
			case other == nil:
				otherName, other = string(name)+": ", raw
			}
		}
	}
	if r.Desc == "" && r.Code != codeOK {
		if explanation == nil {
			explanation = other
		} else {
			otherName = ""
		}
		String(NewDecoder(explanation), &r.Desc)
		r.Desc = otherName + r.Desc
	}
	d.End()
	return r, hasCode
}

// AppendAPIError appends an API error as the service writes it, with a code and a desc unless
// that is empty.
func AppendAPIError(dst []byte, code int, desc string) []byte {
	dst = append(dst, `{"code":`...)
	dst = strconv.AppendInt(dst, int64(code), 10)
	if desc != "" {
		dst = AppendJSONString(append(dst, `,"desc":`...), desc)
	}
	return append(dst, '}')
}
