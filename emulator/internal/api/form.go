package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/nimroom/nimroom/emulator/internal/rules"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/advice"
	"github.com/nimroom/nimroom/internal/clip"
	"github.com/nimroom/nimroom/internal/web"
	"github.com/nimroom/nimroom/internal/wire"
)

const (
	// MaxBody bounds a form. The largest valid one is far below it.
	MaxBody = 256 << 10
	// MaxFields bounds the fields of a form.
	MaxFields = 256

	// FormType is the content type of a form.
	FormType = "application/x-www-form-urlencoded"
)

// form is the body of a request. It always has fields, if empty ones, and err
// says why they are empty.
type form struct {
	text   string
	fields *wire.Fields
	err    error
}

func readForm(w http.ResponseWriter, r *http.Request) form {
	none := new(wire.Fields)
	body, err := readBody(w, r)
	if err != nil {
		return form{fields: none, err: err}
	}
	if n := strings.Count(body, "&") + 1; n > MaxFields {
		return form{fields: none, err: rules.BadParameter("body: %d fields, at most %d", n, MaxFields)}
	}
	if strings.HasPrefix(body, "{") || strings.HasPrefix(body, "[") {
		return form{fields: none, err: advice.Because(rules.BadParameter("body: JSON, want a form such as roomid=1"), advice.BodyInJSON)}
	}
	fields, err := wire.ParseForm(body)
	if err != nil {
		return form{fields: none, err: err}
	}
	for _, p := range fields.Pairs() {
		if !utf8.ValidString(p.Value) {
			return form{fields: none, err: rules.BadParameter("%s: not UTF-8", clip.Text(p.Name))}
		}
	}
	return form{text: body, fields: fields}
}

func readBody(w http.ResponseWriter, r *http.Request) (string, error) {
	var body bytes.Buffer
	if 0 < r.ContentLength && r.ContentLength <= MaxBody {
		body.Grow(int(r.ContentLength) + bytes.MinRead) // with room to find the end in
	}
	_, err := body.ReadFrom(http.MaxBytesReader(w, r.Body, MaxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return "", rules.BadParameter("body: over %d bytes", MaxBody)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return "", rules.BadParameter("body: not here after %v", web.RequestTime)
	case err != nil:
		return "", rules.BadParameter("body: cut short")
	}
	return body.String(), nil
}

// notEmulated lists the fields that the emulator does not carry out, with the
// reasons, where a request asks for something other than the default.
func notEmulated(known []gen.Field, sent *wire.Fields) []string {
	var list []string
	for _, f := range known {
		if f.NotEmulated == "" {
			continue
		}
		for _, name := range append([]string{f.Name}, f.Aliases...) {
			if text, ok := sent.Get(name); ok && text != "" && text != f.Default {
				list = append(list, f.Name+": "+f.NotEmulated)
				break
			}
		}
	}
	return list
}

// inspect looks into the objects of JSON fields. It returns the members that no
// document lists, and those that the emulator does not carry out, with the reasons.
func inspect(known []gen.Field, sent *wire.Fields) (unknown, notEmulated []string) {
	for _, f := range known {
		if f.Members == nil {
			continue
		}
		text, _ := sent.Get(f.Name)
		if text == "" {
			continue
		}
		place, items := f.Name+".", make([]map[string]json.RawMessage, 1)
		var err error
		if f.Kind == gen.ArrayField {
			place = f.Name + "[]."
			err = json.Unmarshal([]byte(text), &items)
		} else {
			err = json.Unmarshal([]byte(text), &items[0])
		}
		if err != nil {
			continue // the rule has an error for it
		}
		sent := map[string]bool{}
		for _, item := range items {
			for name := range item {
				sent[name] = true
			}
		}
		for _, name := range slices.Sorted(maps.Keys(sent)) {
			switch reason, ok := f.Members[name]; {
			case !ok:
				unknown = append(unknown, clip.Text(place+name))
			case reason != "":
				notEmulated = append(notEmulated, place+name+": "+reason)
			}
		}
	}
	return unknown, notEmulated
}

// notices says in words what is odd about a request: parameters in the URL,
// values that no document lists, and values that an unescaped & probably cut in two.
func notices(query url.Values, known []gen.Field, fields *wire.Fields) []string {
	var list []string
	if len(query) > 0 {
		names := slices.Sorted(maps.Keys(query))
		list = append(list, "parameters in the URL are not read: "+strings.Join(clip.All(names), ", "))
	}
	for _, f := range known {
		if f.Kind != gen.IntegerField || len(f.Values) == 0 {
			continue
		}
		text, _ := fields.Get(f.Name)
		value, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
		if err == nil && !slices.Contains(f.Values, strconv.FormatInt(value, 10)) {
			list = append(list, fmt.Sprintf("%s: %d is none of the documented values %s", f.Name, value, strings.Join(f.Values, ", ")))
		}
	}
	unknown := clip.All(fields.Unknown())
	if len(unknown) == 0 {
		return list
	}
	pairs := fields.Pairs()
	for i, p := range pairs {
		isCut := strings.HasPrefix(p.Value, "{") && !wire.Valid([]byte(p.Value))
		isFollowed := i+1 < len(pairs) && pairs[i+1].Value == "" && slices.Contains(unknown, pairs[i+1].Name) // by a text that is no field
		ends := "ends"
		if !isCut {
			ends = "may end"
		}
		if isCut || isFollowed {
			list = append(list, fmt.Sprintf("%s %s before an unescaped & (send %%26); the rest became %s",
				clip.Text(p.Name), ends, strings.Join(unknown, ", ")))
		}
	}
	return list
}

// inURL adds to the error of a missing field that the URL has it.
func inURL(query url.Values, err error) error {
	var missing *wire.FieldError
	if errors.As(err, &missing) && missing.Problem == wire.Missing && query.Has(missing.Field) {
		return advice.Because(rules.BadParameter("%v: it is in the URL, send it in the body", err), advice.FieldInURL, "field", missing.Field)
	}
	return err
}

// checkEncoding rejects a compressed body, which would be read as a form without
// fields.
func checkEncoding(header string) error {
	if header == "" || strings.EqualFold(header, "identity") {
		return nil
	}
	return rules.BadParameter("Content-Encoding: %s, want none", clip.Text(header))
}

func checkContentType(header string) error {
	if header == FormType || header == FormType+";charset=utf-8" { // what nearly all send
		return nil
	}
	kind, params, err := mime.ParseMediaType(header)
	charset := params["charset"]
	switch {
	case kind == "application/json":
		return advice.Because(rules.BadParameter("Content-Type: %s, want %s", kind, FormType), advice.BodyInJSON)
	case err != nil || kind != FormType:
		return rules.BadParameter("Content-Type: %s, want %s", clip.OrNone(header), FormType)
	case charset != "" && !strings.EqualFold(charset, "utf-8"):
		return rules.BadParameter("Content-Type: charset %s, want utf-8", clip.Text(charset))
	}
	return nil
}

// allowPages lets pages that this machine serves call the API from a browser,
// such as the reference page from a server of static files. Pages of other
// sites stay shut out, though they may know a test server's secret. It reports
// whether the request only asked for this, before the call itself.
func allowPages(w http.ResponseWriter, r *http.Request) (asked bool) {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return false
	}
	page, err := url.Parse(origin)
	if err != nil || page.Host == r.Host || !web.IsLoopback(page.Host) {
		return false // not another one of this machine
	}
	header := w.Header()
	header.Add("Vary", "Origin")
	header.Set("Access-Control-Allow-Origin", origin)
	header.Set("Access-Control-Expose-Headers", "Date")
	if r.Method != http.MethodOptions || r.Header.Get("Access-Control-Request-Method") == "" {
		return false
	}
	header.Set("Access-Control-Allow-Methods", http.MethodPost)
	header.Set("Access-Control-Allow-Headers", "AppKey, Nonce, CurTime, CheckSum, Content-Type")
	w.WriteHeader(http.StatusNoContent)
	return true
}
