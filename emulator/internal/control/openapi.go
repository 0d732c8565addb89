package control

import (
	"encoding/json"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/api"
	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/web"
)

// index lists the methods by path.
type index struct {
	OpenAPI string              `json:"openapi" doc:"The path of the description."`
	Paths   map[string][]string `json:"paths"`
}

func (c *Control) getIndex(request[none, none]) (index, error) {
	list := index{Path + "openapi.json", map[string][]string{}}
	for _, e := range endpoints() {
		list.Paths[Path+e.path] = append(list.Paths[Path+e.path], e.method)
		slices.Sort(list.Paths[Path+e.path])
	}
	return list, nil
}

// object is a JSON object.
type object map[string]any

// description is the description of the control plane.
type description object

func (c *Control) getDescription(request[none, none]) (description, error) {
	paths := map[string]object{}
	for _, e := range endpoints() {
		path := Path + e.path
		if paths[path] == nil {
			paths[path] = object{}
		}
		paths[path][strings.ToLower(e.method)] = c.operation(e)
	}
	d := description{
		"openapi": "3.0.4",
		"info": object{
			"title": "Control plane of the nimroom emulator", "version": web.Version(),
			"description": "It reads and changes what the emulator holds. It is no part of the service.",
		},
		"servers": []object{{"url": "/"}},
		"paths":   paths,
	}
	if c.Token.Given() {
		d["components"] = object{"securitySchemes": object{"token": object{"type": "http", "scheme": "bearer"}}}
		d["security"] = []object{{"token": []string{}}}
	}
	return d, nil
}

// operation describes an endpoint.
func (c *Control) operation(e endpoint) object {
	title, _, _ := strings.Cut(e.text, ". ")
	o := object{
		"operationId": operationID(e), "summary": strings.TrimSuffix(title, "."), "description": e.text,
		"responses": c.responses(e),
	}
	var list []object
	if e.inRoom() {
		list = append(list, object{"name": "roomid", "in": "path", "required": true, "schema": c.schema(reflect.TypeFor[gen.RoomID](), true)})
	}
	for _, f := range parameters(e.query) {
		in := "query"
		if where := f.Tag.Get("in"); where != "" {
			in = where
		}
		list = append(list, object{"name": nameOf(f), "in": in, "description": f.Tag.Get("doc"), "schema": c.parameter(f)})
	}
	if list != nil {
		o["parameters"] = list
	}
	if e.takesBody() {
		content := object{"schema": c.schema(e.body, true)}
		if e.example != "" {
			content["example"] = json.RawMessage(e.example)
		}
		o["requestBody"] = object{"required": true, "content": object{"application/json": content}}
	}
	return o
}

// operationID returns a name such as postRoomsJoin.
func operationID(e endpoint) string {
	id := strings.ToLower(e.method)
	for _, part := range strings.FieldsFunc(e.path, func(r rune) bool { return r == '/' || r == '.' }) {
		if part == "{roomid}" {
			id = strings.TrimSuffix(id, "s")
			continue
		}
		id += strings.ToUpper(part[:1]) + part[1:]
	}
	if e.path == "" {
		id += "Index"
	}
	return id
}

func (e *endpoint) takesBody() bool { return e.body != reflect.TypeFor[none]() }

// responses describes what an endpoint responds with.
func (c *Control) responses(e endpoint) object {
	kind, holds := "application/json", e.response
	if own, ok := reflect.Zero(e.response).Interface().(responder); ok {
		kind, holds = own.content()
	}
	media := object{"schema": c.schema(holds, false)}
	if kind == "text/event-stream" {
		media = object{"schema": object{"type": "string"}, "x-data": c.schema(holds, false)}
	}
	all := object{"200": object{"description": "It was done.", "content": object{kind: media}}}
	statuses := append([]int{http.StatusBadRequest, http.StatusForbidden}, e.statuses...)
	if c.Token.Given() {
		statuses = append(statuses, http.StatusUnauthorized)
	}
	if e.takesBody() {
		statuses = append(statuses, http.StatusRequestEntityTooLarge)
	}
	for _, status := range statuses {
		all[strconv.Itoa(status)] = c.failure(http.StatusText(status))
	}
	all["default"] = c.failure("An error, such as HTTP 500 when the disk fails")
	return all
}

func (c *Control) failure(text string) object {
	return object{"description": text + ".", "content": object{"application/json": object{"schema": c.schema(reflect.TypeFor[failure](), false)}}}
}

// failure is what package web writes of an error.
type failure struct {
	Error string `json:"error" doc:"What is wrong, and what is wanted."`
	Code  int    `json:"code,omitempty" doc:"The code of the service, where a rule gave one."`
}

// parameter returns the schema of a parameter.
func (c *Control) parameter(f reflect.StructField) object {
	s := c.schema(f.Type, true)
	switch f.Type.Kind() {
	case reflect.Pointer:
		s["minimum"] = 0
	case reflect.Int:
		s["minimum"] = 1
		if most, limited := limitOf(f); limited {
			s["maximum"] = most
		}
	default:
	}
	return s
}

// schema describes the JSON of a type, in what is asked or in a response.
func (c *Control) schema(t reflect.Type, asked bool) object {
	switch t {
	case reflect.TypeFor[roomView]():
		return c.schema(reflect.TypeOf(c.Views.Room(new(state.Room), time.Time{}, 0)), asked)
	case reflect.TypeFor[memberView]():
		return c.schema(reflect.TypeOf(c.Views.Member(new(state.Member), time.Time{})), asked)
	case reflect.TypeFor[messageView]():
		return c.schema(reflect.TypeOf(c.Views.Message(new(state.Message))), asked)
	case reflect.TypeFor[roomEvent]():
		return c.schema(reflect.TypeOf(c.Views.Event(0, &state.Event{Kind: state.RoomClosed})), asked)
	case reflect.TypeFor[description](), reflect.TypeFor[json.RawMessage](), reflect.TypeFor[raw]():
		return object{"type": "object"}
	case reflect.TypeFor[time.Time]():
		return object{"type": "string", "format": "date-time"}
	case reflect.TypeFor[gen.RoomID]():
		return object{"type": "integer", "format": "int64", "minimum": 1}
	case reflect.TypeFor[features]():
		properties := object{}
		for _, name := range api.AllFeatures() {
			properties[string(name)] = object{"type": "boolean"}
		}
		return object{"type": "object", "properties": properties, "additionalProperties": false}
	}
	if t.Implements(reflect.TypeFor[json.Marshaler]()) && t.Kind() != reflect.Pointer {
		return object{"type": "integer", "format": "int64"} // times and durations of package emulator
	}
	switch t.Kind() {
	case reflect.Pointer:
		return c.schema(t.Elem(), asked)
	case reflect.Slice:
		return object{"type": "array", "items": c.schema(t.Elem(), asked)}
	case reflect.Map:
		return object{"type": "object", "additionalProperties": c.schema(t.Elem(), asked)}
	case reflect.Struct:
		return c.structure(t, asked)
	case reflect.String:
		return object{"type": "string"}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Int64:
		return object{"type": "integer", "format": "int64"}
	default:
		return object{"type": "integer"}
	}
}

// structure describes the JSON of a struct. A response has all members but those that are left out
// when they are empty; what is asked needs those alone that are marked as required.
func (c *Control) structure(t reflect.Type, asked bool) object {
	properties := object{}
	var required []string
	for _, f := range reflect.VisibleFields(t) {
		name := nameOf(f)
		if name == "" || name == "-" {
			continue
		}
		s := c.schema(f.Type, asked)
		if text := f.Tag.Get("doc"); text != "" {
			s["description"] = text
		}
		properties[name] = s
		_, must := f.Tag.Lookup("required")
		always := !strings.Contains(f.Tag.Get("json"), ",omit")
		if asked && must || !asked && always {
			required = append(required, name)
		}
		if !asked && always && f.Type.Kind() == reflect.Pointer {
			s["nullable"] = true
		}
	}
	s := object{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		s["required"] = required
	}
	return s
}
