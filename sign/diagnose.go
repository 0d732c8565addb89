package sign

import (
	"bytes"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"strconv"
	"strings"
	"time"
)

// Cause is what is wrong with a CheckSum. Its text is the name of an entry of x-advice in the
// spec.
type Cause string

// The causes.
const (
	// CauseUpperCase: the CheckSum is right but for its upper-case letters.
	CauseUpperCase Cause = "checkSumUpperCase"
	// CauseNotHex: the CheckSum is the right hash in Base64.
	CauseNotHex Cause = "checkSumNotHex"
	// CauseOtherHash: it was made with another hash, which the detail names.
	CauseOtherHash Cause = "checkSumOtherHash"
	// CauseOtherOrder: the texts were hashed in another order, which the detail gives.
	CauseOtherOrder Cause = "checkSumOtherOrder"
	// CausePart: only some of the texts were hashed, which the detail gives.
	CausePart Cause = "checkSumOfPart"
	// CauseOtherTime: another time was hashed, which the detail gives.
	CauseOtherTime Cause = "checkSumOtherTime"
	// CauseSpace: there is white space beside the secret.
	CauseSpace Cause = "secretHasSpace"
	// CauseAppKey: the app key was hashed in place of the secret.
	CauseAppKey Cause = "secretIsAppKey"
	// CauseNoSecret: Nonce and CurTime were hashed without a secret.
	CauseNoSecret Cause = "secretMissing"
	// CauseOtherSecret: none of the others. Another secret was hashed, or other texts.
	CauseOtherSecret Cause = "secretOfAnother"
)

// otherTimes is how far from CurTime and from now, in seconds, Diagnose looks for the time
// that was hashed.
const otherTimes = 600

// Diagnose finds out how a wrong CheckSum of the app was made, given the Nonce and CurTime that
// came with it and the time of its arrival. The detail depends on the cause and never holds the
// secret. It is for test servers: an answer helps whoever guesses a secret.
func (c Credentials) Diagnose(nonce, curTime, sum string, now time.Time) (cause Cause, detail string) {
	if c.IsZero() {
		return CauseOtherSecret, ""
	}
	d := diagnosis{secret: c.secret(), nonce: nonce, curTime: curTime, sum: strings.ToLower(sum)}
	right := sha1.Sum([]byte(d.secret + nonce + curTime))
	switch {
	case d.is(d.secret + nonce + curTime):
		return CauseUpperCase, ""
	case d.encodes(right[:]):
		return CauseNotHex, ""
	}
	for _, find := range []func() (Cause, string){
		d.otherHash, d.otherOrder, func() (Cause, string) { return d.otherSecret(c.appKey) }, func() (Cause, string) { return d.otherTime(now) },
	} {
		if cause, detail := find(); cause != "" {
			return cause, detail
		}
	}
	return CauseOtherSecret, ""
}

// diagnosis has what a CheckSum should have been made of. sum is in lower case.
type diagnosis struct{ secret, nonce, curTime, sum string }

// is reports whether the CheckSum is that of a text.
func (d diagnosis) is(text string) bool {
	var hexed [checkSumLength]byte
	encodeSum(hexed[:], []byte(text))
	return string(hexed[:]) == d.sum
}

// encodes reports whether the CheckSum is a hash in Base64, whatever the letter case.
func (d diagnosis) encodes(sum []byte) bool {
	for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		if strings.EqualFold(encoding.EncodeToString(sum), d.sum) {
			return true
		}
	}
	return false
}

func (d diagnosis) otherHash() (Cause, string) {
	text, rest := d.secret+d.nonce+d.curTime, d.nonce+d.curTime
	for _, h := range []struct {
		name string
		hash hash.Hash
		text string
	}{
		{"MD5", md5.New(), text},
		{"SHA-256", sha256.New(), text},
		{"SHA-512", sha512.New(), text},
		{"HMAC-MD5", hmac.New(md5.New, []byte(d.secret)), rest},
		{"HMAC-SHA1", hmac.New(sha1.New, []byte(d.secret)), rest},
		{"HMAC-SHA256", hmac.New(sha256.New, []byte(d.secret)), rest},
	} {
		h.hash.Write([]byte(h.text))
		if sum := h.hash.Sum(nil); hex.EncodeToString(sum) == d.sum || d.encodes(sum) {
			return CauseOtherHash, h.name
		}
	}
	return "", ""
}

func (d diagnosis) otherOrder() (Cause, string) {
	texts := [...]struct{ name, text string }{{"AppSecret", d.secret}, {HeaderNonce, d.nonce}, {HeaderCurTime, d.curTime}}
	for _, order := range [...][]int{
		{1, 0, 2}, {0, 2, 1}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0},
		{0, 1}, {1, 0}, {0, 2}, {2, 0}, {0}, {1}, {2},
	} {
		var names []string
		var text bytes.Buffer
		for _, i := range order {
			names = append(names, texts[i].name)
			text.WriteString(texts[i].text)
		}
		switch {
		case !d.is(text.String()):
		case len(order) == len(texts):
			return CauseOtherOrder, strings.Join(names, ", ")
		default:
			return CausePart, strings.Join(names, ", ")
		}
	}
	return "", ""
}

func (d diagnosis) otherSecret(appKey string) (Cause, string) {
	rest := d.nonce + d.curTime
	switch {
	case d.is(appKey + rest):
		return CauseAppKey, ""
	case d.is(rest):
		return CauseNoSecret, ""
	}
	for _, space := range []string{" ", "\n", "\r\n", "\r", "\t", "\u00a0", "\ufeff"} {
		if d.is(space+d.secret+rest) || d.is(d.secret+space+rest) || d.is(space+d.secret+space+rest) {
			return CauseSpace, ""
		}
	}
	return "", ""
}

func (d diagnosis) otherTime(now time.Time) (Cause, string) {
	begin := d.secret + d.nonce
	around := []int64{now.Unix()}
	if sent, err := strconv.ParseInt(d.curTime, 10, 64); err == nil {
		around = append(around, sent)
		for _, text := range []string{d.curTime + "000", strconv.FormatInt(sent/1000, 10)} { // milliseconds
			if d.is(begin + text) {
				return CauseOtherTime, text
			}
		}
	}
	for _, middle := range around {
		for off := int64(-otherTimes); off <= otherTimes; off++ {
			if text := strconv.FormatInt(middle+off, 10); d.is(begin + text) {
				return CauseOtherTime, text
			}
		}
	}
	return "", ""
}
