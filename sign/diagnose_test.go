package sign_test

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/internal/advice"
	"github.com/nimroom/nimroom/sign"
)

func TestDiagnoseNamesTheCause(t *testing.T) {
	const key, secret, nonce, curTime = "app-key", "secret123", "4tgggergigwow323t23t", "1443592222"
	credentials, err := sign.NewCredentials(key, secret)
	require.NoError(t, err)
	now := time.Unix(1443592230, 0)
	sum := func(text string) string {
		digest := sha1.Sum([]byte(text))
		return hex.EncodeToString(digest[:])
	}
	right := sha1.Sum([]byte(secret + nonce + curTime))
	digest := md5.Sum([]byte(secret + nonce + curTime))
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(nonce + curTime))

	for name, tt := range map[string]struct {
		sum    string
		cause  sign.Cause
		detail string
	}{
		"upper case":         {strings.ToUpper(hex.EncodeToString(right[:])), sign.CauseUpperCase, ""},
		"Base64":             {base64.StdEncoding.EncodeToString(right[:]), sign.CauseNotHex, ""},
		"MD5":                {hex.EncodeToString(digest[:]), sign.CauseOtherHash, "MD5"},
		"HMAC":               {base64.StdEncoding.EncodeToString(mac.Sum(nil)), sign.CauseOtherHash, "HMAC-SHA256"},
		"secret at the end":  {sum(nonce + curTime + secret), sign.CauseOtherOrder, "Nonce, CurTime, AppSecret"},
		"secret after nonce": {sum(nonce + secret + curTime), sign.CauseOtherOrder, "Nonce, AppSecret, CurTime"},
		"without the time":   {sum(secret + nonce), sign.CausePart, "AppSecret, Nonce"},
		"another second":     {sum(secret + nonce + "1443592223"), sign.CauseOtherTime, "1443592223"},
		"milliseconds":       {sum(secret + nonce + curTime + "000"), sign.CauseOtherTime, curTime + "000"},
		"a line break":       {sum(secret + "\n" + nonce + curTime), sign.CauseSpace, ""},
		"a space before":     {sum(" " + secret + nonce + curTime), sign.CauseSpace, ""},
		"the app key":        {sum(key + nonce + curTime), sign.CauseAppKey, ""},
		"no secret":          {sum(nonce + curTime), sign.CauseNoSecret, ""},
		"another secret":     {sum("secret124" + nonce + curTime), sign.CauseOtherSecret, ""},
		"no sum at all":      {"x", sign.CauseOtherSecret, ""},
	} {
		t.Run(name, func(t *testing.T) {
			cause, detail := credentials.Diagnose(nonce, curTime, tt.sum, now)
			assert.Equal(t, tt.cause, cause)
			assert.Equal(t, tt.detail, detail)
			assert.NotContains(t, detail, secret)
			assert.False(t, advice.New(advice.Name(cause)).IsZero(), "%s has no advice", cause)
		})
	}

	cause, _ := sign.Credentials{}.Diagnose(nonce, curTime, "x", now)
	assert.Equal(t, sign.CauseOtherSecret, cause)
}

func FuzzDiagnose(f *testing.F) {
	f.Add("key", "secret", "nonce", "1443592222", "4c6f0fbc04efedd91685a226da081807de269350")
	f.Add("k", "s", "", "-1", "")
	f.Fuzz(func(t *testing.T, key, secret, nonce, curTime, sum string) {
		credentials, err := sign.NewCredentials(key, secret)
		if err != nil {
			t.Skip()
		}
		_, detail := credentials.Diagnose(nonce, curTime, sum, time.Unix(1443592222, 0))
		if len(secret) > 12 && strings.Contains(detail, secret) {
			t.Errorf("the detail %q holds the secret", detail)
		}
	})
}
