package live

import (
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

var createEndpoint = gen.CreateChatroomEndpoint

func createForm(creator, name string) gen.CreateChatroomForm {
	return gen.CreateChatroomForm{Creator: creator, Name: name}
}

func closeRoom(srv *emulator.Server, id gen.RoomID, creator string) error {
	_, err := emulator.Call(srv, gen.ToggleChatroomEndpoint, gen.ToggleChatroomForm{RoomID: id, Operator: creator, Valid: wrapper.Ptr(false)})
	return err
}

// TestMissingVariablesAreAllNamed, and the values of the others are not shown.
func TestMissingVariablesAreAllNamed(t *testing.T) {
	all := map[string]string{"NIM_APP_KEY": theKey, "NIM_APP_SECRET": theSecret, "NIM_ACCOUNTS": "a"}
	for _, without := range [][]string{{"NIM_APP_KEY"}, {"NIM_APP_SECRET"}, {"NIM_ACCOUNTS"}, {"NIM_APP_KEY", "NIM_ACCOUNTS"}, {"NIM_APP_KEY", "NIM_APP_SECRET", "NIM_ACCOUNTS"}} {
		values := map[string]string{}
		for name, value := range all {
			if !slices.Contains(without, name) {
				values[name] = value
			}
		}
		_, err := FromEnvironment(variables(values))
		var missing *MissingError
		require.ErrorAs(t, err, &missing)
		assert.ElementsMatch(t, without, missing.Names)
		for _, name := range without {
			assert.Contains(t, err.Error(), name)
		}
		assert.NotContains(t, err.Error(), theKey)
		assert.NotContains(t, err.Error(), theSecret)
	}
	for accounts, want := range map[string]string{"a,a": "different", "a,,b": "different", "a,b,c,d,e,f": "at most 5"} {
		all["NIM_ACCOUNTS"] = accounts
		_, err := FromEnvironment(variables(all))
		assert.ErrorContains(t, err, want)
	}
	all["NIM_ACCOUNTS"] = " a , b "
	c, err := FromEnvironment(variables(all))
	require.NoError(t, err)
	assert.Equal(t, []string{"a", "b"}, c.Accounts)
	assert.Equal(t, wrapper.DefaultBaseURL, c.BaseURL)
}

// TestRequestsArePaced, in a bubble.
func TestRequestsArePaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := service(t)
		l := newTracker(srv.Client().Transport, DefaultInterval)
		client, err := wrapper.New(srv.Credentials(), wrapper.WithBaseURL(srv.URL),
			wrapper.WithTransport(func(sign.Credentials, func() time.Time) http.RoundTripper { return l }))
		require.NoError(t, err)
		start := time.Now()
		for range 21 {
			_, err := client.Rooms.ListByCreator(t.Context(), gen.ListUserChatroomsForm{Creator: "a"})
			require.NoError(t, err)
		}
		assert.Equal(t, 2*time.Second, time.Since(start))
	})
}

// TestShortNamesAreNotTakenForWords.
func TestShortNamesAreNotTakenForWords(t *testing.T) {
	m := newAccountMapping([]string{"a", "longname", `quo"te`}, []string{"creator", "accids"})
	assert.JSONEq(t, `{"accid":"zhangsan","desc":"a room of lisi","list":"[\"zhangsan\",\"lisi\"]"}`,
		m.text(`{"accid":"a","desc":"a room of longname","list":"[\"a\",\"longname\"]"}`))
	assert.Equal(t, map[string]string{"creator": "a", "accids": `["longname","x"]`, "name": "zhangsan"},
		m.form(map[string]string{"creator": "zhangsan", "accids": `["lisi","x"]`, "name": "zhangsan"}))
	assert.JSONEq(t, `{"accid":"wangwu"}`, m.text(`{"accid":"quo\"te"}`))
	assert.NotContains(t, m.text("longname's"), "longname")
}
