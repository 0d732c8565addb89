package sign

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

const testSecret = "secret-of-this-test"

func testCredentials(t testing.TB) Credentials {
	t.Helper()
	c, err := NewCredentials("app-key", testSecret)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestNewCredentialsTrimsAndRefuses(t *testing.T) {
	tests := []struct {
		name, key, secret string
		wantErr           string // part of the message; empty for none
	}{
		{name: "plain", key: "app-key", secret: testSecret},
		{name: "surrounding white space", key: " app-key\t", secret: "\r\n" + testSecret + "\n"},
		{name: "empty key", key: "", secret: testSecret, wantErr: "the app key is empty"},
		{name: "blank key", key: " \n", secret: testSecret, wantErr: "the app key is empty"},
		{name: "empty secret", key: "app-key", secret: "", wantErr: "the app secret is empty"},
		{name: "space inside the key", key: "app key", secret: testSecret, wantErr: "the app key has white space at byte 3"},
		{name: "line break inside the secret", key: "app-key", secret: "secret-of\n-this-test", wantErr: "the app secret has white space at byte 9"},
		{name: "header injection", key: "app-key\r\nX: y", secret: testSecret, wantErr: "the app key has white space at byte 7"},
		{name: "no-break space", key: "app-key", secret: "secret\u00a0of", wantErr: "the app secret has white space at byte 6"},
		{name: "byte order mark", key: "\ufeffapp-key", secret: testSecret, wantErr: "not visible ASCII at byte 0"},
		{name: "zero byte", key: "app-key", secret: "secret\x00", wantErr: "not visible ASCII at byte 6"},
		{name: "broken UTF-8", key: "app-key", secret: "secret\xff", wantErr: "not visible ASCII at byte 6"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := NewCredentials(tt.key, tt.secret)
			if tt.wantErr == "" {
				if err != nil || c.AppKey() != "app-key" || c.CheckSum("n", "1") != CheckSum(testSecret, "n", "1") {
					t.Fatalf("got %v, %v", c, err)
				}
				return
			}
			if !errors.Is(err, ErrCredentials) || !strings.Contains(err.Error(), tt.wantErr) {
				t.Fatalf("got %v, want %q", err, tt.wantErr)
			}
			if strings.Contains(err.Error(), "secret-of") || !c.IsZero() {
				t.Fatalf("the error shows the secret or credentials came back: %v, %v", err, c)
			}
		})
	}
}

func TestCredentialsNeverPrintTheirSecret(t *testing.T) {
	c := testCredentials(t)
	type exported struct{ Credentials Credentials }
	type unexported struct{ credentials Credentials }
	type pointer struct{ credentials *Credentials }

	values := map[string]any{
		"value":            c,
		"pointer":          &c,
		"exported field":   exported{c},
		"unexported field": unexported{c},
		"pointer field":    &pointer{&c},
		"slice":            []Credentials{c},
		"map":              map[string]Credentials{"a": c},
		"map key pointer":  map[*Credentials]int{&c: 1},
		"error":            fmt.Errorf("with %v", c),
	}
	for name, value := range values {
		var printed []string
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T", "%10s", "%-40v", "%w"} {
			printed = append(printed, fmt.Sprintf(verb, value))
		}
		if encoded, err := json.Marshal(value); err == nil {
			printed = append(printed, string(encoded))
		}
		for _, handler := range []func(*bytes.Buffer) slog.Handler{
			func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
			func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
		} {
			var log bytes.Buffer
			slog.New(handler(&log)).Info("m", "value", value)
			printed = append(printed, log.String())
		}
		for _, p := range printed {
			if strings.Contains(p, testSecret) || strings.Contains(p, fmt.Sprintf("%x", testSecret)) {
				t.Errorf("%s: printed as %s", name, p)
			}
		}
	}
}

func TestCredentialsPrintKeyAndRedacted(t *testing.T) {
	c := testCredentials(t)
	text, _ := c.MarshalText()
	encoded, _ := json.Marshal(c)
	tests := []struct{ name, got, want string }{
		{"%v", fmt.Sprintf("%v", c), "{AppKey:app-key AppSecret:REDACTED}"},
		{"%+v", fmt.Sprintf("%+v", c), "{AppKey:app-key AppSecret:REDACTED}"},
		{"%s", fmt.Sprintf("%s", c), "{AppKey:app-key AppSecret:REDACTED}"},
		{"%q", fmt.Sprintf("%q", c), `"{AppKey:app-key AppSecret:REDACTED}"`},
		{"%#v", fmt.Sprintf("%#v", c), `sign.Credentials{AppKey:"app-key", AppSecret:"REDACTED"}`},
		{"String", c.String(), "{AppKey:app-key AppSecret:REDACTED}"},
		{"GoString", c.GoString(), `sign.Credentials{AppKey:"app-key", AppSecret:"REDACTED"}`},
		{"MarshalText", string(text), "{AppKey:app-key AppSecret:REDACTED}"},
		{"MarshalJSON", string(encoded), `{"appKey":"app-key","appSecret":"REDACTED"}`},
		{"LogValue", c.LogValue().String(), "[appKey=app-key appSecret=REDACTED]"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, tt.got, tt.want)
		}
	}
}
