package dist

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// phrases are the words that the SDK profile and the Postman collection add, in one language.
type phrases struct {
	profile, asText, apiError, codes                                        string
	collection, missing, baseURL, appKey, appSecret, creator, accid, roomid string
	rateLimit                                                               func(RateLimit) string
	feature                                                                 func(f Feature, field string) string
}

var (
	english = phrases{
		profile:  " (SDK profile)",
		asText:   " Sent as JSON text.",
		apiError: "An API error. The service sends it with HTTP status 200; take the status from the code in the body.",

		codes: "The names of the codes. Nothing refers to this list, because a response may hold any other code as well.",

		collection: "Set the variables `appKey` and `appSecret`; a script signs each request. Create a room first: its id becomes the variable `roomid`.",
		missing:    "Set the variables appKey and appSecret.",
		baseURL:    "Address of the service, or of an emulator such as http://127.0.0.1:8500/nimserver.",
		appKey:     "Key of the app.",
		appSecret:  "Secret of the app. It signs and is never sent.",
		creator:    "Account (accid) that creates the room and operates in it.",
		accid:      "Account (accid) that is operated on.",
		roomid:     "Id of the room, set by creating one.",
		rateLimit:  RateLimit.English,
		feature:    Feature.English,
	}
	chinese = phrases{
		profile:  "（SDK 版）",
		asText:   "以 JSON 文本传递。",
		apiError: "错误响应。服务以 HTTP 状态码 200 返回；请从响应体的 code 取状态。",

		codes: "返回码的名称。没有字段引用此列表，因为响应也可能返回其他返回码。",

		collection: "请先设置变量 `appKey` 和 `appSecret`，脚本会为每个请求签名。请先创建聊天室，其 ID 会存入变量 `roomid`。",
		missing:    "请设置变量 appKey 和 appSecret。",
		baseURL:    "服务地址，或模拟器地址，例如 http://127.0.0.1:8500/nimserver。",
		appKey:     "应用的 App Key。",
		appSecret:  "应用的 App Secret，只用于签名，不会发送。",
		creator:    "创建聊天室并执行操作的账号（accid）。",
		accid:      "被操作的账号（accid）。",
		roomid:     "聊天室 ID，创建聊天室后自动写入。",
		rateLimit:  RateLimit.chinese,
		feature:    Feature.chinese,
	}
)

// sdk turns the canonical profile into the one that client generators handle:
// form fields that hold JSON become plain strings holding JSON text, and the
// union of success and API error becomes two responses, 200 and default. A client
// made from it sets the HTTP status from the code in the body. What makes generated
// readers strict, or serves the generator of this repository alone, is taken out.
func sdk(root *yaml.Node, words phrases) error {
	schemas := get(get(root, "components"), "schemas")
	for path, item := range pairs(get(root, "paths")) {
		op := get(item, "post")
		if op == nil {
			return fmt.Errorf("%s: no post", path)
		}
		if err := flattenForm(op, schemas, words); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if err := splitResponse(op, words); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		remove(op, "callbacks")
	}
	remove(get(schemas, "Error"), "not")
	webhooks(root)
	openUp(root, schemas)
	info := get(root, "info")
	title := get(info, "title")
	title.SetString(title.Value + words.profile)
	prune(root, schemas)
	removeInternal(root)
	set(schemas, "ErrorCode", errorCodes(get(root, "x-codes"), words))
	return nil
}

// errorCodes is an enum of the codes. A generator makes constants of it.
func errorCodes(codes *yaml.Node, words phrases) *yaml.Node {
	values, names := &yaml.Node{Kind: yaml.SequenceNode}, &yaml.Node{Kind: yaml.SequenceNode}
	descriptions := object()
	for _, entry := range codes.Content {
		code := get(entry, "code")
		values.Content = append(values.Content, code)
		names.Content = append(names.Content, get(entry, "name"))
		set(descriptions, code.Value, get(entry, "meaning"))
	}
	return object(
		text("type"), text("integer"), text("format"), text("int32"), text("description"), text(words.codes),
		text("enum"), values, text("x-enum-varnames"), names, text("x-enumDescriptions"), descriptions,
	)
}

// internal are the extensions that serve the generator of this repository. Some of them mean
// something else to other generators.
var internal = []string{
	"x-copied", "x-enum-varnames", "x-go-names", "x-go-type", "x-id", "x-methods", "x-missing", "x-not-emulated", "x-null-empty", "x-omit-zero", "x-text-property",
}

// removeInternal removes the extensions that serve the generator of this repository, and
// the names of values except those of the codes: other enums share names, of which the Go
// client makes constants.
func removeInternal(n *yaml.Node) {
	if n.Kind == yaml.MappingNode {
		for _, extension := range internal {
			remove(n, extension)
		}
	}
	for _, child := range n.Content {
		removeInternal(child)
	}
}

// flattenForm makes the JSON fields of an operation's form plain strings, and writes named
// schemas out in place: the Rust client does not compile with a named enum in a form.
func flattenForm(op, schemas *yaml.Node, words phrases) error {
	for _, media := range pairs(get(get(op, "requestBody"), "content")) {
		form := resolve(get(media, "schema"), schemas)
		encoding := get(media, "encoding")
		for field, property := range pairs(get(form, "properties")) {
			if get(property, "$ref") != nil && get(encoding, field) == nil {
				*property = *clone(resolve(property, schemas))
			}
		}
		if encoding == nil {
			continue
		}
		for field := range pairs(encoding) {
			property := resolve(get(get(form, "properties"), field), schemas)
			if property == nil {
				return fmt.Errorf("encoding of %q, which is no field", field)
			}
			flat, err := jsonTextSchema(inline(property, schemas), words)
			if err != nil {
				return fmt.Errorf("%s: %w", field, err)
			}
			set(get(form, "properties"), field, flat)
			for _, example := range pairs(get(media, "examples")) {
				value := get(get(example, "value"), field)
				if value == nil {
					continue
				}
				compact, err := JSON(value)
				if err != nil {
					return fmt.Errorf("%s: %w", field, err)
				}
				*value = *text(string(compact))
			}
		}
		remove(media, "encoding")
	}
	return nil
}

// jsonTextSchema describes a string that holds a value of a schema as JSON text.
func jsonTextSchema(schema *yaml.Node, words phrases) (*yaml.Node, error) {
	flat := object(text("type"), text("string"))
	if description := get(schema, "description"); description != nil {
		set(flat, "description", text(strings.TrimSpace(description.Value)+words.asText))
	}
	if limit := get(schema, "x-max-json-length"); limit != nil {
		set(flat, "maxLength", limit)
	}
	if example := get(schema, "example"); example != nil {
		compact, err := JSON(example)
		if err != nil {
			return nil, err
		}
		set(flat, "example", text(string(compact)))
	}
	inner := object()
	for key, value := range pairs(schema) {
		if key != "description" && key != "example" && !strings.HasPrefix(key, "x-") {
			set(inner, key, value)
		}
	}
	set(flat, "x-json-text", inner)
	return flat, nil
}

// splitResponse turns oneOf [Success, Error] under 200 into the responses 200 and default.
func splitResponse(op *yaml.Node, words phrases) error {
	responses := get(op, "responses")
	ok := get(responses, "200")
	media := get(get(ok, "content"), "application/json")
	union := get(get(media, "schema"), "oneOf")
	if union == nil || len(union.Content) != 2 {
		return errors.New("the response is not one of two")
	}
	success, apiError := object(), object()
	for name, example := range pairs(get(media, "examples")) {
		if name == "success" {
			set(success, name, example)
		} else {
			set(apiError, name, example)
		}
	}
	set(media, "schema", union.Content[0])
	set(media, "examples", success)
	set(responses, "default", object(
		text("description"), text(words.apiError),
		text("content"), object(text("application/json"), object(
			text("schema"), union.Content[1],
			text("examples"), apiError,
		)),
	))
	return nil
}

// resolve follows a reference to a named schema.
func resolve(schema, schemas *yaml.Node) *yaml.Node {
	if ref := get(schema, "$ref"); ref != nil {
		return get(schemas, strings.TrimPrefix(ref.Value, reference))
	}
	return schema
}

// inline copies a schema and replaces its references by their targets: tools
// do not follow references inside extensions.
func inline(schema, schemas *yaml.Node) *yaml.Node {
	node := *resolve(schema, schemas)
	node.Content = slices.Clone(node.Content)
	for i, child := range node.Content {
		node.Content[i] = inline(child, schemas)
	}
	return &node
}

// prune removes named schemas without references.
func prune(root, schemas *yaml.Node) {
	for {
		used := map[string]bool{}
		collectRefs(root, used)
		var unused []string
		for name := range pairs(schemas) {
			if !used[reference+name] {
				unused = append(unused, name)
			}
		}
		if len(unused) == 0 {
			return
		}
		for _, name := range unused {
			remove(schemas, name)
		}
	}
}

// collectRefs notes every reference below a node.
func collectRefs(n *yaml.Node, used map[string]bool) {
	if n.Kind == yaml.MappingNode {
		for key, value := range pairs(n) {
			if key == "$ref" && value.Kind == yaml.ScalarNode {
				used[value.Value] = true
			}
			collectRefs(value, used)
		}
		return
	}
	for _, child := range n.Content {
		collectRefs(child, used)
	}
}
