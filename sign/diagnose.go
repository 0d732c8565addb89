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
	"slices"
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

// Diagnose finds out how a wrong CheckSum of the app was made, given the Nonce and CurTime that
// came with it and the time of its arrival. The detail depends on the cause and never holds the
// secret. It is for test servers: an answer helps whoever guesses a secret.
func (c Credentials) Diagnose(nonce, curTime, sum string, now time.Time) (cause Cause, detail string) {
	if c.IsZero() {
		return otherwise, ""
	}
	texts := map[string]string{"AppKey": c.appKey, "AppSecret": c.secret(), HeaderNonce: nonce, HeaderCurTime: curTime}
	hexadecimal, base := readHex(sum), readBase64(sum)
	var room [sha512.Size]byte
	for _, m := range mistakes {
		digest := hashes[m.algorithm](texts["AppSecret"])
		for _, other := range m.others(curTime, now) {
			texts["spaces"], texts["time"] = other, other
			digest.Reset()
			for _, name := range m.input {
				digest.Write([]byte(texts[name]))
			}
			made := digest.Sum(room[:0])
			switch {
			case (m.output == "Base64" || !bytes.Equal(made, hexadecimal)) && (m.output == "hexadecimal" || !bytes.Equal(made, base)):
			case slices.Contains(m.input, "time"):
				return m.cause, other
			default:
				return m.cause, m.detail
			}
		}
	}
	return otherwise, ""
}

// mistake is what a wrong CheckSum may have been made of, an entry of x-signature-mistakes.
type mistake struct {
	cause     Cause
	algorithm string
	input     []string // names of texts that are joined
	output    string   // empty for any
	detail    string   // unless it is a time
}

// hashes are the algorithms by name. An HMAC has the secret as its key.
var hashes = map[string]func(secret string) hash.Hash{
	"SHA-1":       func(string) hash.Hash { return sha1.New() },
	"MD5":         func(string) hash.Hash { return md5.New() },
	"SHA-256":     func(string) hash.Hash { return sha256.New() },
	"SHA-512":     func(string) hash.Hash { return sha512.New() },
	"HMAC-MD5":    func(secret string) hash.Hash { return hmac.New(md5.New, []byte(secret)) },
	"HMAC-SHA1":   func(secret string) hash.Hash { return hmac.New(sha1.New, []byte(secret)) },
	"HMAC-SHA256": func(secret string) hash.Hash { return hmac.New(sha256.New, []byte(secret)) },
}

// others returns the texts for which spaces or time stands in the input of m.
func (m mistake) others(curTime string, now time.Time) []string {
	switch {
	case slices.Contains(m.input, "spaces"):
		return spaces
	case !slices.Contains(m.input, "time"):
		return []string{""}
	}
	var times []string
	around := []int64{now.Unix()}
	if sent, err := strconv.ParseInt(curTime, 10, 64); err == nil {
		times = append(times, curTime+"000", strconv.FormatInt(sent/1000, 10)) // milliseconds
		around = append(around, sent)
	}
	for _, middle := range around {
		for off := int64(-otherTimes); off <= otherTimes; off++ {
			times = append(times, strconv.FormatInt(middle+off, 10))
		}
	}
	return times
}

// readHex returns the bytes of a text in hexadecimal, or nil.
func readHex(text string) []byte {
	read, err := hex.DecodeString(text)
	if err != nil {
		return nil
	}
	return read
}

// readBase64 returns the bytes of a text in Base64, in either alphabet, or nil.
func readBase64(text string) []byte {
	text = strings.TrimRight(strings.NewReplacer("-", "+", "_", "/").Replace(text), "=")
	read, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		return nil
	}
	return read
}
