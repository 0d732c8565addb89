package sign

import (
	"bufio"
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The vector of the spec, at the second it was signed.
const (
	vectorNonce = "4tgggergigwow323t23t"
	vectorTime  = "1443592222"
	vectorSum   = "4c6f0fbc04efedd91685a226da081807de269350"
)

var vectorNow = time.Unix(1443592222, 0)

func vectorCredentials(t testing.TB) Credentials {
	t.Helper()
	c, err := NewCredentials("app-key", "secret123")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestVerifyNamesWhatIsWrong(t *testing.T) {
	signed := func(nonce, curTime string) string { return CheckSum("secret123", nonce, curTime) }
	longest := strings.Repeat("é", MaxNonceLength)
	tests := []struct {
		name                    string
		app, nonce, curTime, by string
		want                    error
		desc                    string
	}{
		{name: "good", app: "app-key", nonce: vectorNonce, curTime: vectorTime, by: vectorSum},
		{name: "wrong checksum", app: "app-key", nonce: vectorNonce, curTime: vectorTime, by: "fc040248923c881f2fe7cc39602b79565230155c", want: ErrCheckSum, desc: "checksum"},
		{name: "checksum of another nonce", app: "app-key", nonce: "1", curTime: vectorTime, by: vectorSum, want: ErrCheckSum, desc: "checksum"},
		{name: "upper-case checksum", app: "app-key", nonce: vectorNonce, curTime: vectorTime, by: strings.ToUpper(vectorSum), want: ErrCheckSum, desc: "checksum"},
		{name: "shortened checksum", app: "app-key", nonce: vectorNonce, curTime: vectorTime, by: vectorSum[:39], want: ErrCheckSum, desc: "checksum"},
		{name: "unknown app", app: "other-key", nonce: vectorNonce, curTime: vectorTime, by: vectorSum, want: ErrAppKey, desc: "appkey"},
		{name: "app key in another case", app: "APP-KEY", nonce: vectorNonce, curTime: vectorTime, by: vectorSum, want: ErrAppKey, desc: "appkey"},
		{name: "five minutes old", app: "app-key", nonce: "n", curTime: "1443591922", by: signed("n", "1443591922")},
		{name: "older", app: "app-key", nonce: "n", curTime: "1443591921", by: signed("n", "1443591921"), want: ErrCurTimeExpired, desc: "CurTime is expired"},
		{name: "five minutes ahead", app: "app-key", nonce: "n", curTime: "1443592522", by: signed("n", "1443592522")},
		{name: "further ahead", app: "app-key", nonce: "n", curTime: "1443592523", by: signed("n", "1443592523"), want: ErrCurTimeExpired, desc: "CurTime is expired"},
		{name: "zero", app: "app-key", nonce: "n", curTime: "0", by: signed("n", "0"), want: ErrCurTimeExpired, desc: "CurTime is expired"},
		{name: "milliseconds", app: "app-key", nonce: "n", curTime: "1443592222000", by: signed("n", "1443592222000"), want: ErrCurTimeIllegal, desc: "CurTime is illegal"},
		{name: "negative", app: "app-key", nonce: "n", curTime: "-1443592222", by: signed("n", "-1443592222"), want: ErrCurTimeIllegal, desc: "CurTime is illegal"},
		{name: "signed number", app: "app-key", nonce: "n", curTime: "+1443592222", by: signed("n", "+1443592222"), want: ErrCurTimeIllegal, desc: "CurTime is illegal"},
		{name: "fraction", app: "app-key", nonce: "n", curTime: "1443592222.5", by: signed("n", "1443592222.5"), want: ErrCurTimeIllegal, desc: "CurTime is illegal"},
		{name: "a date", app: "app-key", nonce: "n", curTime: "2015-09-30", by: signed("n", "2015-09-30"), want: ErrCurTimeIllegal, desc: "CurTime is illegal"},
		{name: "beyond 64 bits", app: "app-key", nonce: "n", curTime: "99999999999999999999", by: vectorSum, want: ErrCurTimeIllegal, desc: "CurTime is illegal"},
		{name: "longest nonce", app: "app-key", nonce: longest, curTime: vectorTime, by: signed(longest, vectorTime)},
		{name: "longer nonce", app: "app-key", nonce: longest + "n", curTime: vectorTime, by: signed(longest+"n", vectorTime), want: ErrNonceTooLong, desc: "Nonce exceeds 128 characters"},
		{name: "no app key", nonce: vectorNonce, curTime: vectorTime, by: vectorSum, want: ErrMissingHeader, desc: "AppKey is empty"},
		{name: "no nonce", app: "app-key", curTime: vectorTime, by: vectorSum, want: ErrMissingHeader, desc: "Nonce is empty"},
		{name: "no time", app: "app-key", nonce: vectorNonce, by: vectorSum, want: ErrMissingHeader, desc: "CurTime is empty"},
		{name: "no checksum", app: "app-key", nonce: vectorNonce, curTime: vectorTime, want: ErrMissingHeader, desc: "CheckSum is empty"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := http.Header{}
			h.Set(HeaderAppKey, tt.app)
			h.Set(HeaderNonce, tt.nonce)
			h.Set(HeaderCurTime, tt.curTime)
			h.Set(HeaderCheckSum, tt.by)
			err := Verify(h, vectorNow, vectorCredentials(t))
			if !errors.Is(err, tt.want) {
				t.Fatalf("got %v, want %v", err, tt.want)
			}
			if refusal := (*Error)(nil); errors.As(err, &refusal) && refusal.Desc() != tt.desc {
				t.Errorf("desc %q, want %q", refusal.Desc(), tt.desc)
			}
		})
	}
}

func TestVerifyFindsTheAppAmongSeveral(t *testing.T) {
	other, err := NewCredentials("other-key", "other-secret")
	if err != nil {
		t.Fatal(err)
	}
	req := &http.Request{}
	if err := NewSigner(other).Edit(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	if err := Verify(req.Header, now, vectorCredentials(t), other); err != nil {
		t.Error(err)
	}
	if err := Verify(req.Header, now, vectorCredentials(t)); !errors.Is(err, ErrAppKey) {
		t.Errorf("got %v", err)
	}
	if err := Verify(req.Header, now); !errors.Is(err, ErrAppKey) {
		t.Errorf("without apps: got %v", err)
	}
	if err := Verify(http.Header{keyAppKey: {""}}, now, Credentials{}); !errors.Is(err, ErrMissingHeader) {
		t.Errorf("zero credentials: got %v", err)
	}
}

// The header parts of the documents' cURL lines, each spelling once, with the
// values of the test vector.
var documentedHeaderLines = []struct{ source, line string }{
	{"en-chatroom: Creating a chat room",
		`-H "CheckSum: SUM" -H "AppKey: app-key" -H "Nonce: NONCE" -H "CurTime: TIME" -H "Content-Type: application/x-www-form-urlencoded"`},
	{"en-chatroom: Querying the list of chat rooms created by users",
		`-H 'appkey: app-key' -H 'cache-control: no-cache' -H 'checksum: SUM' -H 'content-type: application/x-www-form-urlencoded'  -H 'curtime: TIME'  -H 'nonce: NONCE'`},
	{"zh-tags: 根据标签查询历史消息",
		`-H 'AppKey: app-key' -H 'Nonce: NONCE' -H 'CurTime: TIME' -H 'CheckSum: SUM' -H 'Content-Type: application/x-www-form-urlencoded'`},
	{"any client that shouts",
		`-H 'APPKEY: app-key' -H 'NONCE: NONCE' -H 'CURTIME: TIME' -H 'CHECKSUM: SUM'`},
}

func TestVerifyReadsEveryDocumentedHeaderSpelling(t *testing.T) {
	header := regexp.MustCompile(`-H ['"]([^:]+): ([^'"]+)['"]`)
	fill := strings.NewReplacer(": SUM", ": "+vectorSum, ": NONCE", ": "+vectorNonce, ": TIME", ": "+vectorTime)
	for _, tt := range documentedHeaderLines {
		t.Run(tt.source, func(t *testing.T) {
			raw := http.Header{}
			var wire strings.Builder
			wire.WriteString("POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
			for _, match := range header.FindAllStringSubmatch(fill.Replace(tt.line), -1) {
				raw[match[1]] = []string{match[2]}
				wire.WriteString(match[1] + ": " + match[2] + "\r\n")
			}
			received, err := http.ReadRequest(bufio.NewReader(strings.NewReader(wire.String() + "\r\n")))
			if err != nil {
				t.Fatal(err)
			}
			if err := Verify(received.Header, vectorNow, vectorCredentials(t)); err != nil {
				t.Errorf("as net/http reads it: %v", err)
			}
			if err := Verify(raw, vectorNow, vectorCredentials(t)); err != nil {
				t.Errorf("as written: %v", err)
			}
		})
	}
}

// FuzzVerify holds Verify to its rule: what it lets pass is exactly what the
// signer would have written, and nothing makes it panic.
func FuzzVerify(f *testing.F) {
	f.Add("app-key", vectorNonce, vectorTime, vectorSum, int64(1443592222))
	f.Add("app-key", vectorNonce, vectorTime, vectorSum, int64(1443592222+301))
	f.Add("", "", "", "", int64(0))
	f.Add("app-key", "n", "99999999999999999999", "checksum", int64(-1))
	f.Add("app-key", strings.Repeat("n", 129), "1443592222000", "", int64(1<<62))
	credentials := vectorCredentials(f)
	f.Fuzz(func(t *testing.T, app, nonce, curTime, sum string, now int64) {
		h := http.Header{"AppKey": {app}, "nonce": {nonce}, "Curtime": {curTime}, "CHECKSUM": {sum}}
		err := Verify(h, time.Unix(now, 0), credentials)
		if err != nil {
			var refusal *Error
			if !errors.As(err, &refusal) || refusal.Desc() == "" || refusal.Header == "" {
				t.Fatalf("an unclear refusal: %#v", err)
			}
			return
		}
		seconds, err := strconv.ParseInt(curTime, 10, 64)
		if err != nil || seconds < now-300 || seconds > now+300 {
			t.Errorf("CurTime %q passed at %d", curTime, now)
		}
		if app != "app-key" || sum != CheckSum("secret123", nonce, curTime) {
			t.Errorf("app %q nonce %q time %q sum %q passed", app, nonce, curTime, sum)
		}
	})
}
