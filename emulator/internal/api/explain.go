package api

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/nimroom/nimroom/internal/advice"
	"github.com/nimroom/nimroom/internal/clip"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/sign"
)

// explain puts into the entry what the emulator knows about an error, which may be more than
// the text of the response says, and returns it.
func (a *API) explain(entry *Entry, h http.Header, f form, err error) advice.Advice {
	var reason *advice.ExplainedError
	if errors.As(err, &reason) {
		return a.say(entry, reason.Advice)
	}
	found := a.explainSignature(h, err, entry.Time)
	if found.IsZero() {
		found = explainField(f.fields, err)
	}
	if found.IsZero() {
		found = advice.Of(entry.Code, entry.Desc)
	}
	return a.say(entry, found)
}

// say puts an advice into the entry, in the language of the API, and returns it.
func (a *API) say(entry *Entry, what advice.Advice) advice.Advice {
	text := what.In(a.config.Language)
	entry.Circumstance, entry.Meaning, entry.Advice = string(what.Name()), text.Meaning, text.Advice
	return what
}

// farOff is how far from now a CurTime may be that is taken for milliseconds.
const farOff = 10 * 365 * 24 * time.Hour

// explainSignature explains why a signature is wrong.
func (a *API) explainSignature(h http.Header, err error, now time.Time) advice.Advice {
	app, curTime := a.config.Credentials, h.Get(sign.HeaderCurTime)
	seconds, _ := strconv.ParseInt(curTime, 10, 64)
	switch {
	case errors.Is(err, sign.ErrAppKey):
		return advice.New(advice.AppKeyOfAnother, "expected", app.AppKey(), "got", clip.Text(h.Get(sign.HeaderAppKey)))
	case errors.Is(err, sign.ErrCurTimeIllegal) && time.UnixMilli(seconds).Sub(now).Abs() < farOff:
		return advice.New(advice.CurTimeInMilliseconds, "got", curTime)
	case errors.Is(err, sign.ErrCurTimeExpired):
		if a.config.CurTime == MachineCurTime {
			now = time.Now()
		}
		if off := time.Duration(now.Unix()-seconds) * time.Second; off > 0 {
			return advice.New(advice.ClockBehind, "off", off.String())
		} else {
			return advice.New(advice.ClockAhead, "off", (-off).String())
		}
	case errors.Is(err, sign.ErrCheckSum):
		cause, detail := app.Diagnose(h.Get(sign.HeaderNonce), curTime, h.Get(sign.HeaderCheckSum), now)
		return advice.New(advice.Name(cause), "got", detail, "order", detail, "hash", detail, "app", app.AppKey())
	}
	return advice.Advice{}
}

// explainField explains why a field cannot be read.
func explainField(fields *wire.Fields, err error) advice.Advice {
	var field *wire.FieldError
	if !errors.As(err, &field) || field.Problem != wire.Malformed {
		return advice.Advice{}
	}
	name, _, _ := strings.Cut(strings.ReplaceAll(field.Field, "[", "."), ".")
	text, _ := fields.Get(name)
	if text == "" || wire.Valid([]byte(text)) {
		return advice.Advice{}
	}
	if unknown := fields.Unknown(); len(unknown) > 0 && endsEarly(text) {
		return advice.New(advice.CutByAmpersand, "field", name, "got", clip.Text(unknown[0]))
	}
	if odd := json5(text); odd != "" {
		return advice.New(advice.LooksLikeJSON5, "field", name, "got", clip.Text(odd))
	}
	return advice.Advice{}
}

// endsEarly reports whether a text is the beginning of a JSON value.
func endsEarly(text string) bool {
	return errors.Is(json.NewDecoder(strings.NewReader(text)).Decode(&json.RawMessage{}), io.ErrUnexpectedEOF)
}

// tokens finds, one after the other, the texts and numbers that JSON has (the group), and what
// JavaScript and JSON5 have beyond JSON.
var tokens = regexp.MustCompile(`("(?:[^"\\]|\\.)*"|-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?\b|\b(?:true|false|null)\b)` +
	`|'|//|/\*|,\s*[\]}]|[\pL_$][\pL\pN_$]*|0[xX][0-9a-fA-F]+|[-+]?\.[0-9]|\+[0-9]`)

// maxTokens bounds the tokens among which json5 looks.
const maxTokens = 1000

// json5 returns what a text has that JSON does not allow and its relatives do, or "".
func json5(text string) string {
	if first := strings.TrimSpace(text); first == "" || !strings.ContainsAny(first[:1], "{['") {
		return ""
	}
	for range maxTokens {
		at := tokens.FindStringSubmatchIndex(text)
		switch {
		case at == nil:
			return ""
		case at[2] < 0: // JSON does not have it
			return text[at[0]:at[1]]
		}
		text = text[at[1]:]
	}
	return ""
}
