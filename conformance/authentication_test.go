package conformance

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

// signed holds the headers of a request that the test signs itself.
type signed struct{ appKey, secret, nonce, curTime, checkSum string }

func byHand(now time.Time) signed {
	return signed{emulator.DefaultAppKey, emulator.DefaultAppSecret, "4tgggergigwow323t23t", seconds(now), ""}
}

func seconds(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }

func (s signed) set(r *http.Request) {
	if s.checkSum == "" {
		s.checkSum = sign.CheckSum(s.secret, s.nonce, s.curTime)
	}
	for name, value := range map[string]string{
		sign.HeaderAppKey: s.appKey, sign.HeaderNonce: s.nonce, sign.HeaderCurTime: s.curTime, sign.HeaderCheckSum: s.checkSum,
	} {
		r.Header.Set(name, value)
	}
}

// TestAuthentication: each failure is code 414 with the service's own text.
func TestAuthentication(t *testing.T) {
	srv := emulator.Start(t, emulator.WithClock(still))
	ago := func(d time.Duration) func(*signed) { return func(s *signed) { s.curTime = seconds(start.Add(-d)) } }
	tests := []struct {
		name string
		edit func(*signed)
		desc string // empty where the request passes
	}{
		{"right", func(*signed) {}, ""},
		{"wrong CheckSum", func(s *signed) { s.checkSum = strings.Repeat("0", 40) }, "checksum"},
		{"CheckSum cut short", func(s *signed) { s.checkSum = sign.CheckSum(s.secret, s.nonce, s.curTime)[:39] }, "checksum"},
		{"CheckSum in capitals", func(s *signed) { s.checkSum = strings.ToUpper(sign.CheckSum(s.secret, s.nonce, s.curTime)) }, "checksum"},
		{"wrong secret", func(s *signed) { s.secret = "another-secret" }, "checksum"},
		{"unknown AppKey", func(s *signed) { s.appKey = "another-key" }, "appkey"},
		{"CurTime in milliseconds", func(s *signed) { s.curTime = strconv.FormatInt(start.UnixMilli(), 10) }, "CurTime is illegal"},
		{"CurTime as a date", func(s *signed) { s.curTime = start.Format(time.RFC3339) }, "CurTime is illegal"},
		{"CurTime with a fraction", func(s *signed) { s.curTime += ".5" }, "CurTime is illegal"},
		{"CurTime negative", func(s *signed) { s.curTime = "-" + s.curTime }, "CurTime is illegal"},
		{"five minutes ago", ago(5 * time.Minute), ""},
		{"five minutes ahead", ago(-5 * time.Minute), ""},
		{"more than five minutes ago", ago(5*time.Minute + time.Second), "CurTime is expired"},
		{"more than five minutes ahead", ago(-5*time.Minute - time.Second), "CurTime is expired"},
		{"the documents' year", func(s *signed) { s.curTime = "1443592222" }, "CurTime is expired"},
		{"Nonce of 128 characters", func(s *signed) { s.nonce = strings.Repeat("n", 128) }, ""},
		{"Nonce of 129 characters", func(s *signed) { s.nonce = strings.Repeat("n", 129) }, "Nonce exceeds 128 characters"},
		{"Nonce used before", func(*signed) {}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			headers := byHand(start)
			tt.edit(&headers)
			r := request(t, srv, createPath, "creator=zhangsan&name=a")
			headers.set(r)
			checkAuthentication(t, send(t, r), tt.desc)
		})
	}
}

// TestMissingSignatureHeaders: the error names the header. The text of the real
// service is not known.
func TestMissingSignatureHeaders(t *testing.T) {
	srv := emulator.Start(t)
	for _, header := range []string{sign.HeaderAppKey, sign.HeaderNonce, sign.HeaderCurTime, sign.HeaderCheckSum} {
		for _, edit := range []func(*http.Request){
			func(r *http.Request) { r.Header.Del(header) },
			func(r *http.Request) { r.Header.Set(header, "") },
		} {
			r := request(t, srv, createPath, "creator=zhangsan&name=a")
			edit(r)
			checkAuthentication(t, send(t, r), header+" is empty")
		}
	}
}

func checkAuthentication(t *testing.T, got reply, desc string) {
	t.Helper()
	code := 414
	if desc == "" {
		code = 200
	}
	if got.Status != http.StatusOK || got.Code != code || (code != 200 && got.text() != desc) {
		t.Errorf("HTTP status %d, code %d %q, want 200, %d %q", got.Status, got.Code, got.text(), code, desc)
	}
}

// TestHeaderNamesInAnyLetterCase: the documents write them both ways.
func TestHeaderNamesInAnyLetterCase(t *testing.T) {
	srv := emulator.Start(t)
	for _, spell := range []func(string) string{strings.ToLower, strings.ToUpper} {
		r := request(t, srv, createPath, "creator=zhangsan&name=a")
		for _, name := range []string{sign.HeaderAppKey, sign.HeaderNonce, sign.HeaderCurTime, sign.HeaderCheckSum, "Content-Type"} {
			value := r.Header.Get(name)
			r.Header.Del(name)
			r.Header[spell(name)] = []string{value}
		}
		checkAuthentication(t, send(t, r), "")
	}
}

// TestMachineTimeIsExpiredADayLater: the clock that moves mutes and robots
// moves the signatures' window and the Date header too.
func TestMachineTimeIsExpiredADayLater(t *testing.T) {
	srv := emulator.Start(t)
	target, err := NewEmulated(t.Context(), srv.URL, srv.Credentials())
	if err != nil {
		t.Fatal(err)
	}
	if response, err := target.Control(t.Context(), "advance", "", []byte(`{"advance":"24h"}`)); err != nil || response.Code != codeOK {
		t.Fatalf("%+v, %v", response, err)
	}
	r := request(t, srv, createPath, "creator=zhangsan&name=a")
	byHand(time.Now()).set(r)
	got := send(t, r)
	checkAuthentication(t, got, "CurTime is expired")
	date, err := http.ParseTime(got.Header.Get("Date"))
	if ahead := time.Until(date); err != nil || ahead < 23*time.Hour || ahead > 25*time.Hour {
		t.Errorf("Date is %q, %v", got.Header.Get("Date"), err)
	}
	r = request(t, srv, createPath, "creator=zhangsan&name=a")
	byHand(srv.Now()).set(r)
	checkAuthentication(t, send(t, r), "")

	response, err := target.Call(t.Context(), "createChatroom", map[string]string{"creator": "zhangsan", "name": "a"}, false)
	if err != nil || response.Code != codeOK {
		t.Errorf("signed with the emulator's time: %+v, %v", response, err)
	}
}

// TestSDKDistinguishesAuthenticationFailures: the code is 414 for all of them, but
// what the caller has to do differs.
func TestSDKDistinguishesAuthenticationFailures(t *testing.T) {
	srv := emulator.Start(t, emulator.WithClock(still))
	right := srv.Credentials()
	other := func(key, secret string) sign.Credentials {
		c, err := sign.NewCredentials(key, secret)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	tests := []struct {
		name        string
		credentials sign.Credentials
		clock       func() time.Time
		want        error
	}{
		{"wrong secret", other(emulator.DefaultAppKey, "another-secret"), still, wrapper.ErrBadSignature},
		{"unknown AppKey", other("another-key", emulator.DefaultAppSecret), still, wrapper.ErrBadSignature},
		{"clock an hour slow", right, func() time.Time { return start.Add(-time.Hour) }, wrapper.ErrClock},
		{"clock an hour fast", right, func() time.Time { return start.Add(time.Hour) }, wrapper.ErrClock},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			target, err := NewEmulated(t.Context(), srv.URL, tt.credentials, wrapper.WithClock(tt.clock))
			if err != nil {
				t.Fatal(err)
			}
			_, err = target.Client.Do(t.Context(), createPath, nil)
			var failure *wrapper.Error
			if !errors.Is(err, tt.want) || !errors.As(err, &failure) || failure.Code != 414 || failure.MayHaveTakenEffect {
				t.Errorf("%v, want %v", err, tt.want)
			}
		})
	}
}
