package callback_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/nimroom/nimroom/callback"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/sign"
)

func Example() {
	credentials, err := sign.NewCredentials("app-key", "app-secret")
	if err != nil {
		fmt.Println(err)
		return
	}
	http.Handle("/callbacks", callback.New(credentials, callback.Handlers{
		OnMessage: func(_ context.Context, m *gen.MessageCallback) error {
			fmt.Println(m.FromAccount, "says", m.Attach, "in room", m.RoomID)
			return nil
		},
	}))

	// What the service sends:
	const body = `{"eventType":"4","roomId":"1001","fromAccount":"lena","attach":"hello","msgType":"TEXT","msgidClient":"m1","msgTimestamp":"1669118400000"}`
	request := httptest.NewRequest(http.MethodPost, "/callbacks", strings.NewReader(body))
	if err := credentials.SignCallback(request.Header, []byte(body), time.Now()); err != nil {
		fmt.Println(err)
		return
	}
	response := httptest.NewRecorder()
	http.DefaultServeMux.ServeHTTP(response, request)
	fmt.Println(response.Code)
	// Output:
	// lena says hello in room 1001
	// 200
}
