package advice_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/nimroom/nimroom/internal/advice"
)

func TestAdviceOfAnError(t *testing.T) {
	for _, tt := range []struct {
		code             int
		desc             string
		name             advice.Name
		english, chinese string
	}{
		{414, "checksum", advice.CheckSumWrong, "CheckSum does not match the app secret, Nonce and CurTime. Check", "CheckSum 与 AppSecret、Nonce 和 CurTime 不符。检查"},
		{414, "roomid is empty", advice.FieldMissing, "The field roomid is missing or empty. Send roomid in the form", "字段 roomid 缺失或为空。在表单中发送 roomid"},
		{414, "msgidclient is null", advice.FieldMissing, "The field msgidclient", "字段 msgidclient"},
		{414, "CurTime is empty", advice.HeaderMissing, "A header of the signature", "缺少签名请求头"},
		{414, "the whole list is empty", "", "A parameter is missing or wrong", "参数"},
		{414, "roomids: body-not-json, 1, want a list", advice.FormMalformed, "The form, or the JSON text", "无法解析表单"},
		{414, "body-not-json", advice.FormMalformed, "The form, or the JSON text", "无法解析表单"},
		{414, " CHECKSUM\n", advice.CheckSumWrong, "CheckSum does not match", "CheckSum"},
		{414, "CurTime is odd", advice.CurTimeExpired, "CurTime differs from the clock", "CurTime 与服务的时钟"},
		{414, "RoomId IS EMPTY", advice.FieldMissing, "The field RoomId is missing", "字段 RoomId"},
		{414, strings.Repeat("x", 2000) + " is empty", "", "A parameter is missing or wrong", "参数"},
		{403, "search not enable", advice.FeatureOff, "The app lacks a feature", "应用未开通"},
		{404, "checksum", "", "The room, the account, the member or the element of the queue does not exist. Check the ids and the keys.", "聊天室"},
		{13002, "", "", "The chat room is in an abnormal state", "聊天室"},
	} {
		a := advice.Of(tt.code, tt.desc)
		assert.Equal(t, tt.name, a.Name(), tt.desc)
		assert.Contains(t, a.In(advice.English).String(), tt.english)
		assert.Contains(t, a.In(advice.Chinese).String(), tt.chinese)
	}
	assert.True(t, advice.Of(77777, "checksum").IsZero())
	assert.Empty(t, advice.Of(77777, "").In(advice.Chinese).String())
	assert.True(t, advice.New("noSuchEntry").IsZero())
}

func TestPartsAreFilledInOnce(t *testing.T) {
	a := advice.New(advice.FieldMisspelled, "field", "{got}", "got", "{field}")
	assert.Equal(t, "The field {got} is missing, and the request has an unknown field {field}. Write {got} instead of {field}.", a.In(advice.English).String())
}

func TestAReasonIsTheErrorThatItExplains(t *testing.T) {
	err := errors.New("no permission")
	because := advice.Because(err, advice.OwnerIsProtected, "owner", "ann")
	assert.Equal(t, "no permission", because.Error())
	assert.ErrorIs(t, because, err)
	var reason *advice.ExplainedError
	assert.ErrorAs(t, because, &reason)
	assert.Contains(t, reason.In(advice.English).Meaning, "ann owns the room")
}

func FuzzAdvice(f *testing.F) {
	f.Add(414, "x is empty")
	f.Add(414, "body-not-json{field}")
	f.Fuzz(func(t *testing.T, code int, desc string) {
		a := advice.Of(code, desc)
		if text := a.In(advice.English); a.IsZero() != (text.Meaning == "") {
			t.Errorf("%d %q: %+v", code, desc, text)
		}
	})
}
