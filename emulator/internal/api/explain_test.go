package api_test

import (
	"crypto/sha1"
	"encoding/hex"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/sign"
)

// latest returns the last entry of the log.
func latest(t *testing.T, srv *emulator.Server) emulator.Request {
	t.Helper()
	log := srv.Requests()
	require.NotEmpty(t, log)
	return log[len(log)-1]
}

func TestWrongSignaturesAreExplained(t *testing.T) {
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	srv := emulator.Start(t, emulator.WithStartTime(noon))
	hash := func(parts ...string) string {
		sum := sha1.Sum([]byte(strings.Join(parts, "")))
		return hex.EncodeToString(sum[:])
	}
	const key, secret, nonce = emulator.DefaultAppKey, emulator.DefaultAppSecret, "n"
	at := func(d time.Duration) string { return strconv.FormatInt(noon.Add(d).Unix(), 10) }
	now, millis := at(0), strconv.FormatInt(noon.UnixMilli(), 10)
	for name, tt := range map[string]struct{ key, nonce, time, sum, circumstance, meaning string }{
		"another app's key":  {"other-key", nonce, now, hash(secret, nonce, now), "appKeyOfAnother", "The server accepts the app key app-key, and the request has other-key."},
		"no key":             {"", nonce, now, hash(secret, nonce, now), "headerMissing", "A header of the signature is missing."},
		"a long nonce":       {key, strings.Repeat("n", 129), now, hash(secret, nonce, now), "nonceTooLong", "Nonce is longer than 128 characters."},
		"milliseconds":       {key, nonce, millis, hash(secret, nonce, millis), "curTimeInMilliseconds", "CurTime is in milliseconds: 1772366400000."},
		"microseconds":       {key, nonce, millis + "000", hash(secret, nonce, millis+"000"), "curTimeIllegal", "CurTime is not a time in Unix seconds."},
		"many digits":        {key, nonce, strings.Repeat("9", 5000), "x", "curTimeIllegal", "CurTime is not a time in Unix seconds."},
		"a date":             {key, nonce, "2026-03-01", hash(secret, nonce, "2026-03-01"), "curTimeIllegal", "CurTime is not a time in Unix seconds."},
		"a slow clock":       {key, nonce, at(-10 * time.Minute), hash(secret, nonce, at(-10*time.Minute)), "clockBehind", "The clock that signed is 10m0s behind the server's."},
		"a fast clock":       {key, nonce, at(time.Hour), hash(secret, nonce, at(time.Hour)), "clockAhead", "The clock that signed is 1h0m0s ahead of the server's."},
		"upper case":         {key, nonce, now, strings.ToUpper(hash(secret, nonce, now)), "checkSumUpperCase", "CheckSum is right, except that its letters are in upper case."},
		"secret after nonce": {key, nonce, now, hash(nonce, secret, now), "checkSumOtherOrder", "CheckSum is the hash of Nonce, AppSecret, CurTime."},
		"another second":     {key, nonce, now, hash(secret, nonce, at(-3*time.Second)), "checkSumOtherTime", "CheckSum was made with the time " + at(-3*time.Second) + ", and the header CurTime is another one."},
		"a line break":       {key, nonce, now, hash(secret, "\n", nonce, now), "secretHasSpace", "CheckSum was made with the right secret and a space or a line break beside it."},
		"another secret":     {key, nonce, now, hash("other", nonce, now), "secretOfAnother", "CheckSum was made with another secret"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, path := range []string{"/chatroom/get.action", "/no/such.action"} {
				request, err := http.NewRequest(http.MethodPost, srv.URL+path, strings.NewReader("roomid=1"))
				require.NoError(t, err)
				request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				for header, value := range map[string]string{sign.HeaderAppKey: tt.key, sign.HeaderNonce: tt.nonce, sign.HeaderCurTime: tt.time, sign.HeaderCheckSum: tt.sum} {
					request.Header.Set(header, value)
				}
				response, err := srv.Client().Do(request)
				require.NoError(t, err)
				require.NoError(t, response.Body.Close())
				entry := latest(t, srv)
				assert.Equal(t, tt.circumstance, entry.Circumstance)
				assert.Contains(t, entry.Meaning, tt.meaning)
				assert.NotEmpty(t, entry.Advice)
				assert.NotContains(t, entry.Meaning+entry.Advice, secret)
			}
		})
	}
}

func TestRefusalsAreExplained(t *testing.T) {
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, language := range []emulator.Language{emulator.English, emulator.Chinese} {
		srv := emulator.Start(t, emulator.WithStartTime(noon), emulator.WithLanguage(language), emulator.WithRate(100), emulator.WithoutFeatures(emulator.Search))
		room := "roomid=" + emutest.NewRoom(t, srv).String()
		speak := room + "&msgType=0&attach=x&msgId=m&fromAccid="
		for _, tt := range []struct{ path, form, circumstance, english, chinese string }{
			{"/chatroom/get.action", "", "fieldMissing", "The field roomid is missing or empty.", "字段 roomid 缺失或为空。"},
			{"/chatroom/get.action?roomid=1", "", "fieldInURL", "The field roomid is in the URL, where the service does not read it.", "字段 roomid 在 URL 中"},
			{"/chatroom/get.action", "room_id=1", "fieldMisspelled", "the request has an unknown field room_id.", "请求中有未知字段 room_id"},
			{"/chatroom/get.action", `{"roomid":1}`, "bodyInJSON", "The body is JSON.", "请求体是 JSON。"},
			{"/chatroom/getBatch.action", "roomids=['1']", "looksLikeJSON5", "The value of roomids has ', which JSON does not allow.", "JSON 不允许"},
			{"/chatroom/getBatch.action", "roomids=" + url.QueryEscape(`["1",]`), "looksLikeJSON5", "has ,], which", ",]"},
			{"/chatroom/getBatch.action", `roomids=["1&2"]`, "cutByAmpersand", `ends at an unescaped &, and the rest was read as the field 2"].`, `其余部分被当作字段 2"]`},
			{"/chatroom/get.action", "\ufeffroomid=1", "fieldMisspelled", `unknown field "\ufeffroomid".`, `未知字段 "\ufeffroomid"`},
			{"/chatroom/get.action", "rooomid=1", "fieldMisspelled", "unknown field rooomid.", "未知字段 rooomid"},
			{"/chatroom/get.action", "roomid[]=1", "fieldMisspelled", "unknown field roomid[].", "未知字段 roomid[]"},
			{"/chatroom/get.action", "roomid=1e9", "fieldWrong", "The value of roomid is not valid.", "roomid 的值不合法。"},
			{"/chatroom/get.action", "roomid=１２", "fieldWrong", "The value of roomid is not valid.", "roomid 的值不合法。"},
			{"/chatroom/muteRoom.action", room + "&operator=zhangsan&mute=yes", "fieldWrong", "The value of mute is not valid.", "mute 的值不合法"},
			{"/chatroom/get.action", "roomid=9", "roomNotFound", "No room has this id.", "没有聊天室使用该 ID。"},
			{"/chatroom/toggleCloseStat.action", room + "&operator=mia&valid=false", "operatorMayNot", "mia may not do this. zhangsan may.", "mia 无权执行该操作。有权的是 zhangsan。"},
			{"/chatroom/temporaryMute.action", room + "&operator=zhangsan&target=zhangsan&muteDuration=9", "ownerIsProtected", "zhangsan owns the room", "zhangsan 是聊天室的创建者"},
			{"/chatroom/temporaryMute.action", room + "&operator=zhangsan&target=ben&muteDuration=60", "", "", ""},
			{"/chatroom/sendMsg.action", speak + "ben", "speakerMutedUntil", "ben is muted until 2026-03-01T12:01:00Z, by zhangsan.", "ben 被 zhangsan 禁言，直到 2026-03-01T12:01:00Z。"},
			{"/chatroom/setMemberRole.action", room + "&operator=zhangsan&target=cid&opt=-2&optvalue=true", "", "", ""},
			{"/chatroom/sendMsg.action", speak + "cid", "speakerMuted", "cid is muted without a time limit.", "cid 被禁言，没有期限。"},
			{"/chatroom/muteRoom.action", room + "&operator=zhangsan&mute=true", "", "", ""},
			{"/chatroom/sendMsg.action", speak + "dora", "roomMuted", "The whole room is muted, and dora is neither", "dora 既不是创建者也不是管理员"},
			{"/chatroom/toggleCloseStat.action", room + "&operator=zhangsan&valid=false", "", "", ""},
			{"/chatroom/sendMsg.action", speak + "dora", "roomClosedSince", "The room has been closed since 2026-03-01T12:00:00Z.", "聊天室自 2026-03-01T12:00:00Z 起已关闭。"},
		} {
			_, body := emutest.Post(t, srv, tt.path, tt.form)
			entry := latest(t, srv)
			assert.Equal(t, tt.circumstance, entry.Circumstance, "%s %s: %s", tt.path, tt.form, body)
			want := tt.english
			if language == emulator.Chinese {
				want = tt.chinese
			}
			assert.Contains(t, entry.Meaning, want)
			assert.Equal(t, tt.circumstance == "", entry.Advice == "", tt.form)
		}
		for range 101 {
			emutest.Post(t, srv, "/chatroom/queryUserRoomIds.action", "creator=zhangsan")
		}
		entry := latest(t, srv)
		assert.Equal(t, "overQuota", entry.Circumstance)
		assert.Contains(t, entry.Meaning, "2026-03-01T12:00:10Z")
		assert.NotContains(t, entry.Meaning+entry.Advice, "{")
	}
}

// TestARequestOfAnotherFormIsExplained sends what is no form of UTF-8 by POST.
func TestARequestOfAnotherFormIsExplained(t *testing.T) {
	srv := emulator.Start(t)
	for _, tt := range []struct{ method, header, value, circumstance, meaning string }{
		{http.MethodGet, "", "", "methodWrong", "The request does not use the HTTP method POST."},
		{http.MethodPost, "Content-Type", "text/plain", "contentTypeWrong", "not that of a form in UTF-8."},
		{http.MethodPost, "Content-Type", "application/x-www-form-urlencoded;charset=gbk", "contentTypeWrong", "not that of a form in UTF-8."},
		{http.MethodPost, "Content-Encoding", "gzip", "contentEncodingWrong", "The body is compressed."},
	} {
		request := emutest.SignedRequest(t, srv, "/chatroom/get.action", "roomid=1")
		request.Method = tt.method
		if tt.header != "" {
			request.Header.Set(tt.header, tt.value)
		}
		emutest.Send(t, request)
		entry := latest(t, srv)
		assert.Equal(t, tt.circumstance, entry.Circumstance)
		assert.Contains(t, entry.Meaning, tt.meaning)
	}
}

// TestAValueThatMayBeCutIsNoticed sends a text with an unescaped &.
func TestAValueThatMayBeCutIsNoticed(t *testing.T) {
	srv := emulator.Start(t)
	room := emutest.NewRoom(t, srv).String()
	emutest.Post(t, srv, "/chatroom/sendMsg.action", "roomid="+room+"&msgId=m&fromAccid=zhangsan&msgType=0&attach=fish & chips")
	assert.Equal(t, []string{"attach may end before an unescaped & (send %26); the rest became  chips"}, latest(t, srv).Notices)
}
