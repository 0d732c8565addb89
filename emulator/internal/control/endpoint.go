package control

import (
	"encoding/json"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/clip"
	"github.com/nimroom/nimroom/internal/web"
)

// endpoint is a row of the table from which the control plane is routed, listed and described.
type endpoint struct {
	method, path string
	// text says what the endpoint does, in Markdown. Its first sentence is a title.
	text string
	// example is a body of the request.
	example string
	// query, body and response are the types of what is sent. A type is none where there is nothing.
	query, body, response reflect.Type
	// statuses are those of errors, beside those that all endpoints of its kind have.
	statuses []int
	serve    func(c *Control, w http.ResponseWriter, r *http.Request) error
}

// none is the type of a query or a body that an endpoint does not have.
type none struct{}

// request is a request to an endpoint that takes a query Q and a body B. The fields of Q have a
// json tag with the name of a parameter. Other tags of both:
//
//	doc   what it means
//	want  what a value must be, where the type does not say it
//	in    header, for a parameter that is one
//	max   the largest number
//	required  for a member that must not be left out or empty: what it must be
type request[Q, B any] struct {
	*http.Request
	Writer http.ResponseWriter
	RoomID gen.RoomID // in the path
	Query  Q
	Body   B
}

// responder is a response that is not the JSON of a value.
type responder interface {
	respond(w http.ResponseWriter, r *http.Request)
	// contentType returns the type of the content, and the type of what it holds.
	content() (contentType string, holds reflect.Type)
}

// row returns a row of the table. The function's types are those of the description.
func row[Q, B, R any](method, path, text, example string, f func(*Control, request[Q, B]) (R, error), statuses ...int) endpoint {
	e := endpoint{
		method: method, path: path, text: text, example: example, statuses: statuses,
		query: reflect.TypeFor[Q](), body: reflect.TypeFor[B](), response: reflect.TypeFor[R](),
	}
	e.serve = func(c *Control, w http.ResponseWriter, r *http.Request) error {
		ask := request[Q, B]{Request: r, Writer: w}
		if e.inRoom() {
			var err error
			if ask.RoomID, err = gen.ParseRoomID(r.PathValue("roomid")); err != nil {
				return web.BadRequest("roomid: %s, want a room id", clip.Text(r.PathValue("roomid")))
			}
		}
		if err := readQuery(r, reflect.ValueOf(&ask.Query).Elem()); err != nil {
			return err
		}
		if err := readBody(w, r, &ask.Body); err != nil {
			return err
		}
		response, err := f(c, ask)
		if err != nil {
			return err
		}
		if own, ok := any(response).(responder); ok {
			own.respond(w, r)
			return nil
		}
		body, err := json.Marshal(response)
		if err == nil {
			web.WriteJSON(w, http.StatusOK, body)
		}
		return err
	}
	return e
}

// inRoom reports whether the path names a room.
func (e *endpoint) inRoom() bool { return strings.Contains(e.path, "{roomid}") }

// raw is a body that is read as it is.
type raw []byte

const (
	// maxBody bounds the body of a request.
	maxBody = 1 << 20
	// maxState bounds a snapshot that is sent to the control plane.
	maxState = 256 << 20
)

// readBody reads the body of a request.
func readBody(w http.ResponseWriter, r *http.Request, to any) error {
	switch to := to.(type) {
	case *none:
		return nil
	case *raw:
		text, err := web.ReadBody(w, r, maxState)
		*to = text
		return err
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if err := web.ReadJSON(r, to); err != nil {
		return err
	}
	body := reflect.ValueOf(to).Elem()
	if body.Kind() != reflect.Struct {
		return nil
	}
	for _, f := range reflect.VisibleFields(body.Type()) {
		if want, required := f.Tag.Lookup("required"); required && isEmpty(body.FieldByIndex(f.Index)) {
			return web.BadRequest("%s is empty, want %s", nameOf(f), want)
		}
	}
	return nil
}

func isEmpty(v reflect.Value) bool { return v.IsZero() || v.Kind() == reflect.Slice && v.Len() == 0 }

// nameOf returns the name of a parameter or of a member.
func nameOf(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

// parameters lists the parameters of a query.
func parameters(query reflect.Type) (list []reflect.StructField) {
	for _, f := range reflect.VisibleFields(query) {
		if !f.Anonymous {
			list = append(list, f)
		}
	}
	return list
}

// readQuery fills in a query from the parameters and headers of a request.
func readQuery(r *http.Request, query reflect.Value) error {
	known := parameters(query.Type())
	sent := r.URL.Query()
	for name, values := range sent {
		isIt := func(f reflect.StructField) bool { return nameOf(f) == name && f.Tag.Get("in") == "" }
		switch {
		case !slices.ContainsFunc(known, isIt):
			var names []string
			for _, f := range known {
				if f.Tag.Get("in") == "" {
					names = append(names, nameOf(f))
				}
			}
			if len(names) == 0 {
				return web.BadRequest("%s: %s %s takes no parameters", clip.Text(name), r.Method, r.URL.Path)
			}
			return web.BadRequest("%s: no such parameter, want %s", clip.Text(name), strings.Join(names, " or "))
		case len(values) > 1:
			return web.BadRequest("%s: sent twice", name)
		}
	}
	for _, f := range known {
		text, given := sent.Get(nameOf(f)), sent.Has(nameOf(f))
		if f.Tag.Get("in") == "header" {
			text = r.Header.Get(nameOf(f))
			given = text != ""
		}
		if !given {
			continue
		}
		if !setParameter(query.FieldByIndex(f.Index), f, text) {
			return web.BadRequest("%s: %s, want %s", nameOf(f), clip.OrNone(text), wanted(f))
		}
	}
	return nil
}

// setParameter reads a parameter. It reports whether the text is a value that it can have.
func setParameter(to reflect.Value, f reflect.StructField, text string) bool {
	switch to.Kind() {
	case reflect.String:
		to.SetString(text)
		return true
	case reflect.Pointer: // an id of an entry, or 0
		id, err := strconv.ParseInt(text, 10, 64)
		to.Set(reflect.ValueOf(&id))
		return err == nil && id >= 0
	case reflect.Int64:
		id, err := gen.ParseRoomID(text)
		to.SetInt(int64(id))
		return err == nil
	default:
		n, err := strconv.Atoi(text)
		to.SetInt(int64(n))
		most, limited := limitOf(f)
		return err == nil && n > 0 && (!limited || n <= most)
	}
}

// limitOf returns the largest number that a field can have.
func limitOf(f reflect.StructField) (most int, limited bool) {
	most, err := strconv.Atoi(f.Tag.Get("max"))
	return most, err == nil
}

// wanted says what a value of a parameter must be.
func wanted(f reflect.StructField) string {
	most, limited := limitOf(f)
	switch {
	case f.Tag.Get("want") != "":
		return f.Tag.Get("want")
	case f.Type.Kind() == reflect.Int64:
		return "a room id"
	case limited:
		return "a number from 1 to " + strconv.Itoa(most)
	}
	return "a number from 1"
}
