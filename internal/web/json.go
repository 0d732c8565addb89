// Package web holds what the HTTP servers of this module share, which are the
// emulator's faces and the proxy: limits, the names by which requests may call a
// server, JSON in and out, errors, and tokens.
package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/clip"
)

// JSONType is the content type of JSON.
const JSONType = "application/json; charset=utf-8"

// WriteJSON responds with JSON.
func WriteJSON(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", JSONType)
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that does not wait for the response does not get it
}

// Error is an error of the control plane or of a page: an HTTP status, and a
// text that names what was wrong.
type Error struct {
	Status int
	Text   string
}

func (e *Error) Error() string { return e.Text }

// BadRequest returns an error with HTTP status 400.
func BadRequest(format string, args ...any) error {
	return &Error{http.StatusBadRequest, fmt.Sprintf(format, args...)}
}

// NotFound returns an error with HTTP status 404 that names the path of a
// request; hint continues the sentence.
func NotFound(r *http.Request, hint string) error {
	return &Error{http.StatusNotFound, "nothing at " + clip.Text(r.URL.Path) + hint}
}

// NotAllowed returns an error with HTTP status 405 that names the method of a
// request.
func NotAllowed(r *http.Request) error {
	return &Error{http.StatusMethodNotAllowed, "method " + clip.Text(r.Method) + " is not for " + clip.Text(r.URL.Path)}
}

// TooLarge returns an error with HTTP status 413.
func TooLarge(e *http.MaxBytesError) error {
	return &Error{http.StatusRequestEntityTooLarge, fmt.Sprintf("body: over %d bytes", e.Limit)}
}

// WriteError responds with {"error": "..."}, and with the service's code beside
// it where the error has one.
func WriteError(w http.ResponseWriter, err error) {
	response := map[string]any{"error": err.Error()}
	var api *gen.APIError
	if errors.As(err, &api) {
		response["error"], response["code"] = api.Desc, api.Code
	}
	body, _ := json.Marshal(response) // texts and numbers always encode
	WriteJSON(w, Status(err), body)
}

// Status returns the HTTP status of a response to a request that got an error.
func Status(err error) int {
	var own *Error
	var api *gen.APIError
	switch {
	case errors.As(err, &own):
		return own.Status
	case !errors.As(err, &api) || api.Code == gen.CodeServerFault:
		return http.StatusInternalServerError
	case api.Code == gen.CodeBadParameter:
		return http.StatusBadRequest
	case api.Code == gen.CodeNotFound:
		return http.StatusNotFound
	}
	return http.StatusConflict
}

// ReadJSON reads the body of a request, one JSON object, into to.
func ReadJSON(r *http.Request, to any) error {
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	err := decoder.Decode(to)
	var kind *json.UnmarshalTypeError
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return TooLarge(large)
	case errors.As(err, &kind) && kind.Field != "":
		return BadRequest("%s: %s, want %s", clip.Field(kind.Field), kind.Value, typeName(kind.Type))
	case errors.As(err, &kind):
		return BadRequest("body: %s, want a JSON object", kind.Value)
	case errors.Is(err, io.EOF):
		return BadRequest("body: empty, want a JSON object")
	case err != nil:
		return BadRequest("body: %v", err)
	case decoder.More():
		return BadRequest("body: more than one JSON object")
	}
	return nil
}

// ReadBody reads the body of a request, at most some bytes of it.
func ReadBody(w http.ResponseWriter, r *http.Request, most int64) ([]byte, error) {
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, TooLarge(large)
	case err != nil:
		return nil, BadRequest("body: %v", err)
	}
	return text, nil
}

// AllowRead reports whether a request only reads, and responds with an error
// where it does not.
func AllowRead(w http.ResponseWriter, r *http.Request) bool {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return true
	}
	w.Header().Set("Allow", "GET, HEAD")
	WriteError(w, NotAllowed(r))
	return false
}

// typeName names a type without its package, which is of no use to a client.
func typeName(t reflect.Type) string {
	if t.PkgPath() != "" {
		return t.Kind().String()
	}
	return t.String()
}
