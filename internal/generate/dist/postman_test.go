package dist

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// collection is the part of a Postman collection that is checked here; that it
// works is checked by running it (spec/lint/postman.mjs).
type collection struct {
	Info struct{ Name, Description, Schema, Version string }
	Item []struct {
		Name string
		Item []struct {
			Name    string
			Request struct {
				Method string
				URL    struct {
					Raw        string
					Host, Path []string
				}
				Body struct {
					Mode       string
					Urlencoded []field
				}
			}
			Response []struct{ Name, Body string }
			Event    []event
		}
	}
	Event    []event
	Variable []struct{ Key, Value, Description string }
}

type field struct {
	Key, Value, Description string
	Disabled                bool
}

type event struct {
	Listen string
	Script struct{ Exec []string }
}

func TestPostmanCollectionHasEveryOperationAndField(t *testing.T) {
	files := derived(t)
	for _, lang := range []string{"", ".zh-CN"} {
		doc := document(t, "openapi.sdk"+lang+".yaml")
		var c collection
		require.NoError(t, json.Unmarshal(files["postman_collection"+lang+".json"], &c))
		assert.Equal(t, collectionSchema, c.Info.Schema)
		assert.Equal(t, doc.Info.Version, c.Info.Version)
		assert.NotContains(t, c.Info.Name, "SDK")
		requests := 0
		require.Len(t, c.Item, len(doc.Tags))
		for i, folder := range c.Item {
			assert.Equal(t, doc.Tags[i].Name, folder.Name)
			for _, item := range folder.Item {
				requests++
				path := strings.TrimPrefix(item.Request.URL.Raw, "{{baseUrl}}")
				assert.Equal(t, path, "/"+strings.Join(item.Request.URL.Path, "/"))
				require.NotNil(t, doc.Paths.Value(path), path)
				op := doc.Paths.Value(path).Post
				assert.Equal(t, []string{folder.Name}, op.Tags)
				assert.Equal(t, op.Summary, item.Name)
				assert.Equal(t, "POST urlencoded", item.Request.Method+" "+item.Request.Body.Mode)
				assert.GreaterOrEqual(t, len(item.Response), 2, path)
				form := op.RequestBody.Value.Content["application/x-www-form-urlencoded"].Schema.Value
				assert.Len(t, item.Request.Body.Urlencoded, len(form.Properties), path)
				for _, field := range item.Request.Body.Urlencoded {
					require.NotNil(t, form.Properties[field.Key], "%s: %s", path, field.Key)
					assert.Equal(t, form.Properties[field.Key].Value.Description, field.Description, path)
				}
				for _, name := range form.Required {
					assert.NotContains(t, disabled(item.Request.Body.Urlencoded), name, path)
				}
			}
		}
		assert.Equal(t, doc.Paths.Len(), requests)
	}
}

func disabled(fields []field) []string {
	var names []string
	for _, f := range fields {
		if f.Disabled {
			names = append(names, f.Key)
		}
	}
	return names
}

func TestPostmanCollectionSignsAndExplains(t *testing.T) {
	for name, missing := range map[string]string{
		"postman_collection.json": english.missing, "postman_collection.zh-CN.json": chinese.missing,
	} {
		var c collection
		require.NoError(t, json.Unmarshal(derived(t)[name], &c))
		scripts := map[string]string{}
		for _, e := range c.Event {
			scripts[e.Listen] = strings.Join(e.Script.Exec, "\n")
		}
		assert.Contains(t, scripts["prerequest"], missing)
		for _, header := range []string{"AppKey", "Nonce", "CurTime", "CheckSum"} {
			assert.Contains(t, scripts["prerequest"], header)
		}
		assert.Contains(t, scripts["test"], `"13002":["RoomClosed",`)
		assert.Contains(t, scripts["test"], `"/chatroom/toggleCloseStat.action":[417],`)
		assert.Contains(t, scripts["test"], `"/chatroom/kickMember.action":[404]`)
		assert.NotContains(t, scripts["test"], `"/chatroom/create.action":`)
		assert.Contains(t, strings.Join(c.Item[0].Item[0].Event[0].Script.Exec, "\n"), "collectionVariables.set('roomid'")
		for _, v := range c.Variable {
			if v.Key == "appKey" || v.Key == "appSecret" {
				assert.Empty(t, v.Value)
			}
		}
	}
}
