package spec_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/spec"
)

func TestReadKnowsEveryVariant(t *testing.T) {
	seen := map[string]bool{}
	for _, profile := range []string{"canonical", "sdk", "validator"} {
		for _, lang := range []string{"en", "zh"} {
			for _, format := range []string{"yaml", "json"} {
				text, err := spec.Read(spec.Variant{Profile: profile, Lang: lang, Format: format})
				require.NoError(t, err)
				assert.Equal(t, format == "json", json.Valid(text))
				seen[string(text)] = true
			}
		}
	}
	assert.Len(t, seen, 12, "all differ")
	byDefault, err := spec.Read(spec.Variant{})
	require.NoError(t, err)
	canonical, err := spec.Read(spec.Variant{Profile: "canonical", Lang: "en", Format: "yaml"})
	require.NoError(t, err)
	assert.Equal(t, canonical, byDefault)
}

func TestReadNamesWhatItKnows(t *testing.T) {
	for says, v := range map[string]spec.Variant{
		`profile "x" is not canonical or sdk or validator`: {Profile: "x"},
		`lang "fr" is not en or zh`:                        {Lang: "fr"},
		`format "../x" is not json or yaml`:                {Format: "../x"},
	} {
		_, err := spec.Read(v)
		assert.ErrorContains(t, err, says)
	}
}
