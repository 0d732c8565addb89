// Package nimroom is the hook that a client made by openapi-generator (go)
// needs: it signs each request, and takes the HTTP status from the code in the
// body, so that an API error is an error whose Model is the Error.
//
//	config := chatroom.NewConfiguration()
//	config.HTTPClient = &http.Client{Transport: &nimroom.Transport{AppKey: "app key", AppSecret: "app secret"}}
//	client := chatroom.NewAPIClient(config)
//	room, _, err := client.RoomsAPI.GetChatroom(ctx).Roomid(66).Execute()
package nimroom

import (
	"bytes"
	"crypto/rand"
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// Transport signs requests and passes them on.
type Transport struct {
	AppKey, AppSecret string
	// Now is time.Now when nil; correct it when the clock of this machine is off.
	Now func() time.Time
	// Base is http.DefaultTransport when nil.
	Base http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (t *Transport) RoundTrip(request *http.Request) (*http.Response, error) {
	now, base := t.Now, t.Base
	if now == nil {
		now = time.Now
	}
	if base == nil {
		base = http.DefaultTransport
	}
	nonce, curTime := rand.Text(), strconv.FormatInt(now().Unix(), 10)
	signed := request.Clone(request.Context()) // a RoundTripper leaves its request alone
	signed.Header.Set("AppKey", t.AppKey)
	signed.Header.Set("Nonce", nonce)
	signed.Header.Set("CurTime", curTime)
	signed.Header.Set("CheckSum", CheckSum(t.AppSecret, nonce, curTime))

	response, err := base.RoundTrip(signed)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(response.Body)
	if err := response.Body.Close(); err != nil {
		return nil, err
	}
	if err != nil {
		return nil, err
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	response.StatusCode = HTTPStatus(response.StatusCode, body)
	response.Status = fmt.Sprintf("%d %s", response.StatusCode, http.StatusText(response.StatusCode))
	return response, nil
}

// CheckSum returns the signature.
func CheckSum(appSecret, nonce, curTime string) string {
	sum := sha1.Sum([]byte(appSecret + nonce + curTime))
	return hex.EncodeToString(sum[:])
}

// HTTPStatus returns the status for a response: 400 for codes that are no HTTP
// status of an error, such as 13002.
func HTTPStatus(status int, body []byte) int {
	var response struct{ Code int }
	if json.Unmarshal(body, &response) != nil || response.Code == 0 || response.Code == 200 {
		return status // a success, or the response of a gateway
	}
	if response.Code >= 400 && response.Code <= 599 {
		return response.Code
	}
	return http.StatusBadRequest
}
