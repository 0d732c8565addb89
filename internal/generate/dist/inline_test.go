package dist

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const shared = `paths: {}
components:
  schemas:
    Form:
      type: object
      properties:
        accids: {$ref: '#/components/schemas/accids'}
        mode: {$ref: '#/components/schemas/Mode'}
    List: {type: object, properties: {ids: {$ref: '#/components/schemas/accids'}}}
    Mode: {type: integer}
    accid: {x-inline: true, type: string, format: accid}
    accids: {x-inline: true, type: array, items: {$ref: '#/components/schemas/accid'}}
`

func TestASharedFieldStandsInPlaceOfItsReferences(t *testing.T) {
	_, text, err := Source{Name: "a.yaml", Text: []byte(shared)}.Inlined()
	require.NoError(t, err)
	assert.JSONEq(t, `{"paths":{},"components":{"schemas":{`+
		`"Form":{"type":"object","properties":{"accids":{"type":"array","items":{"type":"string","format":"accid"}},"mode":{"$ref":"#/components/schemas/Mode"}}},`+
		`"List":{"type":"object","properties":{"ids":{"type":"array","items":{"type":"string","format":"accid"}}}},`+
		`"Mode":{"type":"integer"}}}}`, string(text))
}

func TestASharedFieldIsUsed(t *testing.T) {
	_, _, err := Source{Name: "a.yaml", Text: []byte(shared + "    tag: {x-inline: true, type: string}\n")}.Inlined()
	assert.EqualError(t, err, "a.yaml: line 13: tag has x-inline, but no schema refers to it")
}

// TestAChangeOfACopyLeavesTheOthers changes one field that was put in place of a reference.
func TestAChangeOfACopyLeavesTheOthers(t *testing.T) {
	root, _, err := Source{Name: "a.yaml", Text: []byte(shared)}.Inlined()
	require.NoError(t, err)
	schemas := get(get(root.Content[0], "components"), "schemas")
	set(get(get(get(schemas, "Form"), "properties"), "accids"), "type", text("object"))
	assert.Equal(t, "array", get(get(get(get(schemas, "List"), "properties"), "ids"), "type").Value)
}
