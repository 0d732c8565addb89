package dist

import (
	"context"
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/nimroom/nimroom/internal/check/evidence"
	_ "github.com/nimroom/nimroom/internal/long" // less garbage collection
)

// sources are the hand-written files.
func sources(t *testing.T) (spec, overlay Source) {
	t.Helper()
	for name, to := range map[string]*Source{"openapi.yaml": &spec, "overlay.zh-CN.yaml": &overlay} {
		text, err := os.ReadFile("../../../spec/" + name)
		require.NoError(t, err)
		*to = Source{Name: name, Text: text}
	}
	return spec, overlay
}

// cited is what the spec cites: the index, and the evidence itself.
func cited(t *testing.T) (*yaml.Node, *evidence.Evidence) {
	t.Helper()
	text, err := os.ReadFile("../../../spec/evidence/evidence.yaml")
	require.NoError(t, err)
	list, err := Source{Name: "evidence.yaml", Text: text}.List()
	require.NoError(t, err)
	known, err := evidence.Load("../../../spec/evidence")
	require.NoError(t, err)
	return list, known
}

func TestEvidenceIsPublished(t *testing.T) {
	for name, content := range derived(t) {
		if strings.HasPrefix(name, "openapi") {
			assert.Contains(t, string(content), "x-evidence", name)
			assert.Contains(t, string(content), "en-members-2022-12-13", name)
		}
	}
	for says, text := range map[string]string{"want a list": "a: b", "e.yaml: yaml:": "- ["} {
		_, err := Source{Name: "e.yaml", Text: []byte(text)}.List()
		assert.ErrorContains(t, err, says)
	}
}

// derived are the published files, which are made once.
func derived(t *testing.T) map[string][]byte {
	t.Helper()
	made.Do(func() {
		editions, err := Translate(sources(t))
		require.NoError(t, err)
		made.files, err = editions.Files(cited(t))
		require.NoError(t, err)
	})
	require.NotNil(t, made.files)
	return made.files
}

var made struct {
	sync.Once
	files map[string][]byte
}

// document is a published file, which is read once.
func document(t *testing.T, name string) *openapi3.T {
	t.Helper()
	if documents[name] == nil {
		doc, err := openapi3.NewLoader().LoadFromData(derived(t)[name])
		require.NoError(t, err, name)
		documents[name] = doc
	}
	return documents[name]
}

var documents = map[string]*openapi3.T{}

func TestPublishedFilesAreValid(t *testing.T) {
	spec, _ := sources(t)
	source, err := openapi3.NewLoader().LoadFromData(spec.Text)
	require.NoError(t, err)
	for _, name := range []string{"openapi", "openapi.sdk", "openapi.validator", "openapi.zh-CN", "openapi.sdk.zh-CN", "openapi.validator.zh-CN"} {
		for _, format := range []string{".yaml", ".json"} {
			doc := document(t, name+format)
			require.NoError(t, doc.Validate(context.Background(), openapi3.EnableExamplesValidation()), name)
			assert.Equal(t, slices.Sorted(maps.Keys(source.Paths.Map())), slices.Sorted(maps.Keys(doc.Paths.Map())), name)
		}
	}
}

func TestPublishedFilesAreFresh(t *testing.T) {
	for name, content := range derived(t) {
		got, err := os.ReadFile("../../../spec/dist/" + name)
		require.NoError(t, err, "run go generate ./...")
		assert.Equal(t, string(content), string(got), "%s is stale: run go generate ./...", name)
	}
}

func TestYAMLAndJSONAgree(t *testing.T) {
	files := derived(t)
	for name, content := range files {
		base, ok := strings.CutSuffix(name, ".yaml")
		if !ok {
			continue
		}
		var fromYAML any
		require.NoError(t, yaml.Unmarshal(content, &fromYAML))
		a, err := json.Marshal(fromYAML)
		require.NoError(t, err, "a key that is no text")
		b := files[base+".json"]
		assert.JSONEq(t, string(a), string(b), base)
	}
}

// TestSDKProfile holds the profile to what client generators need: scalar
// fields only, a single schema per response, API errors under default.
func TestSDKProfile(t *testing.T) {
	for _, name := range []string{"openapi.sdk.yaml", "openapi.sdk.zh-CN.yaml"} {
		doc := document(t, name)
		flattened := map[string]bool{}
		for path, item := range doc.Paths.Map() {
			media := item.Post.RequestBody.Value.Content["application/x-www-form-urlencoded"]
			assert.Empty(t, media.Encoding, path)
			for field, property := range media.Schema.Value.Properties {
				assert.False(t, property.Value.Type.Is("array") || property.Value.Type.Is("object"), "%s: %s", path, field)
				if property.Value.Extensions["x-json-text"] != nil {
					flattened[path+" "+field] = true
					example, ok := property.Value.Example.(string)
					assert.True(t, ok && json.Valid([]byte(example)), "%s: %s: example %q", path, field, example)
				}
			}
			for field, property := range media.Schema.Value.Properties {
				assert.Empty(t, property.Ref, "%s: %s: the Rust client does not compile with a named enum in a form", path, field)
			}
			code := item.Post.Responses.Status(200).Value.Content["application/json"].Schema.Value.Properties["code"].Value
			assert.Empty(t, code.Enum, "%s: the Kotlin client rejects the code that it has read", path)
			assert.Equal(t, 2, item.Post.Responses.Len(), path)
			for _, response := range []*openapi3.ResponseRef{item.Post.Responses.Status(200), item.Post.Responses.Default()} {
				require.NotNil(t, response, path)
				assert.NotEmpty(t, response.Value.Content["application/json"].Schema.Ref, path)
				assert.NotEmpty(t, response.Value.Content["application/json"].Examples, path)
			}
		}
		assert.Equal(t, jsonFields(t), flattened, name)
		for _, extension := range slices.Concat(ours, forPeople) {
			found := strings.Count(string(derived(t)[name]), extension+":")
			assert.Equal(t, extension == "x-enum-varnames" || extension == "x-named-values", found == 1, "%s: %d times %s; only the codes have names", name, found, extension)
		}
		codes := doc.Components.Schemas["ErrorCode"].Value
		assert.Len(t, codes.Enum, len(doc.Extensions["x-codes"].([]any)), name)
	}
}

// jsonFields are the fields of forms that hold JSON, each with its path.
func jsonFields(t *testing.T) map[string]bool {
	t.Helper()
	spec, _ := sources(t)
	doc, err := openapi3.NewLoader().LoadFromData(spec.Text)
	require.NoError(t, err)
	found := map[string]bool{}
	for path, item := range doc.Paths.Map() {
		for field := range item.Post.RequestBody.Value.Content["application/x-www-form-urlencoded"].Encoding {
			found[path+" "+field] = true
		}
	}
	return found
}

func TestBrokenSourceIsAnError(t *testing.T) {
	spec, overlay := sources(t)
	for name, fault := range map[string][2]string{
		"encoding of no field":   {"roomids: {contentType: application/json}", "ids: {contentType: application/json}"},
		"response without union": {"                oneOf:\n                  - $ref: '#/components/schemas/CreateChatroomSuccess'\n                  - $ref: '#/components/schemas/Error'", "                $ref: '#/components/schemas/CreateChatroomSuccess'"},
		"get in place of post":   {"  /chatroom/create.action:\n    post:", "  /chatroom/create.action:\n    get:"},
		"no YAML":                {"openapi: 3.0.4", "openapi: [3.0.4"},
		"no mapping":             {string(spec.Text), "text"},
	} {
		require.Contains(t, string(spec.Text), fault[0])
		broken := Source{spec.Name, []byte(strings.Replace(string(spec.Text), fault[0], fault[1], 1))}
		editions, err := Translate(broken, overlay)
		if err == nil {
			_, err = editions.Files(cited(t))
		}
		assert.Error(t, err, name)
	}
}

// TestJSONTextHoldsWhatItSays reads the JSON text in every example of a field that
// holds some, and validates it against the schema of the text.
func TestJSONTextHoldsWhatItSays(t *testing.T) {
	checked := 0
	for name := range derived(t) {
		if !strings.HasSuffix(name, ".yaml") {
			continue
		}
		doc := document(t, name)
		for path, item := range doc.Paths.Map() {
			media := []*openapi3.MediaType{item.Post.RequestBody.Value.Content["application/x-www-form-urlencoded"]}
			for _, response := range item.Post.Responses.Map() {
				media = append(media, response.Value.Content["application/json"])
			}
			for _, m := range media {
				schemas := m.Schema.Value.OneOf // in the canonical profile a response is a union
				if schemas == nil {
					schemas = openapi3.SchemaRefs{m.Schema}
				}
				for _, example := range m.Examples {
					for _, schema := range schemas {
						checked += jsonTexts(t, name+" "+path, schema.Value, example.Value.Value)
					}
				}
			}
		}
		for component, schema := range doc.Components.Schemas {
			for _, property := range schema.Value.Properties {
				checked += jsonTexts(t, name+" "+component, property.Value, property.Value.Example)
			}
		}
	}
	assert.GreaterOrEqual(t, checked, 2*len(jsonFields(t)), "the examples of each field, in two languages")
}

// jsonTexts checks the JSON text in a value, and counts how often there was some.
func jsonTexts(t *testing.T, at string, schema *openapi3.Schema, value any) int {
	t.Helper()
	inner, holds := schema.Extensions["x-json-text"]
	switch v := value.(type) {
	case string:
		if !holds {
			return 0
		}
		source, err := json.Marshal(inner)
		require.NoError(t, err)
		var of openapi3.Schema
		require.NoError(t, json.Unmarshal(source, &of))
		var decoded any
		require.NoError(t, json.Unmarshal([]byte(v), &decoded), "%s: %s", at, v)
		assert.NoError(t, of.VisitJSON(decoded), at)
		return 1
	case map[string]any:
		checked := 0
		for name, child := range v {
			if property := schema.Properties[name]; property != nil {
				checked += jsonTexts(t, at+" "+name, property.Value, child)
			}
		}
		return checked
	}
	return 0
}

func TestOverlayHasTheVersionOfTheSpec(t *testing.T) {
	var spec, overlay struct{ Info struct{ Version string } }
	for name, target := range map[string]any{"openapi.yaml": &spec, "overlay.zh-CN.yaml": &overlay} {
		content, err := os.ReadFile("../../../spec/" + name)
		require.NoError(t, err)
		require.NoError(t, yaml.Unmarshal(content, target))
	}
	assert.Equal(t, spec.Info.Version, overlay.Info.Version)
}
