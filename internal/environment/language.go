package environment

import (
	"cmp"
	"strings"

	"github.com/nimroom/nimroom/internal/message"
)

// EnvLanguage is the environment variable that chooses the language of texts.
const EnvLanguage = "NIM_LANG"

// Language returns the language of texts, en or zh, of a name such as zh_CN: the chosen one; if there is none, that
// in NIM_LANG, and else that of the locale (LC_ALL, LC_MESSAGES or LANG). English stands for all that are not Chinese.
func Language(chosen string, lookup func(name string) string) (string, error) {
	name, language := "--lang", chosen
	if language == "" {
		name, language = EnvLanguage, lookup(EnvLanguage)
	}
	if language == "" {
		return known(cmp.Or(lookup("LC_ALL"), lookup("LC_MESSAGES"), lookup("LANG"), "en")), nil
	}
	parts := strings.FieldsFunc(strings.ToLower(language), func(r rune) bool { return strings.ContainsRune("-_.@", r) })
	if len(parts) > 0 && (parts[0] == "en" || parts[0] == "zh") {
		return parts[0], nil
	}
	return known(language), message.Errorf("%s: %q, want en or zh", name, language)
}

// known returns the language of a locale, such as zh_CN.UTF-8, that texts are in.
func known(locale string) string {
	if strings.HasPrefix(strings.ToLower(locale), "zh") {
		return "zh"
	}
	return "en"
}
