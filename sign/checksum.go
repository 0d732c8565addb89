package sign

import (
	"crypto/sha1"
	"encoding/hex"
)

// The four headers of a signed request, as the documents spell them. HTTP
// header names are case-insensitive.
const (
	HeaderAppKey   = "AppKey"
	HeaderNonce    = "Nonce"
	HeaderCurTime  = "CurTime"
	HeaderCheckSum = "CheckSum"
)

// The same names as http.Header holds them.
const (
	keyAppKey   = "Appkey"
	keyNonce    = "Nonce"
	keyCurTime  = "Curtime"
	keyCheckSum = "Checksum"
)

const checkSumLength = 2 * sha1.Size

// CheckSum returns the value of the CheckSum header: the SHA-1 of
// secret + nonce + curTime as 40 lower-case hex digits. curTime is in Unix
// seconds, as decimal text.
//
// The service requires SHA-1; this package has no choice.
func CheckSum(secret, nonce, curTime string) string {
	var room [256]byte // large enough for usual values, which saves an allocation
	text := append(append(append(room[:0], secret...), nonce...), curTime...)
	var hexed [checkSumLength]byte
	encodeSum(hexed[:], text)
	return string(hexed[:])
}

func encodeSum(dst, text []byte) {
	sum := sha1.Sum(text)
	hex.Encode(dst, sum[:])
}
