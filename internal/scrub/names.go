package scrub

import (
	"regexp"
	"strings"
	"sync"
	"unicode"
)

// What the names of secrets say, in lower case and without separators: apiKey, api_key
// and X-API-KEY are all "apikey". The fields of the API have other names: key, value,
// tag, and sign, which is the text under an account's name.
var (
	// strongName is a name that means a secret wherever in a longer name it stands.
	strongName = regexp.MustCompile(`(?:passwo?r?d|passphrase|passcode|pwd|secret|token|credential|authori[sz]ation|cookie|signature|checksum|` +
		`privatekey|(?:api|app|access|secret|secure|sign(?:ing)?|encrypt(?:ion)?|aes|hmac|rsa|ssh|master|shared|symmetric|auth|account|storage|session|` +
		`service|client|license|stream)key|sess(?:ion)?id|` +
		`passwort|kennwort|contrase[nñ]a|пароль|パスワード|비밀번호|密码|口令|令牌|密钥|秘钥|凭证|凭据)` + nameTail)
	// weakName is a name that means one only at the end of a name, and as a whole word.
	weakName = regexp.MustCompile(`^(?:pass|psw|pw|pin|psk|cred|session|ak|sk|otp|totp|jwt|sig|sid|auth|oauth|bearer|hmac|xsrf|csrf|authcode|verificationcode)` + nameTail)
	// The members of an object that holds the name of something, and its value, apart.
	nameMember  = regexp.MustCompile(`(?i)^(?:name|key|field|header|param(?:eter)?|property|type|id|k)$`)
	valueMember = regexp.MustCompile(`(?i)^(?:values?|val|v|content|text|data)$`)
)

const nameTail = `(?:s|id|value|hash|text|string|data|old|new|enc|base64|b64|\d)*$`

// judged holds what secretName said of short names. The same few names stand in each
// interaction.
var judged = struct {
	sync.Mutex
	names map[string]bool
}{names: map[string]bool{}}

// IsSecret reports whether the value of a field is a secret because of the field's name.
func IsSecret(name, value string) bool {
	return fieldName.MatchString(name) && secretName(name) && !notSecret(value)
}

// secretName reports whether a name of a field, member, header or variable means a
// secret. It may have several words: "Secret access key".
func secretName(name string) bool {
	const longest, most = 64, 4096
	if len(name) > longest {
		return meansSecret(name)
	}
	judged.Lock()
	defer judged.Unlock()
	secret, known := judged.names[name]
	if !known {
		if len(judged.names) >= most {
			clear(judged.names)
		}
		secret = meansSecret(name)
		judged.names[strings.Clone(name)] = secret
	}
	return secret
}

func meansSecret(name string) bool {
	words := wordsOf(decodedWhole(name, decoded))
	for i := range words {
		joined := ""
		for n, word := range words[i:min(i+3, len(words))] {
			joined += word
			if strongName.MatchString(joined) || i+n+1 == len(words) && weakName.MatchString(joined) {
				return true
			}
		}
	}
	return false
}

// wordsOf are the words of a name, in lower case.
func wordsOf(name string) []string {
	var words []string
	var word []rune
	end := func() {
		if len(word) > 0 {
			words = append(words, strings.ToLower(string(word)))
		}
		word = nil
	}
	runes := []rune(name)
	for i, r := range runes {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			end()
			continue
		}
		if unicode.IsUpper(r) && i > 0 && (unicode.IsLower(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])) {
			end()
		}
		word = append(word, r)
	}
	end()
	return words
}
