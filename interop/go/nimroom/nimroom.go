// Package nimroom is the hook that a client made by openapi-generator (go)
// needs: it signs each request by the service's clock, and takes the HTTP status
// from the code in the body, so that an API error is an error whose Model is the
// Error.
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
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"
)

// Transport signs requests and passes them on.
type Transport struct {
	AppKey, AppSecret string
	// Now is time.Now when nil.
	Now func() time.Time
	// Base is http.DefaultTransport when nil.
	Base http.RoundTripper

	ahead atomic.Int64 // the service's clock before ours, in seconds
}

// RoundTrip implements http.RoundTripper. A request that the service rejects
// because of its time, and so does not carry out, is sent once more by the time
// in Date.
func (t *Transport) RoundTrip(request *http.Request) (*http.Response, error) {
	response, body, err := t.send(request)
	if err == nil && Expired(body) && (request.Body == nil || request.GetBody != nil) {
		if date, wrong := http.ParseTime(response.Header.Get("Date")); wrong == nil {
			t.ahead.Store(date.Unix() - t.now())
			response, body, err = t.send(request)
		}
	}
	if err != nil {
		return nil, err
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	response.StatusCode = HTTPStatus(response.StatusCode, body)
	response.Status = fmt.Sprintf("%d %s", response.StatusCode, http.StatusText(response.StatusCode))
	return response, nil
}

// send signs a request and sends it.
func (t *Transport) send(request *http.Request) (*http.Response, []byte, error) {
	base := t.Base
	if base == nil {
		base = http.DefaultTransport
	}
	nonce, curTime := rand.Text(), strconv.FormatInt(t.now()+t.ahead.Load(), 10)
	signed := request.Clone(request.Context()) // a RoundTripper leaves its request alone
	if request.GetBody != nil {
		var err error
		if signed.Body, err = request.GetBody(); err != nil {
			return nil, nil, err
		}
	}
	signed.Header.Set("AppKey", t.AppKey)
	signed.Header.Set("Nonce", nonce)
	signed.Header.Set("CurTime", curTime)
	signed.Header.Set("CheckSum", CheckSum(t.AppSecret, nonce, curTime))
	response, err := base.RoundTrip(signed)
	if err != nil {
		return nil, nil, err
	}
	body, err := io.ReadAll(response.Body)
	return response, body, errors.Join(err, response.Body.Close())
}

func (t *Transport) now() int64 {
	if t.Now == nil {
		return time.Now().Unix()
	}
	return t.Now().Unix()
}

// CheckSum returns the signature.
func CheckSum(appSecret, nonce, curTime string) string {
	sum := sha1.Sum([]byte(appSecret + nonce + curTime))
	return hex.EncodeToString(sum[:])
}

// Expired reports whether the service rejected the time of a request.
func Expired(body []byte) bool {
	var response struct {
		Code int
		Desc string
	}
	return json.Unmarshal(body, &response) == nil && response.Code == 414 && response.Desc == "CurTime is expired"
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
