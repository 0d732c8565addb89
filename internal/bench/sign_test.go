package bench

import (
	"context"
	"crypto/rand"
	"crypto/sha1"
	"encoding/hex"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/nimroom/nimroom/sign"
)

// BenchmarkSign compares the signing editor with handwritten signing.
func BenchmarkSign(b *testing.B) {
	const appKey, secret = "app-key", "app-secret"
	credentials, err := sign.NewCredentials(appKey, secret)
	if err != nil {
		b.Fatal(err)
	}
	signer := sign.NewSigner(credentials)
	nimroom := func() {
		req := &http.Request{Header: make(http.Header, 8)}
		if err := signer.Edit(context.Background(), req); err != nil {
			b.Fatal(err)
		}
	}
	handwritten := func() {
		req := &http.Request{Header: make(http.Header, 8)}
		random := make([]byte, 16)
		if _, err := rand.Read(random); err != nil {
			b.Fatal(err)
		}
		nonce := hex.EncodeToString(random)
		curTime := strconv.FormatInt(time.Now().Unix(), 10)
		sum := sha1.Sum([]byte(secret + nonce + curTime))
		req.Header.Set("AppKey", appKey)
		req.Header.Set("Nonce", nonce)
		req.Header.Set("CurTime", curTime)
		req.Header.Set("CheckSum", hex.EncodeToString(sum[:]))
	}
	pair(b, 1000, nimroom, handwritten)
}
