package sign_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/nimroom/nimroom/sign"
)

func Example() {
	credentials, err := sign.NewCredentials("app-key", "app-secret")
	if err != nil {
		fmt.Println(err)
		return
	}
	req, err := http.NewRequest(http.MethodPost, "https://api.netease.im/nimserver/chatroom/get.action", strings.NewReader("roomid=66"))
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := sign.NewSigner(credentials).Edit(context.Background(), req); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("signed for", req.Header.Get("AppKey"))
	fmt.Println("verified:", sign.Verify(req.Header, time.Now(), credentials) == nil)
	fmt.Println(credentials)
	// Output:
	// signed for app-key
	// verified: true
	// {AppKey:app-key AppSecret:REDACTED}
}

func ExampleCheckSum() {
	fmt.Println(sign.CheckSum("secret123", "4tgggergigwow323t23t", "1443592222"))
	// Output: 4c6f0fbc04efedd91685a226da081807de269350
}

func ExampleVerify() {
	credentials, err := sign.NewCredentials("app-key", "app-secret")
	if err != nil {
		fmt.Println(err)
		return
	}
	now := time.Now()
	req := &http.Request{}
	if err := sign.NewSigner(credentials).Edit(context.Background(), req); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(sign.Verify(req.Header, now, credentials))
	fmt.Println(sign.Verify(req.Header, now.Add(24*time.Hour), credentials))
	// Output:
	// <nil>
	// sign: CurTime is more than five minutes off the server's time
}
