package wrapper_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/nimroom/nimroom/wrapper"
)

// TestDoAllYieldsItemsAsTheyCome reads other spellings and shapes, and leaves them as they are.
func TestDoAllYieldsItemsAsTheyCome(t *testing.T) {
	items := `{"accid":"a","joinTime":"1700000000000","id":9007199254740993},{"accid":"b", "enterTime":1,"x":1.50}`
	for _, body := range []string{`{"code":200,"desc":{"data":[` + items + `]}}`, `{"desc":` + quoted(`{"data":[`+items+`]}`) + `,"code":"200"}`} {
		client := newTransportClient(t, func(r *http.Request) (*http.Response, error) { return respond(r, 200, body), nil })
		all, err := collect(client.DoAll(t.Context(), "/chatroom/membersByPage.action", url.Values{"roomid": {"1"}}))
		assert.NoError(t, err)
		assert.Equal(t, "items [{\"accid\":\"a\",\"joinTime\":\"1700000000000\",\"id\":9007199254740993} {\"accid\":\"b\", \"enterTime\":1,\"x\":1.50}]", "items ["+string(all[0])+" "+string(all[1])+"]")
		assert.Len(t, all, 2)
	}
}

func quoted(text string) string {
	b, _ := json.Marshal(text) //nolint:errchkjson // it is a text
	return string(b)
}

func TestDoAllReportsWhatIsNoPage(t *testing.T) {
	for name, tt := range map[string]struct {
		path, body string
		form       url.Values
		is         error
		says       string
	}{
		"no pages":     {"/chatroom/get.action", "", nil, wrapper.ErrBadParameter, "the operation returns no pages"},
		"no operation": {"/team/list.action", "", nil, wrapper.ErrBadParameter, "the operation returns no pages"},
		"no time":      {"/chatroom/membersByPage.action", "", url.Values{"endtime": {"now"}}, wrapper.ErrBadParameter, "endtime: want milliseconds"},
		"no limit":     {"/chatroom/membersByPage.action", "", url.Values{"limit": {"101"}}, wrapper.ErrBadParameter, "limit: want a number up to 100"},
		"no list":      {"/chatroom/membersByPage.action", `{"code":200}`, nil, wrapper.ErrBadResponse, "desc.data"},
		"no object":    {"/chatroom/membersByPage.action", `{"code":200,"desc":{"data":[1]}}`, nil, wrapper.ErrBadResponse, "a value of accid"},
		"no account":   {"/chatroom/membersByPage.action", `{"code":200,"desc":{"data":[{"accid":""}]}}`, nil, wrapper.ErrBadResponse, "a value of accid"},
		"no room":      {"/chatroom/membersByPage.action", `{"code":404}`, nil, wrapper.ErrNotFound, "404"},
	} {
		client := newTransportClient(t, func(r *http.Request) (*http.Response, error) { return respond(r, 200, tt.body), nil })
		all, err := collect(client.DoAll(t.Context(), tt.path, tt.form))
		assert.Empty(t, all, name)
		assert.ErrorIs(t, err, tt.is, name)
		assert.ErrorContains(t, err, tt.says, name)
	}
}
