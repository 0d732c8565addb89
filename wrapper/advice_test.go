package wrapper_test

import (
	"net/http"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

func TestAnErrorGivesAdvice(t *testing.T) {
	srv := emulator.Start(t)
	client, err := wrapper.New(srv.Credentials(), wrapper.WithBaseURL(srv.URL), wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 1}))
	require.NoError(t, err)
	wrong, err := sign.NewCredentials(srv.Credentials().AppKey(), "not-the-secret")
	require.NoError(t, err)
	stranger, err := wrapper.New(wrong, wrapper.WithBaseURL(srv.URL))
	require.NoError(t, err)
	nowhere, err := wrapper.New(wrong, wrapper.WithBaseURL("http://127.0.0.1:1/nimserver"), wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 1}))
	require.NoError(t, err)

	get := func(c *wrapper.Client) func() error {
		return func() error {
			_, err := c.Rooms.Get(t.Context(), wrapper.GetChatroomForm{RoomID: 66})
			return err
		}
	}
	for name, tt := range map[string]struct {
		fault emulator.Fault
		call  func() error
		want  []string
	}{
		"by the explanation": {call: get(stranger), want: []string{
			"CheckSum does not match the app secret, Nonce and CurTime. Check the app secret.",
			"CheckSum 与 AppSecret、Nonce 和 CurTime 不符。检查 AppSecret。",
		}},
		"by the code": {
			fault: emulator.Fault{Operation: "*", Kind: emulator.FaultCode, Code: gen.CodeRoomClosed, Desc: "no such text"}, call: get(client),
			want: []string{"The chat room is in an abnormal state, such as closed. Open the room first.", "先开启聊天室"},
		},
		"a field": {
			call: func() error {
				_, err := client.Rooms.Get(t.Context(), wrapper.GetChatroomForm{})
				return err
			},
			want: []string{"The field roomid is not valid, so nothing was sent. Correct the field roomid.", "字段 roomid 不合法"},
		},
		"unreachable": {call: get(nowhere), want: []string{"The service could not be reached", "无法连接服务"}},
		"not the service": {
			fault: emulator.Fault{Operation: "*", Kind: emulator.FaultMalformed}, call: get(client),
			want: []string{"The response does not come from the service.", "返回响应的不是该服务"},
		},
		"unknown outcome, with an operation to ask": {
			fault: emulator.Fault{Operation: "*", Kind: emulator.FaultStatus, Status: http.StatusBadGateway},
			call: func() error {
				_, err := client.Rooms.Create(t.Context(), wrapper.CreateChatroomForm{Creator: "owner", Name: "n"})
				return err
			},
			want: []string{"Ask listUserChatrooms whether it was, before you send it again.", "先用 listUserChatrooms 查询它是否已执行"},
		},
		"an unknown code": {fault: emulator.Fault{Operation: "*", Kind: emulator.FaultCode, Code: 77777}, call: get(client), want: []string{"", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			if tt.fault.Kind != "" {
				require.NoError(t, srv.AddFault(tt.fault))
			}
			var e *wrapper.Error
			require.ErrorAs(t, tt.call(), &e)
			english, chinese := e.Advice(), e.AdviceIn(wrapper.Chinese)
			if tt.want[0] == "" {
				assert.Empty(t, english)
				assert.Empty(t, chinese)
				return
			}
			assert.Contains(t, english, tt.want[0])
			assert.Contains(t, chinese, tt.want[1])
			for _, r := range english {
				assert.False(t, unicode.Is(unicode.Han, r), english)
			}
		})
	}
}
