package nimroom

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

// service rejects times that are not its own.
type service struct {
	now   int64
	forms []string
}

func (s *service) RoundTrip(request *http.Request) (*http.Response, error) {
	form, err := io.ReadAll(request.Body)
	s.forms = append(s.forms, string(form))
	body := `{"code":200}`
	if request.Header.Get("CurTime") != strconv.FormatInt(s.now, 10) {
		body = `{"code":414,"desc":"CurTime is expired"}`
	}
	date := time.Unix(s.now, 0).UTC().Format(http.TimeFormat)
	return &http.Response{StatusCode: 200, Header: http.Header{"Date": {date}}, Body: io.NopCloser(strings.NewReader(body))}, err
}

func TestTheServicesClockIsFollowed(t *testing.T) {
	far := &service{now: 1_700_000_000}
	client := http.Client{Transport: &Transport{AppKey: "K", AppSecret: "S", Base: far, Now: func() time.Time { return time.Unix(1_600_000_000, 0) }}}
	for range 2 {
		response, err := client.Post("http://service.example/", "application/x-www-form-urlencoded", strings.NewReader("roomid=66"))
		if err != nil || response.StatusCode != 200 {
			t.Fatalf("%+v, %v", response, err)
		}
	}
	if got := fmt.Sprint(far.forms); got != "[roomid=66 roomid=66 roomid=66]" { // the first one twice
		t.Errorf("sent %s", got)
	}
}

func TestSignatureIsThatOfTheTestVector(t *testing.T) {
	got := CheckSum("secret123", "4tgggergigwow323t23t", "1443592222")
	if want := "4c6f0fbc04efedd91685a226da081807de269350"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestStatusIsTakenFromTheCode(t *testing.T) {
	for _, test := range []struct {
		status int
		body   string
		want   int
	}{
		{200, `{"code":200}`, 200},
		{200, `{"code":404}`, 404},
		{200, `{"code":13002}`, 400},
		{200, `{"code":301}`, 400},
		{502, `<html>`, 502},
		{502, `null`, 502},
		{200, `{}`, 200},
	} {
		if got := HTTPStatus(test.status, []byte(test.body)); got != test.want {
			t.Errorf("%d %s: got %d, want %d", test.status, test.body, got, test.want)
		}
	}
}
