package bench

import (
	"context"
	"crypto/rand"
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// member is a handwritten type for encoding/json, with plain fields.
type member struct {
	RoomID        int64  `json:"roomid"`
	Accid         string `json:"accid"`
	Nick          string `json:"nick"`
	Avatar        string `json:"avator"`
	Ext           string `json:"ext"`
	Type          string `json:"type"`
	Level         int    `json:"level"`
	Online        bool   `json:"onlineStat"`
	EnterTime     int64  `json:"enterTime"`
	Blacklisted   bool   `json:"blacklisted"`
	Muted         bool   `json:"muted"`
	TempMuted     bool   `json:"tempMuted"`
	TempMuteTTL   int64  `json:"tempMuteTtl"`
	IsRobot       bool   `json:"isRobot"`
	RobotExpireAt int    `json:"robotExpirAt"`
}

type memberList struct {
	Code int `json:"code"`
	Desc struct {
		Data []member `json:"data"`
	} `json:"desc"`
}

type room struct {
	Code     int `json:"code"`
	Chatroom struct {
		RoomID          int64  `json:"roomid"`
		Valid           bool   `json:"valid"`
		Muted           bool   `json:"muted"`
		Announcement    string `json:"announcement"`
		Name            string `json:"name"`
		BroadcastURL    string `json:"broadcasturl"`
		OnlineUserCount int    `json:"onlineusercount"`
		Ext             string `json:"ext"`
		Creator         string `json:"creator"`
		QueueLevel      int    `json:"queuelevel"`
		EntryNotify     bool   `json:"ionotify"`
	} `json:"chatroom"`
}

// post is a careful handwritten call: it encodes the form, signs the request, sets a time
// limit, checks the HTTP status and decodes the response.
func post(ctx context.Context, c *http.Client, base, path string, form url.Values, response any) error {
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
	return json.Unmarshal(body, response)
}
