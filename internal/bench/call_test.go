package bench_test

import (
	"context"
	"crypto/rand"
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wire"
	"github.com/nimroom/nimroom/wrapper"
)

// answering serves one body to every request, over loopback.
func answering(b *testing.B, body []byte) string {
	b.Helper()
	length := strconv.Itoa(len(body))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("Content-Length", length)
		_, _ = w.Write(body)
	}))
	b.Cleanup(server.Close)
	return server.URL + "/nimserver"
}

// client returns nimroom's client of a server.
func client(b *testing.B, base string) *wrapper.Client {
	b.Helper()
	credentials, err := sign.NewCredentials("app-key", "app-secret")
	if err != nil {
		b.Fatal(err)
	}
	c, err := wrapper.New(credentials, wrapper.WithBaseURL(base))
	if err != nil {
		b.Fatal(err)
	}
	return c
}

// post is what a careful person writes by hand for one call: form, signature,
// time-out, status, envelope.
func post(ctx context.Context, c *http.Client, base, path string, form url.Values, answer any) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+path, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	random := make([]byte, 16)
	if _, err := rand.Read(random); err != nil {
		return err
	}
	nonce := hex.EncodeToString(random)
	now := strconv.FormatInt(time.Now().Unix(), 10)
	sum := sha1.Sum([]byte("app-secret" + nonce + now))
	req.Header.Set("AppKey", "app-key")
	req.Header.Set("Nonce", nonce)
	req.Header.Set("CurTime", now)
	req.Header.Set("CheckSum", hex.EncodeToString(sum[:]))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded;charset=utf-8")
	req.Header.Set("User-Agent", "handwritten/1")
	resp, err := c.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("HTTP status %d", resp.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, 16<<20))
	if err != nil {
		return err
	}
	return json.Unmarshal(body, answer)
}

// room and member are what a person writes down of the answers: plain fields,
// exact spellings only.
type (
	room struct {
		RoomID       int64  `json:"roomid"`
		Valid        bool   `json:"valid"`
		Muted        bool   `json:"muted"`
		Announcement string `json:"announcement"`
		Name         string `json:"name"`
		BroadcastURL string `json:"broadcasturl"`
		Online       int    `json:"onlineusercount"`
		Ext          string `json:"ext"`
		Creator      string `json:"creator"`
		QueueLevel   int    `json:"queuelevel"`
		IONotify     bool   `json:"ionotify"`
	}
	roomAnswer struct {
		Chatroom room            `json:"chatroom"`
		Code     int             `json:"code"`
		Desc     json.RawMessage `json:"desc"`
	}
)

var roomBody = []byte(`{"chatroom":{"roomid":66,"valid":true,"muted":false,"announcement":"We are live","name":"Evening show","broadcasturl":"http://www.example.com/live","onlineusercount":1,"ext":"{\"theme\":\"dark\"}","creator":"zhangsan","queuelevel":0,"ionotify":true},"code":200}`)

// BenchmarkGetCall is a whole signed call over loopback.
func BenchmarkGetCall(b *testing.B) {
	base := answering(b, roomBody)
	ours := client(b, base)
	theirs := &http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone()}
	pair(b, 1, func() {
		got, err := ours.Rooms.Get(b.Context(), gen.GetChatroomForm{RoomID: 66, NeedOnlineUserCount: wrapper.Ptr(true)})
		if err != nil || got.RoomID != 66 {
			b.Fatal(got, err)
		}
	}, func() {
		var got roomAnswer
		form := url.Values{"roomid": {strconv.Itoa(66)}, "needOnlineUserCount": {"true"}}
		if err := post(b.Context(), theirs, base, "/chatroom/get.action", form, &got); err != nil || got.Chatroom.RoomID != 66 {
			b.Fatal(got, err)
		}
	})
}

// hundredMembers is a page of membersByPage as the service fills it.
func hundredMembers() []byte {
	page := gen.ListMembersSuccess{Code: 200}
	for i := range 100 {
		m := gen.Member{
			RoomID: 10010000001, Accid: fmt.Sprintf("account-%04d", i), Nick: fmt.Sprintf("Member number %d", i),
			Avatar: fmt.Sprintf("http://nim.nos.example.com/MTAxMTAwMg==/bmltYV8xNzg4NTA1NF8xNDU2Mjg0NDQ3MDcyX2E4NmYzNWI5%04d", i),
			Ext:    `{"rank":3}`, Type: gen.RoleCommon, Online: true, EnterTime: 1487145487971 - int64(i),
		}
		if i%10 == 0 {
			m.Type, m.Level, m.Muted = gen.RoleManager, wrapper.Ptr(2), true
		}
		page.Desc.Data = append(page.Desc.Data, m)
	}
	return page.AppendJSON(nil, wire.Canonical)
}

type member struct {
	RoomID    int64  `json:"roomid"`
	Accid     string `json:"accid"`
	Nick      string `json:"nick"`
	Avatar    string `json:"avator"`
	Ext       string `json:"ext"`
	Type      string `json:"type"`
	Level     *int   `json:"level"`
	Online    bool   `json:"onlineStat"`
	EnterTime int64  `json:"enterTime"`
	Blocked   bool   `json:"blacklisted"`
	Muted     bool   `json:"muted"`
	TempMuted bool   `json:"tempMuted"`
	TempTTL   *int64 `json:"tempMuteTtl"`
	Robot     bool   `json:"isRobot"`
	RobotLeft *int   `json:"robotExpirAt"`
}

type membersAnswer struct {
	Desc struct {
		Data []member `json:"data"`
	} `json:"desc"`
	Code int `json:"code"`
}

// BenchmarkMembersCall is a whole signed call that returns 100 members.
func BenchmarkMembersCall(b *testing.B) {
	base := answering(b, hundredMembers())
	ours := client(b, base)
	theirs := &http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone()}
	pair(b, 1, func() {
		got, err := ours.Members.List(b.Context(), gen.ListMembersForm{RoomID: 66, Limit: 100})
		if err != nil || len(got) != 100 {
			b.Fatal(len(got), err)
		}
	}, func() {
		var got membersAnswer
		form := url.Values{"roomid": {"66"}, "type": {"0"}, "endtime": {"0"}, "limit": {"100"}}
		if err := post(b.Context(), theirs, base, "/chatroom/membersByPage.action", form, &got); err != nil || len(got.Desc.Data) != 100 {
			b.Fatal(len(got.Desc.Data), err)
		}
	})
}
