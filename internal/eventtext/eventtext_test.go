package eventtext

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTextsAreTheSameInBothLanguages(t *testing.T) {
	verbs, names := regexp.MustCompile(`%[a-z]`), regexp.MustCompile(`\{[a-z]+\}`)
	english, chinese := Texts("en"), Texts("zh")
	assert.Len(t, chinese, len(english))
	for name, text := range english {
		assert.Equal(t, verbs.FindAllString(text, -1), verbs.FindAllString(chinese[name], -1), name)
		assert.ElementsMatch(t, names.FindAllString(text, -1), names.FindAllString(chinese[name], -1), name)
	}
}
