package dist

import (
	"embed"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed postman/*.js
var scripts embed.FS

// exampleCreator is the account that the examples of the spec give to owners of rooms.
const exampleCreator = "zhangsan"

// collectionSchema is the format of the collection, version 2.1.
const collectionSchema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"

// postman makes a Postman collection of the SDK profile: a folder for each tag, a
// request for each operation, with the fields of the form's first example switched
// on and the other optional ones off. Its scripts sign, and explain the code in a
// response. Ids of rooms and accounts are variables; creating a room sets
// the room's.
func postman(root *yaml.Node, words phrases) (*yaml.Node, error) {
	schemas := get(get(root, "components"), "schemas")
	folders := list()
	for _, tag := range get(root, "tags").Content {
		requests := list()
		for path, item := range pairs(get(root, "paths")) {
			op := get(item, "post")
			if !hasText(get(op, "tags"), get(tag, "name").Value) {
				continue
			}
			request, err := postmanRequest(path, op, schemas)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", path, err)
			}
			requests.Content = append(requests.Content, request)
		}
		folders.Content = append(folders.Content, object(
			text("name"), get(tag, "name"), text("description"), get(tag, "description"), text("item"), requests))
	}
	meanings, errMeanings := JSON(codeMeanings(get(root, "x-codes")))
	done, errDone := JSON(doneCodes(root))
	if err := errors.Join(errMeanings, errDone); err != nil {
		return nil, err
	}
	signing, err := script("prerequest", "sign.js", "$missing", words.missing)
	if err != nil {
		return nil, err
	}
	explaining, err := script("test", "explain.js", "$codes", string(meanings), "$done", string(done))
	if err != nil {
		return nil, err
	}
	info := get(root, "info")
	return object(
		text("info"), object(
			text("name"), get(info, "title"),
			text("description"), text(words.collection+"\n\n"+get(info, "description").Value),
			text("version"), get(info, "version"),
			text("schema"), text(collectionSchema)),
		text("auth"), object(text("type"), text("noauth")),
		text("variable"), list(
			variable("baseUrl", get(get(root, "servers").Content[0], "url").Value, words.baseURL),
			variable("appKey", "", words.appKey),
			variable("appSecret", "", words.appSecret),
			variable("creator", exampleCreator, words.creator),
			variable("accid", "lisi", words.accid),
			variable("roomid", "", words.roomid)),
		text("event"), list(signing, explaining),
		text("item"), folders,
	), nil
}

// firstExample returns the value of the first named example, or nil without one.
func firstExample(media *yaml.Node) *yaml.Node {
	for _, example := range pairs(get(media, "examples")) {
		return get(example, "value")
	}
	return nil
}

// postmanRequest makes the request of an operation, with the examples of its responses.
func postmanRequest(path string, op, schemas *yaml.Node) (*yaml.Node, error) {
	media := get(get(get(op, "requestBody"), "content"), "application/x-www-form-urlencoded")
	form := resolve(get(media, "schema"), schemas)
	sample := firstExample(media)
	if form == nil || sample == nil {
		return nil, errors.New("no form with an example")
	}
	fields := list()
	for name, property := range pairs(get(form, "properties")) {
		property = resolve(property, schemas)
		value, shown := get(sample, name), true
		if value == nil {
			value, shown = get(property, "example"), hasText(get(form, "required"), name)
		}
		if value == nil {
			return nil, fmt.Errorf("%s: no example", name)
		}
		field := object(text("key"), text(name), text("value"), text(fieldValue(name, property, value)),
			text("type"), text("text"), text("description"), get(property, "description"))
		if !shown {
			set(field, "disabled", &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: "true"})
		}
		fields.Content = append(fields.Content, field)
	}
	url := object(text("raw"), text("{{baseUrl}}"+path), text("host"), list(text("{{baseUrl}}")), text("path"), list())
	for _, step := range strings.Split(strings.TrimPrefix(path, "/"), "/") {
		get(url, "path").Content = append(get(url, "path").Content, text(step))
	}
	request := object(
		text("method"), text("POST"), text("header"), list(), text("url"), url,
		text("body"), object(text("mode"), text("urlencoded"), text("urlencoded"), fields),
		text("description"), get(op, "description"))
	responses := list()
	for _, response := range pairs(get(op, "responses")) {
		for _, example := range pairs(get(get(get(response, "content"), "application/json"), "examples")) {
			body, err := encodeJSON(get(example, "value"))
			if err != nil {
				return nil, err
			}
			responses.Content = append(responses.Content, object(
				text("name"), get(example, "summary"), text("originalRequest"), object(text("method"), text("POST"), text("url"), url),
				text("status"), text("OK"), text("code"), &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: "200"},
				text("header"), list(object(text("key"), text("Content-Type"), text("value"), text("application/json"))),
				text("body"), text(strings.TrimSpace(string(body)))))
		}
	}
	item := object(text("name"), get(op, "summary"), text("request"), request, text("response"), responses)
	if get(op, "operationId").Value == "createChatroom" {
		keep, err := script("test", "room.js")
		if err != nil {
			return nil, err
		}
		set(item, "event", list(keep))
	}
	return item, nil
}

// fieldValue returns the value of a field in the request: a variable for an id, else the example.
func fieldValue(name string, property, example *yaml.Node) string {
	format := get(property, "format")
	switch {
	case strings.EqualFold(name, "roomid"):
		return "{{roomid}}"
	case strings.EqualFold(name, "roomids"):
		return `["{{roomid}}"]`
	case name == "msgId":
		return "{{$guid}}"
	case format != nil && format.Value == "accid":
		if slices.Contains([]string{"creator", "operator", "fromAccid"}, name) || example.Value == exampleCreator {
			return "{{creator}}"
		}
		return "{{accid}}"
	}
	return example.Value
}

// codeMeanings maps each code to its name and meaning.
func codeMeanings(codes *yaml.Node) *yaml.Node {
	meanings := object()
	for _, code := range codes.Content {
		set(meanings, get(code, "code").Value, list(get(code, "name"), get(code, "meaning")))
	}
	return meanings
}

// doneCodes maps the path of an operation to the codes besides 200 after which there is nothing
// to do: what the request asks for is already there, or what it removes is not.
func doneCodes(root *yaml.Node) *yaml.Node {
	same := map[string]bool{}
	for _, code := range get(root, "x-codes").Content {
		kind := get(code, "kind")
		same[get(code, "code").Value] = kind != nil && kind.Value == "Duplicate" && get(code, "executed").Value == "no"
	}
	done := object()
	for path, item := range pairs(get(root, "paths")) {
		codes := list()
		for _, code := range get(get(item, "post"), "x-status-codes").Content {
			if same[code.Value] || hasText(get(get(item, "post"), "x-repeat-done"), code.Value) {
				codes.Content = append(codes.Content, code)
			}
		}
		if len(codes.Content) > 0 {
			set(done, path, codes)
		}
	}
	return done
}

// script is an event that runs a script, with replacements made in its source.
func script(listen, name string, replacements ...string) (*yaml.Node, error) {
	source, err := scripts.ReadFile("postman/" + name)
	if err != nil {
		return nil, err
	}
	lines := list()
	for line := range strings.Lines(strings.NewReplacer(replacements...).Replace(string(source))) {
		lines.Content = append(lines.Content, text(strings.TrimSuffix(line, "\n")))
	}
	return object(text("listen"), text(listen),
		text("script"), object(text("type"), text("text/javascript"), text("exec"), lines)), nil
}

func variable(key, value, description string) *yaml.Node {
	return object(text("key"), text(key), text("value"), text(value), text("type"), text("string"),
		text("description"), text(description))
}

// list makes a sequence.
func list(content ...*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: content}
}

// hasText reports whether a sequence has a text.
func hasText(sequence *yaml.Node, value string) bool {
	return sequence != nil && slices.ContainsFunc(sequence.Content, func(n *yaml.Node) bool { return n.Value == value })
}
