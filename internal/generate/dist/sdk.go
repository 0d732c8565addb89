package dist

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/nimroom/nimroom/internal/check/evidence"
)

// phrases are the words that the SDK profile and the Postman collection add, in one language.
type phrases struct {
	profile, asText, apiError, codes                                        string
	collection, missing, baseURL, appKey, appSecret, creator, accid, roomid string
	rateLimit                                                               func(RateLimit) string
	feature                                                                 func(f Feature, field string) string
	mark                                                                    func(*basis) string
	legend                                                                  string
	validatorProfile, validatorNote, sdkNote                                string
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
		mark: markWith(map[evidence.Kind]string{evidence.Page: "doc", evidence.Table: "doc", evidence.SDK: "sdk", evidence.Live: "live"}, "web", ", ",
			"Evidence: %s.", "Evidence: none; ours: %s.", "Evidence: %s; ours: %s."),
		legend: "**Evidence.** A text ends in what it rests on: `doc` is the vendor's documentation, `sdk` the vendor's SDKs and their tests, `live` responses of the real service, and `web` other public material. " +
			"What stands after `ours` is a decision of nimroom, because no evidence settles it: the row of RECONCILIATION.md with the reason, a keyword or a list of the description. An example of a response without a mark is made up. " +
			"Inside a text, (observed) marks what the service shows and no document says, and (unproven) what is a decision of nimroom. " +
			"Of limits of length, the documents say characters; that these are Unicode code points is ours (row 36). " +
			"Summaries, advice and the extensions that say how to retry (`executed`, `transient`, `x-idempotency`, `x-ask`) are nimroom's conclusions. `x-evidence` lists the sources.",
		validatorProfile: " (validator profile)",
		validatorNote:    "**Validator profile.** Every form field is a string, a number or a boolean; a list or an object is a string that holds its JSON text, whose content is not described. A response is `oneOf` a success and an API error, told apart by `code`. A validator of HTTP messages that knows no `encoding`, such as Prism, checks requests and responses as the service sends and takes them.",
		sdkNote:          "**SDK profile.** Every form field is a string, a number or a boolean; a list or an object is a string that holds its JSON text. A success is the response `200`, and an API error is the response `default`: a client takes the HTTP status from `code`, because the service sends both with status 200.",
	}
	chinese = phrases{
		profile:  "（SDK 版）",
		asText:   "以 JSON 文本传递。",
		apiError: "错误响应。服务以 HTTP 状态码 200 返回；请从响应体的 code 取状态。",

		codes: "状态码的名称。没有字段引用此列表，因为响应也可能返回其他状态码。",

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
		mark: markWith(map[evidence.Kind]string{evidence.Page: "文档", evidence.Table: "文档", evidence.SDK: "SDK", evidence.Live: "实测"}, "网络资料", "、",
			"依据：%s。", "依据：无；自定：%s。", "依据：%s；自定：%s。"),
		legend: "**依据。** 每段说明以其依据结尾：“文档”为官方文档，“SDK”为官方 SDK 及其测试，“实测”为真实服务的响应，“网络资料”为其他公开资料。" +
			"“自定”之后的内容没有依据，由 nimroom 决定：RECONCILIATION.md 中说明理由的行（row）、关键字或本文档的列表。没有注明依据的响应示例是虚构的。" +
			"正文中的（实测）表示服务如此响应而文档没有说明，（未经证实）表示由 nimroom 决定。" +
			"关于长度上限，官方文档只说字符；按 Unicode 码点计数是 nimroom 决定的（row 36）。" +
			"摘要、建议以及说明如何重试的扩展字段（`executed`、`transient`、`x-idempotency`、`x-ask`）是 nimroom 的结论。`x-evidence` 列出各项来源。",
		validatorProfile: "（校验版）",
		validatorNote:    "**校验版。** 每个表单字段都是字符串、数字或布尔值；数组和对象以字符串传递其 JSON 文本，其内容不作描述。响应为成功和错误二者之一（`oneOf`），以 `code` 区分。不支持 `encoding` 的 HTTP 消息校验工具（例如 Prism）可据此校验服务实际收发的请求和响应。",
		sdkNote:          "**SDK 版。** 每个表单字段都是字符串、数字或布尔值，数组和对象以字符串传递其 JSON 文本。成功为响应 `200`，错误为响应 `default`：服务对两者都返回 HTTP 状态码 200，因此客户端要从 `code` 取状态。",
	}
)

// validator turns the canonical profile into the one that validators of HTTP messages
// handle: form fields that hold JSON become plain strings holding JSON text.
func validator(root *yaml.Node, words phrases) error {
	schemas := get(get(root, "components"), "schemas")
	if err := eachOperation(root, func(op *yaml.Node) error {
		remove(op, "callbacks")
		return flattenForm(op, schemas, words)
	}); err != nil {
		return err
	}
	webhooks(root)
	removeAll(root, forPeople)
	prune(root, schemas)
	return nil
}

// sdk turns the validator profile into the one that client generators handle: the
// union of success and API error becomes two responses, 200 and default. A client
// made from it sets the HTTP status from the code in the body. What makes generated
// readers strict is taken out.
func sdk(root *yaml.Node, words phrases) error {
	schemas := get(get(root, "components"), "schemas")
	if err := eachOperation(root, func(op *yaml.Node) error { return splitResponse(op, words) }); err != nil {
		return err
	}
	remove(get(schemas, "Error"), "not")
	openUp(root, schemas)
	prune(root, schemas)
	set(schemas, "ErrorCode", errorCodes(get(root, "x-codes"), words))
	set(root, "x-named-values", list(object(text("$ref"), text(reference+"ErrorCode"))))
	return nil
}

// titled returns a copy of a document with the name and the note of its profile.
func titled(root *yaml.Node, name, note string) *yaml.Node {
	root = clone(root)
	info := get(root.Content[0], "info")
	title := get(info, "title")
	title.SetString(title.Value + name)
	paragraph(info, note)
	return root
}

// eachOperation changes the operation of each path.
func eachOperation(root *yaml.Node, change func(op *yaml.Node) error) error {
	for path, item := range pairs(get(root, "paths")) {
		op := get(item, "post")
		if op == nil {
			return fmt.Errorf("%s: no post", path)
		}
		if err := change(op); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
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

var (
	// ours are the extensions from which the generator of this repository makes Go. No
	// published file has them.
	ours = []string{"x-go-names", "x-go-type", "x-id", "x-methods"}
	// forPeople are the extensions of the canonical profile that the others lack: they say
	// nothing to a program, or mean something else to one. Enums share names of values, of
	// which the Go client of openapi-generator makes constants.
	forPeople = []string{
		"x-copied", "x-enum-varnames", "x-missing", "x-named-values", "x-not-emulated", "x-null-empty", "x-omit-zero", "x-text-property", "x-values",
	}
)

// removeAll removes keys everywhere below a node.
func removeAll(n *yaml.Node, keys []string) {
	if n.Kind == yaml.MappingNode {
		for _, key := range keys {
			remove(n, key)
		}
	}
	for _, child := range n.Content {
		removeAll(child, keys)
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
	if mark := get(schema, markKey); mark != nil {
		set(flat, markKey, mark)
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
