package bench_test

import (
	"context"
	"crypto/rand"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/nimroom/nimroom/sign"
)

// BenchmarkSign compares the signing editor with what a careful person writes
// by hand.
func BenchmarkSign(b *testing.B) {
	const appKey, secret = "app-key", "app-secret"
	b.Run("nimroom", func(b *testing.B) {
		credentials, err := sign.NewCredentials(appKey, secret)
		if err != nil {
			b.Fatal(err)
		}
		signer := sign.NewSigner(credentials)
		b.ReportAllocs()
		for b.Loop() {
			req := &http.Request{Header: make(http.Header, 8)}
			if err := signer.Edit(context.Background(), req); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("handwritten", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			req := &http.Request{Header: make(http.Header, 8)}
			random := make([]byte, 16)
			if _, err := rand.Read(random); err != nil {
				b.Fatal(err)
			}
			nonce := hex.EncodeToString(random)
			curTime := fmt.Sprintf("%d", time.Now().Unix())
			sum := sha1.Sum([]byte(secret + nonce + curTime))
			req.Header.Set("AppKey", appKey)
			req.Header.Set("Nonce", nonce)
			req.Header.Set("CurTime", curTime)
			req.Header.Set("CheckSum", hex.EncodeToString(sum[:]))
		}
	})
}
