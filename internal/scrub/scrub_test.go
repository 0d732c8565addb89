package scrub

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	_ "github.com/nimroom/nimroom/internal/long" // less garbage collection
	"github.com/nimroom/nimroom/sign"
)

// mark is what must not be left.
const mark = "XYZZY"

// secretNames are names that a person would call a secret's.
var secretNames = strings.Fields(`token tokens token2 Token TOKEN accessToken access_token ACCESS_TOKEN id-token my.token x-auth-token csrf_token
	refreshtoken tokenValue secret client_secret clientSecret AppSecret secretId secret_key password Password PASSWORD passwd userPassword
	password1 passwordConfirm password_hash DB_PASSWORD pwd userPwd pwd2 passphrase passcode pass db_pass credential Credentials
	X-Amz-Credential authorization Authorization Proxy-Authorization auth cookie Cookie Set-Cookie signature Signature X-Amz-Signature sig
	apiKey api_key api-key apikey APIKEY API_KEY X-Api-Key accessKey AccessKeyId accesskeyid aws_secret_access_key privateKey private_key signingKey
	encryptionKey masterKey sharedKey AccountKey appkey AppKey authKey streamKey license_key checksum CheckSum otp jwt sid JSESSIONID PHPSESSID
	sessionId session_key session bearer psk pin ak sk secure_key user[password] 密码 登录密码 口令 密钥`)

// TestNamesOfSecrets: and the API's own fields and common words are no secrets.
func TestNamesOfSecrets(t *testing.T) {
	for _, name := range secretNames {
		assert.True(t, secretName(name), name)
	}
	for _, name := range strings.Fields(`key keys elementKey noExistElementKey failedKeys value values elementValue tag tags notifyTargetTags nick name
		roomid accid sign signs summary ext notifyExt creator operator attach body msgId secretary passport compass authorName author tokenizer
		monkey keyboard code type id data nonce side design signal resign bypass pinned sku task`) {
		assert.False(t, secretName(name), name)
	}
	for _, name := range []string{"API key", "access key id", "Secret Access Key", "pass phrase"} {
		assert.True(t, phraseIsSecret(name), name)
	}
}

// shapesOf are the ways in which a secret under a name may be written.
func shapesOf(name string) []string {
	text := func(v any) string {
		encoded, _ := json.Marshal(v) //nolint:errchkjson // these are texts, lists and maps
		return string(encoded)
	}
	object := text(map[string]string{name: mark})
	return []string{
		object, text(map[string]any{"a": []any{1, map[string]any{name: []any{"a", []any{mark}}}}}), text(map[string]any{name: map[string]any{"a": map[string]any{"b": mark}}}),
		text(map[string]string{"ext": object}), text(map[string]string{"ext": text(map[string]string{"ext": object})}),
		text(map[string]any{"headers": []any{map[string]string{"name": name, "value": mark}}}), text(map[string]any{"env": []any{[]string{name, mark}, []string{"a", "b"}}}),
		"{" + text(name) + ": 12" + mark, "callback(" + object + ");", object + "\n" + object, object[:len(object)-2], "{" + text(name) + ":\n  [1, [\"" + mark,
		name + ": " + mark, name + " : " + mark, name + "=" + mark, name + " = " + mark, name + "='" + mark + "'", name + `="a ` + mark + `"`, name + ": the " + mark,
		"'" + name + "' => '" + mark + "'", name + ":= `" + mark + "`", "{" + name + ": \"" + mark + "\"}", "a: b\n" + name + ": x, y " + mark + "\nc: d",
		"https://example.com/?" + name + "=" + mark, "https://example.com/?a=b&" + name + "=" + mark + "&c=d", "https://example.com/#" + name + "=" + mark,
		"<a><" + name + ">" + mark + "</" + name + "></a>", `<input value="` + mark + `" name="` + name + `">`, `<string name="` + name + `">` + mark + "</string>",
		"--x\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + mark + "\r\n--x--\r\n",
		name + ":\n  " + mark + "\na: b", name + ": |\n  a\n  " + mark, name + "=a," + mark, name + "=a;" + mark, name + "：" + mark,
	}
}

// encodingsOf are the encodings in which a text may travel.
var encodingsOf = map[string]func(string) string{
	"plain":            func(text string) string { return text },
	"percent":          url.QueryEscape,
	"percent of paths": url.PathEscape,
	"twice percent":    func(text string) string { return url.QueryEscape(url.QueryEscape(text)) },
	"thrice percent":   func(text string) string { return url.QueryEscape(url.QueryEscape(url.QueryEscape(text))) },
	"base 64":          func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) },
	"base 64 of URLs":  func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) },
	"hexadecimal":      func(text string) string { return hex.EncodeToString([]byte(text)) },
	"entities":         html.EscapeString,
	"a JSON string":    quoted,
	"a longer text":    func(text string) string { return "see " + text },
}

// TestWhatIsNamedLikeASecretIsScrubbed, in every shape and encoding, in forms and other texts, and once is enough.
func TestWhatIsNamedLikeASecretIsScrubbed(t *testing.T) {
	s := New(nil)
	for n, name := range secretNames {
		for m, shape := range shapesOf(name) {
			if markup := strings.HasPrefix(shape, "<a><"); markup && strings.ContainsAny(name, "[") || strings.Contains(shape, "=") && strings.HasPrefix(name, "user[") {
				continue // no name of an element; no attribute
			}
			for encoding, encode := range encodingsOf {
				if (n+m)%17 != 0 && encoding != "plain" || n%6 != 0 && m%4 != 0 {
					continue // not each with each
				}
				text := encode(shape)
				form := "a=b&ext=" + url.QueryEscape(text)
				require.NotEqual(t, text, s.Text(text), "%s: %s", encoding, text)
				for _, left := range []string{s.Text(text), s.Form(form)} {
					plain := decodedWhole(left, decoded)
					require.NotContains(t, plain, mark, "%s: %s", encoding, text)
					require.NotContains(t, plain, base64.RawStdEncoding.EncodeToString([]byte(mark))[:6], "%s: %s", encoding, text)
				}
				require.Equal(t, s.Text(text), s.Text(s.Text(text)), "%s: %s", encoding, text)
				require.Equal(t, s.Form(form), s.Form(s.Form(form)), "%s: %s", encoding, text)
			}
		}
	}
}

// TestWhatLooksLikeASecretIsScrubbed under any name.
func TestWhatLooksLikeASecretIsScrubbed(t *testing.T) {
	basic := base64.StdEncoding.EncodeToString([]byte("lena:" + mark))
	for _, text := range []string{
		"Bearer " + mark, "bearer  " + mark, "Basic " + basic, "x Basic " + basic + " y", "redis://lena:" + mark + "@example.com/1", "https://" + mark + "@example.com/",
		"redis://:" + mark + "@h", "lena:" + mark + "@tcp(127.0.0.1:3306)/db", "eyJhbGciOiJIUzI1NiJ9." + mark + "." + mark, "x=eyJhbGciOiJIUzI1NiJ9." + mark + "." + mark,
		"-----BEGIN RSA " + "PRIVATE KEY-----\n" + mark + "\n-----END RSA " + "PRIVATE KEY-----", "mysql --password " + mark + " -h x", "curl --api-key " + mark,
		"my secret access key: " + mark, "https://h/p;jsessionid=" + mark + "?a=b", "Authorization: Digest username=\"a\", response=\"" + mark + "\"",
		"Cookie: a=b; c=" + mark, "GET /?sig=" + mark + " HTTP/1.1", "AccountName=a;AccountKey=" + mark + ";EndpointSuffix=b", "user=a password=" + mark + " host=b",
	} {
		for encoding, encode := range encodingsOf {
			scrubbed := New(nil).Text(encode(text))
			plain := decodedWhole(scrubbed, decoded)
			assert.NotContains(t, plain, mark, "%s: %s", encoding, text)
			assert.NotContains(t, plain, basic, "%s: %s", encoding, text)
			assert.NotEqual(t, encode(text), scrubbed)
		}
	}
}

// TestTheRunsOwnSecretsAreFoundInAnyEncoding, under any name.
func TestTheRunsOwnSecretsAreFoundInAnyEncoding(t *testing.T) {
	const key, secret, given = "key+of/the=run", "secret+of/the=run", "given+to/the=run"
	app, err := sign.NewCredentials(key, secret)
	require.NoError(t, err)
	s := New([]string{key, given}, app)
	for _, known := range []string{key, secret, given} {
		for encoding, encode := range encodingsOf {
			for _, text := range []string{encode(known), encode("a" + known + "b"), encode("aa" + known), "x " + encode("ab:"+known) + " y", `{"a":["` + url.QueryEscape(encode(known)) + `"]}`, strings.ToUpper(known)} {
				scrubbed := s.Text(text)
				assert.NotEqual(t, text, scrubbed, "%s: %s", encoding, text)
				for _, left := range []string{known, encode(known), encode("a" + known + "b")} {
					assert.NotContains(t, scrubbed, left, encoding)
					assert.NotContains(t, decodedWhole(scrubbed, decoded), left, encoding)
				}
			}
		}
	}
}

// TestWhatIsNoSecretStays byte for byte.
func TestWhatIsNoSecretStays(t *testing.T) {
	s := New([]string{"a-long-secret"})
	for _, text := range []string{
		``, `{}`, `{"key":"a","value":"{\"x\":1}","nick":"a+b%20c","tags":["x","y"]}`, `{"token":"","secret":null,"auth":true,"cookies":[],"pass":{}}`,
		`50% of 100%`, `a%2Fb`, `hello: world`, `12:30 at the office`, `x@example.com`, `https://example.com/a?b=c&d=%7B%22e%22%3A1%7D#f`, `lena:hello@all`,
		`{"a":"line\u000abreak \u0041","b":1e5, "c" : [ 1 , 2 ] }`, `aGVsbG8gd29ybGQsIHRoaXMgaXMgbm8gc2VjcmV0`, `0123456789abcdef0123456789abcdef`, `basic rules`,
		`the secretary: lena`, `&lt;b&gt;`, `<b>hello</b>`, "caf\xe9\x00", `roomid=1&key=a&value=b&sign=c`, `(a && b) || c == d`, "password", "token?",
	} {
		assert.Equal(t, text, s.Text(text))
		assert.Equal(t, text, s.Form(text))
	}
}

// TestOnlyTheValueIsReplaced, and what stands around it stays.
func TestOnlyTheValueIsReplaced(t *testing.T) {
	s := New(nil)
	for text, want := range map[string]string{
		`{"a":1, "token" : "x" ,"b":[true]}`:          `{"a":1, "token" : "REDACTED" ,"b":[true]}`,
		`{"token":["a",["XYZZY"]],"b":"stays"}`:       `{"token":"REDACTED","b":"stays"}`,
		` {"b":{"key":"token","value":5}} `:           ` {"b":{"key":"token","value":"REDACTED"}} `,
		`a=1&token=0%0X000000000000000000 0&b=2`:      `a=1&token=REDACTED&b=2`,
		`password: a, name: b`:                        `password: REDACTED, name: b`,
		`password=a;host=b`:                           `password=REDACTED;host=b`,
		"password: a b\nname: c":                      "password: REDACTED\nname: c",
		`id_token=a stays`:                            `id_token=REDACTED stays`,
		`https://x.example/?a=b&Signature=c&d=e`:      `https://x.example/?a=b&Signature=REDACTED&d=e`,
		`<a x="1"><token y="2">b</token><c>d</c></a>`: `<a x="1"><token y="2">REDACTED</token><c>d</c></a>`,
	} {
		scrubbed := s.Text(text)
		if strings.HasPrefix(text, "a=1&token") {
			scrubbed = s.Form(text)
		}
		assert.Equal(t, want, scrubbed)
	}
}

// TestWhatIsEncodedTooOftenIsReplaced as a whole, and quickly.
func TestWhatIsEncodedTooOftenIsReplaced(t *testing.T) {
	text := `{"token":"` + mark + `"}`
	for range deepest + 4 {
		text = base64.StdEncoding.EncodeToString([]byte(text))
	}
	assert.Equal(t, Redacted, New(nil).Text(text))
	assert.NotPanics(t, func() {
		New(nil).Form(strings.Repeat("%25", 50_000) + "&" + strings.Repeat("[", 9_000) + strings.Repeat("]", 9_000))
	})
}
